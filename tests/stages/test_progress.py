"""Progress: plain lines with rate and time left in a log, a bar on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time

import pytest

from valuelex.stages.progress import Progress, time_left


def test_lines_say_how_fast_and_how_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    with Progress("elicit m", 100) as shown:
        for clock[0], done in ((5.0, 10), (11.0, 22), (15.0, 30), (22.0, 44)):
            shown.advance_to(done)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "elicit m: 22 of 100 (2.0/s, 39 s left)",
        "elicit m: 44 of 100 (2.0/s, 28 s left)",
    ]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (99, "99 s"), (600, "10 min"), (12_000, "3 h 20 min")]
)
def test_durations_are_readable(seconds: float, said: str) -> None:
    assert time_left(seconds) == said


def test_a_terminal_gets_a_bar_and_no_lines() -> None:
    code = (
        "from valuelex.stages.progress import Progress\n"
        "with Progress('elicit [red]m[/red]', 4) as p:\n"
        "    for n in range(5): p.advance_to(n)\n"
    )
    here, there = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", code],
        stderr=there,
        check=False,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(there)
    said = os.read(here, 100_000).decode()
    os.close(here)
    assert done.returncode == 0
    assert "elicit [red]m[/red]" in said
    assert "/s" in said
    assert " of 4 (" not in said
