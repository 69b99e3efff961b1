"""One layer of retries: what may pass is tried again, at the server's own time where it names one.

The one place that knows tenacity.
"""

from __future__ import annotations

import datetime
import email.utils
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Literal, TypeVar

from valuelex.backends.completions import Choice
from valuelex.backends.limits import Limits

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")
Fault = Literal["server", "answer"]
"""Whose fault it was: the server could not answer anybody, or its answer to this was none."""

LONGEST = 60.0
"""Seconds of the longest wait of our own."""
PATIENCE = 300.0
"""Seconds that a server may ask to wait; a longer wait is left to the user."""
_RETRIES_OF_ANSWERS = 3
"""Each may have been paid for."""


class TransientError(Exception):
    """An attempt failed in a way that may pass.

    ``choice`` is what becomes of the request when it does not; ``wait`` what the server asked for.
    """

    def __init__(self, choice: Choice, fault: Fault, wait: float | None = None) -> None:
        super().__init__(choice.detail)
        self.choice = choice
        self.fault = fault
        self.wait = wait


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait, >= 0; ``None`` when it does not say.

    ``retry-after-ms`` (milliseconds) goes before ``retry-after`` (seconds, or an HTTP date). A date
    is set against the server's own clock, which it sends along: ours may be wrong.
    """
    milliseconds = _seconds(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000.0
    given = headers.get("retry-after", "")
    seconds = _seconds(given)
    if seconds is not None:
        return seconds
    when = _date(given)
    if when is None:
        return None
    now = _date(headers.get("date", "")) or datetime.datetime.now(datetime.UTC)
    return max(0.0, (when - now).total_seconds())


async def persist(attempt: Callable[[], Awaitable[T]], limits: Limits) -> T:
    """Return what an attempt returns, tried again after each :class:`TransientError`.

    Raises
    ------
    TransientError
        The last one, when the retries are used up.
    """
    try:
        return await attempt()  # most need no second, and no machinery
    except TransientError as error:
        first = error
    from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential, wait_random

    own = wait_exponential(limits.backoff, LONGEST) + wait_random(0, limits.backoff)

    def wait(state: RetryCallState) -> float:
        asked = _error(state).wait
        return own(state) if asked is None else asked

    no_answers = 0

    def stop(state: RetryCallState) -> bool:
        nonlocal no_answers
        no_answers += _error(state).fault == "answer"
        return state.attempt_number > limits.retries or no_answers > _RETRIES_OF_ANSWERS

    pending: TransientError | None = first

    async def again() -> T:
        nonlocal pending
        if pending is not None:  # the attempt that was made above counts as the first
            error, pending = pending, None
            raise error
        return await attempt()

    return await AsyncRetrying(
        retry=retry_if_exception_type(TransientError), wait=wait, stop=stop, reraise=True
    )(again)


def _error(state: RetryCallState) -> TransientError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, TransientError):
        raise TypeError(f"expected a TransientError, was: {error!r}")
    return error


def _seconds(text: str | None) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if 0.0 <= found < float("inf") else None


def _date(text: str) -> datetime.datetime | None:
    try:
        when = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=datetime.UTC)
