from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.psychometrics.mds import (
    align,
    circle_fit,
    classical,
    correlation_distances,
    even_circle,
    match_p,
    smacof,
)

NAMES = [f"v{i}" for i in range(10)]


def circle_points(k: int = 10) -> NDArray[np.float64]:
    angles = 2 * np.pi * np.arange(k) / k
    return np.column_stack([np.cos(angles), np.sin(angles)])


def gaps(points: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(found, 0)
    return found


def test_classical_scaling_gives_a_plane_back() -> None:
    points = np.random.default_rng(0).normal(size=(8, 2))
    found = classical(gaps(points))
    assert np.allclose(gaps(found.points), gaps(points), atol=1e-10)
    assert found.stress == pytest.approx(0, abs=1e-8)


def test_classical_scaling_by_hand() -> None:
    # three points on a line at 0, 3 and 4: centred at -7/3, 2/3, 5/3; the largest made positive
    distances = np.array([[0.0, 3, 4], [3, 0, 1], [4, 1, 0]])
    found = classical(distances, dims=1)
    assert np.allclose(found.points[:, 0], [7 / 3, -2 / 3, -5 / 3])


def test_ordinal_scaling_sees_through_a_monotone_distortion() -> None:
    distances = gaps(circle_points())
    found = smacof(np.expm1(3 * distances / distances.max()))
    assert found.stress < 1e-3
    assert align(found.points, circle_points())[1] > 0.999


def test_stress_never_rises_and_metric_smacof_is_scikit_learns() -> None:
    from sklearn.manifold import smacof as theirs

    rng = np.random.default_rng(1)
    distances = gaps(rng.normal(size=(9, 4)))
    start = classical(distances)
    ours = smacof(distances, ordinal=False)
    assert ours.stress <= start.stress
    _, raw = theirs(
        distances, init=start.points, n_init=1, max_iter=1000, eps=1e-12, normalized_stress=False
    )
    # raw stress of a ratio model at its best scale: 1 - s1^2 is the share explained
    assert ours.stress == pytest.approx(
        np.sqrt(raw / (distances[np.triu_indices(9, 1)] ** 2).sum()), rel=1e-3
    )
    assert smacof(distances).stress <= ours.stress  # monotone regression can only fit better


def test_a_circle_is_found_and_a_shuffled_one_is_not() -> None:
    rng = np.random.default_rng(2)
    theory = even_circle(NAMES)
    turned = circle_points() @ np.array([[0.6, -0.8], [0.8, 0.6]]) * 3 + 5
    mirrored = turned * [1, -1] + rng.normal(size=(10, 2)) * 0.01
    found = circle_fit(mirrored, NAMES, theory, permutations=99)
    assert found.order == tuple(NAMES)
    assert found.congruence > 0.999
    assert found.p == pytest.approx(0.01)
    assert found.displacement == 0
    assert np.allclose(found.angles[1:], [36 * i for i in range(1, 10)], atol=1)
    shuffled = circle_fit(mirrored[rng.permutation(10)], NAMES, theory, permutations=99)
    assert shuffled.congruence < 0.8
    assert shuffled.displacement > 1


def test_displacement_by_hand() -> None:
    # neighbours 0 and 1 swapped: two of six values are one place off
    points = circle_points(6)[[1, 0, 2, 3, 4, 5]]
    found = circle_fit(points, NAMES[:6], even_circle(NAMES[:6]), permutations=9)
    assert found.displacement == pytest.approx(2 / 6)
    assert set(found.order) == set(NAMES[:6])


def test_alignment_gives_cosine_one_for_a_moved_copy() -> None:
    points = np.random.default_rng(3).normal(size=(7, 3))
    turn, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))
    moved, congruence = align(points @ turn * 0.2 + 9, points)
    assert congruence == pytest.approx(1)
    assert np.allclose(moved, points - points.mean(axis=0))


def test_planted_circumplex_scores_give_the_circle() -> None:
    rng = np.random.default_rng(5)
    loadings = circle_points()
    scores = rng.normal(size=(400, 2)) @ loadings.T + rng.normal(size=(400, 10)) * 0.6
    scores -= scores.mean(axis=1, keepdims=True)
    found = smacof(correlation_distances(scores))
    fit = circle_fit(found.points, NAMES, even_circle(NAMES), permutations=99)
    assert fit.order == tuple(NAMES)
    assert found.stress < 0.1


def test_correlation_distances_by_hand() -> None:
    scores = np.array([[1.0, 1, -1], [2, 2, -2], [3, 3, -3]])
    assert np.allclose(correlation_distances(scores), [[0, 0, 2], [0, 0, 2], [2, 2, 0]])


