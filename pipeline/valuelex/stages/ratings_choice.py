"""Which columns of a table of ratings play which part, checked before a row is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from valuelex.errors import DataError, SettingsError, near_miss
from valuelex.psychometrics.types import Floats
from valuelex.stages.table_files import INDEX, TableFile

SUBJECTS = ("subject", "model", "target", "respondent")
JUDGES = ("judge", "rater", "coder", "annotator")


@dataclass(frozen=True, kw_only=True)
class RatingsChoice:
    """The columns of a table of ratings.

    Attributes
    ----------
    judge, subject
        Columns; where ``None``, the first of the usual names that is there.
    items
        Columns of what a subject is rated on (a text, a question): with the subject, one unit.
    repeat
        Column that tells a judge's looks at one unit apart. Without it, every further row of a
        judge and a unit is a further look.
    traits, drop
        Wide tables: the columns of ratings (all that have no other part where empty), and those
        left out.
    trait, value
        Long tables: the column that names the trait, and the one with the rating.
    low, high
        Ends of the scale; a rating outside is none.
    reverse
        Traits that are turned round: low + high - rating.
    levels
        Words of a scale from low to high, read as 1, 2, 3 ...
    """

    judge: str | None = None
    subject: str | None = None
    items: tuple[str, ...] = ()
    repeat: str | None = None
    traits: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    trait: str | None = None
    value: str | None = None
    low: float | None = None
    high: float | None = None
    reverse: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.trait is None) != (self.value is None):
            raise SettingsError(
                "--trait and --value go together: the column that names the trait of a long table,"
                " and the one with the rating"
            )
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise SettingsError(f"--low must be below --high, was: {self.low:g} and {self.high:g}")
        if self.reverse and (self.low is None or self.high is None):
            raise SettingsError("--reverse needs the ends of the scale: --low and --high")
        folded = [level.casefold() for level in self.levels]
        if len(set(folded)) < len(folded) or len(folded) == 1:
            raise SettingsError(
                f"--levels must be two different words or more, from low to high, was:"
                f" {', '.join(self.levels)}"
            )

    @property
    def ranks(self) -> dict[str, float]:
        """The words of the scale with their numbers."""
        return {level.casefold(): float(i) for i, level in enumerate(self.levels, start=1)}


@dataclass(frozen=True)
class Roles:
    """Places of columns: ``key`` (judge, subject, items, repeat), ``traits`` with ``places``."""

    key: tuple[int, ...]
    traits: list[str] = field(default_factory=list)
    places: tuple[int, ...] = ()
    long: tuple[int, ...] = ()


def with_usual_names(table: TableFile, choice: RatingsChoice) -> RatingsChoice:
    """Fill in the columns of judge and subject where nobody named them.

    Raises
    ------
    DataError
        None of the usual names is there.
    """
    return replace(
        choice,
        judge=choice.judge or _usual(table, JUDGES, "--judge"),
        subject=choice.subject or _usual(table, SUBJECTS, "--subject"),
    )


def check_roles(table: TableFile, choice: RatingsChoice) -> Roles:
    """Return the places of the columns.

    Raises
    ------
    DataError
        A column that is not there, or no column of ratings.
    SettingsError
        One column in two parts, or a trait to be turned round that is none.
    """
    parts = [(choice.judge or "", "--judge"), (choice.subject or "", "--subject")]
    parts += [(name, "--item") for name in choice.items]
    parts += [(choice.repeat, "--repeat")] if choice.repeat else []
    key = tuple(table.place(name, option) for name, option in parts)
    taken = [name for name, _ in parts] + [n for n in (choice.trait, choice.value) if n]
    twice = next((name for i, name in enumerate(taken) if name in taken[:i]), None)
    both = twice or next((name for name in choice.traits if name in taken), None)
    if both:
        raise SettingsError(f"the column {both!r} has two parts: each column has one")
    if choice.trait is not None and choice.value is not None:
        long = (table.place(choice.trait, "--trait"), table.place(choice.value, "--value"))
        return Roles(key, long=long)
    for name in choice.drop:
        table.place(name, "--drop")
    out = {*taken, *choice.drop, *INDEX}
    names = list(choice.traits) or [name for name in table.header if name not in out]
    if not names:
        raise DataError(f"{table.name} has no column of ratings beside {', '.join(taken)}")
    strange = next((name for name in choice.reverse if name not in names), None)
    if strange is not None:
        raise SettingsError(
            f"--reverse names {strange!r}, which is no trait{near_miss(strange, names)}"
        )
    return Roles(key, names, tuple(table.place(name, "--traits") for name in names))


def _usual(table: TableFile, names: Sequence[str], option: str) -> str:
    found = [name for name in names if name in table.header]
    if not found:
        raise DataError(
            f"{table.name} has no column {names[0]!r}: say with {option} which of its columns it"
            f" is: {', '.join(table.header[:8])}"
        )
    return found[0]


def indexing_column(
    keys: Sequence[tuple[str, ...]], traits: Sequence[str], values: Floats
) -> str | None:
    """Return a column that only numbers the rows of each judge and subject, if there is one."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for i, key in enumerate(keys):
        rows.setdefault(key[:2], []).append(i)
    most = max((len(found) for found in rows.values()), default=0)
    if most < 2:
        return None
    full = [found for found in rows.values() if len(found) == most]
    if len(full) < max(2, 0.5 * len(rows)):
        return None
    for place, trait in enumerate(traits):
        column = values[:, place]
        if not np.isfinite(column).all() or (column % 1 != 0).any():
            continue
        sets = {tuple(sorted(column[found].tolist())) for found in full}
        if len(sets) == 1 and len(set(next(iter(sets)))) > 1:
            return trait
    return None
