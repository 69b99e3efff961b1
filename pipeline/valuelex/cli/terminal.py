"""Text of models and users on a terminal: one line, and no control character gets through."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Make text safe for a terminal: one line, control characters shown as their codes."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in " ".join(text.split()))


def one_line_keep_indent(line: str) -> str:
    """Make a line safe for a terminal without losing its indentation and its columns."""
    return " ".join(one_line(word) for word in line.split(" "))
