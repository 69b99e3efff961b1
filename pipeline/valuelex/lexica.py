"""The only reader of ``lexicon/``: human-made inputs, each with its provenance."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelex.errors import LexiconError
from valuelex.reading import UnreadableYamlError, load_yaml

LEXICON = "lexicon"


def read_bytes(root: Path, name: str) -> bytes:
    """Return the bytes of a file under ``lexicon/``.

    Raises
    ------
    LexiconError
        When the file cannot be read.
    """
    path = root / LEXICON / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise LexiconError(f"{path} cannot be read: {error.strerror}") from None


def read_table(root: Path, name: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV under ``lexicon/``; lines that begin with ``#`` are its provenance.

    Raises
    ------
    LexiconError
        When the file is missing or lacks one of ``columns``.
    """
    path = root / LEXICON / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(line for line in file if not line.startswith("#"))
            rows = list(reader)
            header = list(reader.fieldnames or [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LexiconError(f"{path} cannot be read: {error}") from None
    missing = [column for column in columns if column not in header]
    if missing:
        raise LexiconError(f"{path} must have the columns {list(columns)}, misses: {missing}")
    for number, row in enumerate(rows, start=1):
        if None in row or None in row.values():
            raise LexiconError(f"{path}: row {number} must have {len(header)} cells, was: {row}")
    return rows


def read_yaml(root: Path, name: str, required: Sequence[str] = ()) -> Mapping[str, Any]:
    """Read a YAML mapping under ``lexicon/``.

    Raises
    ------
    LexiconError
        When the file is missing, is no mapping, or lacks one of ``required``.
    """
    path = root / LEXICON / name
    try:
        content = load_yaml(path.read_bytes())
    except (OSError, UnreadableYamlError) as error:
        raise LexiconError(f"{path} cannot be read: {error}") from None
    if not isinstance(content, dict):
        raise LexiconError(f"{path} must be a mapping, was: {type(content).__name__}")
    missing = [key for key in required if key not in content]
    if missing:
        raise LexiconError(f"{path} must have the keys {list(required)}, misses: {missing}")
    return content
