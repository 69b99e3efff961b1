"""One POST over kept connections: timeouts, a bounded body, no redirects, the user's proxies.

The one place that knows aiohttp. It, and not the OpenAI SDK, by measurement
(``benchmarks/bench_client.py``): a call costs an eighth of the processor time, and the SDK cannot
fill 64 slots of 50 ms from one core.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from valuelex.backends.limits import Limits

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

MAX_BODY = 16 * 2**20
"""Bytes of one answer: a hundred thousand tokens fit many times over."""
_IDLE = 4.0
"""Seconds that an idle connection is kept: uvicorn, behind most servers, hangs up after five."""


class NoAnswerError(Exception):
    """No whole answer came: the message says why, in words without addresses or headers."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """A pool of ``limits.concurrency`` connections to one server; an asynchronous context."""

    def __init__(self, base_url: str, headers: Mapping[str, str], limits: Limits) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {
            **headers,
            "content-type": "application/json",
            "accept": "application/json",
            "accept-encoding": "identity",  # nothing to unpack: no bomb
        }
        self._limits = limits
        self._proxy = _proxy(base_url)
        self._stack = AsyncExitStack()
        self._session: ClientSession

    async def __aenter__(self) -> Self:
        import aiohttp

        limits = self._limits
        self._session = await self._stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=limits.concurrency, keepalive_timeout=_IDLE, ttl_dns_cache=300
                ),
                timeout=aiohttp.ClientTimeout(
                    total=limits.total_timeout,
                    sock_connect=limits.connect_timeout,
                    sock_read=limits.read_timeout,
                ),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def post(self, path: str, data: bytes) -> Answer:
        """Send a body and return the whole answer, whatever its status.

        Raises
        ------
        NoAnswerError
            When the connection fails, is closed early or is silent too long, or the body is too
            large.
        """
        import aiohttp

        url = f"{self._base_url}{path}"
        try:
            async with self._session.post(
                url, data=data, allow_redirects=False, proxy=self._proxy
            ) as response:
                body = await _body(response)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, headers, body)
        except aiohttp.ConnectionTimeoutError:
            seconds = self._limits.connect_timeout
            raise NoAnswerError(f"timeout: no connection within {seconds:g} s") from None
        except aiohttp.SocketTimeoutError:
            seconds = self._limits.read_timeout
            raise NoAnswerError(f"timeout: silent for {seconds:g} s") from None
        except TimeoutError:
            seconds = self._limits.total_timeout
            raise NoAnswerError(f"timeout: not done after {seconds:g} s") from None
        except aiohttp.ClientError as error:
            raise NoAnswerError(f"connection: {_named(error)}") from None


async def _body(response: ClientResponse) -> bytes:
    """Return the body, or refuse it before more than the limit lies in memory."""
    length = response.content_length
    if length is not None and length <= MAX_BODY:
        return await response.read()
    found = bytearray()
    if length is None:
        async for chunk in response.content.iter_any():
            found += chunk
            if len(found) > MAX_BODY:
                break
        else:
            return bytes(found)
    response.close()
    raise NoAnswerError(f"the answer is longer than {MAX_BODY} bytes")


def _named(error: Exception) -> str:
    """Name what went wrong: some errors of the library carry headers, which are not shown."""
    cause = getattr(error, "os_error", None) or error.__cause__
    reason = getattr(cause, "strerror", None) or getattr(error, "strerror", None)
    return str(reason) if reason else type(error).__name__


def _proxy(base_url: str) -> str | None:
    """Return the proxy that the environment names for an address, if any."""
    parts = urlsplit(base_url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)
