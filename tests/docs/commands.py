"""The commands and transcripts that README and the documentation print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.closures import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield (where, words) of each command line in a shell block; comments are left out."""
    for page in PAGES:
        for kind, block in _BLOCK.findall(page.read_text(encoding="utf-8")):
            if kind == "sh":
                for line in block.replace("\\\n", " ").splitlines():
                    words = shlex.split(line, comments=True)
                    if words:
                        yield f"{page.relative_to(ROOT)}: {line.strip()}", _plain(words)


def shell_lines(page: Path) -> Iterator[str]:
    """Yield each command of a page's shell blocks as it stands there, comments left out."""
    for kind, block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind != "sh":
            continue
        for line in block.replace("\\\n", " ").splitlines():
            plain = re.sub(r"(^|\s)#.*$", "", line).strip()
            if plain:
                yield plain


def examples(page: Path) -> Iterator[str]:
    """Yield the examples that the page of commands prints for each of them."""
    for line in page.read_text(encoding="utf-8").splitlines():
        told = re.search(r"Examples?: (.*)", line)
        for one in told[1].split("; ") if told else [line]:
            if told or line.startswith("valuelex "):
                yield re.sub(r"\.$", "", one.strip())


def python_blocks(page: Path) -> list[str]:
    """Return the Python blocks of a page."""
    return [b for kind, b in _BLOCK.findall(page.read_text(encoding="utf-8")) if kind == "python"]


def _plain(words: list[str]) -> list[str]:
    """Cut what the shell itself does: redirections, pipes, and what runs in the background."""
    ends = [at for at, word in enumerate(words) if word in {">", ">>", "<", "|", "&", "&&", ";"}]
    return words[: ends[0]] if ends else words


def transcripts() -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield (where, words of the command, the lines it printed) of each ``$ valuelex`` block."""
    for page in PAGES:
        for kind, block in _BLOCK.findall(page.read_text(encoding="utf-8")):
            lines = block.splitlines()
            if kind == "text" and lines and lines[0].startswith("$ valuelex"):
                where = f"{page.relative_to(ROOT)}: {lines[0]}"
                yield where, shlex.split(lines[0])[1:], lines[1:]


def links(page: Path) -> list[str]:
    """Return the relative link targets of a page, fragments cut."""
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [link.partition("#")[0] for link in found if not re.match(r"[a-z]+:|#", link)]
