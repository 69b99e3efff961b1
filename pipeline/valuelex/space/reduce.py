"""Fewer dimensions for clustering and for drawing; the only module that imports umap.

UMAP compiles itself on its first call on a machine (8-30 s), and is read in again by every process:
do all reductions of a study in one process.
"""

from __future__ import annotations

import contextlib
import warnings

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError

SMALLEST_FOR_UMAP = 15
"""Below this many rows a neighbour graph says nothing that the principal axes do not say."""


def reduce(
    X: NDArray[np.floating],
    *,
    n_components: int = 5,
    n_neighbors: int = 15,
    min_dist: float = 0.0,
    metric: str = "cosine",
    seed: int = 0,
) -> NDArray[np.float32]:
    """Reduce vectors by UMAP (McInnes, Healy & Melville 2018).

    Small inputs follow a written rule: ``n_neighbors`` is at most n - 1 and ``n_components`` at
    most n - 2; with fewer than 15 rows the principal axes of the centred rows are returned
    instead, padded with zeros where the rank is lower.

    Parameters
    ----------
    X
        (n, d) vectors, finite.
    n_components
        Dimensions of the result, >= 1.
    n_neighbors
        Size of the neighbourhood, >= 2: small values see fine groups, large ones the whole.
    min_dist
        Least distance between points in the result, in [0, 1): 0 to cluster, 0.1 or more to draw.
    metric
        ``"cosine"`` or ``"euclidean"``.
    seed
        Fixes the result on one machine; other processors may differ in the last digits.

    Returns
    -------
    float32 array (n, n_components), or (n, n - 2) where the rule above says so.

    Raises
    ------
    DataError
        No rows, a value that is not finite, or an option out of its range.
    """
    rows = _checked(X, n_components, n_neighbors, min_dist, metric)
    n = len(rows)
    if n < SMALLEST_FOR_UMAP:
        return principal_axes(rows, n_components)
    with warnings.catch_warnings():
        # UMAP says that a seed means one thread, and that a graph of tight groups falls apart
        warnings.simplefilter("ignore")
        from umap import UMAP

        keep_compiled()
        model = UMAP(
            n_components=min(n_components, n - 2),
            n_neighbors=min(n_neighbors, n - 1),
            min_dist=min_dist,
            metric=metric,
            random_state=seed,
            n_jobs=1,
        )
        reduced = np.asarray(model.fit_transform(rows), dtype=np.float32)
    if not np.isfinite(reduced).all():
        lost = int((~np.isfinite(reduced).all(axis=1)).sum())
        raise DataError(f"UMAP placed {lost} of {n} terms nowhere: raise cluster.n_neighbors")
    return reduced


def keep_compiled() -> None:
    """Let numba keep what it compiles of UMAP, as UMAP lets it for part of its functions only.

    Compiling takes ten times as long as laying out a lexicon; kept beside the library (or in
    numba's own folder, where that is not writable) it is paid once a machine, not once a run.
    """
    import umap.layouts
    import umap.umap_
    import umap.utils

    for module in (umap.layouts, umap.umap_, umap.utils):
        for function in vars(module).values():
            if hasattr(function, "enable_caching"):
                with contextlib.suppress(RuntimeError):  # numba found no folder to write to
                    function.enable_caching()


def layout_2d(
    X: NDArray[np.floating],
    *,
    n_neighbors: int = 15,
    min_dist: float = 0.1,
    metric: str = "cosine",
    seed: int = 0,
) -> NDArray[np.float32]:
    """Place n vectors on a plane for drawing: (n, 2), by the rules of :func:`reduce`."""
    return reduce(
        X, n_components=2, n_neighbors=n_neighbors, min_dist=min_dist, metric=metric, seed=seed
    )


def _checked(
    X: NDArray[np.floating], n_components: int, n_neighbors: int, min_dist: float, metric: str
) -> NDArray[np.float32]:
    rows = np.asarray(X, dtype=np.float32)
    if rows.ndim != 2 or len(rows) == 0:
        raise DataError(f"expected vectors of n terms, an (n, d) array, got shape {rows.shape}")
    if not np.isfinite(rows).all():
        bad = int(np.flatnonzero(~np.isfinite(rows).all(axis=1))[0])
        raise DataError(f"the vector of term {bad + 1} holds a value that is not finite")
    if n_components < 1:
        raise DataError(f"n_components must be at least 1, was: {n_components}")
    if n_neighbors < 2:
        raise DataError(f"n_neighbors must be at least 2, was: {n_neighbors}")
    if not 0.0 <= min_dist < 1.0:
        raise DataError(f"min_dist must be in [0, 1), was: {min_dist}")
    if metric not in {"cosine", "euclidean"}:
        raise DataError(f"metric must be 'cosine' or 'euclidean', was: {metric!r}")
    return rows


def principal_axes(rows: NDArray[np.floating], n_components: int) -> NDArray[np.float32]:
    """Return scores (n, n_components) of rows (n, d) on the first principal axes.

    Each axis is signed so that its largest score is positive; axes beyond the rank are zero.
    """
    centred = rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)
    U, s, _ = np.linalg.svd(centred, full_matrices=False)
    scores = U * s
    for j in range(scores.shape[1]):
        if scores[np.argmax(np.abs(scores[:, j])), j] < 0:
            scores[:, j] *= -1.0
    out = np.zeros((len(rows), n_components), dtype=np.float32)
    kept = min(n_components, scores.shape[1])
    out[:, :kept] = scores[:, :kept]
    return out
