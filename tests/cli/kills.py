"""``kill -9`` of the real command at random moments, watched by a reader and by the server."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.served import Project
from tests.closures import ROOT

from valuelex.artifacts.table import REPLIES
from valuelex.backends.store import ReplyStore

MODEL = "one"
_SERVER = ROOT / "benchmarks" / "latency_server.py"


@contextmanager
def echoing(seconds: float) -> Iterator[str]:
    """Run the server of benchmarks/ in a process of its own; its address."""
    server = subprocess.Popen(
        [sys.executable, str(_SERVER), str(seconds), "echo"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
    finally:
        server.kill()
        server.communicate()


def answers_by_seed(url: str) -> dict[str, int]:
    """Ask the server how often it has answered each seed."""
    with urllib.request.urlopen(f"{url.removesuffix('/v1')}/count", timeout=30) as response:  # noqa: S310 - our own server
        counts: dict[str, int] = json.load(response)
    return counts


@dataclass(slots=True)
class Killed:
    """What was seen; ``lost``, ``changed`` and ``doubled`` must be empty."""

    kills: int = 0
    before_asking: int = 0
    lives: int = 0
    studies: int = 0
    lost: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    artifacts: set[str] = field(default_factory=set)
    replies: int = 0
    asked_again: int = 0


def kill_again_and_again(project: Project, url: str, kills: int, seed: int) -> Killed:
    """Kill the elicitation ``kills`` times; a study that completes is begun anew, from nothing.

    The last that completes is left as it is.
    """
    already = sum(answers_by_seed(url).values())
    moments = random.Random(seed)  # noqa: S311 - moments of killing, no secret
    seen = Killed()
    while seen.kills < kills:
        process = project.start("run", "elicit", "--model", MODEL)
        held = _wait(project, process, moments)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            seen.kills += 1
            seen.before_asking += not held
        err = process.communicate()[1]
        seen.lives += 1
        _compare(project, held, seen)
        if process.returncode == 0:
            _settle(project, seen)
            shutil.rmtree(project.store.parent)
            shutil.rmtree(project.root / "outputs")
        else:
            assert process.returncode == -signal.SIGKILL, err
    last = project.run("run", "elicit", "--model", MODEL)
    assert last.returncode == 0, last.stderr
    _settle(project, seen)
    seen.asked_again = sum(answers_by_seed(url).values()) - already - seen.replies
    return seen


def replies(store: Path) -> dict[str, str]:
    """Read what is committed, as another process may while one writes."""
    if not store.exists():
        return {}
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)) as db:
        try:
            return dict(db.execute("SELECT id, text FROM replies"))
        except sqlite3.OperationalError:  # the tables are not there yet
            return {}


def artifact(project: Project) -> str:
    """Return the checksum of the stage's artifact."""
    return hashlib.sha256(REPLIES.file(project.root, MODEL).read_bytes()).hexdigest()


def _wait(
    project: Project, process: subprocess.Popen[str], moments: random.Random
) -> dict[str, str]:
    """Wait for a random moment; what was acknowledged, that is committed, just before it.

    A quarter of the moments lie while the process starts, the others a random time after another
    chunk was committed.
    """
    if moments.random() < 0.25:
        _sleep(process, moments.random() * 1.5)
        return replies(project.store)
    before = held = replies(project.store)
    while process.poll() is None and len(held) == len(before):
        time.sleep(0.02)
        held = replies(project.store)
    _sleep(process, moments.random() * 0.8)
    return replies(project.store)


def _sleep(process: subprocess.Popen[str], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _compare(project: Project, held: dict[str, str], seen: Killed) -> None:
    found = replies(project.store)
    seen.lost += [key for key in held if key not in found]
    seen.changed += [key for key, text in held.items() if found.get(key, text) != text]
    if found:
        with ReplyStore(project.store) as store:
            assert store.verify() >= len(held)


def _settle(project: Project, seen: Killed) -> None:
    """Look at a study that is complete: every reply its own, none twice, and the artifact."""
    with ReplyStore(project.store) as store:
        pairs = list(store.export())
    seen.changed += [r.id for r, reply in pairs if reply.text != f"- value {r.seed}"]
    times = Counter(row["reply_id"] for row in REPLIES.read(project.root, MODEL))
    seen.doubled += [key for key, n in times.items() if n > 1]
    assert times.keys() == {request.id for request, _ in pairs}
    seen.studies += 1
    seen.replies += len(pairs)
    seen.artifacts.add(artifact(project))
