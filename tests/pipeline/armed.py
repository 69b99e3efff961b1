"""Lives of one command, each a fork of a process that has imported all it needs; made to be killed.

Usage: armed.py COMMAND ...

Runs ``valuelex COMMAND`` once, says how many file events it made, and then waits for lines ``EVENT
DELAY`` on its input. For each it forks a life, says its process id, waits for another line, and
lets it run; SIGKILL comes DELAY seconds after the life's EVENT-th file event (0: never), from a
thread, so that it hits what follows. At the end of a life its exit status is said. A file event is:
a file below the current folder or TMPDIR is opened to write, renamed or removed, a folder is made
there, or the store is opened.
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
    """An audit hook that counts what is done to files."""

    def __init__(self) -> None:
        self._watched = (str(Path.cwd()), os.environ["TMPDIR"])
        self.event, self.delay, self.seen = 0, 0.0, 0

    def __call__(self, name: str, given: tuple[Any, ...]) -> None:
        if not self._counts(name, given):
            return
        self.seen += 1
        if self.seen == self.event:
            if self.delay:
                threading.Thread(target=self._later, daemon=True).start()
            else:
                os.kill(os.getpid(), signal.SIGKILL)

    def _counts(self, name: str, given: tuple[Any, ...]) -> bool:
        if name == "open":
            path, _, flags = given
            return bool(flags & (os.O_WRONLY | os.O_RDWR)) and self._ours(path)
        return name in _WATCHED and self._ours(given[0])

    def _ours(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self._watched)

    def _later(self) -> None:
        time.sleep(self.delay)
        os.kill(os.getpid(), signal.SIGKILL)


def life(bomb: Bomb, line: bytes, command: list[str]) -> int:
    """Fork one life, let it run when told to, and return its exit status."""
    from valuelex.cli.app import run_app

    pid = os.fork()
    if pid == 0:
        event, delay = line.split()
        _line()
        bomb.seen, bomb.event, bomb.delay = 0, int(event), float(delay)
        os._exit(run_app(command))
    _say(pid)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def main(command: list[str]) -> int:
    """Warm up, then make lives until the input ends."""
    from valuelex.cli.app import run_app

    bomb = Bomb()
    sys.addaudithook(bomb)
    code = run_app(command)
    if code:
        return code
    _say(bomb.seen)
    while line := _line():
        if b" " in line:  # else it is what the last life, killed early, left of its "go"
            _say(life(bomb, line, command))
    return 0


def _line() -> bytes:
    """Read one line and not a byte more: the life reads from the same pipe."""
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return line


def _say(number: int) -> None:
    os.write(1, f"{number}\n".encode("ascii"))


if __name__ == "__main__":
    for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[_name] = "1"  # as the command line does; and a fork has one thread
    sys.exit(main(sys.argv[1:]))
