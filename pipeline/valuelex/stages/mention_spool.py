"""What was read, put aside until the whole study is read: reply by reply, in order of reply ids.

Which forms of a word are one term is only known when all replies were read, and the table of
mentions is sorted by reply, not by model. Neither needs the mentions in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
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
        self._spool = Spool(folder / f"read-{model}.parquet", _READ)

    def add(self, reply: Mapping[str, Any], read: ReadReply) -> None:
        """Put one reply aside; one without mentions leaves no trace here."""
        notes = iter(read.merges)
        for mention in read.mentions:
            merged, rule = next(notes) if mention.term is not None else (None, None)
            self._spool.add(
                {name: reply[name] for name in _OWN}
                | mention_cells(mention)
                | {"disposition": read.disposition, "merged": merged, "rule": rule}
            )

    def close(self) -> None:
        """Say that no reply follows: nothing stays in memory."""
        self._spool.flush()

    def __iter__(self) -> Iterator[tuple[dict[str, Any], ReadReply]]:
        """Yield (reply columns, what was read) again, in the same order, once."""
        for _, group in groupby(self._spool.read(), key=lambda row: row["reply_id"]):
            rows = list(group)
            mentions = tuple(
                Mention(
                    row["surface"],
                    row["rank"],
                    row["start"],
                    row["end"],
                    row["source"],
                    row["term"],
                    row["dropped"],
                )
                for row in rows
            )
            merges = tuple((r["merged"], r["rule"]) for r in rows if r["term"] is not None)
            read = ReadReply(rows[0]["disposition"], "", mentions, "", merges)
            yield {name: rows[0][name] for name in _OWN}, read


def mention_cells(mention: Mention) -> dict[str, Any]:
    """Return the columns of a mention that are its own."""
    return {
        "rank": mention.rank,
        "surface": mention.surface,
        "start": mention.start,
        "end": mention.end,
        "source": mention.source,
        "term": mention.term,
        "dropped": mention.dropped,
    }


class SortedMentions:
    """Rows of the table of mentions, added in any order, given back in the order of its key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._heaps: dict[str, Spool] = {}

    def add(self, model: str, reply: Mapping[str, Any], read: ReadReply) -> None:
        """Put the mentions of one reply aside."""
        prefix = str(reply["reply_id"])[:_PREFIX]
        heap = self._heaps.get(prefix)
        if heap is None:
            path = self._folder / f"heap-{prefix.encode().hex()}.parquet"
            heap = self._heaps[prefix] = Spool(path, MENTIONS.columns, _PART)
        for mention in read.mentions:
            heap.add(
                {
                    "mention_id": f"{reply['reply_id']}:{mention.rank}",
                    "model": model,
                    **{name: reply[name] for name in _OWN},
                    **mention_cells(mention),
                }
            )

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield all rows by (reply_id, rank), one heap in memory at a time, once."""
        for prefix in sorted(self._heaps):
            rows = self._heaps.pop(prefix).read()
            yield from sorted(rows, key=lambda row: (row["reply_id"], row["rank"]))
