"""Text of models and users on a terminal: one line, and no control character gets through.

On a terminal lines are folded at its width, under their own indentation, and headings are bold;
what goes into a pipe or a file stays one line each, without colour, for `grep` and for logs.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence

_PIPED = 110  # columns that a table may take where there is no terminal to ask
_INDENT = re.compile(r"^[\s│├└─|`+-]*(?:\S+(?: \S+)* {2,}(?=\S))?")
_LABELLED = re.compile(r"^\S+ {2,}\S")  # a name and its value: no heading
_ALARM, _BOLD, _PLAIN = "\x1b[1;31m", "\x1b[1m", "\x1b[0m"


def width() -> int:
    """Return the columns that there are."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPED


def tell(lines: Iterable[str]) -> None:
    """Print lines, made safe; folded and with bold headings where a terminal shows them."""
    terminal = sys.stdout.isatty()
    colour = terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    for line in map(one_line_keep_indent, lines):
        for at, part in enumerate(folded(line, width()) if terminal else [line]):
            print(_bold(part) if colour and at == 0 else part)  # noqa: T201


def _bold(line: str) -> str:
    if not line or line[0] in " │├└|`" or _LABELLED.match(line):
        return line
    return f"{_ALARM if line.startswith('SIMULATED') else _BOLD}{line}{_PLAIN}"


def folded(line: str, columns: int) -> list[str]:
    """Fold a line that is too long; what follows stands under the text after its label."""
    if len(line) <= columns:
        return [line]
    found = _INDENT.match(line)
    head = found[0] if found else ""
    under = "".join("│" if c in "│├" else " " for c in head)
    if len(head) > columns // 2:
        under = under[: len(head) - len(head.lstrip())] + "  "
    parts = textwrap.wrap(line[len(head) :], max(20, columns - len(under)), break_on_hyphens=False)
    first, *rest = parts or [""]
    return [head + first, *(under + part for part in rest)]


def branches() -> tuple[str, str, str]:
    """Return what draws a tree: a branch, the last one, and the line past a branch."""
    try:
        "│├└─".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return "|-- ", "`-- ", "|   "
    return "├── ", "└── ", "│   "


def one_line(text: str) -> str:
    """Make text safe for a terminal: one line, control characters shown as their codes."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in " ".join(text.split()))


def one_line_keep_indent(line: str) -> str:
    """Make a line safe for a terminal without losing its indentation and its columns."""
    return " ".join(one_line(word) for word in line.split(" "))


def columns(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Align rows of cells: the first ``left`` columns to the left, the others to the right."""
    safe = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, cells)) for cells in zip(*safe, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in safe
    ]
