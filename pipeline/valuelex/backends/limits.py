"""How hard a server may be pressed, and how long it may be silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from valuelex.backends.tokens import most_tokens
from valuelex.records import Request

if TYPE_CHECKING:
    from aiolimiter import AsyncLimiter


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one model's server; the same fields stand in the roster under ``limits``.

    Parameters
    ----------
    concurrency
        Requests in flight, >= 1.
    retries
        How often a request is tried again after a fault that may pass, >= 0.
    backoff
        Seconds before the first retry; doubled each time up to a minute, with jitter. A server's
        ``Retry-After`` goes before it.
    connect_timeout, read_timeout, total_timeout
        Seconds, each > 0, of one attempt: until the connection stands; of silence on it; in all.
    requests_per_minute, tokens_per_minute
        What the server grants, or ``None``. Every attempt counts. A token budget is charged with
        the prompt's estimate and the whole ``max_tokens``, as hosted services do.
    """

    concurrency: int = 16
    retries: int = 8
    backoff: float = 0.5
    connect_timeout: float = 10.0
    read_timeout: float = 120.0
    total_timeout: float = 600.0
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None


DEFAULT = Limits()


class Pace:
    """Keeps attempts within the per-minute limits; made inside the event loop that it serves.

    A second's worth may go at once, so that a minute sees no burst of twice its limit.
    """

    def __init__(self, limits: Limits, requests: Sequence[Request]) -> None:
        self._requests = _limiter(limits.requests_per_minute, 1.0)
        largest = 0.0
        if limits.tokens_per_minute is not None:
            largest = float(max((most_tokens(request) for request in requests), default=0))
        self._tokens = _limiter(limits.tokens_per_minute, largest)

    async def turn(self, request: Request) -> None:
        """Wait until one more attempt at this request is within the limits."""
        if self._requests is not None:
            await self._requests.acquire()
        if self._tokens is not None:
            await self._tokens.acquire(most_tokens(request))


def _limiter(per_minute: float | None, largest: float) -> AsyncLimiter | None:
    """Return a leaky bucket that holds a second's worth, or the largest request if that is more."""
    if per_minute is None:
        return None
    from aiolimiter import AsyncLimiter

    per_second = per_minute / 60.0
    capacity = max(per_second, largest)
    return AsyncLimiter(capacity, capacity / per_second)
