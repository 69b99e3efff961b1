"""The vocabulary of the project, read once for all tests of this folder."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import yaml

from valuelex.terms.normalize import Normalizer
from valuelex.terms.reader import Mode, TermReader
from valuelex.terms.tables import VocabularyTables

FOLDER = Path(__file__).resolve().parents[2] / "lexicon" / "vocabulary"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@cache
def vocabulary() -> VocabularyTables:
    return VocabularyTables.from_rows(
        values=rows("values.csv"),
        families=rows("families.csv"),
        opposites=rows("opposites.csv"),
        frames=rows("frames.csv"),
        exceptions=rows("exceptions.csv"),
        collocations=rows("collocations.csv"),
        derivations=rows("derivations.csv"),
        things=rows("things.csv"),
        stop=yaml.safe_load((FOLDER / "stop.yaml").read_text(encoding="utf-8")),
    )


@cache
def normalizer() -> Normalizer:
    return Normalizer(vocabulary())


@cache
def reader(mode: Mode) -> TermReader:
    return TermReader(vocabulary(), mode)
