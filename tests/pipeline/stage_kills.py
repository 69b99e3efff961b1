"""``kill -9`` of one stage again and again: by the clock, at its file events, at its system calls.

A life ends by a kill or by itself. After every life the project is looked at; after a few kills the
same command is let run to its end, and what it wrote is compared with an undisturbed run.
"""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.pipeline import armed
from tests.pipeline.project import environment, outputs

from valuelex.artifacts.table import ARTIFACTS
from valuelex.backends.store import ReplyStore
from valuelex.cli.dispatch import STAGES

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
    """One stage in a project in which everything before it has run.

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
        self._command = ["run", stage, *(["--model", model] if model else [])]
        self._files = [
            artifact.file(folder, model if "{model}" in artifact.path else None)
            for artifact in ARTIFACTS
            if artifact.stage == stage
        ]
        self._wanted = outputs(undisturbed)
        self._texts = replies(undisturbed / STORE)
        self._before = outputs(folder)
        self._store_before = folder.with_name(f"{folder.name}-store")
        self._temporary = folder.with_name(f"{folder.name}-tmp")
        self._count = folder.with_name(f"{folder.name}-count")
        self._temporary.mkdir(exist_ok=True)
        shutil.rmtree(self._store_before, ignore_errors=True)
        if (folder / STORE).exists():
            shutil.copytree((folder / STORE).parent, self._store_before)
        self.seconds = self.events = self.syscalls = 0.0

    def measure(self) -> None:
        """Run undisturbed, to know how long it takes and how many events and calls it makes."""
        started = time.monotonic()
        self._finish()
        self.seconds = time.monotonic() - started
        self.events = int(self._count.read_text(encoding="ascii"))
        if shutil.which("strace"):
            self._reset()
            log = self._count.with_suffix(".strace")
            self._run([*_strace(log), *self._plain()])
            self.syscalls = len(
                [r for r in log.read_text(errors="replace").splitlines() if "(" in r]
            )
            log.unlink()
        self._reset()

    def kill(self, kills: int, draw: random.Random) -> None:
        """Kill it so many times."""
        ways = _turns(kills, traced=bool(self.syscalls))
        held: dict[str, str] = {}
        for number, way in enumerate(ways, start=1):
            while not self._life(way, draw):
                self.seen.ended += 1
                self._look(held)
                self._compare()
                self._reset()
                held = {}
            self.seen.kills[way] += 1
            held = self._look(held)
            if number % PER_STUDY == 0 or number == kills:
                self._finish()
                self.seen.reruns += 1
                self._look(held)
                self._compare()
                held = {}
                if number < kills:
                    self._reset()

    def _life(self, way: str, draw: random.Random) -> bool:
        """Start the command and kill it; False: it was over before."""
        moment = draw.random()
        if way == "clock":
            process = self._start(self._plain())
            _until(process, moment * self.seconds)
            process.send_signal(signal.SIGKILL)
        elif way == "event":
            delay = draw.choice([0.0, 0.0, draw.random() * 0.004])
            process = self._start(self._armed(1 + int(moment * self.events), delay))
        else:
            number = 1 + int(moment * self.syscalls)
            process = self._start([*_strace(None, number), *self._plain()])
        _, err = process.communicate(timeout=600)
        if process.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL):
            return True
        assert process.returncode == 0, err.decode(errors="replace")
        return False

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
            shutil.rmtree((self.folder / STORE).parent, ignore_errors=True)
            if self._store_before.exists():
                shutil.copytree(self._store_before, (self.folder / STORE).parent)

    def _finish(self) -> None:
        self._run(self._armed(0, 0.0))

    def _run(self, command: list[str]) -> None:
        process = self._start(command)
        _, err = process.communicate(timeout=600)
        assert process.returncode == 0, err.decode(errors="replace")

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment(self.folder, TMPDIR=str(self._temporary)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def _plain(self) -> list[str]:
        return self._armed(0, 0.0)

    def _armed(self, event: int, delay: float) -> list[str]:
        settings = [str(event), f"{delay:.4f}", str(self._count)]
        return [sys.executable, armed.__file__, *settings, *self._command]


def replies(store: Path) -> dict[str, str]:
    """Read the texts that are committed."""
    if not store.exists():
        return {}
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)) as db:
        try:
            return dict(db.execute("SELECT id, text FROM replies"))
        except sqlite3.OperationalError:  # killed before its tables were there
            return {}


def _strace(log: Path | None, number: int = 0) -> list[str]:
    kill = [f"--inject={SYSCALLS}:signal=SIGKILL:when={number}"] if number else []
    return ["strace", "-f", "-qq", "-o", str(log or "/dev/null"), f"--trace={SYSCALLS}", *kill]


def _until(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _turns(kills: int, *, traced: bool) -> Iterator[str]:
    ways = WAYS if traced else WAYS[:2]
    return (ways[number % len(ways)] for number in range(kills))
