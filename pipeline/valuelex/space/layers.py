"""Density clusters on the most persistent scale, by PLSCAN; the only module that imports it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import SettingsError


def plscan_labels(
    X: NDArray[np.floating], *, min_cluster_size: int, min_samples: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cluster reduced vectors (n, m) by PLSCAN (Bot, McInnes & Aerts 2025, arXiv:2512.16558).

    Of all scales of the density tree the one whose clusters persist longest is taken, so that the
    smallest cluster is a floor and not a choice. The deterministic spanning tree is used.

    Parameters
    ----------
    X
        Reduced vectors.
    min_cluster_size
        Smallest group that counts as a cluster on the finest scale, >= 2 and <= n.
    min_samples
        How conservative; ``None`` means ``min_cluster_size``.

    Returns
    -------
    Labels (n,) with -1 for noise, and strength of membership in the own cluster (n,) in [0, 1].

    Raises
    ------
    SettingsError
        When the package is not installed.
    """
    try:
        from fast_hdbscan import PLSCAN
    except ModuleNotFoundError:
        raise SettingsError(
            "cluster.method 'plscan' needs the package fast-hdbscan (0.3 or later):"
            " pip install 'valuelex[plscan]', or choose hdbscan-leaf"
        ) from None
    model = PLSCAN(
        base_min_cluster_size=min_cluster_size,
        min_samples=min_cluster_size if min_samples is None else min_samples,
        reproducible=True,
    )
    labels = model.fit_predict(np.asarray(X, dtype=np.float64))
    strength = np.asarray(model.membership_strengths_, dtype=np.float64)
    return np.asarray(labels, dtype=np.int64), np.nan_to_num(strength, nan=0.0)
