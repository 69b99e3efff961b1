"""``kill -9`` of one stage again and again: by the clock, at its file events, at its system calls.

A life ends by a kill or by itself. After every life the project is looked at; after a few kills the
same command is let run to its end, and what it wrote is compared with an undisturbed run.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.pipeline import armed
from tests.pipeline.project import environment, outputs

from valuelex.artifacts.table import ARTIFACTS
from valuelex.backends.store import ReplyStore
from valuelex.cli.dispatch import STAGES
from valuelex.settings import load_settings

STORE = Path(".valuelex") / "replies.sqlite"
SYSCALLS = "fsync,fdatasync,rename,pwrite64,ftruncate,unlink"
WAYS = ("clock", "event", "syscall")
PER_STUDY = 5  # kills before the command may end


@dataclass(slots=True)
class Seen:
    """What was seen of one stage; everything from ``lost`` on must be nothing."""

    stage: str
    kills: Counter[str] = field(default_factory=Counter)
    ended: int = 0  # lives that were over before they could be killed
    reruns: int = 0
    parts: int = 0  # temporary files that lay there right after a kill
    lost: int = 0
    doubled: int = 0
    changed: int = 0
    half: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        """How much is wrong."""
        lists = (self.half, self.others, self.stale, self.differ)
        return self.lost + self.doubled + self.changed + sum(map(len, lists))


class Victim:
    """One stage in a project in which everything has run; a context manager.

    Parameters
    ----------
    folder
        The project; changed.
    stage, model
        What is run; ``model`` for per-model stages.
    undisturbed
        A project in which everything has run.
    """

    def __init__(self, folder: Path, stage: str, model: str | None, undisturbed: Path) -> None:
        self.folder, self.stage = folder, stage
        self.seen = Seen(stage)
        self._files = [
            artifact.file(folder, key)
            for artifact in ARTIFACTS
            if artifact.stage == stage
            for key in artifact.keys(folder, [model] if model else load_settings(folder).models)
        ]
        self._wanted = outputs(undisturbed)
        self._texts = replies(undisturbed / STORE)
        self._before = outputs(folder)
        self._temporary = folder.with_name(f"{folder.name}-tmp")
        self._temporary.mkdir(exist_ok=True)
        self._reset()
        self._command = ["run", stage, *(["--model", model] if model else [])]
        self._mother = self._start([sys.executable, armed.__file__, *self._command])
        self._events, self._seconds, self._syscalls = 0, 0.0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.close()
        self._mother.wait(60)
        self._mother.stdout.close()

    def measure(self) -> None:
        """Learn how long a life takes, and how many file events and system calls it makes."""
        self._events = self._number()
        self._compare()
        self._reset()
        started = time.monotonic()
        self._live()
        self._seconds = time.monotonic() - started
        self._compare()
        self._reset()
        if shutil.which("strace"):
            log = self.folder.with_name(f"{self.folder.name}-strace")
            self._live(log=log)
            lines = log.read_text(errors="replace").splitlines()
            self._syscalls = sum("(" in line for line in lines)
            self._compare()
            self._reset()

    def kill(self, kills: int, draw: random.Random) -> None:
        """Kill it so many times."""
        ways = WAYS if self._syscalls else WAYS[:2]
        held: dict[str, str] = {}
        for number in range(1, kills + 1):
            way = ways[number % len(ways)]
            while not self._killed(way, draw):
                self.seen.ended += 1
                self._settle(held)
                held = {}
            self.seen.kills[way] += 1
            held = self._look(held)
            if number % PER_STUDY == 0 or number == kills:
                self._live()
                self.seen.reruns += 1
                self._settle(held)
                held = {}
        self._live()  # the next stage needs what this one writes

    def _killed(self, way: str, draw: random.Random) -> bool:
        """Begin a life and kill it; False: it was over before."""
        moment = draw.random()
        if way == "clock":
            code = self._live(seconds=moment * self._seconds)
        elif way == "event":
            delay = draw.choice([0.0, 0.0, draw.random() * 0.004])
            code = self._live(event=1 + int(moment * self._events), delay=delay)
        else:
            code = self._live(call=1 + int(moment * self._syscalls))
        return code == -signal.SIGKILL

    def _live(
        self,
        *,
        event: int = 0,
        delay: float = 0.0,
        seconds: float | None = None,
        call: int = 0,
        log: Path | None = None,
    ) -> int:
        """Let one life run; its exit code, 0 or that of SIGKILL."""
        self._tell(f"{event} {delay:.4f}")
        pid = self._number()
        tracer = _traced(pid, log, call) if call or log else None
        descriptor = os.pidfd_open(pid)  # names this life even when its number is another's
        self._tell("go")
        if seconds is not None:
            time.sleep(seconds)
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        code = self._number()
        os.close(descriptor)
        if tracer is not None:
            tracer.communicate(timeout=60)
        assert code in (0, -signal.SIGKILL), f"{self.stage} ended with {code}"
        return code

    def _settle(self, held: dict[str, str]) -> None:
        self._look(held)
        self._compare()
        self._reset()

    def _look(self, held: dict[str, str]) -> dict[str, str]:
        """Look at files and store after a life; what the store holds."""
        seen, found = self.seen, outputs(self.folder)
        ours = {file.relative_to(self.folder / "outputs").as_posix() for file in self._files}
        for name, data in found.items():
            if name.endswith(".part"):
                seen.parts += 1
            elif name in ours:
                seen.half += [name] if data != self._wanted[name] else []
            elif data != self._before.get(name):
                seen.others.append(name)
        seen.others += [n for n in self._before if n not in found and n not in ours]
        stored = replies(self.folder / STORE)
        if stored:
            with ReplyStore(self.folder / STORE) as store:
                store.verify()
        seen.lost += sum(key not in stored for key in held)
        seen.doubled += sum(key not in self._texts for key in stored)  # asked under another key
        seen.changed += sum(self._texts.get(key, text) != text for key, text in stored.items())
        return stored

    def _compare(self) -> None:
        """Compare what the stage wrote in the end with an undisturbed run."""
        seen = self.seen
        for file in self._files:
            name = file.relative_to(self.folder / "outputs").as_posix()
            same = file.exists() and file.read_bytes() == self._wanted[name]
            seen.differ += [] if same else [name]
        left = [*(self.folder / "outputs").rglob(".*.part"), *self._temporary.glob("valuelex-*")]
        seen.stale += [path.name for path in left]

    def _reset(self) -> None:
        """Take back what the stage wrote, as DVC does before it runs one; and what it asked."""
        for file in self._files:
            file.unlink(missing_ok=True)
        if STAGES[self.stage]:
            for file in (self.folder / STORE.parent).glob(f"{STORE.name}*"):
                if file.is_file():
                    file.unlink()

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=self.folder,
            # numba's other layer ends a fork of a process that has used it
            env=environment(
                self.folder, TMPDIR=str(self._temporary), NUMBA_THREADING_LAYER="workqueue"
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _tell(self, line: str) -> None:
        assert self._mother.stdin is not None
        self._mother.stdin.write(f"{line}\n".encode("ascii"))
        self._mother.stdin.flush()

    def _number(self) -> int:
        assert self._mother.stdout is not None
        return int(self._mother.stdout.readline())


def replies(store: Path) -> dict[str, str]:
    """Read the texts that are committed."""
    if not store.exists():
        return {}
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)) as db:
        try:
            return dict(db.execute("SELECT id, text FROM replies"))
        except sqlite3.OperationalError:  # killed before its tables were there
            return {}


def _traced(pid: int, log: Path | None, number: int) -> subprocess.Popen[bytes]:
    """Attach strace to a life that waits; kill it at its ``number``-th call, 0 for never."""
    kill = [f"--inject={SYSCALLS}:signal=SIGKILL:when={number}"] if number else []
    options = ["-f", "-qq", "-o", str(log or "/dev/null"), f"--trace={SYSCALLS}", *kill]
    tracer = subprocess.Popen(["strace", *options, "-p", str(pid)], stderr=subprocess.DEVNULL)
    status = Path(f"/proc/{pid}/status")
    while f"TracerPid:\t{tracer.pid}\n" not in status.read_text(encoding="ascii"):
        assert tracer.poll() is None, "strace cannot attach"
        time.sleep(0.005)
    return tracer
