"""What a persona does to a model's scores, and whether people of that group differ likewise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from valuelex.instruments.portrait.ratings import ItemId
from valuelex.instruments.portrait.score import Tag

Averages = Mapping[ItemId, float | None]
LEAST = 3


@dataclass(frozen=True, slots=True)
class Shift:
    """A difference of centred scores in scale points, with a 95 % interval over ``n``.

    ``None`` where fewer than three items (or people) carry it.
    """

    family: str
    dimension: str
    shift: float | None
    lower: float | None
    upper: float | None
    n: int


def persona_shifts(plain: Averages, persona: Averages, tags: Sequence[Tag]) -> list[Shift]:
    """Return, for each value, the score as a persona minus that without.

    Items are paired: the interval is Student's over the value's items of the change of the answer
    minus the mean change of all tagged items of the family.
    """
    by_family: dict[str, dict[str, list[ItemId]]] = {}
    for tag in tags:
        by_family.setdefault(tag.family, {}).setdefault(tag.dimension, []).append(tag.item)
    found = []
    for family, dimensions in by_family.items():
        changes = {
            item: new - old
            for item in sorted({item for items in dimensions.values() for item in items})
            if (new := persona.get(item)) is not None and (old := plain.get(item)) is not None
        }
        middle = float(np.mean(list(changes.values()))) if changes else 0.0
        for dimension, items in dimensions.items():
            here = np.array([changes[item] - middle for item in items if item in changes])
            found.append(Shift(family, dimension, *mean_interval(here), len(here)))
    return found


def group_differences(
    scores: Mapping[str, Mapping[str, float]], members: frozenset[str], family: str
) -> list[Shift]:
    """Return, for each value, the mean score of a group's people minus that of all others.

    The interval is Welch's. R: ``t.test(inside, outside)``. ``n`` counts the group's people.
    """
    values = list(next(iter(scores.values()), {}))
    found = []
    for value in values:
        inside = np.array([s[value] for person, s in scores.items() if person in members])
        outside = np.array([s[value] for person, s in scores.items() if person not in members])
        if min(len(inside), len(outside)) < LEAST:
            found.append(Shift(family, value, None, None, None, len(inside)))
            continue
        test = stats.ttest_ind(inside, outside, equal_var=False)
        interval = test.confidence_interval(0.95)
        difference = float(inside.mean() - outside.mean())
        found.append(
            Shift(family, value, difference, float(interval.low), float(interval.high), len(inside))
        )
    return found


def mean_interval(
    numbers: np.ndarray, confidence: float = 0.95
) -> tuple[float | None, float | None, float | None]:
    """Return a mean with Student's interval. R: ``t.test(x)``; no interval below three numbers."""
    if not len(numbers):
        return None, None, None
    mean = float(numbers.mean())
    if len(numbers) < LEAST:
        return mean, None, None
    reach = stats.t.ppf((1 + confidence) / 2, len(numbers) - 1) * stats.sem(numbers)
    return mean, float(mean - reach), float(mean + reach)
