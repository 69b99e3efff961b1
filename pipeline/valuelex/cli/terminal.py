"""Text of models and users on a terminal: one line, and no control character gets through."""

from __future__ import annotations

from collections.abc import Sequence


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
