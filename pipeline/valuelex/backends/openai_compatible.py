"""Any server that speaks OpenAI's interface: ``vllm serve``, other engines, hosted ones.

Requests run concurrently in an event loop of their own thread, so that a commit of the store keeps
nobody waiting; replies come out of a plain iterator. The key comes from the environment variable
that the roster names, goes nowhere but to the roster's ``base_url``, and is struck out of every
message.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from valuelex.backends.completions import (
    Choice,
    MalformedBodyError,
    kind,
    read_choices,
    read_error,
    read_usage,
)
from valuelex.backends.http_client import Answer, HttpClient, NoAnswerError
from valuelex.backends.in_flight import Ask, in_flight
from valuelex.backends.key_hiding import STRUCK, struck
from valuelex.backends.limits import DEFAULT, Limits, Pace
from valuelex.backends.registry import Entry
from valuelex.backends.retrying import PATIENCE, Fault, TransientError, persist, retry_after
from valuelex.backends.thinking import spoken
from valuelex.backends.wire import PLAIN, Wire, body_of, path_of
from valuelex.errors import BackendError
from valuelex.records import Reply, Request

T = TypeVar("T")

ENGINE = "openai-compatible"
PACKAGES = ("aiohttp", "aiolimiter", "tenacity")
_HOPELESS = {401: "the key was refused", 403: "access was refused", 404: "no such model or path"}
_MANY_IN_A_ROW = 8


def open_backend(entry: Entry) -> OpenAICompatibleBackend:
    """Build the backend of a roster entry.

    Raises
    ------
    BackendError
        When the entry has no usable ``base_url``, or its key's variable is not set or holds no
        key.
    """
    if not entry.base_url:
        raise BackendError(
            f"the model '{entry.id}' has the backend 'openai', which needs a `base_url` in the"
            " roster, e.g. http://127.0.0.1:8000/v1: prompts go nowhere that is not named there"
        )
    parts = _address(entry.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise BackendError(
            f"the `base_url` of the model '{entry.id}' must be an address such as"
            " https://host/v1, without a name or password in it"
        )
    return OpenAICompatibleBackend(
        base_url=entry.base_url,
        interface=entry.interface,
        key=_key(entry),
        limits=_taken(Limits, getattr(entry, "limits", None)),
        wire=_taken(Wire, getattr(entry, "wire", None)),
    )


def _address(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # half an IPv6 address, for one
        return urlsplit("")


def _key(entry: Entry) -> str:
    if not entry.key_env:
        return ""
    key = os.environ.get(entry.key_env, "").strip()
    if not key:
        raise BackendError(
            f"the model '{entry.id}' needs the environment variable {entry.key_env}, not set"
        )
    if not (key.isascii() and key.isprintable()):
        raise BackendError(
            f"the environment variable {entry.key_env} must hold a key of printable ASCII"
            " characters"
        )
    return key


def _taken(kind: type[T], given: Any) -> T:
    """Return the settings of a roster entry as the backend's own kind."""
    names = [f.name for f in dataclasses.fields(kind)]  # type: ignore[arg-type]  # a dataclass
    return kind() if given is None else kind(**{name: getattr(given, name) for name in names})


