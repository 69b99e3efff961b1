"""Do two instruments agree on the same models? Correlations whose interval resamples families."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats, Labels, group_index

LEAST = 4


@dataclass(frozen=True)
class ClusterCorrelation:
    """Pearson's r over ``n`` pairs in ``clusters`` clusters, with a central 95 % interval.

    ``r`` is ``None`` with fewer than four complete pairs or no variance; the interval is ``None``
    with fewer than three clusters.
    """

    r: float | None
    lower: float | None
    upper: float | None
    n: int
    clusters: int


def cluster_correlation(
    x: Floats, y: Floats, clusters: Labels, *, draws: int = 500, seed: int = 0
) -> ClusterCorrelation:
    """Correlate x (n,) with y (n,), resampling whole clusters for the interval.

    Pairs with a NaN are left out. The bootstrap is the cluster (pairs) bootstrap of Cameron,
    Gelbach and Miller (2008), percentile interval. R: ``cor(x, y)``, resampled by cluster.

    Raises
    ------
    DataError
        When the lengths differ.
    """
    if not len(x) == len(y) == len(clusters):
        raise DataError(f"lengths must agree, were: {len(x)}, {len(y)}, {len(clusters)}")
    use = np.isfinite(x) & np.isfinite(y)
    x, y = np.asarray(x)[use], np.asarray(y)[use]
    names, index = group_index(np.asarray(clusters)[use]) if use.any() else ([], np.zeros(0, int))
    r = _pearson(x, y)
    if r is None or len(names) < 3:
        return ClusterCorrelation(r, None, None, len(x), len(names))
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(index == c) for c in range(len(names))]
    found = []
    for _ in range(draws):
        rows = np.concatenate([members[c] for c in rng.integers(0, len(names), len(names))])
        value = _pearson(x[rows], y[rows])
        if value is not None:
            found.append(value)
    if len(found) < draws / 2:
        return ClusterCorrelation(r, None, None, len(x), len(names))
    lower, upper = np.percentile(found, [2.5, 97.5])
    return ClusterCorrelation(r, float(lower), float(upper), len(x), len(names))


def _pearson(x: Floats, y: Floats) -> float | None:
    if len(x) < LEAST or np.ptp(x) <= 1e-12 or np.ptp(y) <= 1e-12:
        return None
    dx, dy = x - x.mean(), y - y.mean()
    return float((dx @ dy) / np.sqrt((dx @ dx) * (dy @ dy)))
