from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.space.partition import partition_labels
from valuelex.space.stability import cluster_stability


def two_groups() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(0)
    X = np.vstack([m + 0.05 * rng.standard_normal((20, 6)) for m in np.eye(6)[:2]])
    return X, np.repeat([0, 1], 20)


def fit(X: NDArray[np.floating], seed: int) -> NDArray[np.int64]:
    return partition_labels(X, method="kmeans", n_clusters=2, seed=seed)


def test_clear_groups_come_back() -> None:
    X, labels = two_groups()
    found = cluster_stability(X, labels, fit, n_seeds=2, n_samples=3)
    assert found.ari_seeds == [1.0, 1.0]
    assert found.ari_samples == [1.0, 1.0, 1.0]
    assert found.jaccard_seeds == {0: 1.0, 1: 1.0}
    assert found.clusters_samples == [2, 2, 2]
    out = found.to_dict()
    assert out["samples"]["ari_mean"] == 1.0
    assert out["seeds"]["n"] == 2
    assert [c["cluster"] for c in out["clusters"]] == [0, 1]
    json.dumps(out, allow_nan=False)


def test_groups_that_are_not_there_do_not() -> None:
    X, _ = two_groups()
    rng = np.random.default_rng(5)
    found = cluster_stability(X, rng.integers(0, 2, 40), fit, n_seeds=3, n_samples=0)
    assert max(found.ari_seeds) < 0.3
    assert found.to_dict()["samples"]["ari_mean"] is None


def test_refits_that_find_only_noise_are_shown_as_such() -> None:
    X, labels = two_groups()
    found = cluster_stability(X, labels, lambda X, _seed: np.full(len(X), -1), n_seeds=1)
    assert np.isnan(found.ari_seeds[0])
    assert found.shared_seeds == [0.0]
    assert found.to_dict()["seeds"]["ari"] == [None]
    assert found.jaccard_seeds == {0: 0.0, 1: 0.0}


def test_lengths_must_match() -> None:
    X, labels = two_groups()
    with pytest.raises(DataError, match="39 labels for 40 terms"):
        cluster_stability(X, labels[1:], fit)
