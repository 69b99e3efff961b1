"""From the text of a reply to candidate value words, whatever form the reply took."""

from __future__ import annotations

from dataclasses import dataclass

from valuelex.terms.parse_inline import comma_spans, emphasised_spans, named_spans
from valuelex.terms.parse_json import json_spans
from valuelex.terms.parse_lines import (
    inline_item_spans,
    item_spans,
    lines_of,
    marked_spans,
    table_spans,
)
from valuelex.terms.spans import Candidate, Source, ranked, shorter_than

LIST_FORMS = (
    "json",
    "table",
    "numbered",
    "bullets",
    "headings",
    "bold",
    "labelled",
    "lines",
    "inline",
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A reply taken apart.

    ``form`` is one of ``json table numbered bullets headings bold labelled lines inline single
    prose empty``; ``candidates`` stand in the order of the reply, ranks from 1, no two overlap.
    """

    form: str
    candidates: tuple[Candidate, ...]


def parse_reply(text: str) -> Parsed:
    """Find the words that a reply offers as values.

    Lists of every kind come first (preamble and closing words around them are ignored); in a list
    of ``Label: explanation`` the label counts. Without a list, prose that names values
    ("what I value most is ...") is read, then quoted and bold words.

    Parameters
    ----------
    text
        The raw reply. Any string: broken Markdown, cut JSON, other languages.

    Returns
    -------
    Parsed
        ``text[c.start:c.end] == c.surface`` for each candidate ``c``.
    """
    if not text.strip():
        return Parsed("empty", ())
    for form, spans, source in _attempts(text):
        candidates = ranked(text, _disjoint(spans), source)
        if candidates:
            return Parsed(form, candidates)
    return Parsed("prose", ())


def _attempts(text: str) -> list[tuple[str, list[tuple[int, int]], Source]]:
    """Forms from the most to the least explicit; the first with a candidate wins."""
    spans = json_spans(text)
    if spans:
        return [("json", spans, "json")]
    lines = lines_of(text)
    table = table_spans(text, lines)
    if table:
        return [("table", table, "list")]
    form, items = item_spans(text, lines)
    if len(items) >= 2:
        return [(form, items, "list")]
    numbered = inline_item_spans(text)
    if numbered:
        return [("numbered", numbered, "list")]
    marked, labels = marked_spans(text, lines)
    if labels:
        return [(marked, labels, "list")]
    return [
        ("inline", comma_spans(text), "list"),
        ("prose", named_spans(text), "named"),
        ("prose", emphasised_spans(text), "named"),
        (form, items, "list"),
        ("single", [(0, len(text))] if shorter_than(text, 3) else [], "list"),
    ]


def _disjoint(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out spans that begin inside an earlier one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found
