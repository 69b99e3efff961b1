"""What was read, put aside until the whole study is read: reply by reply, in order of reply ids.

Which forms of a word are one term is only known when all replies were read, and the table of
mentions is sorted by reply, not by model. Neither needs the mentions in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from valuelex.artifacts.base import Column
from valuelex.artifacts.spool import Spool
from valuelex.artifacts.table import MENTIONS
from valuelex.records import Mention
from valuelex.terms.reader import ReadReply

_OWN = ("reply_id", "respondent", "prompt")
_READ = (
    *(c for c in MENTIONS.columns if c.name not in ("mention_id", "model")),
    Column("disposition", "str", ""),
    Column("merged", "str", "surface in the merge map; empty when dropped", True),
    Column("rule", "str", "rule in the merge map; empty when dropped", True),
)
_PREFIX, _PART = 2, 128  # 256 heaps by the first two digits of a reply's id, 128 rows held in each


class ReadReplies:
    """The replies of one model as they were read."""

    def __init__(self, folder: Path, model: str) -> None:
        self._spool = Spool(folder / f"read-{model}.arrow", _READ)

    def add(self, reply: Mapping[str, Any], read: ReadReply) -> None:
        """Put one reply aside; one without mentions leaves no trace here."""
        notes = iter(read.merges)
        own = tuple(reply[name] for name in _OWN)
        for mention in read.mentions:
            merged, rule = next(notes) if mention.term is not None else (None, None)
            self._spool.add((*own, *mention_cells(mention), read.disposition, merged, rule))

    def close(self) -> None:
        """Say that no reply follows: nothing stays in memory."""
        self._spool.flush()

    def __iter__(self) -> Iterator[tuple[dict[str, Any], ReadReply]]:
        """Yield (reply columns, what was read) again, in the same order, once."""
        own = len(_OWN)
        for _, group in groupby(self._spool.read(), key=itemgetter(0)):
            rows = list(group)
            mentions = tuple(
                Mention(surface, rank, start, end, source, term, dropped)
                for rank, surface, start, end, source, term, dropped in (r[own:-3] for r in rows)
            )
            kept = (pair for pair in zip(rows, mentions, strict=True) if pair[1].term is not None)
            merges = tuple(row[-2:] for row, _ in kept)
            read = ReadReply(rows[0][-3], "", mentions, "", merges)
            yield dict(zip(_OWN, rows[0], strict=False)), read


def mention_cells(mention: Mention) -> tuple[Any, ...]:
    """Return the columns of a mention that are its own, from ``rank`` to ``dropped``."""
    return (
        mention.rank,
        mention.surface,
        mention.start,
        mention.end,
        mention.source,
        mention.term,
        mention.dropped,
    )


class SortedMentions:
    """Rows of the table of mentions, added in any order, given back in the order of its key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._heaps: dict[str, Spool] = {}

    def add(self, model: str, reply: Mapping[str, Any], read: ReadReply) -> None:
        """Put the mentions of one reply aside."""
        reply_id, respondent, prompt = (reply[name] for name in _OWN)
        prefix = str(reply_id)[:_PREFIX]
        heap = self._heaps.get(prefix)
        if heap is None:
            path = self._folder / f"heap-{prefix.encode().hex()}.arrow"
            heap = self._heaps[prefix] = Spool(path, MENTIONS.columns, _PART)
        for mention in read.mentions:
            own = f"{reply_id}:{mention.rank}", reply_id, model, respondent, prompt
            heap.add((*own, *mention_cells(mention)))

    def __iter__(self) -> Iterator[Any]:
        """Yield all rows by (reply_id, rank) in Arrow tables, one heap in memory, once."""
        for prefix in sorted(self._heaps):
            rows = self._heaps.pop(prefix).table()
            yield rows.sort_by([(name, "ascending") for name in MENTIONS.key])
