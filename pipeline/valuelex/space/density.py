"""Density clusters by HDBSCAN; the only module that imports hdbscan."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SOFT_MOST = 1_000
"""Terms up to which soft membership is worked out: hdbscan walks up the tree from each term once
for each cluster, seven seconds at 3,000 terms, days at 100,000."""


@dataclass(frozen=True)
class Density:
    """Clusters by density of n rows.

    Attributes
    ----------
    labels
        (n,) from 0, -1 for noise.
    soft
        (n, c) soft membership: row sums are at most 1, what is missing is the chance of belonging
        to no cluster. ``None`` where it was not asked for, or with more than `SOFT_MOST` rows.
    strength
        (n,) in [0, 1]: how long the row stays in its own cluster, against the cluster's core.
    """

    labels: NDArray[np.int64]
    soft: NDArray[np.float64] | None
    strength: NDArray[np.float64]


def hdbscan_labels(
    X: NDArray[np.floating],
    *,
    min_cluster_size: int,
    min_samples: int | None = None,
    selection: Literal["eom", "leaf"] = "eom",
    soft: bool = True,
) -> Density:
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
    soft
        Whether soft membership is wanted.
    """
    import hdbscan

    soft = soft and len(X) <= SOFT_MOST
    model = hdbscan.HDBSCAN(
        min_cluster_size=min_cluster_size,
        min_samples=min_samples,
        cluster_selection_method=selection,
        core_dist_n_jobs=1,
        prediction_data=soft,
    )
    with warnings.catch_warnings():
        # an argument that scikit-learn has renamed, and divisions in a tree of equal distances
        warnings.simplefilter("ignore")
        labels = np.asarray(model.fit_predict(np.asarray(X, dtype=np.float64)), dtype=np.int64)
        clusters = int(labels.max()) + 1
        strength = np.asarray(model.probabilities_, dtype=np.float64)
        if not soft:
            return Density(labels, None, strength)
        if clusters < 2:
            return Density(labels, strength.reshape(-1, 1)[:, :clusters], strength)
        found = np.asarray(hdbscan.all_points_membership_vectors(model), dtype=np.float64)
    return Density(labels, np.nan_to_num(found, nan=0.0), strength)
