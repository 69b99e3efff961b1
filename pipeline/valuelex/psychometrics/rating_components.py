"""Variance components of ratings that are not complete: intraclass correlations with gaps.

Ratings stand in an array (judges, targets), NaN where a judge said nothing. Components come from
Henderson's method 1 (1953, Biometrics 9, 226-252), which is the analysis of variance where nothing
is missing: there the coefficients are those of Shrout and Fleiss (1979) to the last digit. Columns
carry weights (how often a target counts), so that a bootstrap over subjects is one matrix product.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from valuelex.psychometrics.types import Floats

ICC_KINDS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
_TINY = 1e-12


class OneWay(NamedTuple):
    """Components of one-way data, each (draws,): between groups and within them."""

    between: Floats
    within: Floats


class TwoWay(NamedTuple):
    """Components of judges x targets, each (draws,): targets, judges, and what is left."""

    targets: Floats
    judges: Floats
    error: Floats


def one_way(counts: Floats, sums: Floats, squares: Floats, weights: Floats) -> OneWay:
    """Return the components of groups that are known by their sums.

    Parameters
    ----------
    counts, sums, squares
        (groups,) how many values a group has, their sum, and the sum of their squares.
    weights
        (draws, groups) how often a group counts.

    Returns
    -------
    NaN where fewer than two groups count, or no group has two values. Negative estimates of
    ``between`` are left as they are.
    """
    there = counts > 0
    n, s, q, w = counts[there], sums[there], squares[there], weights[:, there]
    with np.errstate(divide="ignore", invalid="ignore"):
        total, groups = w @ n, w.sum(axis=1)
        across = w @ (s**2 / n)
        inside = np.maximum(w @ q - across, 0.0)
        ms_between = (across - (w @ s) ** 2 / total) / (groups - 1)
        ms_within = inside / (total - groups)
        n0 = (total - (w @ n**2) / total) / (groups - 1)
        between = (ms_between - ms_within) / n0
    bad = (groups < 2) | (total <= groups)
    return OneWay(np.where(bad, np.nan, between), np.where(bad, np.nan, ms_within))


def two_way(ratings: Floats, weights: Floats) -> TwoWay:
    """Return the components of ratings (judges, targets) under weights (draws, targets).

    NaN where the data cannot tell judges, targets and error apart.
    """
    rated = np.isfinite(ratings).any(axis=0)
    y, mask = filled(ratings[:, rated])
    w = weights[:, rated]
    n_i, s_i = mask.sum(axis=0), y.sum(axis=0)
    n_j, s_j = w @ mask.T, w @ y.T  # (draws, judges)
    total, a, b = w @ n_i, w.sum(axis=1), (n_j > 0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (w @ s_i) ** 2 / total
        of_targets = w @ (s_i**2 / n_i) - mean
        of_judges = np.where(n_j > 0, s_j**2 / np.where(n_j > 0, n_j, 1), 0.0).sum(axis=1) - mean
        of_all = w @ (y**2).sum(axis=0) - mean
        i, j = (w @ n_i**2) / total, (n_j**2).sum(axis=1) / total
    # expected sums of squares: rows of_targets, of_judges, of_all; columns as in TwoWay
    left = np.empty((len(w), 3, 3))
    left[:, 0] = np.column_stack([total - i, a - j, a - 1])
    left[:, 1] = np.column_stack([b - i, total - j, b - 1])
    left[:, 2] = np.column_stack([total - i, total - j, total - 1])
    fit = (a >= 2) & (b >= 2) & (total > a + b - 1)
    fit[fit] = np.abs(np.linalg.det(left[fit])) > _TINY
    out = np.full((len(w), 3), np.nan)
    right = np.column_stack([of_targets, of_judges, of_all])
    out[fit] = np.linalg.solve(left[fit], right[fit][:, :, None])[:, :, 0]
    out[fit, 2] = np.maximum(out[fit, 2], 0.0)
    return TwoWay(out[:, 0], out[:, 1], out[:, 2])


def coefficients(ratings: Floats, weights: Floats) -> Floats:
    """Return the six coefficients (draws, 6), in the order of ``ICC_KINDS``.

    ``k`` is the harmonic mean of the number of judges a target has: of a complete table, the number
    of judges. R: ``psych::ICC(t(ratings), lmer = FALSE)`` where nothing is missing.
    """
    y, mask = filled(ratings)
    n, sums, squares = mask.sum(axis=0), y.sum(axis=0), (y**2).sum(axis=0)
    one, two = one_way(n, sums, squares, weights), two_way(ratings, weights)
    rated = n > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        w = weights[:, rated]
        k = w.sum(axis=1) / (w @ (1 / n[rated]))
        noise = two.judges + two.error
        pairs = [
            (one.between, one.within),
            (two.targets, noise),
            (two.targets, two.error),
        ]
        single = [true / (true + wrong) for true, wrong in pairs]
        mean = [true / (true + wrong / k) for true, wrong in pairs]
    found: Floats = np.column_stack(single + mean)
    found[~np.isfinite(found)] = np.nan
    return found


def filled(ratings: Floats) -> tuple[Floats, Floats]:
    """Return ratings with the grand mean taken off and gaps at 0, and 1.0 where there is one."""
    there = np.isfinite(ratings)
    middle = ratings[there].mean() if there.any() else 0.0  # keeps sums of squares exact
    return np.where(there, ratings - middle, 0.0), there.astype(np.float64)
