"""A user's table of ratings: who judged whom on which traits, and every cell that holds no rating.

A row is one judge's ratings of one subject (wide: a column a trait), or one rating (long: a column
that names the trait and one with the value). Items are what a subject is rated on; repeats are a
judge's second looks at the same item. What cannot be read as a number is no rating: it is counted
by trait and judge, and shown; it is never 0.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from valuelex.errors import DataError, SettingsError
from valuelex.psychometrics.types import Floats, Ints
from valuelex.stages.ratings_choice import (
    RatingsChoice,
    check_roles,
    indexing_column,
    with_usual_names,
)
from valuelex.stages.table_files import TableFile, label_in, number_in, open_table

MISSING, TEXT, OUTSIDE = "missing", "not a number", "outside the scale"
_EXAMPLES = 3
_MOSTLY = 0.5

Key = tuple[str, ...]


@dataclass(frozen=True)
class Ratings:
    """Ratings of n rows on t traits.

    Attributes
    ----------
    judges, subjects, units, traits
        Names; a unit is a subject with its items, ``"subject"`` or ``"subject / item"``.
    judge, unit
        (n,) places in ``judges`` and ``units``.
    subject_of
        (units,) place in ``subjects``.
    values
        (n, t), NaN where there is no rating.
    lost
        (reason, judge, trait) -> cells without a rating, in rows that were read.
    left_out
        Reason -> rows or columns that were left out.
    notes
        What a reader should know about the table, in words.
    """

    file: str
    sha256: str
    rows: int
    judges: tuple[str, ...]
    subjects: tuple[str, ...]
    units: tuple[str, ...]
    traits: tuple[str, ...]
    judge: Ints
    unit: Ints
    subject_of: Ints
    values: Floats
    lost: Mapping[tuple[str, str, str], int]
    left_out: Mapping[str, int]
    notes: tuple[str, ...]


@dataclass
class _Reading:
    """What has been read so far: rows by their key, and what was lost."""

    traits: list[str]
    keys: list[Key] = field(default_factory=list)
    rows: list[Floats] = field(default_factory=list)
    lost: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    read: int = 0


def read_ratings(path: Path, choice: RatingsChoice) -> Ratings:
    """Read a CSV, JSONL or Parquet file of ratings.

    Raises
    ------
    DataError
        The file cannot be read, a column is not there, or there is too little to compare.
    SettingsError
        A column cannot be a trait and was not left out; options contradict one another.
    """
    table = open_table(path)
    choice = with_usual_names(table, choice)
    roles = check_roles(table, choice)
    long = choice.value is not None
    reading = _Reading(list(choice.traits) if long else roles.traits)
    for number, cells in table.rows():
        reading.read = number
        key = tuple(label_in(cells[place]) for place in roles.key)
        if not all(key[:2]):
            reading.left_out["rows without a judge or a subject"] += 1
        elif long:
            _long_row(reading, key, cells, roles.long, choice)
        else:
            _wide_row(reading, key, [cells[place] for place in roles.places], choice)
    return _assemble(table, choice, reading)


def _wide_row(reading: _Reading, key: Key, cells: Sequence[Any], choice: RatingsChoice) -> None:
    row = [
        _rating(reading, key[0], trait, cell, choice)
        for trait, cell in zip(reading.traits, cells, strict=True)
    ]
    reading.keys.append(key)
    reading.rows.append(np.array(row))


def _long_row(
    reading: _Reading, key: Key, cells: Sequence[Any], places: Sequence[int], choice: RatingsChoice
) -> None:
    """Keep one rating as a row of its own; `_fold` brings the traits of one look together."""
    trait = label_in(cells[places[0]])
    if not trait:
        reading.left_out["rows without a trait"] += 1
        return
    if trait not in reading.traits:
        if choice.traits or trait in choice.drop:
            return
        reading.traits.append(trait)
    value = _rating(reading, key[0], trait, cells[places[1]], choice)
    reading.keys.append((*key, trait))
    reading.rows.append(np.array([value]))


def _rating(reading: _Reading, judge: str, trait: str, cell: Any, choice: RatingsChoice) -> float:
    """Return one rating, NaN with the reason counted where there is none."""
    ranks = choice.ranks
    value = ranks.get(label_in(cell).casefold()) if ranks else None
    if value is None:
        value = number_in(cell)
    if value is None:
        reading.lost[TEXT, judge, trait] += 1
        shown = reading.examples.setdefault(trait, [])
        if len(shown) < _EXAMPLES and str(cell)[:30] not in shown:
            shown.append(str(cell)[:30])
        return math.nan
    if math.isnan(value):
        reading.lost[MISSING, judge, trait] += 1
        return math.nan
    low, high = choice.low, choice.high
    if (low is not None and value < low) or (high is not None and value > high):
        reading.lost[OUTSIDE, judge, trait] += 1
        return math.nan
    if trait in choice.reverse:
        assert low is not None  # noqa: S101 - RatingsChoice has checked it
        assert high is not None  # noqa: S101
        return low + high - value
    return value


def _assemble(table: TableFile, choice: RatingsChoice, reading: _Reading) -> Ratings:
    if choice.value is not None:
        _fold(reading)
    if not reading.rows:
        raise DataError(f"{table.name} holds no rating: expected rows with a judge and a subject")
    values = np.array(reading.rows).reshape(len(reading.rows), len(reading.traits))
    traits, values = _traits(table, choice, reading, values)
    keep, notes = _doubles(choice, reading, values)
    keys = [reading.keys[i] for i in keep]
    values = values[keep]
    judges = sorted({key[0] for key in keys})
    subjects = sorted({key[1] for key in keys})
    units = sorted({_unit(key, choice) for key in keys})
    _check_size(table, choice, judges, subjects, values)
    if choice.repeat is None and not choice.items:
        column = indexing_column(keys, traits, values)
        if column:
            raise SettingsError(
                f"{table.name}: the column {column!r} numbers the rows of a judge and a subject: it"
                f" is no trait. Name it with --item or --repeat, or leave it out with --drop"
            )
    at = {name: place for place, name in enumerate(judges)}
    where = {unit: place for place, unit in enumerate(units)}
    who = {name: place for place, name in enumerate(subjects)}
    return Ratings(
        file=table.name,
        sha256=table.sha256,
        rows=reading.read,
        judges=tuple(judges),
        subjects=tuple(subjects),
        units=tuple(" / ".join(unit) for unit in units),
        traits=tuple(traits),
        judge=np.array([at[key[0]] for key in keys]),
        unit=np.array([where[_unit(key, choice)] for key in keys]),
        subject_of=np.array([who[unit[0]] for unit in units]),
        values=values,
        lost={name: n for name, n in reading.lost.items() if name[2] in traits},
        left_out=dict(reading.left_out),
        notes=(*notes, *_examples(reading, traits)),
    )


def _unit(key: Key, choice: RatingsChoice) -> Key:
    return key[1 : 2 + len(choice.items)]


def _fold(reading: _Reading) -> None:
    """Bring long ratings together: a look is the n-th time that a key has a rating of a trait."""
    looks: dict[tuple[Key, int], Floats] = {}
    seen: Counter[Key] = Counter()
    place = {name: i for i, name in enumerate(reading.traits)}
    for full, value in zip(reading.keys, reading.rows, strict=True):
        key, trait = full[:-1], full[-1]
        row = looks.setdefault((key, seen[full]), np.full(len(place), np.nan))
        row[place[trait]] = value[0]
        seen[full] += 1
    reading.keys = [key for key, _ in looks]
    reading.rows = list(looks.values())


def _traits(
    table: TableFile, choice: RatingsChoice, reading: _Reading, values: Floats
) -> tuple[list[str], Floats]:
    """Keep the columns that hold ratings; name those that hold none."""
    keep = []
    texts: Counter[str] = Counter()
    for (reason, _, trait), n in reading.lost.items():
        texts[trait] += n if reason == TEXT else 0
    for place, trait in enumerate(reading.traits):
        numbers = int(np.isfinite(values[:, place]).sum())
        if trait in choice.traits or numbers >= max(1.0, _MOSTLY * (numbers + texts[trait])):
            keep.append(place)
        elif numbers:
            raise SettingsError(
                f"{table.name}: the column {trait!r} holds numbers in only {numbers} of"
                f" {numbers + texts[trait]} cells (another: {reading.examples[trait][0]!r}): is it"
                " a trait? Name the traits with --traits, or leave it out with --drop"
            )
        else:
            reading.left_out[f"columns without a number ({trait})"] += 1
    if not keep:
        raise DataError(f"{table.name} has no column of ratings: expected numbers in one at least")
    return [reading.traits[place] for place in keep], values[:, keep]


def _doubles(
    choice: RatingsChoice, reading: _Reading, values: Floats
) -> tuple[list[int], list[str]]:
    """Leave out rows that stand twice; keep those whose ratings differ, as further repeats."""
    if choice.repeat is None:
        return list(range(len(values))), []
    seen: dict[Key, list[int]] = {}
    keep, differing = [], 0
    for i, key in enumerate(reading.keys):
        before = seen.setdefault(key, [])
        if any(np.array_equal(values[i], values[j], equal_nan=True) for j in before):
            reading.left_out["rows that stand twice"] += 1
            continue
        differing += bool(before)
        before.append(i)
        keep.append(i)
    said = f"{differing} rows repeat a judge, subject, item and repeat with other ratings: they are"
    return keep, [f"{said} taken as further repeats"] if differing else []


def _examples(reading: _Reading, traits: Sequence[str]) -> Iterator[str]:
    for trait in traits:
        if reading.examples.get(trait):
            shown = ", ".join(repr(text) for text in reading.examples[trait])
            yield f"cells of {trait!r} that are no number, for example: {shown}"


def _check_size(
    table: TableFile,
    choice: RatingsChoice,
    judges: Sequence[str],
    subjects: Sequence[str],
    values: Floats,
) -> None:
    if not np.isfinite(values).any():
        raise DataError(f"{table.name} holds no rating that is a number within the scale")
    if len(subjects) < 2:
        raise DataError(
            f"{table.name}: agreement needs two subjects or more; the column {choice.subject!r}"
            f" names {len(subjects)} ({subjects[0][:40]!r})"
        )
    if len(judges) < 2 and choice.repeat is None and not choice.items:
        raise DataError(
            f"{table.name}: agreement needs two judges or more; the column {choice.judge!r} names"
            f" {len(judges)} ({judges[0][:40]!r}). For one judge's own reliability name --repeat"
        )
