"""``kill -9`` at random moments: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.backends import killed

from valuelex.backends.store import ReplyStore

KILLS = int(os.environ.get("VALUELEX_KILLS", "15"))
CHUNK = 5


def start(store: Path, asked: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, killed.__file__, str(store), str(asked)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def kill_when(process: subprocess.Popen[bytes], lines: int, extra: float) -> int:
    """Kill after a number of acknowledgements and a moment more; the last acknowledged count."""
    assert process.stdout is not None
    acknowledged = 0
    for _ in range(lines):
        line = process.stdout.readline()
        if not line:
            break
        acknowledged = int(line)
    try:
        process.wait(extra)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    rest = process.communicate(timeout=30)[0].split()
    return int(rest[-1]) if rest else acknowledged


def test_killed_and_continued_equals_undisturbed(tmp_path: Path) -> None:
    store, log = tmp_path / "replies.sqlite", tmp_path / "asked"
    moments = random.Random(7)  # noqa: S311 - moments of killing, no secret
    wanted = {r.id: killed.text(r) for r in killed.requests()}
    kills = acknowledged = 0
    while kills < KILLS:
        process = start(store, log)
        seen = kill_when(process, 1 + moments.randrange(5), moments.random() * 0.004)
        kills += process.returncode == -signal.SIGKILL
        with ReplyStore(store) as opened:
            found = opened.get_many(wanted)
            assert opened.verify() == len(found) >= max(acknowledged, seen)
        assert all(found[key].text == wanted[key] for key in found)
        acknowledged = len(found)
        if acknowledged == killed.N:
            store.unlink()
            log.unlink()
            acknowledged = 0
    last = start(store, log)
    assert last.communicate(timeout=60)[1] == b""
    assert last.returncode == 0
    with ReplyStore(store) as opened:
        assert {k: r.text for k, r in opened.get_many(wanted).items()} == wanted
        assert opened.counts() == {("m", "answered"): killed.N}
    times = Counter(log.read_text().split())
    # What was asked again is at most one uncommitted chunk per kill.
    assert sum(times.values()) - killed.N <= (CHUNK + 1) * kills
