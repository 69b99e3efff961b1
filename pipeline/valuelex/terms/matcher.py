"""Value words in running text: the vocabulary, and what the text itself names as a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from valuelex.terms.linguistics import PhraseFinder
from valuelex.terms.spans import shorter_than, split_list, trim
from valuelex.terms.tables import VocabularyTables

WINDOW = 48
_NEGATION = re.compile(
    r"(?:\b(?:not|no|never|without|cannot|nor|neither|hardly|barely|lacks?|lacking|"
    r"lacked|fails? to be|"
    r"(?:lack|absence|loss|void|devoid|want|disregard|rejection) (?:of|for)|free of|"
    r"free from|instead of|rather than|"
    r"at the expense of|violat(?:es|ing|e|ion of)|threat(?:s|en|ens)? (?:to )?|"
    r"erod(?:e|es|ing)|undermin(?:e|es|ing))"
    r"|n't|\bnon-?|\bun-|\banti-?)(?:\s+(?:a|an|any|the|be|being|been|very|really|"
    r"always|all|much|enough|so|"
    r"too|have|has|having|show|showing|our|their|his|her|its|your|my|that|as|is|are|"
    r"was|particularly|"
    r"entirely|fully|completely|truly|of|it))*\s*$",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\bnot\s+(?:only|just|merely|simply)\b", re.IGNORECASE)
_END = re.compile(
    r"[.!?;:\n,)(]|\s(?:in|is|are|was|for|and|or|to|as|by|with|at|on|when|that|"
    r"which|because|but|while|over|"
    r"from|has|have|can|will|should|we|you|i|it|they|who|among|between|through|during|than)\b",
    re.IGNORECASE,
)
_LIST_END = re.compile(
    r"[.!?;:\n()]|\s(?:in|is|are|that|which|because|but|while|to|for|when|as|by|with)\b",
    re.IGNORECASE,
)
_STRICT = re.compile(
    r"\b(?:(?:i|we)\s+(?:\w+ly\s+|also\s+|all\s+)*(?:value|cherish|treasure|prize|"
    r"hold dear|believe in|stand for)\s+"
    r"|(?:the|true|core|shared|human|moral|our|my|family|company|personal|ethical|"
    r"fundamental|democratic)\s+"
    r"(?:values?|virtues?|ideals?)\s+(?:of|such as|like|including)\s+"
    r"|values?\s+(?:such as|like)\s+|virtues?\s+(?:such as|like|of)\s+)",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:(?:the|of|this)\s+(?:importance|principles?|ideals?|spirit|significance|"
    r"merits?|power|need for|pursuit|value)\s+"
    r"(?:of\s+)?|(?:commitment|dedication|devotion)\s+to\s+|sense\s+of\s+|"
    r"(?:prioriti[sz]e|promot(?:e|ing)|foster(?:ing)?|"
    r"uphold(?:ing)?|champion(?:ing)?|embod(?:y|ying)|demonstrat(?:e|ing)|"
    r"cultivat(?:e|ing)|valu(?:e|es|ing|ed)|encourag(?:e|ing))\s+)",
    re.IGNORECASE,
)
_IMPORTANT = re.compile(
    r"\s(?:is|are)\s+(?:\w+ly\s+|so\s+|most\s+)?(?:important|dear|precious|central|"
    r"essential)\s+to\s+(?:me|us)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A span of running text that may name a value.

    ``how`` is ``vocabulary`` (a listed form), ``opposite`` (a listed opposite), ``named`` (the
    text calls it a value) or ``weak`` (the text speaks of its importance: counts for known values
    only).
    """

    start: int
    end: int
    how: str
    negated: bool


class Matcher:
    """Finds value words in prose, left to right, no overlaps, the longest first.

    Parameters
    ----------
    tables
        The vocabulary: heads and forms marked for running text, and opposites.
    """

    def __init__(self, tables: VocabularyTables) -> None:
        self._tables = tables
        opposite = [word for word, of in tables.opposites.items() if of in tables.prose]
        self._finder = PhraseFinder([*tables.prose, *opposite, *tables.collocations])

    def find(self, text: str) -> list[Found]:
        """Every span of a text that may name a value, negated ones marked."""
        spans = list(self._finder.find(text))
        found = [self._listed(text, a, b) for a, b in spans if not self._other(text, a, b)]
        taken = list(spans)
        for start, end, how in _patterned(text):
            if not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                found.append(Found(start, end, how, negated(text, start)))
        return sorted(found, key=lambda f: f.start)

    def _other(self, text: str, start: int, end: int) -> bool:
        """Whether a span is a fixed phrase in which the value word means something else."""
        return " ".join(text[start:end].lower().split()) in self._tables.collocations

    def _listed(self, text: str, start: int, end: int) -> Found:
        form = " ".join(text[start:end].lower().split())
        if form in self._tables.opposites and form not in self._tables.prose:
            return Found(start, end, "opposite", True)
        return Found(start, end, "vocabulary", negated(text, start))


def negated(text: str, start: int) -> bool:
    """Whether a negation or a lack stands right before a position, in the same clause."""
    before = text[max(0, start - WINDOW) : start]
    clause = re.split(r"[.!?;:\n,]", before)[-1]
    return bool(_NEGATION.search(clause)) and not _NOT_ONLY.search(clause)


def _patterned(text: str) -> Iterator[tuple[int, int, str]]:
    """Spans after "we value", "values such as" (named), and "the importance of" (weak)."""
    for pattern, how in ((_STRICT, "named"), (_WEAK, "weak")):
        for match in pattern.finditer(text):
            yield from ((a, b, how) for a, b in _list_after(text, match.end(), pattern is _STRICT))
    for match in _IMPORTANT.finditer(text):
        start = max(text.rfind(mark, 0, match.start()) for mark in ".!?;:\n") + 1
        spans = split_list(text, max(start, match.start() - 80), match.start())
        yield from ((a, b, "named") for a, b in spans if shorter_than(text[a:b], 3))


def _list_after(text: str, start: int, several: bool) -> list[tuple[int, int]]:
    """Return the name, or the comma list of names, that begins here."""
    if several:
        stop = _LIST_END.search(text, start, start + 120)
        spans = split_list(text, start, min(stop.start() if stop else len(text), start + 120))
        good = []
        for a, b in spans:
            if not shorter_than(text[a:b], 3):
                break
            good.append((a, b))
        return good
    stop = _END.search(text, start, start + 60)
    a, b = trim(text, start, min(stop.start() if stop else len(text), start + 60))
    return [(a, b)] if a < b and shorter_than(text[a:b], 3) else []
