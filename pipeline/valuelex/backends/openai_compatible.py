"""Any server that speaks OpenAI's interface: ``vllm serve``, other engines, hosted ones.

Requests run concurrently in an event loop of their own thread; replies come out of a plain
iterator. Retries, back-off and ``Retry-After`` are the SDK's, one layer only. The key comes from
the environment variable that the roster names, goes nowhere but to the roster's ``base_url``, and
is struck out of every message.
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from valuelex.backends.completions import (
    Choice,
    MalformedBodyError,
    kind,
    read_choices,
    read_error,
    read_usage,
)
from valuelex.backends.registry import Entry
from valuelex.errors import BackendError
from valuelex.records import Reply, Request

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

ENGINE = "openai-compatible"
_HOPELESS = {401: "the key was refused", 403: "access was refused", 404: "no such model or path"}
_MANY_IN_A_ROW = 8


def open_backend(entry: Entry) -> OpenAICompatibleBackend:
    """Build the backend of a roster entry.

    Raises
    ------
    BackendError
        When the entry has no ``base_url``, its key's variable is not set, or the client library
        is not installed.
    """
    if not entry.base_url:
        raise BackendError(
            f"the model '{entry.id}' has the backend 'openai', which needs a `base_url` in the"
            " roster, e.g. http://127.0.0.1:8000/v1: prompts go nowhere that is not named there"
        )
    key = os.environ.get(entry.key_env, "") if entry.key_env else ""
    if entry.key_env and not key:
        raise BackendError(
            f"the model '{entry.id}' needs the environment variable {entry.key_env}, not set"
        )
    return OpenAICompatibleBackend(base_url=entry.base_url, interface=entry.interface, key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAICompatibleBackend:
    """A client that keeps ``concurrency`` requests in flight.

    Parameters
    ----------
    base_url
        The address up to and with ``/v1``.
    interface
        ``chat`` asks ``/chat/completions``; ``completion`` asks ``/completions`` with the text of
        the single message.
    key
        Sent as bearer token; empty for servers that want none.
    concurrency
        Requests in flight, >= 1.
    retries
        How often the SDK tries again (connection, 408, 409, 429, 5xx).
    timeout
        Seconds for one attempt; a server that is silent for so long has failed it.
    """

    base_url: str
    interface: str = "chat"
    key: str = field(default="", repr=False)
    concurrency: int = 16
    retries: int = 6
    timeout: float = 120.0
    name: str = "openai"

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:
        """Yield one reply per request, as they finish.

        Failures that would strike any request (server gone, or overloaded beyond all retries) are
        held back while they come in a row: when the server answers again they are yielded as
        ``failed``; when they reach max(8, ``concurrency``) the server is given up, and none of
        them is charged to its request.

        Raises
        ------
        BackendError
            When the client library is missing, the key or the model is refused, or the server is
            given up.
        """
        if not requests:
            return
        _require_client()
        limit = max(_MANY_IN_A_ROW, self.concurrency)
        held: list[Reply] = []
        for reply, of_server in _streamed(self, requests):
            if of_server:
                held.append(reply)
                if len(held) >= limit:
                    raise BackendError(
                        f"{self.base_url} failed {len(held)} requests in a row, each after"
                        f" {self.retries} retries, last: {reply.detail}; run the same command"
                        " again when it is back"
                    )
                continue
            yield from held
            held.clear()
            yield reply
        if held and len(held) == len(requests):
            raise BackendError(f"{self.base_url} answered no request, last: {held[-1].detail}")
        yield from held

    def hide(self, text: str) -> str:
        """Strike the key out of a text."""
        return text.replace(self.key, "***") if self.key else text


def _require_client() -> None:
    try:
        import openai  # noqa: F401 - only to see whether it is there
    except ImportError:
        raise BackendError(
            "the backend 'openai' needs the package 'openai': pip install 'valuelex[openai]'"
        ) from None


def _streamed(
    backend: OpenAICompatibleBackend, requests: Sequence[Request]
) -> Iterator[tuple[Reply, bool]]:
    """Yield (reply, whether it failed for reasons of the server) from the loop's thread."""
    results: queue.SimpleQueue[tuple[Reply, bool] | BaseException | None] = queue.SimpleQueue()
    stop = threading.Event()
    thread = threading.Thread(
        target=_loop_thread, args=(backend, requests, results, stop), name=ENGINE, daemon=True
    )
    thread.start()
    try:
        while (result := results.get()) is not None:
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        stop.set()
        thread.join()


