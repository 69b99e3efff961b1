"""Progress of long work: a bar with rate and time left on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_QUIET_SECONDS = 10.0


class Progress:
    """A counter of ``total`` units of ``what``, shown as suits the place it is shown in.

    Without a terminal nothing is printed for the first ten seconds, then one line every ten:
    a log of a hundred short stages stays short.
    """

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._started = self._spoke = time.monotonic()
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as RichProgress

            self._bar = RichProgress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total, rate="")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance_to(self, done: int) -> None:
        """Say that ``done`` units, of the total, are finished."""
        now = time.monotonic()
        speed = done / max(now - self._started, 1e-9)
        rate = f"{speed:.1f}/s"
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, rate=rate)
        elif now - self._spoke >= _QUIET_SECONDS:
            self._spoke = now
            left = f", {time_left((self._total - done) / speed)} left" if done else ""
            line = f"{self._what}: {done} of {self._total} ({rate}{left})"
            print(line, file=sys.stderr, flush=True)  # noqa: T201


def time_left(seconds: float) -> str:
    """Return a duration as ``40 s``, ``12 min`` or ``3 h 20 min``."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


class ModelProgress:
    """Progress of many models at once: a line per model when it is done, and of all in between.

    ``say`` takes one line; ``seconds`` lie between two lines about models that are under way.
    """

    def __init__(self, say: Callable[[str], None], seconds: float = _QUIET_SECONDS) -> None:
        self._say, self._seconds = say, seconds
        self._started = self._spoke = time.monotonic()
        self._under_way: dict[str, tuple[int, int]] = {}

    def advance(self, model: str, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` requests of a model have come back."""
        now = time.monotonic()
        if done >= total:
            self._under_way.pop(model, None)
            self._say(f"{model}: {done} of {total}, done after {now - self._started:.0f} s")
            return
        self._under_way[model] = (done, total)
        if now - self._spoke >= self._seconds:
            self._spoke = now
            said = ", ".join(f"{k} {n} of {of}" for k, (n, of) in sorted(self._under_way.items()))
            self._say(f"under way: {said}")
