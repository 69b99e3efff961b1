"""Do two instruments agree on the same models? Correlations whose interval resamples families."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    drawn = [rng.integers(0, len(names), len(names)) for _ in range(draws)]
    times = np.array([np.bincount(one, minlength=len(names)) for one in drawn])
    found = _resampled(x, y, np.eye(len(names))[index], times)
    if len(found) < draws / 2:
        return ClusterCorrelation(r, None, None, len(x), len(names))
    lower, upper = np.percentile(found, [2.5, 97.5])
    return ClusterCorrelation(r, float(lower), float(upper), len(x), len(names))


def _resampled(x: Floats, y: Floats, member: Floats, times: NDArray[np.int64]) -> Floats:
    """Correlate under each of ``times`` (draws, c): how often each of c clusters was drawn.

    Sums over a cluster do not change from draw to draw, so they are taken once: ``member`` (n, c)
    says who belongs where. Draws of too few pairs or without variance are left out.
    """
    x, y = x - x.mean(), y - y.mean()
    n, sx, sy, sxx, syy, sxy = (
        times @ (member.T @ part) for part in (np.ones_like(x), x, y, x * x, y * y, x * y)
    )
    varied = (n >= LEAST) & _varied(x, member, times) & _varied(y, member, times)
    n, sx, sy, sxx, syy, sxy = (part[varied] for part in (n, sx, sy, sxx, syy, sxy))
    r: Floats = (sxy - sx * sy / n) / np.sqrt((sxx - sx * sx / n) * (syy - sy * sy / n))
    return r


def _varied(x: Floats, member: Floats, times: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell for each draw (draws,) whether the values that were drawn differ at all."""
    there = member.astype(bool)
    high = np.where(there, x[:, None], -np.inf).max(axis=0)
    low = np.where(there, x[:, None], np.inf).min(axis=0)
    drawn = times > 0
    highest = np.where(drawn, high, -np.inf).max(axis=1)
    return np.asarray(highest - np.where(drawn, low, np.inf).min(axis=1) > 1e-12)


def _pearson(x: Floats, y: Floats) -> float | None:
    if len(x) < LEAST or np.ptp(x) <= 1e-12 or np.ptp(y) <= 1e-12:
        return None
    dx, dy = x - x.mean(), y - y.mean()
    return float((dx @ dy) / np.sqrt((dx @ dx) * (dy @ dy)))
