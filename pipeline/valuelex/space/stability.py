"""Would the clusters come back? Other seeds, and other samples of terms.

The caller passes the fitting function, so the same check serves every reduction and clusterer. The
cost is ``n_seeds + n_samples`` fits: with UMAP a second or so each for up to 1,500 terms, once its
compilation (8-30 s, once per process) is paid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.space.agreement import NOISE, adjusted_rand, best_jaccard

Fit = Callable[[NDArray[np.floating], int], NDArray[np.integer]]
"""Vectors (n, d) and a seed to labels (n,), -1 for noise."""


@dataclass(frozen=True)
class Stability:
    """How well a reference clustering of n terms is found again.

    Attributes
    ----------
    ari_seeds, ari_samples
        Adjusted Rand index with the reference, one value a refit, over the terms that are in a
        cluster in both; NaN where fewer than two are.
    shared_seeds, shared_samples
        The share of the terms at hand that this value rests on, in [0, 1].
    clusters_seeds, clusters_samples
        The number of clusters of each refit.
    jaccard_seeds, jaccard_samples
        Per reference cluster the mean Jaccard index with its best match (Hennig 2007).
    noise
        Share of noise in the reference.
    n_terms, n_clusters
        Size of the reference.
    """

    n_terms: int
    n_clusters: int
    noise: float
    ari_seeds: list[float]
    ari_samples: list[float]
    shared_seeds: list[float]
    shared_samples: list[float]
    clusters_seeds: list[int]
    clusters_samples: list[int]
    jaccard_seeds: dict[int, float]
    jaccard_samples: dict[int, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: means first, then every refit; NaN becomes ``None``."""
        return {
            "n_terms": self.n_terms,
            "n_clusters": self.n_clusters,
            "noise": self.noise,
            "seeds": _summary(self.ari_seeds, self.shared_seeds, self.clusters_seeds),
            "samples": _summary(self.ari_samples, self.shared_samples, self.clusters_samples),
            "clusters": [
                {
                    "cluster": label,
                    "jaccard_seeds": self.jaccard_seeds.get(label),
                    "jaccard_samples": self.jaccard_samples.get(label),
                }
                for label in range(self.n_clusters)
            ],
        }


def cluster_stability(
    X: NDArray[np.floating],
    labels: NDArray[np.integer],
    fit: Fit,
    *,
    n_seeds: int = 3,
    n_samples: int = 2,
    seed: int = 0,
) -> Stability:
    """Refit with other seeds and on bootstrap samples of terms, and compare with ``labels``.

    Parameters
    ----------
    X
        (n, d) vectors, as the reference was fitted on.
    labels
        (n,) reference labels, -1 for noise.
    fit
        Fits labels to vectors with a seed.
    n_seeds
        Refits on all terms with seeds ``seed + 1 ...``, >= 0.
    n_samples
        Refits on bootstrap samples of terms, >= 0; a term drawn twice counts once (two equal
        points would be a cluster), so a sample holds about 63 % of the terms.
    seed
        Seed of the samples.
    """
    reference = np.asarray(labels, dtype=np.int64)
    if len(reference) != len(X):
        raise DataError(f"{len(reference)} labels for {len(X)} terms")
    everyone = np.arange(len(X))
    rng = np.random.default_rng(seed)
    draws = [np.unique(rng.integers(0, len(X), len(X))) for _ in range(n_samples)]
    by_seed = [(everyone, seed + 1 + i) for i in range(n_seeds)]
    by_sample = [(rows, seed) for rows in draws]
    again = [_compare(X, reference, fit, rows, s) for rows, s in by_seed]
    sampled = [_compare(X, reference, fit, rows, s) for rows, s in by_sample]
    return Stability(
        n_terms=len(X),
        n_clusters=len(set(reference.tolist()) - {NOISE}),
        noise=float((reference == NOISE).mean()),
        ari_seeds=[r.ari for r in again],
        ari_samples=[r.ari for r in sampled],
        shared_seeds=[r.shared for r in again],
        shared_samples=[r.shared for r in sampled],
        clusters_seeds=[r.clusters for r in again],
        clusters_samples=[r.clusters for r in sampled],
        jaccard_seeds=_mean_per_cluster([r.jaccard for r in again]),
        jaccard_samples=_mean_per_cluster([r.jaccard for r in sampled]),
    )


@dataclass(frozen=True)
class _Refit:
    ari: float
    shared: float
    clusters: int
    jaccard: dict[int, float]


def _compare(
    X: NDArray[np.floating],
    reference: NDArray[np.int64],
    fit: Fit,
    rows: NDArray[np.int64],
    seed: int,
) -> _Refit:
    found = np.asarray(fit(X[rows], seed), dtype=np.int64)
    known = reference[rows]
    both = (found != NOISE) & (known != NOISE)
    ari = adjusted_rand(known[both], found[both]) if both.sum() >= 2 else float("nan")
    return _Refit(
        ari=ari,
        shared=float(both.mean()),
        clusters=len(set(found.tolist()) - {NOISE}),
        jaccard=best_jaccard(known, found),
    )


def _mean_per_cluster(refits: list[dict[int, float]]) -> dict[int, float]:
    """Mean over the refits in which the cluster had a term at all."""
    labels = sorted({label for refit in refits for label in refit})
    return {a: float(np.mean([r[a] for r in refits if a in r])) for a in labels}


def _summary(ari: list[float], shared: list[float], clusters: list[int]) -> dict[str, Any]:
    known = [a for a in ari if not np.isnan(a)]
    return {
        "n": len(ari),
        "ari_mean": float(np.mean(known)) if known else None,
        "ari_least": min(known) if known else None,
        "ari": [None if np.isnan(a) else a for a in ari],
        "shared": shared,
        "clusters": clusters,
    }
