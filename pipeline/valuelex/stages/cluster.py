"""cluster: reduce the embedding by UMAP, cluster the terms, and ask how stable the clusters are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.artifacts.table import CLUSTER_STABILITY, CLUSTERS, EMBEDDINGS
from valuelex.settings import Cluster
from valuelex.space.cluster import Clustering, cluster_terms
from valuelex.space.reduce import layout_2d, reduce
from valuelex.space.stability import cluster_stability
from valuelex.stages.context import Context
from valuelex.stages.limits import require_for_clusters

_MAP_MIN_DIST = 0.1  # the drawn map needs air between points; the clustering does not


def run(context: Context) -> None:
    """Write ``cluster/clusters.csv`` and ``cluster/stability.json``."""
    settings, seed = context.settings.cluster, context.settings.study.seed
    stored = EMBEDDINGS.read(context.root)
    terms, vectors = stored["terms"].tolist(), stored["vectors"]
    require_for_clusters(len(terms), settings.method)
    clustering = fit(vectors, settings, seed)
    place = layout_2d(vectors, n_neighbors=settings.n_neighbors, min_dist=_MAP_MIN_DIST, seed=seed)
    CLUSTERS.write(context.root, rows(terms, clustering, place, settings.noise_floor))
    stability = cluster_stability(
        vectors,
        clustering.labels,
        lambda X, s: fit(X, settings, s, soft=False).labels,
        n_seeds=(settings.resamples + 1) // 2,
        n_samples=settings.resamples // 2,
        seed=seed,
    )
    method = {
        "method": settings.method,
        "n_components": settings.n_components,
        "noise_floor": settings.noise_floor,
    }
    CLUSTER_STABILITY.write(context.root, context.signature | method | stability.to_dict())
    context.say(
        f"cluster: {len(terms)} terms in {stability.n_clusters} clusters,"
        f" {stability.noise:.0%} in none"
    )


def fit(
    vectors: NDArray[np.floating], settings: Cluster, seed: int, *, soft: bool = True
) -> Clustering:
    """Reduce and cluster (n, d) vectors with one seed; a refit needs no soft membership."""
    reduced = reduce(
        vectors,
        n_components=settings.n_components,
        n_neighbors=settings.n_neighbors,
        min_dist=settings.min_dist,
        seed=seed,
    )
    return cluster_terms(
        reduced,
        vectors,
        method=settings.method,
        min_cluster_size=settings.min_cluster_size,
        seed=seed,
        soft=soft,
    )


def rows(
    terms: list[str],
    clustering: Clustering,
    place: NDArray[np.floating],
    noise_floor: float | None = None,
) -> list[dict[str, Any]]:
    """Return one row per term, noise shown as such with the nearest cluster beside it.

    With a ``noise_floor`` noise joins its nearest cluster from that similarity on, and says so.
    """
    own = clustering.labels
    labels = own if noise_floor is None else clustering.adopt_noise(noise_floor)
    return [
        {
            "term": term,
            "cluster": int(labels[i]),
            "adopted": bool(labels[i] != own[i]),
            "x": round(float(place[i, 0]), 5),
            "y": round(float(place[i, 1]), 5),
            "membership": float(clustering.membership[i]),
            "nearest": int(clustering.nearest[i]),
            "similarity": float(clustering.similarity[i]),
        }
        for i, term in enumerate(terms)
    ]
