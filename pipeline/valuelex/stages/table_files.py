"""Reading a user's table row by row: CSV (comma, semicolon or tab), JSONL or Parquet, strictly.

CSV and JSONL may be compressed (``.gz``).

Nothing is guessed about cells: a row with too many cells, a column name that stands twice, or bytes
that are no UTF-8 end in an error that names the place.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import hashlib
import json
import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from valuelex.errors import DataError, near_miss

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none"})
"""Spellings of a missing cell, in any case."""
INDEX = ("", "Unnamed: 0", "__index_level_0__")
"""How pandas and R call the column of row names when nobody named it."""
PARQUET = (".parquet", ".pq")
JSONL = (".jsonl", ".ndjson")
MAX_LINE = 16 * 2**20
MAX_RATIO = 200
_RATIO_FROM = 16 * 2**20  # characters; below it a file may be packed as well as it likes

Row = tuple[int, Sequence[Any]]  # number of the data row, from 1, and its cells


@dataclass(frozen=True)
class TableFile:
    """A table on disk: its column names, and a function that runs through its rows."""

    path: Path
    header: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @property
    def sha256(self) -> str:
        """Checksum of the file's bytes."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def place(self, column: str, option: str) -> int:
        """Return where a column stands.

        Raises
        ------
        DataError
            There is none of that name; the message offers the nearest.
        """
        if column in self.header:
            return self.header.index(column)
        shown = ", ".join(self.header[:8]) + (" ..." if len(self.header) > 8 else "")
        raise DataError(
            f"{self.name} has no column {column!r} ({option}){near_miss(column, self.header)};"
            f" its {len(self.header)} columns: {shown}"
        )


def open_table(path: Path) -> TableFile:
    """Read the column names of a CSV, JSONL or Parquet file.

    Raises
    ------
    DataError
        The file cannot be read, is empty, or names a column twice.
    """
    if not path.is_file():
        there = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        what = "is a folder" if path.is_dir() else "is not there"
        raise DataError(
            f"{path} {what}: expected a CSV, JSONL or Parquet file{near_miss(path.name, there)}"
        )
    table = _opener(path)(path)
    first: dict[str, int] = {}
    for place, name in enumerate(table.header, start=1):
        if name in first:
            raise DataError(
                f"{path.name}: the column {name!r} stands twice, in places {first[name]} and"
                f" {place}: rename one of them"
            )
        first[name] = place
    return table


def _opener(path: Path) -> Callable[[Path], TableFile]:
    if path.suffix in PARQUET:
        return _open_parquet
    return _open_jsonl if _kind(path) in JSONL else _open_csv


def _kind(path: Path) -> str:
    """Return the ending that says what is inside: ``.csv`` of ``ratings.csv.gz``."""
    return Path(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _open_csv(path: Path) -> TableFile:
    with _csv_errors(path), _text(path) as file:
        line = next(_bounded(path, file), "")
        if not line.strip():
            raise DataError(f"{path.name} is empty: expected a line of column names, then rows")
        delimiter = "\t" if _kind(path) in (".tsv", ".tab") else _delimiter(line)
        file.seek(0)
        first = csv.reader(_bounded(path, file), delimiter=delimiter)
        header = tuple(name.strip() for name in next(first))

    def rows() -> Iterator[Row]:
        with _csv_errors(path), _text(path) as file:
            reader = csv.reader(_bounded(path, file), delimiter=delimiter, strict=True)
            next(reader)
            number = 0
            for cells in reader:
                if not cells:  # a blank line, as at the end of the file
                    continue
                number += 1
                if len(cells) != len(header):
                    raise DataError(
                        f"{path.name}, line {reader.line_num}: expected {len(header)} cells, as"
                        f" many as there are column names, came: {len(cells)}"
                    )
                yield number, cells

    return TableFile(path, header, rows)


def _text(path: Path, newline: str = "") -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline=newline)
    return path.open(encoding="utf-8-sig", newline=newline)


def _bounded(path: Path, file: TextIO) -> Iterator[str]:
    """Yield lines, and stop at what a small hostile file would fill the memory with."""
    most = MAX_RATIO * max(path.stat().st_size, _RATIO_FROM // MAX_RATIO)
    taken = 0
    while line := file.readline(MAX_LINE + 1):
        taken += len(line)
        if len(line) > MAX_LINE:
            raise DataError(f"{path.name}: expected at most {MAX_LINE} characters in a line: more")
        if taken > most:
            raise DataError(
                f"{path.name}: expected at most {MAX_RATIO} times the packed size, came: {taken}"
                " characters and more"
            )
        yield line


def _delimiter(line: str) -> str:
    """Return the separator that cuts the line of names into most pieces; the comma wins ties."""
    return max(",;\t", key=lambda mark: len(next(csv.reader([line], delimiter=mark))))


@contextlib.contextmanager
def _csv_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.name} is not UTF-8 text (byte {error.object[error.start]:#04x}): save it as CSV"
            " in UTF-8, or as Parquet"
        ) from None
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise DataError(f"{path.name} cannot be read: {error}") from None


def _open_jsonl(path: Path) -> TableFile:
    """Read a table of one JSON object a line; a name that a line does not have is missing there."""

    def lines() -> Iterator[tuple[int, dict[str, Any]]]:
        with _csv_errors(path), _text(path, newline="\n") as file:
            for number, line in enumerate(_bounded(path, file), start=1):
                if line.strip():
                    yield number, _json_row(path, number, line)

    header = tuple(dict.fromkeys(name for _, row in lines() for name in row))
    if not header:
        raise DataError(f"{path.name} is empty: expected one JSON object a line")

    def rows() -> Iterator[Row]:
        for number, (_, row) in enumerate(lines(), start=1):
            yield number, [row.get(name) for name in header]

    return TableFile(path, header, rows)


def _json_row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise DataError(
            f"{path.name}, line {number}: expected one JSON object, came: {line.strip()[:40]!r}"
        )
    return row


def _open_parquet(path: Path) -> TableFile:
    import pyarrow.parquet as pq

    with _parquet_errors(path):
        file = pq.ParquetFile(path)
        header = tuple(str(name) for name in file.schema_arrow.names)

    def rows() -> Iterator[Row]:
        number = 0
        with _parquet_errors(path):
            for batch in file.iter_batches(batch_size=4096, use_threads=False):
                for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    number += 1
                    yield number, cells

    return TableFile(path, header, rows)


@contextlib.contextmanager
def _parquet_errors(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        first = (str(error).splitlines() or [""])[0]
        raise DataError(f"{path.name} cannot be read as Parquet: {first}") from None


def number_in(cell: Any) -> float | None:
    """Return the number in a cell: NaN where it is missing, ``None`` where it holds no number."""
    if cell is None:
        return math.nan
    if isinstance(cell, bool):  # true is no rating of 1
        return None
    if isinstance(cell, str):
        text = cell.strip()
        if text.casefold() in MISSING:
            return math.nan
        if "_" in text:  # Python reads 1_000 as a number; nobody writes tables so
            return None
        cell = text
    try:
        value = float(cell)
    except (TypeError, ValueError, OverflowError):  # the last: a whole number beyond all floats
        return None
    return None if math.isinf(value) else value


def label_in(cell: Any) -> str:
    """Return the text of a cell that names something; empty where it is missing."""
    return "" if cell is None else str(cell).strip()
