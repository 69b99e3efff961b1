"""Clusters that leave no noise: agglomerative and k-means, by scikit-learn."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Partition = Literal["agglomerative-ward", "agglomerative-average", "kmeans"]


def partition_labels(
    X: NDArray[np.floating], *, method: Partition, n_clusters: int, seed: int = 0
) -> NDArray[np.int64]:
    """Partition unit vectors (n, d) into ``n_clusters`` groups; labels (n,) from 0.

    ``"agglomerative-average"`` joins by cosine, the other two minimise squared distances, which
    on unit vectors order pairs as the cosine does. ``seed`` matters to k-means alone.
    """
    from sklearn.cluster import AgglomerativeClustering, KMeans

    rows = np.asarray(X, dtype=np.float64)
    if method == "kmeans":
        model = KMeans(n_clusters, n_init=10, random_state=seed)
    elif method == "agglomerative-average":
        model = AgglomerativeClustering(n_clusters, metric="cosine", linkage="average")
    else:
        model = AgglomerativeClustering(n_clusters, linkage="ward")
    return np.asarray(model.fit_predict(rows), dtype=np.int64)


def choose_n_clusters(
    X: NDArray[np.floating], *, method: Partition, largest: int, seed: int = 0, tries: int = 12
) -> int:
    """Choose the number of clusters in [2, largest] by the mean silhouette (Rousseeuw 1987).

    At most ``tries`` numbers are tried, spaced evenly on a log scale; of equal ones the smaller
    wins. ``largest`` below 3 gives 2.
    """
    from sklearn.metrics import silhouette_score

    if largest < 3:
        return 2
    spaced = np.geomspace(2, largest, num=min(tries, largest - 1))
    candidates = sorted({round(float(k)) for k in spaced})
    scores = [
        float(
            silhouette_score(
                X, partition_labels(X, method=method, n_clusters=k, seed=seed), metric="cosine"
            )
        )
        for k in candidates
    ]
    return candidates[int(np.argmax(scores))]
