"""The parent's end of an engine's subprocess: orders out, lines in, and its certain end.

The subprocess is a process group of its own, which is ended as a whole: at the end, on a timeout,
on an error, and (by its own watch, :mod:`valuelex.backends.engine_pipe`) when the parent dies.
"""

from __future__ import annotations

import itertools
import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self

import valuelex
from valuelex.environment import SILENCE, without_secrets
from valuelex.errors import BackendError

_GRACE = 20.0  # seconds for the engine to end by itself
_QUIET = {**SILENCE, "TOKENIZERS_PARALLELISM": "false"}


class EngineProcess:
    """The subprocess and its pipes; a context manager that ends the whole process group.

    Parameters
    ----------
    title
        What messages call it, e.g. ``vLLM with 'org/model'``.
    python, module
        The interpreter, and the worker's module.
    missing
        What to do when a package is not there: package name -> remedy.
    """

    def __init__(self, title: str, python: str, module: str, missing: dict[str, str]) -> None:
        self._title, self._python, self._module = title, python, module
        self._missing = missing
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._process = self._start()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._end(in_peace=kind is None)
        self._reader.join(timeout=_GRACE)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._log.close()

    def send(self, order: dict[str, Any]) -> None:
        """Hand one order over."""
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe above
        try:
            self._process.stdin.write(json.dumps(order).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise self._died() from None

    def receive(self, timeout: float) -> dict[str, Any]:
        """Return the next message.

        Raises
        ------
        BackendError
            When none comes in ``timeout`` seconds, the process ends, or it says that it is done
            for.
        """
        try:
            line = self._said.get(timeout=timeout)
        except queue.Empty:
            raise BackendError(
                f"{self._title} was silent for {timeout:g} s and is ended; {self._last_words()}"
            ) from None
        if not line:
            raise self._died()
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:
            raise BackendError(
                f"{self._title}: the worker must write JSON lines, was: {line!r:.200}"
            ) from None
        if "fatal" in message:
            raise BackendError(f"{self._title}: {self._explained(message['fatal'])}")
        return message

    def _start(self) -> subprocess.Popen[bytes]:
        source = str(Path(valuelex.__file__).parents[1])
        path = os.pathsep.join(p for p in (source, os.environ.get("PYTHONPATH", "")) if p)
        try:
            return subprocess.Popen(  # noqa: S603 - our own module, by a chosen interpreter
                [self._python, "-m", self._module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env={**without_secrets(os.environ), **_QUIET, "PYTHONPATH": path},
                start_new_session=True,  # a group of its own: engines start processes too
            )
        except OSError as error:
            self._log.close()
            raise BackendError(f"{self._python} cannot be started: {error}") from None

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe above
        for line in self._process.stdout:
            self._said.put(line)
        self._said.put(b"")  # the end

    def _end(self, *, in_peace: bool) -> None:
        if in_peace and self._process.poll() is None:
            with suppress(BackendError, subprocess.TimeoutExpired):
                self.send({"stop": True})
                self._process.wait(timeout=_GRACE)
        # The leader may be gone and its engine not: the group is ended in any case.
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=2.0)
        self._process.wait()

    def _died(self) -> BackendError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2.0)
        return BackendError(
            f"{self._title} ended unexpectedly (exit code {self._process.poll()});"
            f" {self._last_words()}; the same command continues"
        )

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read()[-4000:].decode("utf-8", "replace").splitlines()
        said = [line.strip() for line in lines if line.strip()]
        last = list(itertools.islice(reversed(said), 2))
        return (
            f"its last words: {' | '.join(reversed(last))[:400]!r}" if last else "it said nothing"
        )

    def _explained(self, fatal: str) -> str:
        for package, remedy in self._missing.items():
            if f"No module named '{package}'" in fatal:
                return f"the package '{package}' is not installed: {remedy}"
        return fatal
