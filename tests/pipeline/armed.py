"""Runs ``valuelex`` and kills it with SIGKILL at the n-th file that it touches in the project.

Usage: armed.py EVENT DELAY COUNT_FILE COMMAND ...; EVENT 0 kills nobody. An event is one of: a file
is opened to write, renamed or removed, a folder is made, the store is opened. The kill comes DELAY
seconds after it, from a thread, so that it hits what follows. COUNT_FILE gets the number of events.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

_WATCHED = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect")


class Bomb:
    """An audit hook that counts what is done to files below the current folder."""

    def __init__(self, event: int, delay: float, count: Path) -> None:
        self._event, self._delay, self._count = event, delay, count
        self._watched = (str(Path.cwd()), os.environ.get("TMPDIR", "/nowhere"))
        self.seen = 0

    def __call__(self, name: str, given: tuple[Any, ...]) -> None:
        if not self._counts(name, given):
            return
        self.seen += 1
        if self.seen == self._event:
            if self._delay:
                threading.Thread(target=self._later, daemon=True).start()
            else:
                os.kill(os.getpid(), signal.SIGKILL)

    def _counts(self, name: str, given: tuple[Any, ...]) -> bool:
        if name == "open":
            path, mode, flags = given
            writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
            return bool(writes) and mode is not None and self._ours(path)
        return name in _WATCHED and self._ours(given[0])

    def _ours(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self._watched)

    def _later(self) -> None:
        time.sleep(self._delay)
        os.kill(os.getpid(), signal.SIGKILL)

    def report(self) -> None:
        self._count.write_text(str(self.seen), encoding="ascii")


def main(event: int, delay: float, count: Path, command: list[str]) -> None:
    from valuelex.cli import main as valuelex

    bomb = Bomb(event, delay, count)
    sys.argv = ["valuelex", *command]
    sys.addaudithook(bomb)
    try:
        valuelex()
    finally:
        bomb.report()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
