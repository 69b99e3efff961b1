"""Value words in JSON, strict or not: cut short, single-quoted, with comments around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"?|\'(?:[^\'\\\n]|\\.)*?\'(?=\s*[,\]}:])|[\[\]{},:]|[^\s\[\]{},:"]+'
)
_FENCE = re.compile(r"```[a-zA-Z]*\s*\n?(?P<body>[\s\S]*?)(?:```|\Z)")
_START = re.compile(r"^[ \t]*(?=[\[{]\s*(?:[\"'{\[]|$))", re.MULTILINE)
NAMES = {"value", "name", "term", "word", "trait", "title", "label", "principle", "key", "quality"}
NAMES |= {"core_value", "ideal", "virtue", "item", "keyword", "text"}
NOTES = {
    "description",
    "explanation",
    "reason",
    "definition",
    "meaning",
    "why",
    "rationale",
    "note",
}
NOTES |= {"detail", "details", "comment", "summary", "importance", "rank", "id", "type", "category"}
NOTES |= {
    "example",
    "examples",
    "score",
    "weight",
    "question",
    "model",
    "status",
    "language",
    "response",
}
HOLDERS = {
    "values",
    "words",
    "principles",
    "traits",
    "qualities",
    "answer",
    "answers",
    "list",
    "items",
}
HOLDERS |= {
    "core_values",
    "terms",
    "ideals",
    "virtues",
    "standards",
    "result",
    "output",
    "data",
    "keywords",
}


@dataclass(slots=True)
class _Frame:
    kind: str
    key: str = ""
    key_span: tuple[int, int] = (0, 0)
    expects_value: bool = False
    pairs: list[tuple[str, tuple[int, int], tuple[int, int] | None]] = field(default_factory=list)


def json_region(text: str) -> tuple[int, int] | None:
    """Find the part of a reply that is JSON: a code fence, or from the first bracket on."""
    for match in _FENCE.finditer(text):
        body = match["body"]
        if body[:1] in ("[", "{"):
            return match.start("body"), match.end("body")
    start = _START.search(text)
    if start is None:
        return None
    return start.end(), len(text)


def json_spans(text: str) -> list[tuple[int, int]]:
    """Spans of the value words of a JSON reply, quotes left out; [] when there is none.

    In an array, strings count. In an object of names and notes (``{"value": .., "reason": ..}``)
    the name counts; in any other object with texts or numbers as values (``{"honesty": "..."}``)
    the keys count, unless the keys are numbers or holders (``{"1": "honesty"}``, ``{"values":
    ..}``).
    """
    region = json_region(text)
    if region is None:
        return []
    found: list[tuple[int, int]] = []
    stack: list[_Frame] = []
    for token in _TOKEN.finditer(text, *region):
        mark = token.group()
        if mark in "[{":
            _open(stack, mark)
        elif mark in "]}":
            if not _close(stack, found):
                break
        elif stack and mark == ":":
            stack[-1].expects_value = True
        elif stack and mark == ",":
            stack[-1].expects_value = False
        elif stack:
            _scalar(stack[-1], token, found)
    for frame in reversed(stack):
        _finish(frame, found)
    return sorted(set(found))


def _open(stack: list[_Frame], mark: str) -> None:
    if stack and stack[-1].expects_value:
        frame = stack[-1]
        frame.pairs.append((frame.key, frame.key_span, None))
        frame.key = ""
    stack.append(_Frame(mark))


def _close(stack: list[_Frame], found: list[tuple[int, int]]) -> bool:
    """Leave the innermost bracket; False when that was the last."""
    if stack:
        _finish(stack.pop(), found)
    return bool(stack)


def _scalar(frame: _Frame, token: re.Match[str], found: list[tuple[int, int]]) -> None:
    quoted = token.group()[0] in "\"'"
    closed = len(token.group()) > 1 and token.group()[-1] == token.group()[0]
    span = (token.start() + 1, token.end() - (1 if closed else 0)) if quoted else token.span()
    word = token.string[span[0] : span[1]]
    if frame.kind == "[":
        if quoted:
            found.append(span)
    elif frame.expects_value:
        if frame.key:
            frame.pairs.append((frame.key, frame.key_span, span if quoted else None))
            frame.key = ""
    else:
        frame.key, frame.key_span = word, span


def _finish(frame: _Frame, found: list[tuple[int, int]]) -> None:
    """Decide which side of an object's pairs counts."""
    named = [value for key, _, value in frame.pairs if value and key.casefold() in NAMES]
    if named:
        found.extend(named)
        return
    for key, key_span, value in frame.pairs:
        plain = key.casefold().strip()
        if re.search(r"\d", plain) or plain in HOLDERS:
            found.extend([value] if value else [])
        elif plain not in NOTES and (value or not _holds_more(frame, key_span, found)):
            found.append(key_span)


def _holds_more(frame: _Frame, key_span: tuple[int, int], found: list[tuple[int, int]]) -> bool:
    """Whether values were found inside this pair: then its key is a heading."""
    later = [start for _, (start, _), _ in frame.pairs if start > key_span[0]]
    end = min(later, default=10**12)
    return any(key_span[1] < start < end for start, _ in found)
