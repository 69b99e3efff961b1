"""Which replies the page quotes, and how much of each: a page has a weight to keep.

Evidence is dealt out in rounds, the first reply of every term before the second of any, until the
budget is spent; so a larger study shows fewer replies a term, never no reply for some terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from valuelex.reporting.content import Doc

BUDGET = 2_000_000
FIRST_ROUND = 8_000_000
LIMIT = 12_000
_CONTEXT = 90
_MARKUP = 900  # bytes of tags around one quoted reply, measured


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a reply around a marked span; ``skipped_*`` counts characters left out."""

    before: str
    marked: str
    after: str
    skipped_before: int
    skipped_after: int


@dataclass(frozen=True, slots=True)
class Quote:
    """One mention as evidence: the passage to read first, and the whole reply behind it."""

    mention_id: str
    model: str
    respondent: str
    prompt: str
    passage: Passage
    reply: Passage

    @property
    def complete(self) -> bool:
        """Whether the passage is already the whole reply."""
        return not self.passage.skipped_before and not self.passage.skipped_after


def passage(text: str, start: int, end: int, around: int) -> Passage:
    """Cut ``text`` to ``around`` characters on either side of the span ``start:end``.

    A span outside the text marks nothing; a very long one is cut as well.
    """
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text), start + max(around, 200))
    low, high = max(0, start - around), min(len(text), end + around)
    return Passage(text[low:start], text[start:end], text[end:high], low, len(text) - high)


def quote(mention_id: str, item: Doc) -> Quote:
    """Turn one entry of the evidence mapping into a quote."""
    text, start, end = str(item["text"]), int(item["start"]), int(item["end"])
    return Quote(
        mention_id=mention_id,
        model=str(item["model"]),
        respondent=str(item["respondent"]),
        prompt=str(item["prompt"]),
        passage=passage(text, start, end, _CONTEXT),
        reply=passage(text, start, end, LIMIT // 2),
    )


def deal(
    wanted: Sequence[tuple[str, Sequence[str]]],
    evidence: Mapping[str, Doc],
    budget: int = BUDGET,
    first_round: int = FIRST_ROUND,
) -> dict[str, list[Quote]]:
    """Choose the quotes of every term within ``budget`` bytes.

    Parameters
    ----------
    wanted
        Each term with its evidence ids, best first.
    evidence
        Mention id to the entry described in :class:`~valuelex.reporting.content.ReportContent`;
        ids that are not in it are passed over.
    budget
        Bytes that all quotes together may take.
    first_round
        The larger budget of the first quote of each term, which nearly always fits.
    """
    chosen: dict[str, list[Quote]] = {term: [] for term, _ in wanted}
    known = [(term, [i for i in ids if i in evidence]) for term, ids in wanted]
    spent = 0
    for turn in range(max((len(ids) for _, ids in known), default=0)):
        for term, ids in known:
            if turn >= len(ids):
                continue
            item = evidence[ids[turn]]
            cost = _MARKUP + min(len(str(item["text"])), LIMIT)
            if spent + cost > (first_round if turn == 0 else budget):
                continue
            spent += cost
            chosen[term].append(quote(ids[turn], item))
    return chosen
