"""Writing an analysis of agreement: JSON with everything, CSV to compute with, Markdown to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelex.artifacts.codecs import ELSEWHERE, csv_bytes, json_bytes, write_bytes
from valuelex.errors import SettingsError
from valuelex.reporting.agreement_text import markdown

JSON, TRAITS, PAIRS, JUDGES, MARKDOWN = (
    *("agreement.json", "traits.csv", "pairs.csv"),
    *("judges.csv", "agreement.md"),
)


def check_folder(out: Path) -> None:
    """Refuse a place that cannot become a folder, before anything is computed.

    Raises
    ------
    SettingsError
        There is a file of that name.
    """
    if out.exists() and not out.is_dir():
        raise SettingsError(f"--out must be a folder, was a file: {out}")


def write_agreement(folder: Path, content: Mapping[str, Any]) -> list[Path]:
    """Write ``agreement.json``, ``traits.csv``, ``pairs.csv``, ``judges.csv``, ``agreement.md``.

    Raises
    ------
    DataError
        When the folder cannot be written.
    """
    data = {
        JSON: json_bytes(content),
        TRAITS: _csv(content["traits"], without=("icc_f",)),
        PAIRS: _csv(content["pairs"]),
        JUDGES: _csv(content["judges_by_trait"]),
        MARKDOWN: markdown(content).encode("utf-8", errors="replace"),
    }
    for name, bytes_ in data.items():
        write_bytes(folder / name, bytes_, hint=ELSEWHERE)
    return [folder / name for name in data]


def _csv(rows: Sequence[Mapping[str, Any]], without: Sequence[str] = ()) -> bytes:
    names = dict.fromkeys(name for row in rows for name in row if name not in without)
    return csv_bytes(list(names), [{name: row.get(name) for name in names} for row in rows])
