"""Spans of text: trimming, splitting and cutting without losing the place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Literal

Source = Literal["list", "json", "named", "matcher"]

_EDGE = " \t\r\n\f\v\u00a0\u200b\u2060\ufeff*_`~#\"'“”„‟‘’«»‹›.,;:!?…|·•–—-<>()[]{}=+"
_OPENERS = {"(": ")", "[": "]"}
# one blank on each side, not a run of them: a run before a word that is not there costs its square
_AND = re.compile(r"\s(?:and|or|&|as well as|along with|together with|plus)\s", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;|\n•·、，；]|\s/\s|(?<=\w)/(?=\w+(?:$|[\s,;/.]*$|[,;/]))")
_LEAD = re.compile(
    r"^\s*(?:(?:and|or|&|then|also|plus|finally|lastly|but also|along with|as well as)\s+)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s(?:and|or|&|as well as)\s*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible value word: ``text[start:end] == surface``; ``rank`` counts from 1."""

    surface: str
    start: int
    end: int
    rank: int
    source: Source


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Move both ends of a span inwards over blanks, punctuation and Markdown.

    A leading hyphen belongs to a bullet, never to a word; an apostrophe at the end is a quote.
    """
    while start < end and (text[start] in _EDGE or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in _EDGE or text[end - 1].isspace()):
        end -= 1
    return start, end


def words(text: str) -> int:
    """Count the words of a text (hyphenated words once)."""
    return sum(1 for _ in _WORD.finditer(text))


def shorter_than(text: str, limit: int) -> bool:
    """Whether a text has between 1 and ``limit`` words; stops counting early."""
    count = 0
    for count, _ in enumerate(_WORD.finditer(text), start=1):
        if count > limit:
            return False
    return count > 0


def _pieces(
    text: str, start: int, end: int, separator: re.Pattern[str], protected: Set[int]
) -> Iterator[tuple[int, int]]:
    """Pieces of a span between separators; one that begins at a protected place cuts nothing."""
    last = start
    for match in separator.finditer(text, start, end):
        if match.start() not in protected:
            yield last, match.start()
            last = match.end()
    yield last, end


def _in_brackets(text: str, start: int, end: int) -> set[int]:
    """Places of a span that stand inside brackets that close within it."""
    protected: set[int] = set()
    if text.find("(", start, end) < 0 and text.find("[", start, end) < 0:
        return protected
    closing: list[str] = []
    for at in range(start, end):
        char = text[at]
        if closing:
            protected.add(at)
        if char in _OPENERS and text.find(_OPENERS[char], at, end) > at:
            closing.append(_OPENERS[char])
        elif closing and char == closing[-1]:
            closing.pop()
    return protected


def split_list(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut ``honesty, care / tact and wit`` into trimmed spans; empty pieces are left out."""
    left, right = trim(text, start, end)
    if text[left:right].isalpha():  # one word, as most items are
        return [(left, right)]
    protected = _in_brackets(text, start, end)
    found = [
        piece
        for left, right in _pieces(text, start, end, _SEPARATOR, protected)
        for piece in _pieces(text, left, right, _AND, protected)
    ]
    spans = []
    for left, right in found:
        lead, tail = _LEAD.match(text[left:right]), _TAIL.search(text[left:right])
        right = left + tail.start() if tail else right
        span = trim(text, left + (lead.end() if lead else 0), right)
        if span[0] < span[1]:
            spans.append(span)
    return spans


def ranked(text: str, spans: list[tuple[int, int]], source: Source) -> tuple[Candidate, ...]:
    """Make candidates of spans in the order given; a span that stands twice counts once."""
    found: list[Candidate] = []
    seen: set[tuple[int, int]] = set()
    for span in spans:
        start, end = trim(text, *span)
        if start < end and (start, end) not in seen:
            seen.add((start, end))
            found.append(Candidate(text[start:end], start, end, len(found) + 1, source))
    return tuple(found)
