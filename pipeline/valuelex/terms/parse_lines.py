"""Value words in lines: numbered items, bullets, tables, headings, labels, bare lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from valuelex.terms.spans import shorter_than, split_list, trim, words

_ITEM = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<mark>\(?\d{1,3}[.):\]]\)?|[-*•–—+▪◦‣●○■□✓✔➤→]|"
    r"\(?[a-zA-Z][.)]|#\d{1,2})"
    r"(?:[ \t]+|(?=\*\*|[\"“]))(?P<body>\S.*)$"
)
_BOLD_LINE = re.compile(
    r"^\s*(?:#{1,6}\s*)?(?:\d{1,2}[.)]\s*)?(?P<mark>\*\*|__)(?P<label>[^*_\n]{2,60}?)(?P=mark)"
)
_HEADING = re.compile(r"^\s*#{1,6}\s+(?P<label>\S.*?)\s*#*\s*$")
_ROW = re.compile(r"^\s*\|(?P<cells>.+)\|?\s*$")
_RULE_ROW = re.compile(r"^[\s|:\-–—=+]+$")
_INLINE_ITEM = re.compile(r"(?:(?<=\s)|^)\(?(\d{1,2})[.)]\s*(?=\S)")
_LABELS = (
    re.compile(r"^(?P<mark>\*{1,3}|_{1,3}|`)(?P<label>[^*_`\n]{2,80}?)(?P=mark)"),
    re.compile(r"^[\"“”'‘](?P<label>[^\"“”\n]{2,60}?)[\"”’](?=\s|[:.,–—-]|$)"),
    re.compile(r"^(?P<label>[^:\n]{2,60}?)\s*:(?=\s|\*|$)"),
    re.compile(r"^(?P<label>[^\n]{2,60}?)(?:\s+[-–—]{1,3}\s+|\s*—\s*|\s*–\s+|\s*(?:->|=>|→|=)\s*)"),
    re.compile(r"^(?P<label>[^(\n]{2,60}?)\s*\("),
    re.compile(r"^(?P<label>[^.\n]{2,40}?)\.\s+(?=\S)"),
)
_CUT = re.compile(
    r"[,\s](?:because|since|so that|so i|which|who|where|when|while|as it|as i|"
    r"in order to|by \w+ing|"
    r"to (?:ensure|help|make|provide|be|give|keep|build)|that|even when|even if|"
    r"above all|means|is|are)\b",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:values?|words?|principles?|traits?|qualit(?:y|ies)|ideals?|standards?|"
    r"virtues?|answers?|list|here|"
    r"following|me|my|i|are|is|be|sure|certainly|below|above|include[sd]?)\b",
    re.IGNORECASE,
)
LABEL_WORDS, LINE_WORDS = 5, 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its place in the reply."""

    start: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """Cut at line feeds (and carriage returns) only, keeping offsets."""
    found, at = [], 0
    for piece in re.split(r"(\r\n|\r|\n)", text):
        if piece and piece not in ("\r\n", "\r", "\n"):
            found.append(Line(at, at + len(piece), piece))
        at += len(piece)
    return found


def item_spans(text: str, lines: list[Line]) -> tuple[str, list[tuple[int, int]]]:
    """Numbered or bulleted items: the label of each; explanations under an item do not count."""
    items = [(line, match) for line in lines if (match := _ITEM.match(line.text))]
    items = [(line, match) for line, match in items if not _is_rule(match["body"])]
    if not items:
        return "", []
    depth = min(_depth(match) for _, match in items)
    top = [(x, m) for x, m in items if _depth(m) <= depth + 1]
    inner = [(x, m) for x, m in items if _depth(m) > depth + 1]
    if inner and all(
        shorter_than(m["body"], LINE_WORDS) and ":" not in m["body"] for _, m in inner
    ):
        # short inner items are values under group headings, not explanations
        heads = {a.start for (a, m), (_, n) in pairwise(items) if _depth(n) > _depth(m) + 1}
        top = [(x, m) for x, m in items if x.start not in heads]
    spans: list[tuple[int, int]] = []
    for line, match in top:
        spans += label_spans(text, line.start + match.start("body"), line.end)
    mark = top[0][1]["mark"] if top else "-"
    return ("numbered" if any(c.isdigit() for c in mark) else "bullets"), spans


def _depth(match: re.Match[str]) -> int:
    """Columns before the mark of an item."""
    return len(match["indent"].expandtabs(4))


