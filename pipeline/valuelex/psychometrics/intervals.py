"""Intervals of shares and ratios, with whole clusters resampled where answers repeat."""

from __future__ import annotations

import numpy as np
from scipy import stats

from valuelex.psychometrics.types import Floats, Labels, group_index

LEAST_CLUSTERS = 3


def wilson(part: int, whole: int, confidence: float = 0.95) -> tuple[float | None, float | None]:
    """Return Wilson's interval of a share, ``None`` where nothing was counted.

    Source: Wilson (1927). R: ``prop.test(part, whole, correct = FALSE)$conf.int``.
    """
    if whole < 1:
        return None, None
    found = stats.binomtest(part, whole).proportion_ci(confidence, method="wilson")
    return float(found.low), float(found.high)


def pearson(
    a: Floats, b: Floats, confidence: float = 0.95
) -> tuple[float | None, float | None, float | None]:
    """Return r of two columns (n,) with Fisher's interval; ``None`` for what cannot be worked out.

    There is no r of fewer than three cases or of a constant, and no interval of fewer than four or
    of a perfect r. Cases are taken for independent. R: ``cor.test(a, b)``.
    """
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None, None, None
    found = stats.pearsonr(a, b)
    r = float(found.statistic)
    if len(a) < 4 or abs(r) >= 1:
        return r, None, None
    bounds = found.confidence_interval(confidence)
    return r, float(bounds.low), float(bounds.high)


def cluster_ratio(
    part: Floats, whole: Floats, clusters: Labels, *, draws: int = 1000, seed: int = 0
) -> tuple[float | None, float | None, float | None]:
    """Return sum(part) / sum(whole) with a central 95 % interval over resampled clusters.

    Parameters
    ----------
    part, whole
        (n,) numerators and denominators; ``whole`` >= 0.
    clusters
        (n,) label of the unit that is resampled whole.

    Returns
    -------
    tuple
        The ratio, ``None`` when the whole is 0; the interval, ``None`` below three clusters.
    """
    if not len(whole) or whole.sum() <= 0:
        return None, None, None
    names, index = group_index(clusters)
    ratio = float(part.sum() / whole.sum())
    parts = np.bincount(index, part, minlength=len(names))
    wholes = np.bincount(index, whole, minlength=len(names))
    if np.count_nonzero(wholes) < LEAST_CLUSTERS:
        return ratio, None, None
    drawn = np.random.default_rng(seed).integers(0, len(names), (draws, len(names)))
    below = wholes[drawn].sum(axis=1)
    found = parts[drawn].sum(axis=1)[below > 0] / below[below > 0]
    lower, upper = np.percentile(found, [2.5, 97.5])
    return ratio, float(lower), float(upper)
