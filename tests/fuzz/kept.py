"""Readers of the project's own files: artifacts, which a disk may have damaged."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

import numpy as np

from tests.fuzz.target import Target, must, said, scratch, text_of
from valuelex.artifacts import codecs
from valuelex.artifacts.base import Arrays, Column, Document, Table, Text
from valuelex.errors import ArtifactError

_COLUMNS = (
    Column("model", "str", "a model"),
    Column("n", "int", "a count"),
    Column("x", "float", "a number", nullable=True),
    Column("ok", "bool", "a flag"),
)
_ROWS = [
    {"model": f"m{i}", "n": i, "x": None if i % 3 else i / 7, "ok": i % 2 == 0} for i in range(9)
]
CSV = Table(path="s/t.csv", stage="s", grain="one row", key=("model",), columns=_COLUMNS)
PARQUET = Table(path="s/t.parquet", stage="s", grain="one row", key=("model",), columns=_COLUMNS)
JSON = Document(path="s/t.json", stage="s", grain="one document")
NPZ = Arrays(path="s/t.npz", stage="s", grain="one array")
TEXT = Text(path="s/t.md", stage="s", grain="one text")


@cache
def _seed(name: str) -> tuple[bytes, ...]:
    return (_written(name),)


def _written(name: str) -> bytes:
    root = scratch() / "made"
    if name == "npz":
        return NPZ.write(root, {"a": np.arange(6.0).reshape(2, 3)}).read_bytes()
    if name == "json":
        return JSON.write(root, {"a": [1, 2.5, None, True], "b": {"c": "x"}}).read_bytes()
    table = CSV if name == "csv" else PARQUET
    return table.write(root, _ROWS).read_bytes()


def _put(data: bytes, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _typed(rows: list[dict[str, object]]) -> None:
    kinds = {"model": str, "n": int, "x": float, "ok": bool}
    for row in rows:
        must(list(row) == list(kinds), "the columns", row)
        for name, value in row.items():
            missing = value is None and name == "x"
            must(missing or type(value) is kinds[name], "the type of a column", row)


def _csv(data: bytes) -> None:
    _put(data, CSV.file(scratch()))
    rows = CSV.read(scratch())
    _typed(rows)


def _parquet(data: bytes) -> None:
    _put(data, PARQUET.file(scratch()))
    rows = list(PARQUET.scan(scratch()))
    must(rows == PARQUET.read(scratch()) or rows != rows, "the same by both roads", rows)


def _json(data: bytes) -> None:
    _put(data, JSON.file(scratch()))
    must(isinstance(JSON.read(scratch()), dict), "an object")


def _npz(data: bytes) -> None:
    _put(data, NPZ.file(scratch()))
    for array in NPZ.read(scratch()).values():
        must(array.dtype != object, "no objects", array.dtype)


def _cells(data: bytes) -> None:
    text = text_of(data)
    guarded = codecs.guard_cell(text)
    must(codecs.unguard_cell(guarded) == text, "there and back", text)
    must(not guarded.startswith(tuple("=+-@\t\r\n＝＋－＠")), "no formula", guarded)
    clean = text.encode("utf-8", "replace").decode()
    row = {"model": clean, "n": 1, "x": None, "ok": True}
    _, rows = codecs.csv_rows(codecs.csv_bytes(list(row), [row]))
    must(rows[0]["model"] == clean, "any text survives", clean, rows)
    TEXT.write(scratch(), text)
    TEXT.read(scratch())


WORDS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "'",
    '"',
    ",",
    "=1+1",
    "true",
    "1e5",
    "nan",
    "1",
    "\x00",
)
_OWN = (ArtifactError,)
TARGETS: tuple[Target, ...] = (
    Target("artifacts: csv", _csv, partial(_seed, "csv"), WORDS, "csv", _OWN),
    Target("artifacts: parquet", _parquet, partial(_seed, "parquet"), (), "bytes", _OWN, 10_000),
    Target(
        "artifacts: json",
        _json,
        partial(_seed, "json"),
        ("{", "}", "[", "]", "NaN", "1e999", '"', ","),
        "json",
        _OWN,
    ),
    Target("artifacts: npz", _npz, partial(_seed, "npz"), (), "bytes", _OWN, 10_000),
    Target("cells", _cells, said("=1+1", "a,b", "'=x", "-5"), WORDS),
)
