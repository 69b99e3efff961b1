"""Two instruments on the same models: the correlation, and its interval over families."""

from dataclasses import astuple

import numpy as np
import pytest

from valuelex.errors import DataError
from valuelex.psychometrics.convergence import cluster_correlation

X = np.array([1.0, 2, 3, 4])
Y = np.array([1.0, 3, 2, 4])  # deviations (-1.5, .5, -.5, 1.5): r = 4 / 5


def test_by_hand_and_no_interval_from_two_families() -> None:
    found = cluster_correlation(X, Y, np.array(["a", "a", "b", "b"]))
    assert astuple(found) == (pytest.approx(0.8), None, None, 4, 2)


def test_a_pair_with_a_hole_is_left_out_with_its_family() -> None:
    x, y = np.append(X, [np.nan, 9]), np.append(Y, [5, np.nan])
    found = cluster_correlation(x, y, np.array(["a", "a", "b", "b", "c", "d"]))
    assert astuple(found) == (pytest.approx(0.8), None, None, 4, 2)


@pytest.mark.parametrize(
    ("x", "y"), [(X[:3], Y[:3]), (np.ones(4), Y), (X, np.ones(4)), (np.full(4, np.nan), Y)]
)
def test_nothing_is_said_of_three_pairs_or_of_what_does_not_vary(
    x: np.ndarray, y: np.ndarray
) -> None:
    found = cluster_correlation(x, y, np.arange(len(x)))
    assert (found.r, found.lower, found.upper) == (None, None, None)
    assert found.n == found.clusters == (0 if np.isnan(x).all() else len(x))


def test_the_interval_is_that_of_resampled_families() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=24)
    y = x + rng.normal(size=24)
    families = np.repeat([f"f{i}" for i in range(8)], 3)
    draws = np.random.default_rng(5)
    expected = []
    for _ in range(200):
        rows = np.concatenate([3 * c + np.arange(3) for c in draws.integers(0, 8, 8)])
        expected.append(np.corrcoef(x[rows], y[rows])[0, 1])
    found = cluster_correlation(x, y, families, draws=200, seed=5)
    assert found.r == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert [found.lower, found.upper] == pytest.approx(list(np.percentile(expected, [2.5, 97.5])))
    assert (found.n, found.clusters) == (24, 8)
    # by default 500 draws from seed 0
    assert cluster_correlation(x, y, families) == cluster_correlation(
        x, y, families, draws=500, seed=0
    )


def test_copies_of_a_model_tell_nothing_new() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 10))
    once = cluster_correlation(x, y, np.arange(10) + 10)
    five = cluster_correlation(np.repeat(x, 5), np.repeat(y, 5), np.repeat(np.arange(10) + 10, 5))
    assert five.r == pytest.approx(once.r)
    assert (five.lower, five.upper) == pytest.approx((once.lower, once.upper))


def test_no_interval_where_most_resamples_do_not_vary() -> None:
    # x differs in one family alone and y in another: a resample varies in both only if it holds
    # both, which of five families happens in 42 of 100
    x, y = np.array([0.0, 0, 0, 0, 1]), np.array([0.0, 0, 0, 1, 0])
    found = cluster_correlation(x, y, np.arange(5))
    assert astuple(found) == (pytest.approx(-0.25), None, None, 5, 5)
    # of three, with one more row in each, in 2 of 3 draws: enough
    x, y = np.array([0.0, 0, 0, 0, 1, 2]), np.array([0.0, 1, 0, 2, 0, 1])
    assert cluster_correlation(x, y, np.array([0, 0, 1, 1, 2, 2])).lower is not None


def test_lengths_must_agree() -> None:
    with pytest.raises(DataError, match="were: 4, 3, 4"):
        cluster_correlation(X, Y[:3], np.arange(4))
