"""Sub-dimensions: groups inside one dimension, by meaning and by what is named together.

Both sources are read as *profiles*: two terms are alike when they have the same likenesses to all
other terms of the dimension. Noise of single pairs averages out in a profile, so where the
residual correlations are noise their profiles correlate near zero and meaning decides, and where
they carry structure they speak up by themselves; no weight has to be tuned to the data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError


def residual_correlation(
    R: NDArray[np.floating], loadings: NDArray[np.floating], phi: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Correlation of the terms' unique parts: what is left when the factors are taken out.

    Parameters
    ----------
    R
        (p, p) correlation matrix of the terms.
    loadings
        (p, k) pattern loadings.
    phi
        (k, k) factor correlations.

    Returns
    -------
    (p, p): ``(R - L phi L') / sqrt(u u')`` with ``u = 1 - communality`` (at least .05, so that a
    near-Heywood term does not blow up), 1 on the diagonal, cut to [-1, 1].
    """
    common = loadings @ phi @ loadings.T
    unique = np.sqrt(np.clip(1.0 - np.diag(common), 0.05, None))
    out = np.clip((R - common) / np.outer(unique, unique), -1.0, 1.0)
    np.fill_diagonal(out, 1.0)
    return np.asarray(out, dtype=np.float64)


def subdivide(
    vectors: NDArray[np.floating],
    residual: NDArray[np.floating] | None = None,
    *,
    largest: int = 6,
    min_size: int = 3,
    residual_weight: float = 1.0,
) -> NDArray[np.int64]:
    """Split m terms of one dimension into groups.

    The sum of the meaning profile and the residual profile is a similarity; its first principal
    axes carry the groups (k groups need k - 1 axes). For each k in [2, largest] Ward's tree on
    k - 1 axes is cut and refined by moving terms to the nearest mean; groups below ``min_size``
    join the nearest one. The k with the best mean silhouette on ``largest - 1`` axes is taken.

    Parameters
    ----------
    vectors
        (m, d) unit vectors of meaning.
    residual
        (m, m) residual correlations; rows of NaN are terms outside the factor analysis, which
        meaning alone then places. ``None``: meaning alone for all.
    largest
        Most groups, >= 1.
    min_size
        Fewest terms of a group, >= 1.
    residual_weight
        Weight of the residual profile beside the meaning profile, >= 0.

    Returns
    -------
    Labels (m,) from 0: by size, then by first row. One group when m < 2 * min_size.
    """
    m = len(vectors)
    if residual is not None and np.shape(residual) != (m, m):
        raise DataError(f"residual correlations of shape {np.shape(residual)} for {m} terms")
    most = min(largest, m // max(min_size, 1))
    if most < 2:
        return np.zeros(m, dtype=np.int64)
    unit = np.asarray(vectors, dtype=np.float64)
    likeness = profile_similarity(unit @ unit.T)
    if residual is not None and residual_weight > 0:
        likeness = likeness + residual_weight * profile_similarity(np.asarray(residual))
    axes = _principal_axes(likeness, largest - 1)
    best, best_score = np.zeros(m, dtype=np.int64), -1.0
    for k in range(2, most + 1):
        labels = _merge_small(axes, _cut(axes[:, : k - 1], k), min_size)
        score = mean_silhouette(axes, labels)
        if score > best_score + 1e-9:
            best, best_score = labels, score
    return _in_order(best)


def profile_similarity(S: NDArray[np.floating]) -> NDArray[np.float64]:
    """Correlate the rows of a similarity matrix (m, m), its diagonal left out.

    Rows of NaN, or without variance, get 0 with every other row.
    """
    rows = np.array(S, dtype=np.float64)
    np.fill_diagonal(rows, np.nan)
    known = ~np.isnan(rows)
    count = known.sum(axis=1, keepdims=True)
    mean = np.where(known, rows, 0.0).sum(axis=1, keepdims=True) / np.maximum(count, 1)
    centred = np.where(known, rows - mean, 0.0)
    # then as numpy's corrcoef of the rows, where the left-out diagonal counts as the row's mean
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    centred = np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-12)
    return np.asarray(centred @ centred.T)


def mean_silhouette(X: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Mean silhouette width (Rousseeuw 1987) by Euclidean distance; -1 for a single group.

    A term alone in its group has width 0, as in ``cluster::silhouette`` of R.
    """
    groups = np.unique(labels)
    if len(groups) < 2:
        return -1.0
    distance = np.sqrt(((X[:, None, :] - X[None, :, :]) ** 2).sum(axis=2))
    sums = np.stack([distance[:, labels == g].sum(axis=1) for g in groups], axis=1)
    sizes = np.array([(labels == g).sum() for g in groups])
    own = np.searchsorted(groups, labels)
    row = np.arange(len(labels))
    inside = sums[row, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[row, own] = np.inf
    outside = means.min(axis=1)
    widest = np.maximum(inside, outside)
    width = np.divide(outside - inside, widest, out=np.zeros(len(row)), where=widest > 0)
    return float(np.where(sizes[own] > 1, width, 0.0).mean())


def _principal_axes(S: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Classical scaling: the leading axes (m, count) of a similarity matrix, largest first."""
    centred = S - S.mean(axis=0) - S.mean(axis=1, keepdims=True) + S.mean()
    values, axes = np.linalg.eigh((centred + centred.T) / 2)
    count = min(count, len(S) - 1)
    lead = np.argsort(values)[::-1][:count]
    return np.asarray(axes[:, lead] * np.sqrt(np.clip(values[lead], 0.0, None)))


def _cut(X: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """Cut Ward's tree into k groups, then move terms to the nearest mean until none moves."""
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = np.asarray(fcluster(linkage(X, "ward"), k, "maxclust"), dtype=np.int64)
    for _ in range(100):
        moved = _nearest_mean(X, labels, np.unique(labels))
        if (moved == labels).all():
            break
        labels = moved
    return labels


def _nearest_mean(
    X: NDArray[np.float64], labels: NDArray[np.int64], groups: NDArray[np.int64]
) -> NDArray[np.int64]:
    means = np.stack([X[labels == g].mean(axis=0) for g in groups])
    distance = ((X[:, None, :] - means[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(groups[distance.argmin(axis=1)])


def _merge_small(
    X: NDArray[np.float64], labels: NDArray[np.int64], min_size: int
) -> NDArray[np.int64]:
    """Dissolve the smallest group below ``min_size`` into the nearest ones, until none is left."""
    labels = labels.copy()
    while True:
        groups, sizes = np.unique(labels, return_counts=True)
        if len(groups) < 2 or sizes.min() >= min_size:
            return labels
        small = groups[sizes.argmin()]
        nearest = _nearest_mean(X, labels, groups[groups != small])
        labels = np.where(labels == small, nearest, labels)


def _in_order(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    groups = sorted(
        np.unique(labels).tolist(),
        key=lambda g: (-int((labels == g).sum()), int(np.argmax(labels == g))),
    )
    out = np.zeros(len(labels), dtype=np.int64)
    for new, group in enumerate(groups):
        out[labels == group] = new
    return out