_Result = tuple[Reply, Fault | None]
"""A reply, and whose fault it is that it has none to show, if anybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAICompatibleBackend:
    """A client that keeps ``limits.concurrency`` requests in flight.

    Parameters
    ----------
    base_url
        The address up to and with ``/v1``.
    interface
        ``chat`` asks ``/chat/completions``; ``completion`` asks ``/completions`` with the text of
        the single message.
    key
        Sent as bearer token; empty for servers that want none.
    limits
        Concurrency, retries, timeouts, requests and tokens per minute.
    wire
        What the server calls the token limit, and which fields it refuses.
    """

    base_url: str
    interface: str = "chat"
    key: str = field(default="", repr=False)
    limits: Limits = DEFAULT
    wire: Wire = PLAIN
    name: str = "openai"

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:
        """Yield one reply per request, as they finish.

        Failures that would strike any request (server gone, or overloaded beyond all retries, or
        answering what is no completion) are held back while they come in a row: when the server
        answers again they are yielded as ``failed``; when they reach max(8, ``concurrency``) the
        server is given up, and none of them is charged to its request.

        Raises
        ------
        BackendError
            When the client library is missing, the key or the model is refused, or the server is
            given up.
        """
        if not requests:
            return
        _require_client()
        limit = max(_MANY_IN_A_ROW, self.limits.concurrency)
        held: list[Reply] = []
        gone = 0
        for reply, fault in in_flight(requests, self._asking(requests), self.limits.concurrency):
            if fault is None:
                yield from held
                held.clear()
                yield reply
                continue
            held.append(reply)
            gone += fault == "server"
            if len(held) >= limit:
                raise BackendError(
                    f"{self.base_url} failed {len(held)} requests in a row, each after up to"
                    f" {self.limits.retries} retries, last: {reply.detail}; run the same command"
                    " again when it is back"
                )
        if gone and len(held) == len(requests):
            raise BackendError(f"{self.base_url} answered no request, last: {held[-1].detail}")
        yield from held

    @asynccontextmanager
    async def _asking(self, requests: Sequence[Request]) -> AsyncIterator[Ask[_Result]]:
        """Yield the function that asks one request, over connections that it shares."""
        pace = Pace(self.limits, requests)
        # never in a variable of ours: some tracebacks show those
        async with HttpClient(self.base_url, _headers(self), self.limits) as client:

            async def ask(request: Request) -> _Result:
                return await _ask(self, client, pace, request)

            yield ask

    def struck(self, answer: Answer) -> Answer:
        """Strike the key out of an answer."""
        return dataclasses.replace(answer, body=struck(answer.body, self.key))

    def hide(self, text: str) -> str:
        """Strike the key out of a text."""
        return text.replace(self.key, STRUCK) if self.key else text


def _headers(backend: OpenAICompatibleBackend) -> dict[str, str]:
    return {"authorization": f"Bearer {backend.key}"} if backend.key else {}


def _require_client() -> None:
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise BackendError(
            f"the backend 'openai' needs the packages {', '.join(missing)}:"
            " pip install 'valuelex[openai]'"
        )


async def _ask(
    backend: OpenAICompatibleBackend, client: HttpClient, pace: Pace, request: Request
) -> _Result:
    data = json.dumps(body_of(request, backend.interface, backend.wire)).encode("ascii")
    path = path_of(backend.interface)

    async def attempt() -> tuple[Choice, Mapping[str, Any]]:
        await pace.turn(request)
        try:
            return _read(backend, backend.struck(await client.post(path, data)))
        except NoAnswerError as error:
            raise TransientError(Choice("", "failed", str(error)), "server") from None

    fault: Fault | None = None
    body: Mapping[str, Any] = {}
    try:
        choice, body = await persist(attempt, backend.limits)
    except TransientError as error:
        choice, fault = error.choice, error.fault
    choice, raw = spoken(choice)
    tokens_in, tokens_out = read_usage(body)
    reply = Reply(
        request_id=request.id,
        text=backend.hide(choice.text),  # a server may send back what it was sent
        outcome=choice.outcome,
        detail=backend.hide(choice.detail)[:300],
        finish_reason=backend.hide(choice.finish_reason)[:80],
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        engine=backend.hide(_engine(backend, request, body)),
        raw=backend.hide(raw),
    )
    return reply, fault


def _engine(backend: OpenAICompatibleBackend, request: Request, body: Mapping[str, Any]) -> str:
    """Name the server, and what it says of itself that the request does not."""
    parts = [ENGINE, urlsplit(backend.base_url).netloc]
    served, fingerprint = body.get("model"), body.get("system_fingerprint")
    if isinstance(served, str) and served not in ("", request.model_id):
        parts.append(f"served {served:.80}")
    if isinstance(fingerprint, str) and fingerprint:
        parts.append(f"fingerprint {fingerprint:.40}")
    return "; ".join([*parts, *filter(None, [backend.wire.note])])


def _read(backend: OpenAICompatibleBackend, answer: Answer) -> tuple[Choice, Mapping[str, Any]]:
    """Return what an answer holds.

    Raises
    ------
    TransientError
        When it is none, in a way that may pass.
    BackendError
        When every other request would meet the same.
    """
    if answer.status != 200:
        return _by_status(backend, answer), {}
    try:
        body = _parsed(answer)
        return read_choices(body)[0], body
    except MalformedBodyError as error:
        choice = Choice("", "failed", f"malformed: {error}")
        raise TransientError(choice, "answer") from None


def _parsed(answer: Answer) -> Mapping[str, Any]:
    packed = answer.headers.get("content-encoding", "identity")
    if packed != "identity":
        raise MalformedBodyError(f"expected a plain body, was packed as {packed!r:.40}")
    try:
        body = json.loads(answer.body.decode("utf-8-sig"))  # nothing else is JSON on a wire
    except (ValueError, RecursionError):
        shown = answer.body[:80].decode("utf-8", "replace")
        raise MalformedBodyError(f"expected a JSON body, was: {shown!r}") from None
    if not isinstance(body, Mapping):
        raise MalformedBodyError(f"expected a completion object, was: {kind(body)}")
    return body


def _by_status(backend: OpenAICompatibleBackend, answer: Answer) -> Choice:
    """Return what an HTTP error means for its request; raises as :func:`_read`."""
    status = answer.status
    error = _error(answer)
    said = read_error(error)
    why = _HOPELESS.get(status, "")
    if 300 <= status < 400:
        why = "it sends on to another address, where the key does not go"
    if isinstance(error, Mapping) and error.get("code") == "insufficient_quota":
        why = "the quota is used up"
    if why:
        raise BackendError(
            f"{backend.base_url}: {why} (http {status}, {backend.hide(said.detail)})"
        )
    if said.outcome == "refused":
        return said
    failed = Choice("", "failed", f"http {status}, {said.detail}")
    if status in (408, 409, 429) or status >= 500:
        wait = retry_after(answer.headers)
        if wait is not None and wait > PATIENCE:
            raise BackendError(
                f"{backend.base_url}: {backend.hide(failed.detail)}; it asks to wait {wait:.0f} s:"
                " run the same command again then"
            )
        raise TransientError(failed, "server", wait)
    return failed


def _error(answer: Answer) -> Any:
    """Return the error object of a body, or its first words where it holds none."""
    try:
        body = _parsed(answer)
    except MalformedBodyError:
        return " ".join(answer.body[:200].decode("utf-8", "replace").split())
    return body.get("error", body)
