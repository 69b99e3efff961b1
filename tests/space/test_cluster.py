from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.errors import DataError, SettingsError
from valuelex.space.cluster import METHODS, assign, cluster_terms


def blobs(sizes: tuple[int, ...], *, noise: float = 0.05, seed: int = 0) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    middles = np.eye(8)[: len(sizes)]
    return np.vstack(
        [m + noise * rng.standard_normal((n, 8)) for m, n in zip(middles, sizes, strict=True)]
    )


CHECKED = [
    # its import compiles for half a minute
    pytest.param(method, marks=pytest.mark.slow if method == "plscan" else ())
    for method in METHODS
]


@pytest.mark.parametrize("method", CHECKED)
def test_every_method_finds_clear_groups_largest_first(method: str) -> None:
    X = blobs((10, 20, 10))
    found = cluster_terms(X, X, method=method, min_cluster_size=5, n_clusters=3)
    inside = found.labels >= 0
    truth = np.array([1] * 10 + [0] * 20 + [2] * 10)  # by size, then by first row
    np.testing.assert_array_equal(found.labels[inside], truth[inside])
    assert inside.mean() > 0.8
    assert found.n_clusters == 3
    np.testing.assert_array_equal(found.nearest[inside], found.labels[inside])
    assert ((found.membership >= 0) & (found.membership <= 1)).all()
    assert (found.membership[~inside] == 0).all()
    np.testing.assert_allclose(np.linalg.norm(found.centroids, axis=1), 1.0)


@pytest.mark.parametrize("method", ["agglomerative-ward", "agglomerative-average", "kmeans"])
def test_the_number_of_clusters_is_chosen_by_silhouette(method: str) -> None:
    X = blobs((12, 12, 12, 12))
    assert cluster_terms(X, X, method=method, min_cluster_size=4).n_clusters == 4


def test_noise_knows_its_nearest_cluster_and_may_join_above_a_floor() -> None:
    stray = np.array([[0.6, 0.3, 0.0, 0, 0, 0, 0, 0.74], [0, 0, 0, 0, 0, 0, -1, 0]])
    groups = blobs((15, 15, 15))
    X = np.vstack([groups, stray])
    reduced = np.vstack([groups, 10 * stray])  # far from every group in the reduced space
    found = cluster_terms(reduced, X, method="hdbscan-eom", min_cluster_size=5)
    assert found.labels[-2:].tolist() == [-1, -1]
    assert found.nearest[-2] == found.labels[0]
    assert found.similarity[-2] == pytest.approx(0.6, abs=0.05)
    assert found.soft is not None
    assert found.soft.shape == (47, 3)
    adopted = found.adopt_noise(0.5)
    assert adopted[-2] == found.labels[0]
    assert adopted[-1] == -1


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fast_hdbscan", None)
    X = blobs((10, 10))
    with pytest.raises(SettingsError, match=r"pip install 'valuelex\[plscan\]'"):
        cluster_terms(X, X, method="plscan")


def test_no_cluster_at_all_is_a_result() -> None:
    rng = np.random.default_rng(1)
    X = rng.standard_normal((30, 8))
    found = cluster_terms(X, X, method="hdbscan-eom", min_cluster_size=14, min_samples=14)
    assert found.n_clusters == 0
    assert (found.nearest == -1).all()
    assert np.isnan(found.similarity).all()
    labels, similarity = assign(X, np.zeros((0, 8)))
    assert (labels == -1).all()
    assert np.isnan(similarity).all()


def test_too_few_terms_for_two_clusters_are_one_group() -> None:
    X = blobs((4, 4))
    found = cluster_terms(X, X, min_cluster_size=5)
    assert (found.labels == 0).all()


def test_new_terms_go_to_fitted_centroids() -> None:
    centroids = np.array([[1.0, 0.0], [0.0, 2.0]])  # length does not matter
    labels, similarity = assign(
        np.array([[3.0, 4.0], [1.0, 0.1], [-1.0, -1.0]]), centroids, floor=0
    )
    assert labels.tolist() == [1, 0, -1]
    assert similarity[0] == pytest.approx(0.8, abs=1e-12)  # (3, 4) / 5 with (0, 1)


def test_bad_arguments_are_named() -> None:
    X = blobs((6, 6))
    with pytest.raises(SettingsError, match="did you mean 'hdbscan-leaf'"):
        cluster_terms(X, X, method="hdbscan-leafs")
    with pytest.raises(SettingsError, match="at least 2, was: 1"):
        cluster_terms(X, X, min_cluster_size=1)
    with pytest.raises(SettingsError, match=r"in \[1, 12\], was: 13"):
        cluster_terms(X, X, method="kmeans", min_cluster_size=3, n_clusters=13)
    with pytest.raises(DataError, match="11 reduced vectors for 12 terms"):
        cluster_terms(X[1:], X)
    X[3, 3] = np.inf
    with pytest.raises(DataError, match="not finite"):
        cluster_terms(X, X)
