"""Groups of terms of like meaning: one face over several algorithms, and new terms assigned.

Clusters are made of distinct terms, never of occurrences. They are fitted once; a new term goes to
the nearest fitted centroid and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError, SettingsError, near_miss
from valuelex.space.agreement import NOISE
from valuelex.space.density import hdbscan_labels
from valuelex.space.layers import plscan_labels
from valuelex.space.partition import Partition, choose_n_clusters, partition_labels

Method = Literal[
    "hdbscan-eom",
    "hdbscan-leaf",
    "plscan",
    "agglomerative-ward",
    "agglomerative-average",
    "kmeans",
]
METHODS: tuple[Method, ...] = get_args(Method)
_BLOCK = 2_000  # rows whose cosines with all centroids are held at once


@dataclass(frozen=True)
class Clustering:
    """A partition of n terms into c clusters, some terms perhaps in none.

    Attributes
    ----------
    labels
        (n,) int: 0 is the largest cluster, ties go to the one with the first row; -1 is noise.
    membership
        (n,) float in [0, 1]: strength of belonging to the own cluster, 0 for noise: HDBSCAN's soft
        membership, with many terms its strength; PLSCAN's strength; for others the cosine.
    nearest
        (n,) int: the own cluster, for noise the one with the most similar centroid; -1 when there
        is no cluster at all.
    similarity
        (n,) float in [-1, 1]: cosine with the centroid of ``nearest``; NaN without clusters.
    centroids
        (c, d) float64 unit vectors in the full space.
    soft
        (n, c) soft membership, or ``None`` when the method has none.
    """

    labels: NDArray[np.int64]
    membership: NDArray[np.float64]
    nearest: NDArray[np.int64]
    similarity: NDArray[np.float64]
    centroids: NDArray[np.float64]
    soft: NDArray[np.float64] | None

    @property
    def n_clusters(self) -> int:
        """Number of clusters c, noise not counted."""
        return len(self.centroids)

    def adopt_noise(self, floor: float) -> NDArray[np.int64]:
        """Labels in which noise joins its nearest cluster when ``similarity >= floor``."""
        joins = (self.labels == NOISE) & (self.nearest != NOISE) & (self.similarity >= floor)
        return np.where(joins, self.nearest, self.labels)


def cluster_terms(
    X_reduced: NDArray[np.floating],
    X_full: NDArray[np.floating],
    *,
    method: str = "hdbscan-eom",
    min_cluster_size: int = 5,
    min_samples: int | None = None,
    n_clusters: int | None = None,
    seed: int = 0,
    soft: bool = True,
) -> Clustering:
    """Cluster n distinct terms, rows in the order of the terms.

    Parameters
    ----------
    X_reduced
        (n, m) vectors after :func:`valuelex.space.reduce.reduce`; what HDBSCAN and PLSCAN
        see.
    X_full
        (n, d) embedding vectors; what the other methods see, and what centroids are means of.
    method
        One of :data:`METHODS`.
    min_cluster_size
        For HDBSCAN and PLSCAN the smallest cluster, >= 2. For the others it bounds the number of
        clusters that is tried: n // min_cluster_size.
    min_samples
        HDBSCAN and PLSCAN; ``None`` means ``min_cluster_size``.
    n_clusters
        Not for HDBSCAN; ``None`` chooses by silhouette.
    seed
        k-means only.
    soft
        Whether HDBSCAN's soft membership is wanted: whoever needs labels alone saves its cost.

    Raises
    ------
    SettingsError
        An unknown method or a size out of range.
    DataError
        Two arrays of different length, or a value that is not finite.
    """
    full = _unit(X_full)
    if len(X_reduced) != len(full):
        raise DataError(f"{len(X_reduced)} reduced vectors for {len(full)} terms")
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise SettingsError(
            f"cluster.method must be one of {known}, was: {method!r}{near_miss(method, METHODS)}"
        )
    if min_cluster_size < 2:
        raise SettingsError(f"cluster.min_cluster_size must be at least 2, was: {min_cluster_size}")
    shares: NDArray[np.float64] | None = None
    strength: NDArray[np.float64] | None = None
    if len(full) < 2 * min_cluster_size:
        # too few for two clusters of that size: one group holds everything, and nothing is noise
        labels = np.zeros(len(full), dtype=np.int64)
    elif method == "hdbscan-eom" or method == "hdbscan-leaf":
        dense = hdbscan_labels(
            X_reduced,
            min_cluster_size=min_cluster_size,
            min_samples=min_samples,
            selection="leaf" if method == "hdbscan-leaf" else "eom",
            soft=soft,
        )
        labels, shares = dense.labels, dense.soft
        strength = dense.strength if shares is None else None
    elif method == "plscan":
        labels, strength = plscan_labels(
            X_reduced, min_cluster_size=min_cluster_size, min_samples=min_samples
        )
    else:
        labels = _partition(full, method, n_clusters, min_cluster_size, seed)
    found = _described(full, labels, shares)
    if strength is None:
        return found
    return replace(found, membership=_inside(found.labels, strength))


def assign(
    vectors: NDArray[np.floating], centroids: NDArray[np.floating], *, floor: float = -1.0
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Assign new vectors (m, d) to fitted centroids (c, d) by cosine.

    Returns
    -------
    Labels (m,), -1 where the best cosine is below ``floor`` or there is no centroid, and that best
    cosine (m,), NaN without centroids. Nothing is refitted.
    """
    rows = _unit(vectors)
    if len(centroids) == 0:
        return np.full(len(rows), NOISE, dtype=np.int64), np.full(len(rows), np.nan)
    cosine = rows @ _unit(centroids).T
    best = np.argmax(cosine, axis=1)
    similarity = cosine[np.arange(len(rows)), best]
    return np.where(similarity >= floor, best, NOISE).astype(np.int64), similarity