def _is_rule(body: str) -> bool:
    return not re.search(r"\w", body)


def label_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the value words of one item: its label, or else the item itself, split at commas."""
    body = text[start:end]
    for pattern in _LABELS:
        match = pattern.match(body)
        if match and shorter_than(match["label"], LABEL_WORDS):
            return _parts(text, start + match.start("label"), start + match.end("label"))
    cut = _CUT.search(body)
    if cut and shorter_than(body[: cut.start()], LINE_WORDS):
        return _parts(text, start, start + cut.start())
    return _parts(text, start, end)


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = split_list(text, start, end)
    whole = trim(text, start, end)
    long = [s for s in spans if not shorter_than(text[s[0] : s[1]], LABEL_WORDS)]
    return [whole] if long or not spans else spans


def inline_item_spans(text: str) -> list[tuple[int, int]]:
    """``1. Honesty 2. Care 3. Tact`` on one line: numbers must count up from one."""
    marks = list(_INLINE_ITEM.finditer(text))
    if len(marks) < 2 or [int(m[1]) for m in marks] != list(range(1, len(marks) + 1)):
        return []
    ends = [m.start() for m in marks[1:]] + [len(text)]
    spans: list[tuple[int, int]] = []
    for mark, end in zip(marks, ends, strict=True):
        stop = text.find("\n", mark.end(), end)
        spans += label_spans(text, mark.end(), end if stop < 0 else stop)
    return spans


def table_spans(text: str, lines: list[Line]) -> list[tuple[int, int]]:
    """First column of a Markdown table that is not a number, header left out."""
    rows = [line for line in lines if _ROW.match(line.text)]
    ruled = [i for i, line in enumerate(rows) if _RULE_ROW.match(line.text)]
    if len(rows) < 2 or not ruled:
        return []
    spans = []
    for line in rows[ruled[0] + 1 :]:
        at = line.start
        for cell in line.text.split("|"):
            span = trim(text, at, at + len(cell))
            at += len(cell) + 1
            if re.search(r"[^\W\d_]", text[span[0] : span[1]]):
                spans.append(span)
                break
    return spans


def marked_spans(text: str, lines: list[Line]) -> tuple[str, list[tuple[int, int]]]:
    """Headings, bold openings, ``Label: explanation`` lines or bare short lines, two at least."""
    for form, finder in (
        ("headings", _headings),
        ("bold", _bold),
        ("labelled", _labelled),
        ("lines", _bare),
    ):
        spans = finder(text, lines)
        if len(spans) >= 2:
            return form, spans
    return "", []


def _headings(text: str, lines: list[Line]) -> list[tuple[int, int]]:
    found = [(line, m) for line in lines if (m := _HEADING.match(line.text))]
    good = [
        (x, m) for x, m in found if shorter_than(m["label"], LABEL_WORDS) and not _cued(m["label"])
    ]
    return [trim(text, x.start + m.start("label"), x.start + m.end("label")) for x, m in good]


def _bold(text: str, lines: list[Line]) -> list[tuple[int, int]]:
    found = [(line, m) for line in lines if (m := _BOLD_LINE.match(line.text))]
    good = [
        (x, m) for x, m in found if shorter_than(m["label"], LABEL_WORDS) and not _cued(m["label"])
    ]
    return [trim(text, x.start + m.start("label"), x.start + m.end("label")) for x, m in good]


def _labelled(text: str, lines: list[Line]) -> list[tuple[int, int]]:
    spans = []
    for line in lines:
        for pattern in _LABELS[2:4]:
            match = pattern.match(line.text)
            if match and shorter_than(match["label"], LINE_WORDS) and not _cued(match["label"]):
                rest = line.text[match.end() :]
                if words(rest):
                    spans.append(
                        trim(
                            text, line.start + match.start("label"), line.start + match.end("label")
                        )
                    )
                    break
    return spans


def _cued(label: str) -> bool:
    return bool(_CUE.search(label))


def _bare(text: str, lines: list[Line]) -> list[tuple[int, int]]:
    short = [
        x
        for x in lines
        if shorter_than(x.text, LINE_WORDS) and not x.text.rstrip().endswith((":", "!", "?"))
    ]
    if len(short) < 2 or 2 * len(short) <= len([x for x in lines if words(x.text)]):
        return []
    spans: list[tuple[int, int]] = []
    for line in short:
        spans += split_list(text, line.start, line.end)
    return spans
