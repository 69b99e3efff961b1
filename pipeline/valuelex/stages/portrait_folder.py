"""A user's folder with an item set: items, and where they are there, ratings and value scores.

``items_tagged.json`` or ``items.json`` holds the items; ``human_ratings.json`` and
``human_values.json`` what people said of them and what those people value; ``exclusions.csv`` tags
to leave out; ``human_groups.csv`` which person belongs to which group.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from valuelex.errors import DataError, near_miss
from valuelex.instruments.portrait.items import ItemSet, read_item_set
from valuelex.instruments.portrait.ratings import Ratings, read_ratings
from valuelex.stages.table_files import label_in, open_table

ITEMS = ("items_tagged.json", "items.json")
RATINGS, VALUES = "human_ratings.json", "human_values.json"
EXCLUSIONS, GROUPS = "exclusions.csv", "human_groups.csv"
FILES = (*ITEMS, RATINGS, VALUES, EXCLUSIONS, GROUPS)

Values = Mapping[str, Mapping[str, float]]
"""Person -> value -> score, for one family of values."""


@dataclass(frozen=True)
class Folder:
    """What an item set's folder holds.

    ``people`` is family -> person -> value -> score; ``groups`` group -> its people; ``exclusions``
    is ``None`` where the folder has no such file. ``sha256`` is over the files that were read.
    """

    path: Path
    sha256: str
    item_set: ItemSet
    ratings: Ratings | None
    people: Mapping[str, Values]
    exclusions: tuple[tuple[str, int, str], ...] | None
    groups: Mapping[str, frozenset[str]]


def read_folder(path: Path) -> Folder:
    """Read an item set's folder.

    Raises
    ------
    DataError
        When the folder is not there, holds no items, or a file is malformed: which, and how.
    """
    if not path.is_dir():
        there = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        what = "is a file" if path.exists() else "does not exist"
        raise DataError(
            f"the item set's folder {path} {what}: expected a folder with one of"
            f" {', '.join(ITEMS)}{near_miss(path.name, there)}"
        )
    items = next((path / name for name in ITEMS if (path / name).is_file()), None)
    if items is None:
        holds = sorted(p.name for p in path.iterdir())[:8]
        raise DataError(f"{path} must hold one of {', '.join(ITEMS)}; it holds: {holds}")
    item_set = _named(items, read_item_set, _json(items))
    ratings = people = None
    if (path / RATINGS).is_file() != (path / VALUES).is_file():
        raise DataError(f"{path} must hold both {RATINGS} and {VALUES}, or neither")
    if (path / RATINGS).is_file():
        ratings = _named(path / RATINGS, _ratings, _json(path / RATINGS))
        people = _named(path / VALUES, _people, _json(path / VALUES))
    return Folder(
        path=path,
        sha256=checksum(path),
        item_set=item_set,
        ratings=ratings,
        people=people or {},
        exclusions=_exclusions(path / EXCLUSIONS),
        groups=_groups(path / GROUPS),
    )


def checksum(path: Path) -> str:
    """Return the SHA-256 over the names and bytes of the files that an item set may have."""
    total = hashlib.sha256()
    for name in FILES:
        if (path / name).is_file():
            total.update(f"{name}\0".encode())
            total.update(hashlib.sha256((path / name).read_bytes()).digest())
    return total.hexdigest()


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not JSON: {error}") from None


def _named(path: Path, read: Any, content: Any) -> Any:
    """Read parsed content; an error names the file."""
    try:
        return read(content)
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path.name} is malformed: {type(error).__name__}: {error}") from None


def _ratings(content: Any) -> Ratings:
    if not isinstance(content, list):
        raise DataError(f"expected a list of groups of raters, was: {type(content).__name__}")
    return read_ratings(content)


def _people(content: Any) -> dict[str, dict[str, dict[str, float]]]:
    """Turn person -> family -> value -> score inside out; every person has the same values."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    values: dict[str, list[str]] = {}
    for person, families in content.items():
        for family, scores in families.items():
            known = values.setdefault(family, list(scores))
            if sorted(scores) != sorted(known):
                raise DataError(f"person '{person}' must have the {family} values {known}")
            found.setdefault(family, {})[str(person)] = {v: float(scores[v]) for v in known}
    if not found:
        raise DataError("it holds nobody's values")
    return found


def _exclusions(path: Path) -> tuple[tuple[str, int, str], ...] | None:
    if not path.is_file():
        return None
    table = open_table(path)
    places = [table.place(name, path.name) for name in ("portrait_id", "option_id", "value")]
    found = []
    for number, cells in table.rows():
        portrait, option, value = (label_in(cells[place]) for place in places)
        if not option.isdigit():
            raise DataError(f"{path.name}, row {number}: option_id must be a number: {option!r}")
        found.append((portrait, int(option), value))
    return tuple(found)


def _groups(path: Path) -> dict[str, frozenset[str]]:
    if not path.is_file():
        return {}
    table = open_table(path)
    person, group = table.place("person", path.name), table.place("group", path.name)
    found: dict[str, set[str]] = {}
    for _, cells in table.rows():
        found.setdefault(label_in(cells[group]), set()).add(label_in(cells[person]))
    return {name: frozenset(members) for name, members in sorted(found.items())}
