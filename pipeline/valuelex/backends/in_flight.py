"""Many requests in flight at once, out of a plain iterator.

The event loop lives in a thread of its own: whatever the caller does with a result (a commit that
waits for the disk) keeps no request waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

from valuelex.records import Request

T = TypeVar("T")
Ask = Callable[[Request], Awaitable[T]]

THREAD = "asking"
_TOGETHER = 0.01
"""Seconds in which results are handed over together: each hand-over switches threads."""


def in_flight(
    requests: Sequence[Request], asking: AbstractAsyncContextManager[Ask[T]], concurrency: int
) -> Iterator[T]:
    """Yield what asking each request gives, as it comes, ``concurrency`` of them at a time.

    ``asking`` is entered inside the event loop and yields the function that asks one request.
    Closing the iterator ends all work; an error of the asking function ends it too and is raised.
    """
    flight = _Flight(requests, asking, concurrency)
    thread = threading.Thread(target=flight.run, name=THREAD, daemon=True)
    thread.start()
    try:
        while (results := flight.results.get()) is not None:
            if isinstance(results, BaseException):
                raise results
            yield from results
    finally:
        flight.stop()
        thread.join()


class _Flight(Generic[T]):
    """The thread's side: workers that take the next request which nobody has."""

    def __init__(
        self,
        requests: Sequence[Request],
        asking: AbstractAsyncContextManager[Ask[T]],
        concurrency: int,
    ) -> None:
        self.results: queue.SimpleQueue[list[T] | BaseException | None] = queue.SimpleQueue()
        self._waiting = iter(requests)
        self._asking = asking
        self._workers = min(concurrency, len(requests))
        self._loop = asyncio.new_event_loop()
        self._work: asyncio.Task[None] | None = None
        self._stopped = False
        self._done: list[T] = []

    def run(self) -> None:
        """Do all the work; the last result is ``None`` or what went wrong."""
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                try:
                    runner.run(self._all())
                finally:
                    self._hand_over()
        except BaseExceptionGroup as group:  # of the workers: the first is what ended the others
            self.results.put(group.exceptions[0])
        except BaseException as error:  # noqa: BLE001 - handed to the thread that asked, and raised there
            self.results.put(error)
        else:
            self.results.put(None)

    def stop(self) -> None:
        """End all work; harmless when it has ended."""
        self._stopped = True
        with contextlib.suppress(RuntimeError):  # the loop is closed: it has ended
            self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._work is not None:
            self._work.cancel()

    async def _all(self) -> None:
        self._work = asyncio.current_task()
        if self._stopped:
            return
        async with self._asking as ask, asyncio.TaskGroup() as group:
            for _ in range(self._workers):
                group.create_task(self._worker(ask))

    async def _worker(self, ask: Ask[T]) -> None:
        for request in self._waiting:  # shared
            result = await ask(request)
            if not self._done:
                self._loop.call_later(_TOGETHER, self._hand_over)
            self._done.append(result)

    def _hand_over(self) -> None:
        done, self._done = self._done, []
        if done:
            self.results.put(done)
