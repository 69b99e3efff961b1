from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import silhouette_score

from valuelex.errors import DataError
from valuelex.taxonomy.diff import adjusted_rand
from valuelex.taxonomy.subdivide import (
    mean_silhouette,
    profile_similarity,
    residual_correlation,
    subdivide,
)

Truth = tuple[NDArray[np.int64], NDArray[np.int64]]


def recovered(
    truth: Truth, vectors: NDArray[np.float64], residual: NDArray[np.float64] | None
) -> float:
    """ARI of the sub-dimensions when the dimensions are known."""
    dimension, group = truth
    found = np.zeros(len(group), dtype=np.int64)
    for d in range(3):
        rows = np.flatnonzero(dimension == d)
        inside = None if residual is None else residual[np.ix_(rows, rows)]
        found[rows] = 100 * d + subdivide(vectors[rows], inside)
    return adjusted_rand([str(g) for g in group], [str(f) for f in found])


def test_meaning_alone_recovers_most_of_nine_groups(
    truth: Truth, vectors: NDArray[np.float64]
) -> None:
    assert recovered(truth, vectors, None) > 0.70


@pytest.mark.parametrize(("special", "floor"), [(0.3, 0.65), (0.6, 0.85), (0.9, 0.97)])
def test_residual_correlations_add_what_meaning_does_not_see(
    special: float,
    floor: float,
    truth: Truth,
    vectors: NDArray[np.float64],
    answers: Callable[..., NDArray[np.float64]],
    factored: Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> None:
    scores = []
    for seed in range(3):
        R, loadings = factored(answers(seed=seed, special=special))
        scores.append(recovered(truth, vectors, residual_correlation(R, loadings, np.eye(3))))
    assert np.mean(scores) > floor


def test_pure_noise_in_the_residuals_does_little_harm(
    truth: Truth,
    vectors: NDArray[np.float64],
    answers: Callable[..., NDArray[np.float64]],
    factored: Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> None:
    R, loadings = factored(answers(seed=3, special=0.0))
    assert recovered(truth, vectors, residual_correlation(R, loadings, np.eye(3))) > 0.55


def test_clear_groups_come_out_by_size_then_first_row() -> None:
    rng = np.random.default_rng(0)
    middles = np.eye(10)[[2, 0, 0, 0, 1, 1, 0, 0, 1, 2, 1, 1, 0, 2, 2, 2]]
    X = middles + 0.05 * rng.standard_normal((16, 10))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    expected = [1, 0, 0, 0, 2, 2, 0, 0, 2, 1, 2, 2, 0, 1, 1, 1]
    assert subdivide(X).tolist() == expected
    nothing_known = np.full((16, 16), np.nan)
    assert subdivide(X, nothing_known).tolist() == expected


def test_groups_are_never_below_the_least_size() -> None:
    rng = np.random.default_rng(2)
    X = rng.standard_normal((23, 12))
    for size in (2, 4, 7, 11):
        labels = subdivide(X, min_size=size, largest=6)
        assert np.bincount(labels).min() >= size
    assert (subdivide(X, min_size=12) == 0).all()
    assert (subdivide(X, largest=1) == 0).all()
    assert subdivide(X[:1]).tolist() == [0]


def test_silhouette_equals_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    X = rng.standard_normal((20, 3))
    labels = np.array([0] * 9 + [1] * 10 + [5])
    assert mean_silhouette(X, labels) == pytest.approx(
        float(silhouette_score(X, labels)), abs=1e-12
    )
    assert mean_silhouette(X, np.zeros(20, dtype=np.int64)) == -1.0


def test_profiles_by_hand() -> None:
    # off the diagonal: a (b .8, c .2), b (a .8, c .4), c (a .2, b .4); centred, diagonal as mean 0
    S = np.array([[1.0, 0.8, 0.2], [0.8, 1.0, 0.4], [0.2, 0.4, 1.0]])
    # a = (0, .3, -.3), b = (.2, 0, -.2), c = (-.1, .1, 0)
    found = profile_similarity(S)
    np.testing.assert_allclose(np.diag(found), 1.0)
    assert found[0, 1] == pytest.approx(0.06 / (np.sqrt(0.18) * np.sqrt(0.08)), abs=1e-12)  # 1/2
    assert found[0, 2] == pytest.approx(0.03 / (np.sqrt(0.18) * np.sqrt(0.02)), abs=1e-12)  # 1/2


def test_residual_correlation_by_hand() -> None:
    # one factor, loadings .6 and .8: common .48, unique .64 and .36; r = .60 leaves .12 / .48
    L = np.array([[0.6], [0.8]])
    R = np.array([[1.0, 0.6], [0.6, 1.0]])
    found = residual_correlation(R, L, np.eye(1))
    assert found[0, 1] == pytest.approx(0.12 / (0.8 * 0.6), abs=1e-12)
    np.testing.assert_array_equal(np.diag(found), 1.0)


def test_shapes_must_match() -> None:
    with pytest.raises(DataError, match=r"shape \(3, 3\) for 4 terms"):
        subdivide(np.eye(4), np.eye(3))
