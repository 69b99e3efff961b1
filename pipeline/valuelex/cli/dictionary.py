"""The data dictionary: every column and field of every artifact, with type, unit, range, meaning.

Columns are described where they are declared (``artifacts/``); their units and ranges, and the
fields of the JSON documents, stand in ``fields.csv``. There ``*`` in the path stands for any one
step, ``**`` for any number of steps; the first line that fits counts, lines of the file itself
before those of any file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from valuelex.artifacts.base import Arrays, Artifact, Column, Document, Table
from valuelex.artifacts.table import ARTIFACTS

FIELDS = Path(__file__).with_name("fields.csv")
HEADINGS = ("file", "column or field", "type", "unit", "range", "key", "meaning")
_TYPES = {"str": "text", "int": "integer", "float": "number", "bool": "true/false"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the dictionary."""

    file: str
    field: str
    type: str
    unit: str
    range: str
    key: str
    meaning: str


@cache
def _lines() -> tuple[tuple[str, re.Pattern[str], Mapping[str, str]], ...]:
    with FIELDS.open(encoding="utf-8", newline="") as file:
        return tuple((row["file"], _pattern(row["path"]), row) for row in csv.DictReader(file))


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*\.?|\*)", path)
    return re.compile("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    if part.startswith("**"):
        return r"(?:[^.]+\.)*" if part == "**." else ".*"
    return r"[^.\[]*" if part == "*" else re.escape(part)


def described(file: str, path: str) -> Mapping[str, str] | None:
    """Return the line of ``fields.csv`` for a field, or ``None`` when nobody has described it."""
    for name, pattern, row in _lines():
        if name == file and pattern.fullmatch(path):
            return row
    if path.endswith("[]"):  # an empty list: what its entries would hold is described
        inside = (row for name, _, row in _lines() if name == file)
        found = next((row for row in inside if row["path"].startswith(path)), None)
        if found is not None:
            return found
    leaf = path.rsplit(".", 1)[-1]
    return next((row for name, p, row in _lines() if name == "*" and p.fullmatch(leaf)), None)


def paths(content: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every value of a document: ``a.b`` for mappings, ``a[]`` for lists.

    An empty list is a path of its own; every entry of a list is looked into.
    """
    if isinstance(content, Mapping):
        for name, value in content.items():
            step = re.sub(r"[.\[\]]", "_", str(name))
            yield from paths(value, f"{path}.{step}" if path else step)
    elif isinstance(content, list):
        if not content:
            yield f"{path}[]"
        for value in content:
            yield from paths(value, f"{path}[]")
    else:
        yield path


def entries() -> list[Entry]:
    """Return the whole dictionary, in the order of the graph."""
    return [entry for artifact in ARTIFACTS for entry in _of(artifact)]


def _of(artifact: Artifact) -> Iterator[Entry]:
    file = artifact.shown
    if isinstance(artifact, Table):
        for column in artifact.columns:
            yield _column(artifact, column)
        if artifact.family:
            family = f"{artifact.family}1, {artifact.family}2 ..."
            yield Entry(file, family, "number", "see the file", "", "", artifact.doc)
    elif isinstance(artifact, Document | Arrays):
        for name, _, row in _lines():
            if name == artifact.path:
                yield Entry(
                    file, row["path"], row["type"], row["unit"], row["range"], "", row["meaning"]
                )
    else:
        yield Entry(file, "(whole file)", "text", "", "", "", artifact.doc)


def _column(table: Table, column: Column) -> Entry:
    row = described(table.path, column.name)
    unit = row["unit"] if row else "count" if column.type == "int" else ""
    reach = row["range"] if row else {"int": "0..", "bool": "true, false"}.get(column.type, "")
    kind = _TYPES[column.type] + (", may be empty" if column.nullable else "")
    key = "key" if column.name in table.key else ""
    file = table.shown
    return Entry(file, column.name, kind, unit, reach, key, column.doc)


def as_csv() -> bytes:
    """Return the dictionary as CSV."""
    from valuelex.artifacts.codecs import csv_bytes

    rows = (dict(zip(HEADINGS, astuple(entry), strict=True)) for entry in entries())
    return csv_bytes(HEADINGS, rows)


def as_markdown() -> str:
    """Return the dictionary as a page of the documentation."""
    lines = [
        "# Data dictionary",
        "",
        "Every column and field of every file under `outputs/`, written by `make deps` from the",
        "artifact table. In paths of JSON documents `a[]` is an entry of a list, `*` any name and",
        "`**` any depth. `lower`, `upper`, `n`, `n_models` and the like mean the same everywhere",
        "and stand at the end. In CSV files an empty cell is a missing value, never a zero.",
    ]
    for artifact in ARTIFACTS:
        key = ", ".join(f"`{name}`" for name in artifact.key)
        lines += ["", f"## `{artifact.shown}`", ""]
        lines += [f"{artifact.doc} Written by `{artifact.stage}`; grain: {artifact.grain}"]
        lines[-1] += f"; key: {key}." if key else "."
        lines += ["", *_table([astuple(entry)[1:] for entry in _of(artifact)])]
    shared = [
        (row["path"], row["type"], row["unit"], row["range"], "", row["meaning"])
        for name, _, row in _lines()
        if name == "*"
    ]
    lines += ["", "## Fields that mean the same in every document", "", *_table(shared)]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    head = [
        "| column or field | type | unit | range | key | meaning |",
        "|---|---|---|---|---|---|",
    ]
    cells = ([f"`{row[0]}`", *row[1:]] for row in rows)
    return head + ["| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in cells]
