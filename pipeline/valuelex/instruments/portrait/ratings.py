"""What people said of items: ratings by groups of people, as the item set's file holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError

Matrix = NDArray[np.float64]
ItemId = tuple[str, int]
"""(portrait id, option id): one reply to one query."""


@dataclass(frozen=True)
class Block:
    """Items rated by the same people: ``ratings`` is (items, people), complete."""

    group: int
    items: tuple[ItemId, ...]
    people: tuple[str, ...]
    ratings: Matrix


@dataclass(frozen=True)
class Ratings:
    """All ratings, and what is odd about them.

    ``in_several_groups`` maps a person's id to the groups in which it stands: the id may belong to
    two people, of whom only one has value scores, so correlations of those groups are doubtful.
    """

    blocks: tuple[Block, ...]
    in_several_groups: Mapping[str, tuple[int, ...]]


def read_ratings(groups: Sequence[Mapping[str, Any]]) -> Ratings:
    """Arrange groups of portrait id -> options ``{option_id, data: [[rating, person]]}``.

    Raises
    ------
    DataError
        When an item stands twice, or a person rates an item twice.
    """
    seen: set[ItemId] = set()
    member: dict[str, set[int]] = {}
    blocks: list[Block] = []
    for number, group in enumerate(groups):
        same_people: dict[tuple[str, ...], list[tuple[ItemId, list[float]]]] = {}
        for item, pairs in _items(group):
            if item in seen:
                raise DataError(f"item {item} must be rated by one group, stands twice")
            seen.add(item)
            people = tuple(sorted(person for _, person in pairs))
            if len(set(people)) != len(people):
                doubled = [p for p, n in Counter(people).items() if n > 1]
                raise DataError(f"each person must rate item {item} once, twice: {doubled}")
            by_person = {person: rating for rating, person in pairs}
            same_people.setdefault(people, []).append((item, [by_person[p] for p in people]))
            for person in people:
                member.setdefault(person, set()).add(number)
        blocks.extend(
            Block(number, tuple(item for item, _ in rows), people, np.array([r for _, r in rows]))
            for people, rows in same_people.items()
        )
    several = {p: tuple(sorted(where)) for p, where in sorted(member.items()) if len(where) > 1}
    return Ratings(tuple(blocks), several)


def _items(group: Mapping[str, Any]) -> list[tuple[ItemId, list[tuple[float, str]]]]:
    found = []
    for portrait, options in group.items():
        for option in options:
            pairs = [(float(rating), str(person)) for rating, person in option["data"]]
            found.append(((str(portrait), int(option["option_id"])), pairs))
    return found
