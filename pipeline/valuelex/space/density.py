"""Density clusters by HDBSCAN; the only module that imports hdbscan."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
from numpy.typing import NDArray


def hdbscan_labels(
    X: NDArray[np.floating],
    *,
    min_cluster_size: int,
    min_samples: int | None = None,
    selection: Literal["eom", "leaf"] = "eom",
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cluster reduced vectors (n, m) by HDBSCAN (Campello, Moulavi & Sander 2013).

    Parameters
    ----------
    X
        Reduced vectors: on raw embeddings nearly everything is noise.
    min_cluster_size
        Smallest group that counts as a cluster, >= 2 and <= n.
    min_samples
        How conservative: larger values call more terms noise; ``None`` means ``min_cluster_size``.
    selection
        ``"eom"`` prefers the clusters that persist longest, ``"leaf"`` the finest ones.

    Returns
    -------
    Labels (n,) with -1 for noise, and soft membership (n, c): row sums are at most 1, what is
    missing is the chance of belonging to no cluster.
    """
    import hdbscan

    model = hdbscan.HDBSCAN(
        min_cluster_size=min_cluster_size,
        min_samples=min_samples,
        cluster_selection_method=selection,
        core_dist_n_jobs=1,
        prediction_data=True,
    )
    with warnings.catch_warnings():
        # an argument that scikit-learn has renamed, and divisions in a tree of equal distances
        warnings.simplefilter("ignore")
        labels = np.asarray(model.fit_predict(np.asarray(X, dtype=np.float64)), dtype=np.int64)
        clusters = int(labels.max()) + 1
        if clusters < 2:
            soft = np.asarray(model.probabilities_, dtype=np.float64).reshape(-1, 1)
            return labels, soft[:, :clusters]
        soft = np.asarray(hdbscan.all_points_membership_vectors(model), dtype=np.float64)
    return labels, np.nan_to_num(soft, nan=0.0)
