"""The account of every reply and every mention: where it went, and how many went there."""

from __future__ import annotations

from dataclasses import dataclass, field

from valuelex.records import Mention
from valuelex.terms.reader import KEPT, ReadReply


@dataclass(slots=True)
class Attrition:
    """Counts dispositions as replies stream by; holds counts and one example each, no text.

    The rows for one unit and model add up to what came in: nothing is lost, nothing counts twice.
    """

    _counts: dict[tuple[str, str, str, bool], tuple[int, str]] = field(default_factory=dict)

    def add(self, model: str, reply_id: str, read: ReadReply) -> None:
        """Account for one reply and its mentions."""
        self.add_reply(model, reply_id, read)
        self.add_mentions(model, reply_id, read)

    def add_reply(self, model: str, reply_id: str, read: ReadReply) -> None:
        """Account for one reply."""
        disposition = read.disposition
        if disposition in ("refusal-in-words", "disclaimer-in-words", "other-language"):
            disposition = f"{disposition}:{read.rule}"
        self._count("reply", model, disposition, read.disposition in KEPT, reply_id)

    def add_mentions(self, model: str, reply_id: str, read: ReadReply) -> None:
        """Account for the mentions of one reply."""
        for mention in read.mentions:
            self._count(
                "mention",
                model,
                _fate(mention),
                mention.term is not None,
                f"{reply_id}:{mention.rank}",
            )

    def rows(self) -> list[dict[str, object]]:
        """Rows ``unit model disposition kept n example``, sorted by key."""
        return [
            {
                "unit": unit,
                "model": model,
                "disposition": name,
                "kept": kept,
                "n": n,
                "example": example,
            }
            for (unit, model, name, kept), (n, example) in sorted(self._counts.items())
        ]

    def _count(self, unit: str, model: str, disposition: str, kept: bool, example: str) -> None:
        key = (unit, model, disposition, kept)
        n, first = self._counts.get(key, (0, example))
        self._counts[key] = (n + 1, min(first, example))


@dataclass(slots=True)
class MergeMap:
    """The normalization map: which surfaces became which term by which rule, and how often."""

    _counts: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, read: ReadReply) -> None:
        """Note the merges of one reply."""
        for mention, (surface, rule) in zip(read.kept, read.merges, strict=True):
            key = (mention.term or "", surface, rule)
            self._counts[key] = self._counts.get(key, 0) + 1

    def rows(self) -> list[dict[str, object]]:
        """Rows ``term surface rule n``, sorted by key."""
        return [
            {"term": term, "surface": surface, "rule": rule, "n": n}
            for (term, surface, rule), n in sorted(self._counts.items())
        ]


def _fate(mention: Mention) -> str:
    return f"kept:{mention.source}" if mention.term is not None else f"dropped:{mention.dropped}"
