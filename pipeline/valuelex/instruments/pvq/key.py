"""The scoring key: which items make up a value, at three levels of the theory.

Nineteen values of three items each; ten older values that join some of them; four higher-order
values. The key is data (``lexicon/norms/pvq-rr-key.yaml``); this module checks it and reads it.
Source: Schwartz (2017), in Roccas & Sagiv (eds), *Values and Behavior*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from valuelex.errors import LexiconError, near_miss, well_formed

Level = Literal["nineteen", "ten", "four"]
LEVELS: tuple[Level, ...] = ("nineteen", "ten", "four")

_FIELDS = ("id", "abbreviation", "items", "ten", "four")


@dataclass(frozen=True, slots=True)
class Value:
    """One of the nineteen values; ``ten`` and ``four`` are ``None`` where it belongs to none."""

    id: str
    abbreviation: str
    items: tuple[int, ...]
    ten: str | None
    four: str | None


@dataclass(frozen=True, slots=True)
class Key:
    """All values, in the order of the theory's circle; items are numbered 1 .. ``n_items``."""

    values: tuple[Value, ...]
    n_items: int

    def scales(self, level: Level) -> dict[str, tuple[int, ...]]:
        """Return value id -> its item numbers, ascending, values in circle order.

        Raises
        ------
        LexiconError
            When ``level`` is not one of the three.
        """
        if level not in LEVELS:
            raise LexiconError(
                f"level must be one of {LEVELS}, was: {level!r}{near_miss(str(level), LEVELS)}"
            )
        joined: dict[str, list[int]] = {}
        for value in self.values:
            name = _name_at(value, level)
            if name is not None:
                joined.setdefault(name, []).extend(value.items)
        return {name: tuple(sorted(items)) for name, items in joined.items()}

    def parts(self, level: Level) -> dict[str, tuple[str, ...]]:
        """Return value id at ``level`` -> ids of the nineteen it is made of."""
        found: dict[str, list[str]] = {name: [] for name in self.scales(level)}
        for value in self.values:
            name = _name_at(value, level)
            if name is not None:
                found[name].append(value.id)
        return {name: tuple(ids) for name, ids in found.items()}

    def value_of(self, item: int) -> str:
        """Return the id of the value, among the nineteen, that ``item`` belongs to."""
        for value in self.values:
            if item in value.items:
                return value.id
        raise LexiconError(f"item must be in 1..{self.n_items}, was: {item}")


@well_formed("the scoring key", LexiconError)
def read_key(content: Mapping[str, Any]) -> Key:
    """Build the key from its parsed file.

    Raises
    ------
    LexiconError
        When a field is missing or unknown, an id stands twice, or the items are not each of
        1 .. ``n_items`` exactly once.
    """
    n_items = content.get("n_items")
    rows = content.get("values")
    if not isinstance(n_items, int) or isinstance(n_items, bool) or n_items < 1:
        raise LexiconError(f"n_items of the key must be a whole number >= 1, was: {n_items!r}")
    if not isinstance(rows, list) or not rows:
        raise LexiconError(f"values of the key must be a list, was: {type(rows).__name__}")
    values = tuple(_value(place, row) for place, row in enumerate(rows, start=1))
    _check_unique([value.id for value in values], "value id")
    _check_items(values, n_items)
    return Key(values, n_items)


def _name_at(value: Value, level: Level) -> str | None:
    return {"nineteen": value.id, "ten": value.ten, "four": value.four}[level]


def _value(place: int, row: object) -> Value:
    if not isinstance(row, dict):
        raise LexiconError(f"value {place} of the key must be a mapping, was: {row!r}")
    missing = [field for field in _FIELDS if field not in row]
    unknown = [str(field) for field in row if field not in _FIELDS]
    if missing or unknown:
        hint = near_miss(unknown[0], _FIELDS) if unknown else ""
        raise LexiconError(
            f"value {place} of the key must have the fields {list(_FIELDS)};"
            f" misses {missing}, unknown {unknown}{hint}"
        )
    items = row["items"]
    if not isinstance(items, list) or not items or any(type(item) is not int for item in items):
        raise LexiconError(
            f"items of '{row['id']}' must be a list of whole numbers, was: {items!r}"
        )
    return Value(
        id=str(row["id"]),
        abbreviation=str(row["abbreviation"]),
        items=tuple(items),
        ten=None if row["ten"] is None else str(row["ten"]),
        four=None if row["four"] is None else str(row["four"]),
    )


def _check_unique(names: list[str], what: str) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise LexiconError(f"each {what} must stand once in the key, doubled: {doubled}")


def _check_items(values: tuple[Value, ...], n_items: int) -> None:
    used = sorted(item for value in values for item in value.items)
    if used != list(range(1, n_items + 1)):
        missing = sorted(set(range(1, n_items + 1)) - set(used))
        extra = sorted({item for item in used if used.count(item) > 1 or not 1 <= item <= n_items})
        raise LexiconError(
            f"the key must use each item 1..{n_items} once; missing {missing}, doubled or out of"
            f" range {extra}"
        )
