"""Value Portrait scores, as published: a value's items against all tagged items.

An item is answered in several versions (wordings and option orders); its answer is the mean over
the versions that have one. A value's score is the mean over the items tagged with it, and is
centred, within a family of values, by the mean over every item that carries any tag of that family.
Exclusions, tags that the published scores leave out, are data and not code.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from valuelex.errors import DataError
from valuelex.instruments.portrait.ratings import ItemId


@dataclass(frozen=True, slots=True)
class Tag:
    """One item tagged with one value of one family (``pvq``, ``bfi``, ...); r is from people."""

    item: ItemId
    family: str
    dimension: str
    r: float


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """One respondent on one value; all in scale points, 1-6 before centring.

    ``sd`` is over the items, with divisor n (as published); ``n_items`` counts the items scored,
    ``n_missing`` the tagged ones without an answer. ``None`` where no item has an answer.
    """

    family: str
    dimension: str
    centred: float | None
    mean: float | None
    sd: float | None
    n_items: int
    n_missing: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How often an answer changes when only the form changes.

    Pairs of answers to the same item: for ``wording`` two wordings in the same option order, for
    ``order`` two option orders in the same wording, for ``both`` two wordings in different orders.
    The shares (0-1) of pairs that differ are comparable with each other; ``*_distance`` is the mean
    absolute difference in scale points, ``n_*`` the number of pairs.
    """

    wording: float | None
    wording_distance: float | None
    n_wording: int
    order: float | None
    order_distance: float | None
    n_order: int
    both: float | None
    both_distance: float | None
    n_both: int


def choose_tags(
    correlations: Iterable[Tag],
    *,
    threshold: float = 0.3,
    exclusions: Iterable[tuple[str, int, str]] = (),
) -> tuple[Tag, ...]:
    """Keep correlations above ``threshold`` except the excluded (portrait, option, dimension).

    Raises
    ------
    DataError
        When an exclusion excludes nothing: it is misspelt, or of other data.
    """
    above = [tag for tag in correlations if tag.r > threshold]
    excluded = set(exclusions)
    idle = excluded - {(*tag.item, tag.dimension) for tag in above}
    if idle:
        raise DataError(f"each exclusion must name a tag; these name none: {sorted(idle)}")
    return tuple(tag for tag in above if (*tag.item, tag.dimension) not in excluded)


def average_versions(
    answers: Iterable[tuple[ItemId, str, float | None]], *, required: str | None = None
) -> dict[ItemId, float | None]:
    """Return item -> mean over the versions with an answer, ``None`` when there is none.

    Parameters
    ----------
    answers
        (item, version, answer or ``None``).
    required
        A version without which an item counts as unanswered. The published *scores* leave out items
        without an answer in their first version, ``v1``, although the published *averages* hold
        them.

    Raises
    ------
    DataError
        When a version of an item is given twice.
    """
    versions: dict[ItemId, dict[str, float | None]] = {}
    for item, version, answer in answers:
        given = versions.setdefault(item, {})
        if version in given:
            raise DataError(f"version '{version}' of item {item} stands twice")
        given[version] = answer
    return {
        item: None
        if required is not None and given.get(required) is None
        else _mean([answer for answer in given.values() if answer is not None])
        for item, given in versions.items()
    }


def score_portraits(
    answers: Mapping[ItemId, float | None], tags: Sequence[Tag]
) -> list[DimensionScore]:
    """Score one respondent; families and dimensions in the order in which the tags name them."""
    by_family: dict[str, dict[str, list[ItemId]]] = {}
    for tag in tags:
        by_family.setdefault(tag.family, {}).setdefault(tag.dimension, []).append(tag.item)
    found = []
    for family, dimensions in by_family.items():
        tagged = sorted({item for items in dimensions.values() for item in items})
        centre = _mean(_answered(answers, tagged))
        for dimension, items in dimensions.items():
            given = _answered(answers, items)
            mean = _mean(given)
            found.append(
                DimensionScore(
                    family=family,
                    dimension=dimension,
                    centred=None if mean is None or centre is None else mean - centre,
                    mean=mean,
                    sd=float(np.std(given)) if given else None,
                    n_items=len(given),
                    n_missing=len(items) - len(given),
                )
            )
    return found


def sensitivity(
    answers: Mapping[tuple[ItemId, str, str], float | None],
) -> Sensitivity:
    """Compare answers of one respondent, keyed by (item, wording, order), over form alone."""
    by_item: dict[ItemId, list[tuple[str, str, float]]] = {}
    for (item, words, direction), answer in answers.items():
        if answer is not None:
            by_item.setdefault(item, []).append((words, direction, answer))
    gaps: dict[tuple[bool, bool], list[float]] = {}
    for given in by_item.values():
        for one, other in itertools.combinations(given, 2):
            kind = (one[0] != other[0], one[1] != other[1])
            gaps.setdefault(kind, []).append(abs(one[2] - other[2]))
    wording, order, both = (gaps.get(k, []) for k in ((True, False), (False, True), (True, True)))
    return Sensitivity(
        wording=_changed(wording),
        wording_distance=_mean(wording),
        n_wording=len(wording),
        order=_changed(order),
        order_distance=_mean(order),
        n_order=len(order),
        both=_changed(both),
        both_distance=_mean(both),
        n_both=len(both),
    )


def _changed(gaps: Sequence[float]) -> float | None:
    return _mean([float(gap > 0) for gap in gaps])


def _answered(answers: Mapping[ItemId, float | None], items: Iterable[ItemId]) -> list[float]:
    given = [answers.get(item) for item in items]
    return [answer for answer in given if answer is not None]


def _mean(numbers: Sequence[float]) -> float | None:
    return float(np.mean(numbers)) if numbers else None
