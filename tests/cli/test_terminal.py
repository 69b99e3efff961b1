"""What a terminal shows: folded at its width, headings bold; what a pipe gets: plain lines."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest

from valuelex.cli.terminal import folded

LINES = (
    "d1 Integrity & safety (F1; 48 terms, 12,702 mentions)",
    "├── d1.s1 Safety & protection (17 terms)",
    "│       precaution (+0.62, n=228), public safety (+0.61, n=269), watchfulness (+0.61, n=255)",
    "  place        Integrity & safety / Integrity & genuineness, the third of its parts (d1.s3)",
    "      \x1b[2Jan ending that tries to clear the screen",
)
SAY = f"from valuelex.cli.terminal import tell; tell({LINES!r})"


def on_a_terminal(columns: int, **environment: str) -> str:
    """Print the lines on a terminal that has so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    # pytest-xdist tells its workers how wide its own terminal is
    outside = ("NO_COLOR", "TERM", "COLUMNS", "LINES")
    inside = {name: value for name, value in os.environ.items() if name not in outside}
    process = subprocess.Popen(
        [sys.executable, "-c", SAY],
        stdout=theirs,
        env={**inside, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **environment},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert process.wait() == 0
    return said.decode().replace("\r\n", "\n")


def test_lines_are_folded_under_their_own_text() -> None:
    assert folded(LINES[2], 60) == [
        "│       precaution (+0.62, n=228), public safety (+0.61,",
        "│       n=269), watchfulness (+0.61, n=255)",
    ]
    assert folded(LINES[3], 60) == [
        "  place        Integrity & safety / Integrity & genuineness,",
        "               the third of its parts (d1.s3)",
    ]
    assert folded("short", 60) == ["short"]
    assert folded("", 60) == [""]


@pytest.mark.parametrize("columns", [60, 80])
def test_no_line_is_wider_than_the_terminal_and_no_control_character_gets_through(
    columns: int,
) -> None:
    said = on_a_terminal(columns)
    assert "\x1b[1md1 Integrity" in said
    assert "\x1b[2J" not in said
    assert "\\x1b[2Jan ending" in said
    plain = said.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert max(map(len, plain.splitlines())) <= columns
    words = " ".join(" ".join(plain.split()).replace("│ ", "").split())
    assert "public safety (+0.61, n=269), watchfulness" in words


def test_no_colour_where_nobody_wants_it() -> None:
    assert "\x1b" not in on_a_terminal(80, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(80, TERM="dumb")


def test_a_pipe_gets_whole_lines_without_colour() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAY],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    *first, last = done.stdout.decode().splitlines()
    assert first == list(LINES[:-1])
    assert "\x1b" not in last
