"""How well judges agree who rate the same targets, with gaps, and with intervals over subjects.

Every coefficient is computed under weights of the targets, all ones for the value itself; the
intervals resample *subjects* (whoever was rated, with all targets that are theirs), because targets
of one subject are no independent cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.sparse.csgraph import connected_components

from valuelex.psychometrics.rating_components import ICC_KINDS, coefficients, filled
from valuelex.psychometrics.types import Floats, Ints, Labels, group_index

LEAST_SHARED = 3
"""Fewer shared targets than this give no correlation."""
_LEAST_DRAWS = 0.5  # share of the draws in which a coefficient must exist to have an interval

Statistic = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with the central 95 % of its bootstrap over subjects; NaN where undefined."""

    value: float
    lower: float = float("nan")
    upper: float = float("nan")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Correlations between judges.

    Attributes
    ----------
    pearson, spearman
        (judges, judges), NaN where undefined.
    shared
        (judges, judges) targets that both rated.
    """

    pearson: Floats
    spearman: Floats
    shared: Ints

    @property
    def off(self) -> tuple[Ints, Ints]:
        """Places of every pair, once."""
        rows, columns = np.triu_indices(len(self.pearson), 1)
        return rows, columns


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of judges on one trait.

    ``mean_r`` is the plain mean over the pairs that have a correlation; ``icc`` is keyed by
    ``rating_components.ICC_KINDS``; ``complete`` counts the targets that every judge rated.
    """

    mean_r: Estimate
    least_r: float
    most_r: float
    pairs: Pairs
    icc: dict[str, Estimate]
    alpha_interval: Estimate
    alpha_ordinal: Estimate
    targets: int
    complete: int
    clusters: int


def resamples(clusters: Labels, draws: int, seed: int) -> Floats:
    """Return weights (1 + draws, targets): ones, then how often each target's subject was drawn."""
    names, index = group_index(clusters)
    rng = np.random.default_rng(seed)
    weights = np.ones((1 + draws, len(index)))
    for d in range(1, 1 + draws):
        drawn = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        weights[d] = drawn[index]
    return weights


def agreement(ratings: Floats, weights: Floats, clusters: Labels) -> Agreement:
    """Return the agreement of ratings (judges, targets).

    Parameters
    ----------
    ratings
        NaN where a judge said nothing; every judge and every target has a rating.
    weights
        From :func:`resamples`; the first row is all ones.
    clusters
        (targets,) the subject of each.
    """
    pearson = correlations(ratings, weights[:1])[0]
    pairs = Pairs(pearson, _spearman(ratings), _shared(ratings))
    off = pearson[pairs.off]
    known = off[np.isfinite(off)]
    found = coefficients(ratings, weights)
    return Agreement(
        mean_r=estimate(mean_correlation(ratings, weights)),
        least_r=float(known.min()) if len(known) else float("nan"),
        most_r=float(known.max()) if len(known) else float("nan"),
        pairs=pairs,
        icc={kind: estimate(found[:, c]) for c, kind in enumerate(ICC_KINDS)},
        alpha_interval=estimate(alpha_interval(ratings, weights)),
        alpha_ordinal=estimate(alpha_ordinal(ratings, weights)),
        targets=int(np.isfinite(ratings).any(axis=0).sum()),
        complete=int(np.isfinite(ratings).all(axis=0).sum()),
        clusters=len(np.unique(np.asarray(clusters).astype(str))),
    )


def estimate(values: Floats) -> Estimate:
    """Return values (1 + draws,) as an estimate: the first is the value, the rest its bootstrap."""
    value, drawn = float(values[0]), values[1:]
    drawn = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or len(drawn) < max(2, _LEAST_DRAWS * (len(values) - 1)):
        return Estimate(value)
    lower, upper = np.percentile(drawn, [2.5, 97.5])
    return Estimate(value, float(lower), float(upper))


def correlations(ratings: Floats, weights: Floats) -> Floats:
    """Return Pearson's correlations (draws, judges, judges) over the targets that a pair shares."""
    y, mask = filled(ratings)
    out = np.empty((len(weights), len(y), len(y)))
    for d, w in enumerate(weights):
        n = (mask * w) @ mask.T
        sums, products = (y * w) @ mask.T, (y * w) @ y.T
        squares = (y**2 * w) @ mask.T
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = squares - sums**2 / n
            r = (products - sums * sums.T / n) / np.sqrt(spread * spread.T)
        small = 1e-12 * np.maximum(squares, 1e-300)
        out[d] = np.where((n >= LEAST_SHARED) & (spread > small) & (spread.T > small.T), r, np.nan)
    return np.asarray(np.clip(out, -1.0, 1.0), dtype=np.float64)


