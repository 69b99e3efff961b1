"""Which items count for which value: by the published threshold, or corrected for chance.

Thousands of correlations from some forty-six raters each cross .3 by chance often. The corrected
rule tests each against value scores dealt out anew among the raters (whole profiles, so that the
values keep their correlations), controls the false discovery rate over all of them, and keeps
those that are positive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from valuelex.instruments.portrait.correlations import (
    ItemCorrelations,
    correlate,
    value_ranks,
)
from valuelex.instruments.portrait.ratings import Matrix, Ratings
from valuelex.instruments.portrait.score import Tag

THRESHOLD = 0.3
LEVEL = 0.05


@dataclass(frozen=True)
class Tagging:
    """Correlations of items with one family of values, tested.

    Attributes
    ----------
    correlations
        r, t-test p and n.
    p, q
        (items, values) two-sided permutation p, and the same after Benjamini-Hochberg.
    chance
        (permutations, values) tags above ``threshold`` in each deal.
    """

    family: str
    correlations: ItemCorrelations
    p: Matrix
    q: Matrix
    chance: NDArray[np.int64]
    threshold: float
    level: float

    @property
    def published(self) -> NDArray[np.bool_]:
        """(items, values): above the threshold, whatever chance does."""
        return np.asarray(self.correlations.r > self.threshold)

    @property
    def corrected(self) -> NDArray[np.bool_]:
        """(items, values): positive, and below the false discovery rate."""
        return np.asarray((self.q < self.level) & (self.correlations.r > 0))

    def tags(self, rule: str) -> tuple[Tag, ...]:
        """Return the tags of ``published`` or ``corrected``, values in order, then items."""
        chosen = self.published if rule == "published" else self.corrected
        found = self.correlations
        return tuple(
            Tag(found.items[i], self.family, found.values[v], float(found.r[i, v]))
            for v in range(len(found.values))
            for i in np.flatnonzero(chosen[:, v])
        )


@dataclass(frozen=True, slots=True)
class TagCount:
    """Tags of one value, or of all where ``value`` is empty.

    ``expected`` is the mean number by chance, ``lower`` and ``upper`` its central 95 %;
    ``false_share`` the expected share of false tags, at most 1, ``None`` without tags.
    """

    value: str
    published: int
    expected: float
    lower: float
    upper: float
    false_share: float | None
    corrected: int


def tag_items(
    ratings: Ratings,
    scores: Mapping[str, Mapping[str, float]],
    values: Sequence[str],
    family: str,
    *,
    threshold: float = THRESHOLD,
    level: float = LEVEL,
    permutations: int = 500,
    seed: int = 0,
) -> Tagging:
    """Correlate every item with every value, and test each correlation by permutation.

    The null distribution is pooled over the items that the same people rated and over the values:
    ranks are standardised, so that they share it but for ties.

    Raises
    ------
    DataError
        As :func:`~valuelex.instruments.portrait.correlations.correlate`.
    """
    found = correlate(ratings, scores, values)
    rng = np.random.default_rng(seed)
    chance = np.zeros((permutations, len(values)), dtype=np.int64)
    p = np.full_like(found.r, np.nan)
    start = 0
    for block in ratings.blocks:
        rated, valued = value_ranks(block, scores, values)
        null = np.empty((permutations, len(block.items), len(values)))
        for draw in range(permutations):
            null[draw] = rated @ valued[:, rng.permutation(valued.shape[1])].T
        chance += (null > threshold).sum(axis=1)
        stop = start + len(block.items)
        p[start:stop] = _pooled_p(found.r[start:stop], null)
        start = stop
    q = np.full_like(p, np.nan)
    there = np.isfinite(p)
    if there.any():
        q[there] = stats.false_discovery_control(p[there], method="bh")
    return Tagging(family, found, p, q, chance, threshold, level)


def count_tags(tagging: Tagging) -> list[TagCount]:
    """Return the tags of all values together first, then of each."""
    values = tagging.correlations.values
    columns = [("", slice(None)), *((value, slice(v, v + 1)) for v, value in enumerate(values))]
    return [_count(tagging, value, columns_) for value, columns_ in columns]


def _count(tagging: Tagging, value: str, columns: slice) -> TagCount:
    published = int(tagging.published[:, columns].sum())
    chance = tagging.chance[:, columns].sum(axis=1)
    expected = float(chance.mean()) if len(chance) else 0.0
    lower, upper = np.percentile(chance, [2.5, 97.5]) if len(chance) else (0.0, 0.0)
    return TagCount(
        value=value,
        published=published,
        expected=expected,
        lower=float(lower),
        upper=float(upper),
        false_share=min(expected / published, 1.0) if published else None,
        corrected=int(tagging.corrected[:, columns].sum()),
    )


def _pooled_p(r: Matrix, null: NDArray[np.float64]) -> Matrix:
    """Two-sided p of each r (items, values) among all |r| of the null; never 0."""
    pool = np.sort(np.abs(null[np.isfinite(null)]))
    # what ties and rounding set apart by the last bits counts as equal
    beyond = len(pool) - np.searchsorted(pool, np.abs(r) - 1e-12)
    return np.where(np.isfinite(r), (1 + beyond) / (1 + len(pool)), np.nan)
