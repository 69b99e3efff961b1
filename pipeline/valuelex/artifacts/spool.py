"""Rows that are put aside on disk and read back: what lets a stage be larger than memory.

A spool lives in a temporary folder, is written once in parts and read in the same order. It is no
artifact: nobody but its writer ever sees it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from valuelex.artifacts import codecs
from valuelex.artifacts.base import Column
from valuelex.errors import unwritable

_PREFIX = "valuelex-"
_HINT = "the environment variable TMPDIR names another place for what is put aside"
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
        """Put what is held on disk.

        Raises
        ------
        UnwritableError
            When there is no room for it.
        """
        import pyarrow.parquet as pq

        if not self._held:
            return
        table = codecs.arrow_table([c.cell for c in self._columns], self._held)
        try:
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._path, table.schema, compression="lz4")
            self._writer.write_table(table)
        except OSError as error:
            raise unwritable(self._path, error, _HINT) from None
        self._held = []


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a temporary folder; what killed runs left in such folders is removed first.

    A folder is held by a lock, which the system lets go when its process dies, however it dies.

    Raises
    ------
    UnwritableError
        When no temporary folder can be made.
    """
    home = Path(tempfile.gettempdir())
    _sweep(home)
    try:
        folder, held = _held_folder(home)
    except OSError as error:
        raise unwritable(home, error, _HINT) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _held_folder(home: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home))
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
        if folder.exists():  # nobody swept it away before it was locked
            return folder, held
        os.close(held)


def _sweep(home: Path) -> None:
    """Remove folders that no process holds."""
    for folder in home.glob(f"{_PREFIX}*"):
        try:
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:  # another user's, or gone
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # somebody works in it
            continue
        finally:
            os.close(held)