def mean_correlation(ratings: Floats, weights: Floats) -> Floats:
    """Return the mean correlation (draws,) over the pairs of judges that have one."""
    rows, columns = np.triu_indices(len(ratings), 1)
    off = correlations(ratings, weights)[:, rows, columns]
    known = np.isfinite(off)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, off, 0.0).sum(axis=1) / known.sum(axis=1))


def _spearman(ratings: Floats) -> Floats:
    k = len(ratings)
    there = np.isfinite(ratings)
    if there.all():
        ranked = stats.rankdata(ratings, axis=1)
        return np.asarray(correlations(ranked, np.ones((1, ratings.shape[1])))[0])
    out = np.full((k, k), np.nan)
    for a in range(k):
        for b in range(a, k):
            both = there[a] & there[b]
            ranks = stats.rankdata(ratings[[a, b]][:, both], axis=1)
            out[a, b] = out[b, a] = correlations(ranks, np.ones((1, int(both.sum()))))[0][0, 1]
    return out


def _shared(ratings: Floats) -> Ints:
    mask = np.isfinite(ratings).astype(np.int64)
    return np.asarray(mask @ mask.T)


def alpha_interval(ratings: Floats, weights: Floats) -> Floats:
    """Return Krippendorff's alpha (draws,) with squared differences.

    Krippendorff (2004), *Content Analysis*, chapter 11, in closed form; the known answers are those
    of the package ``krippendorff``. NaN where nothing varies or no target has two ratings.
    """
    paired = np.isfinite(ratings).sum(axis=0) >= 2
    y, mask = filled(ratings[:, paired])
    w = weights[:, paired]
    n, sums, squares = mask.sum(axis=0), y.sum(axis=0), (y**2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.maximum(squares - sums**2 / n, 0.0)
        total = w @ n
        observed = w @ (inside * n / (n - 1)) / total
        spread = w @ squares - (w @ sums) ** 2 / total
        expected = spread / (total - 1)
        alpha = 1 - observed / expected
    return np.asarray(np.where(expected > 1e-12, alpha, np.nan))


def alpha_ordinal(ratings: Floats, weights: Floats) -> Floats:
    """Return Krippendorff's alpha (draws,) for ranked scores.

    The ordinal difference of two scores is the number of ratings between them, half of their own
    included: the difference of their mid-ranks among all paired ratings.
    """
    paired = np.isfinite(ratings).sum(axis=0) >= 2
    y, w = ratings[:, paired], weights[:, paired]
    there = np.isfinite(y)
    levels, codes = np.unique(y[there], return_inverse=True)
    if not len(levels):
        return np.full(len(weights), np.nan)
    at = np.zeros(y.shape, dtype=np.int64)
    at[there] = codes.ravel()
    where = np.nonzero(there)[1]
    out = np.empty(len(w))
    for d, one in enumerate(w):
        counts = np.bincount(codes.ravel(), weights=one[where], minlength=len(levels))
        middle = np.cumsum(counts) - counts / 2
        out[d] = alpha_interval(np.where(there, middle[at], np.nan), one[None, :])[0]
    return out


def severity(ratings: Floats, weights: Floats) -> Floats:
    """Return each judge's severity (draws, judges): points above the judges' mean, same targets.

    Least squares of rating = target + judge, the judges' effects summing to zero; without gaps, a
    judge's mean minus the grand mean. Judges that share no target, not even through others, cannot
    be compared: then all are NaN.
    """
    y, mask = filled(ratings)
    n = mask.sum(axis=0)
    k = len(y)
    out = np.full((len(weights), k), np.nan)
    for d, w in enumerate(weights):
        share = np.where(n > 0, w / np.where(n > 0, n, 1), 0.0)
        together = (mask * share) @ mask.T
        if connected_components(together > 0, directed=False)[0] > 1:
            continue
        left = np.diag(mask @ w) - together
        right = y @ w - (mask * share) @ y.sum(axis=0)
        effects = np.linalg.lstsq(left, right, rcond=None)[0]
        out[d] = effects - effects.mean()
    return out


def rest_correlations(ratings: Floats) -> Floats:
    """Return each judge's correlation (judges,) with the mean of the others on the same targets."""
    out = np.full(len(ratings), np.nan)
    for a, own in enumerate(ratings):
        others = np.delete(ratings, a, axis=0)
        n = np.isfinite(others).sum(axis=0)
        rest = np.where(n > 0, np.nansum(others, axis=0) / np.maximum(n, 1), np.nan)
        out[a] = correlations(np.vstack([own, rest]), np.ones((1, len(own))))[0][0, 1]
    return out