def test_what_cannot_be_scaled_is_said() -> None:
    with pytest.raises(DataError, match=r"constant: \[1\]"):
        correlation_distances(np.array([[1.0, 2], [2, 2], [3, 2]]))
    with pytest.raises(DataError, match="n >= 3"):
        correlation_distances(np.ones((2, 2)))
    with pytest.raises(DataError, match="complete"):
        correlation_distances(np.full((3, 2), np.nan))
    with pytest.raises(DataError, match="symmetric"):
        classical(np.array([[0.0, 1, 1], [2, 0, 1], [1, 1, 0]]))
    with pytest.raises(DataError, match="finite"):
        classical(np.full((3, 3), np.nan))
    with pytest.raises(DataError, match="square"):
        classical(np.zeros((2, 2)))
    with pytest.raises(DataError, match="all be zero"):
        classical(np.zeros((4, 4)))
    with pytest.raises(DataError, match="coincide"):
        align(np.ones((4, 2)), circle_points(4))
    with pytest.raises(DataError, match="shape"):
        align(np.ones((3, 2)), circle_points(4))
    with pytest.raises(DataError, match="lacks"):
        circle_fit(circle_points(4), ["a", "b", "c", "d"], {"a": 0.0})


def test_stress_by_hand() -> None:
    # a line at 0, 1 and 3 for distances 1, 1 and 2: best scale of the gaps (1 + 2 + 6) / 6 = 1.5,
    # left over (.5, .5, 0), so stress is the root of .5 / (1 + 4 + 9)
    distances = np.array([[0.0, 1, 2], [1, 0, 1], [2, 1, 0]])
    start = np.array([[0.0], [1], [3]])
    found = smacof(distances, 1, ordinal=False, start=start, max_iterations=0)
    assert found.stress == pytest.approx(np.sqrt(0.5 / 14))
    assert found.n_iterations == 0
    np.testing.assert_allclose(found.points[:, 0], [-4 / 3, -1 / 3, 5 / 3])
    once = smacof(distances, 1, ordinal=False, start=start, max_iterations=1)
    assert once.n_iterations == 1
    assert once.stress < found.stress
    whole = smacof(distances, 1, ordinal=False, start=start)
    assert whole.stress == pytest.approx(0, abs=1e-4)
    assert 1 < whole.n_iterations < 1000
    # in ranks the start is wrong only in that equal distances differ: ties may be pulled apart
    assert smacof(distances, 1, start=start, max_iterations=0).stress == pytest.approx(0)
    assert classical(distances, 1).n_iterations == 0


def test_p_counts_the_labellings_that_match_as_well() -> None:
    rng = np.random.default_rng(6)
    points = rng.normal(size=(5, 2))
    target = circle_points(5)
    draws = np.random.default_rng(4)
    observed = align(points, target)[1]
    hits = sum(
        align(points[draws.permutation(5)], target)[1] >= observed - 1e-12 for _ in range(30)
    )
    assert match_p(points, target, permutations=30, seed=4) == (1 + hits) / 31
    assert hits > 0
    assert match_p(target, target, permutations=0) == 1
    theory = even_circle(NAMES[:5])
    fit = circle_fit(points, NAMES[:5], theory, permutations=30, seed=4)
    assert fit.p == (1 + hits) / 31
    assert theory == {"v0": 0, "v1": 72, "v2": 144, "v3": 216, "v4": 288}
    np.testing.assert_allclose(fit.points, align(points, target)[0])
    assert ((fit.angles >= 0) & (fit.angles < 360)).all()


@pytest.mark.parametrize("dims", [0, 3])
def test_dims_lie_below_the_number_of_points(dims: int) -> None:
    distances = np.array([[0.0, 1, 2], [1, 0, 1], [2, 1, 0]])
    with pytest.raises(DataError, match=f"dims {dims}"):
        classical(distances, dims)
    assert classical(distances, 2).points.shape == (3, 2)


def test_negative_distances_and_a_full_diagonal_are_refused() -> None:
    with pytest.raises(DataError, match=">= 0"):
        classical(np.array([[0.0, -1, 1], [-1, 0, 1], [1, 1, 0]]))
    with pytest.raises(DataError, match="diagonal"):
        classical(np.array([[1.0, 1, 1], [1, 0, 1], [1, 1, 0]]))
    with pytest.raises(DataError, match="k >= 4"):
        circle_fit(circle_points(3), NAMES[:3], even_circle(NAMES[:3]))