def _loop_thread(
    backend: OpenAICompatibleBackend,
    requests: Sequence[Request],
    results: queue.SimpleQueue[tuple[Reply, bool] | BaseException | None],
    stop: threading.Event,
) -> None:
    try:
        asyncio.run(_ask_all(backend, requests, results, stop))
    except BaseException as error:  # noqa: BLE001 - handed to the thread that asked, and raised there
        results.put(error)
    else:
        results.put(None)


async def _ask_all(
    backend: OpenAICompatibleBackend,
    requests: Sequence[Request],
    results: queue.SimpleQueue[tuple[Reply, bool] | BaseException | None],
    stop: threading.Event,
) -> None:
    waiting = iter(requests)

    async def worker(client: AsyncOpenAI) -> None:
        for request in waiting:  # shared: each worker takes the next one that nobody has
            results.put(await _ask(backend, client, request))

    async with _client(backend) as client:
        work = asyncio.gather(*(worker(client) for _ in range(backend.concurrency)))
        while not work.done():
            await asyncio.wait([work], timeout=0.1)
            if stop.is_set():
                work.cancel()
                break
        if not stop.is_set():
            await work


def _client(backend: OpenAICompatibleBackend) -> AsyncOpenAI:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(
        api_key=backend.key or "none",  # None would send the key of another service, OPENAI_API_KEY
        base_url=backend.base_url,
        max_retries=backend.retries,
        timeout=backend.timeout,
    )
    client.organization = client.project = None  # not to a server that they do not belong to
    return client


async def _ask(
    backend: OpenAICompatibleBackend, client: AsyncOpenAI, request: Request
) -> tuple[Reply, bool]:
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    try:
        body = _parsed(await _send(backend, client, request))
        choice, of_server = read_choices(body)[0], False
        tokens = read_usage(body)
    except MalformedBodyError as error:
        choice, of_server, tokens = Choice("", "failed", f"malformed: {error}"), False, (None, None)
    except APIStatusError as error:
        choice, of_server = _by_status(backend, error)
        tokens = (None, None)
    except APITimeoutError:
        why = f"timeout: silent for {backend.timeout:g} s"
        choice, of_server, tokens = Choice("", "failed", why), True, (None, None)
    except APIConnectionError as error:
        why = f"connection: {error.__cause__ or error}"
        choice, of_server, tokens = Choice("", "failed", why), True, (None, None)
    reply = Reply(
        request_id=request.id,
        text=choice.text,
        outcome=choice.outcome,
        detail=backend.hide(choice.detail)[:300],
        finish_reason=choice.finish_reason,
        tokens_in=tokens[0],
        tokens_out=tokens[1],
        engine=ENGINE,
    )
    return reply, of_server


async def _send(backend: OpenAICompatibleBackend, client: AsyncOpenAI, request: Request) -> str:
    """Return the raw body: the SDK's models would let a wrong schema through."""
    sampling = request.sampling
    settings: dict[str, Any] = {
        "model": request.model_id,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_tokens": sampling.max_tokens,
        "seed": request.seed,
        "n": 1,
    }
    turns: list[Any] = [{"role": m.role, "content": m.content} for m in request.messages]
    if backend.interface == "chat":
        chat = client.chat.completions.with_raw_response
        return str((await chat.create(messages=turns, **settings)).text)
    prompt = "\n\n".join(message.content for message in request.messages)
    plain = client.completions.with_raw_response
    return str((await plain.create(prompt=prompt, **settings)).text)


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedBodyError(f"expected a JSON body, was: {text!r:.80}") from None
    if not isinstance(body, Mapping):
        raise MalformedBodyError(f"expected a completion object, was: {kind(body)}")
    return body


def _by_status(backend: OpenAICompatibleBackend, error: APIStatusError) -> tuple[Choice, bool]:
    """Return what an HTTP error means for its request, and whether it is the server's.

    Raises
    ------
    BackendError
        When every other request would meet the same.
    """
    said = read_error(error.body)
    status = error.status_code
    why = _HOPELESS.get(status, "")
    if error.code == "insufficient_quota":
        why = "the quota is used up"
    if why:
        raise BackendError(
            f"{backend.base_url}: {why} (http {status}, {backend.hide(said.detail)})"
        )
    if said.outcome == "refused":
        return said, False
    return Choice("", "failed", f"http {status}, {said.detail}"), status == 429 or status >= 500
