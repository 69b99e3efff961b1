"""Tagging items by people: what do those value who say "like me" to a reply.

Items are rated by groups of people whose value scores are known. An item is tagged with a value
when Spearman's correlation of rating and value score exceeds a threshold (Han et al. 2025: .3).
With some 47 raters an item and thousands of correlations, many tags are chance; the permutation
null here counts how many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from valuelex.errors import DataError
from valuelex.instruments.portrait.ratings import Block, ItemId, Matrix, Ratings


@dataclass(frozen=True)
class ItemCorrelations:
    """Spearman's r of each item with each value: ``r`` and ``p`` are (items, values).

    ``p`` is two-sided, by Student's t; ``n`` is (items,), raters with value scores; ``group`` is
    (items,). NaN where a rating or a value does not vary.
    """

    items: tuple[ItemId, ...]
    values: tuple[str, ...]
    r: Matrix
    p: Matrix
    n: NDArray[np.int64]
    group: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ChanceTags:
    """Tags above a threshold, and how many permuted value scores give.

    ``expected_false_share`` is the expected share of false tags among the observed ones, at most 1.
    """

    observed: int
    chance_mean: float
    chance_sd: float
    expected_false_share: float | None
    permutations: int


def correlate(
    ratings: Ratings, scores: Mapping[str, Mapping[str, float]], values: Sequence[str]
) -> ItemCorrelations:
    """Correlate each item's ratings with each value of its raters (R: ``cor(method="spearman")``).

    Parameters
    ----------
    scores
        Person -> value -> score; raters without scores are left out of their items.
    values
        The values to correlate with, in the order of the columns of the result.

    Raises
    ------
    DataError
        When an item has fewer than four raters with scores.
    """
    items: list[ItemId] = []
    parts: list[Matrix] = []
    sizes: list[int] = []
    where: list[int] = []
    for block in ratings.blocks:
        rated, valued = value_ranks(block, scores, values)
        parts.append(rated @ valued.T)
        items.extend(block.items)
        sizes.extend([rated.shape[1]] * len(block.items))
        where.extend([block.group] * len(block.items))
    r, n = np.vstack(parts), np.array(sizes, dtype=np.int64)
    return ItemCorrelations(
        items=tuple(items),
        values=tuple(values),
        r=r,
        p=_p(r, n),
        n=n,
        group=np.array(where, dtype=np.int64),
    )


def chance_tags(
    ratings: Ratings,
    scores: Mapping[str, Mapping[str, float]],
    values: Sequence[str],
    *,
    threshold: float = 0.3,
    permutations: int = 200,
    seed: int = 0,
) -> ChanceTags:
    """Count tags, and the tags that remain when value scores are dealt out anew among the raters.

    Whole value profiles are permuted within each set of raters, so that the values keep their
    correlations with each other and the items theirs.
    """
    ranked = [value_ranks(block, scores, values) for block in ratings.blocks]
    observed = sum(int((rated @ valued.T > threshold).sum()) for rated, valued in ranked)
    rng = np.random.default_rng(seed)
    counts = np.zeros(permutations)
    for rated, valued in ranked:
        for draw in range(permutations):
            dealt = valued[:, rng.permutation(valued.shape[1])]
            counts[draw] += (rated @ dealt.T > threshold).sum()
    mean = float(counts.mean())
    return ChanceTags(
        observed=observed,
        chance_mean=mean,
        chance_sd=float(counts.std(ddof=1)) if permutations > 1 else 0.0,
        expected_false_share=min(mean / observed, 1.0) if observed else None,
        permutations=permutations,
    )


def false_discovery(correlations: ItemCorrelations) -> Matrix:
    """Return Benjamini-Hochberg adjusted p, (items, values), over all correlations that exist."""
    adjusted = np.full_like(correlations.p, np.nan)
    there = np.isfinite(correlations.p)
    adjusted[there] = stats.false_discovery_control(correlations.p[there], method="bh")
    return adjusted


def value_ranks(
    block: Block, scores: Mapping[str, Mapping[str, float]], values: Sequence[str]
) -> tuple[Matrix, Matrix]:
    """Return unit-length centred midranks of ratings (items, n) and values (values, n).

    Only people with value scores are kept.

    Raises
    ------
    DataError
        When fewer than four of the block's raters have scores.
    """
    kept = [place for place, person in enumerate(block.people) if person in scores]
    if len(kept) < 4:
        raise DataError(
            f"items {block.items[:3]} must have 4 raters with value scores, have {len(kept)}"
        )
    table = np.array([[scores[block.people[p]][value] for p in kept] for value in values])
    return _unit(block.ratings[:, kept]), _unit(table)


def _unit(rows: Matrix) -> Matrix:
    ranks = stats.rankdata(rows, axis=1)
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    length = np.linalg.norm(ranks, axis=1, keepdims=True)
    unit: Matrix = np.divide(ranks, length, out=np.full_like(ranks, np.nan), where=length > 0)
    return unit


def _p(r: Matrix, n: NDArray[np.int64]) -> Matrix:
    df = (n - 2)[:, None]
    inside = np.clip(1 - r**2, 0, None)
    t = np.abs(r) * np.sqrt(np.divide(df, inside, out=np.full_like(r, np.inf), where=inside > 0))
    p: Matrix = np.where(np.isnan(r), np.nan, 2 * stats.t.sf(t, df))
    return p