def _partition(
    full: NDArray[np.float64],
    method: Partition,
    n_clusters: int | None,
    min_cluster_size: int,
    seed: int,
) -> NDArray[np.int64]:
    if n_clusters is None:
        largest = len(full) // min_cluster_size
        n_clusters = choose_n_clusters(full, method=method, largest=largest, seed=seed)
    if not 1 <= n_clusters <= len(full):
        raise SettingsError(f"cluster.n_clusters must be in [1, {len(full)}], was: {n_clusters}")
    return partition_labels(full, method=method, n_clusters=n_clusters, seed=seed)


def _described(
    full: NDArray[np.float64], labels: NDArray[np.int64], soft: NDArray[np.float64] | None
) -> Clustering:
    """Put labels in order, and add centroids, nearest clusters and memberships."""
    names, first, place, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    order = [i for i in np.lexsort((first, -sizes)).tolist() if names[i] != NOISE]
    new = np.full(len(names), NOISE, dtype=np.int64)
    new[order] = np.arange(len(order))
    ordered = new[place]
    rows = np.split(np.argsort(ordered, kind="stable"), np.cumsum(np.bincount(ordered + 1)))
    means = [full[members].mean(axis=0) for members in rows[1 : len(order) + 1]]
    centroids = _unit(np.array(means)) if means else np.zeros((0, full.shape[1]))
    noise = ordered == NOISE
    closest = np.full(len(full), NOISE, dtype=np.int64)
    closest[noise] = _closest(full[noise], centroids)
    nearest = np.where(noise, closest, ordered)
    similarity = np.full(len(full), np.nan)
    if len(centroids):
        similarity = np.einsum("ij,ij->i", full, centroids[nearest])
    if soft is not None:
        soft = soft[:, names[order]]
    return Clustering(
        labels=ordered,
        membership=_membership(ordered, similarity, soft),
        nearest=nearest,
        similarity=similarity,
        centroids=centroids,
        soft=soft,
    )


def _closest(rows: NDArray[np.float64], centroids: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the nearest centroid of each row, a block of rows at a time."""
    parts = [assign(rows[i : i + _BLOCK], centroids)[0] for i in range(0, len(rows), _BLOCK)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _membership(
    labels: NDArray[np.int64], similarity: NDArray[np.float64], soft: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Soft membership in the own cluster; for hard methods the cosine with the own centroid."""
    inside = labels != NOISE
    out = np.zeros(len(labels))
    if soft is None:
        out[inside] = np.clip(similarity[inside], 0.0, 1.0)
    else:
        out[inside] = soft[np.flatnonzero(inside), labels[inside]]
    return out


def _inside(labels: NDArray[np.int64], strength: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(labels == NOISE, 0.0, np.clip(strength, 0.0, 1.0))


def _unit(X: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = np.asarray(X, dtype=np.float64)
    if rows.ndim != 2:
        raise DataError(f"expected an (n, d) array of vectors, got shape {rows.shape}")
    if not np.isfinite(rows).all():
        raise DataError("a term's vector holds a value that is not finite")
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(length > 0, length, 1.0)
