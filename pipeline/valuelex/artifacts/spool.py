"""Rows that are put aside on disk and read back: what lets a stage be larger than memory.

A spool lives in a temporary folder, is written once in parts and read in the same order. It is no
artifact: nobody but its writer ever sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelex.artifacts import codecs
from valuelex.artifacts.base import Column

PART = 4_096  # rows that are held in memory before they go to disk


class Spool:
    """A queue of rows on disk with named, typed columns.

    Parameters
    ----------
    path
        The file; it must not be there yet.
    columns
        Names and types. Rows are mappings with at least these names.
    part
        Rows that are held before they are written.
    """

    def __init__(self, path: Path, columns: Sequence[Column], part: int = PART) -> None:
        self._path, self._columns, self._part = path, tuple(columns), part
        self._held: list[Mapping[str, Any]] = []
        self._writer: Any = None
        self.rows = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Append one row."""
        self._held.append(row)
        self.rows += 1
        if len(self._held) >= self._part:
            self.flush()

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield the rows in the order of writing, then remove the file; writing ends here."""
        import pyarrow.parquet as pq

        if self._writer is None:
            yield from ({c.name: row[c.name] for c in self._columns} for row in self._held)
            self._held = []
            return
        self.flush()
        self._writer.close()
        with pq.ParquetFile(self._path) as file:
            for batch in file.iter_batches(self._part):
                yield from batch.to_pylist()
        self._path.unlink()

    def flush(self) -> None:
        """Put what is held on disk."""
        import pyarrow.parquet as pq

        if not self._held:
            return
        table = codecs.arrow_table([c.cell for c in self._columns], self._held)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="lz4")
        self._writer.write_table(table)
        self._held = []
