from __future__ import annotations

import numpy as np
import pytest

from valuelex.errors import DataError
from valuelex.instruments.projective.calibration import (
    fit_logistic,
    fit_ridge,
    fit_shares,
    shares,
    sigmoid,
)


def test_ridge_by_hand() -> None:
    # x = -1, 0, 1 and y = -2, 0, 2: centred cross product 2, target product 4; with penalty 2
    # the slope is 4 / (2 + 2) = 1 and the intercept 0.
    fit = fit_ridge(np.array([[-1.0], [0.0], [1.0]]), np.array([-2.0, 0.0, 2.0]), penalty=2.0)
    assert fit.weights == pytest.approx([1.0], abs=1e-12)
    assert fit.intercept == pytest.approx(0.0, abs=1e-12)


def test_ridge_weights_are_repetitions() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((6, 2)), rng.standard_normal(6)
    twice = np.array([2.0, 1, 1, 1, 1, 1])
    repeated = fit_ridge(np.vstack([x, x[:1]]), np.append(y, y[0]), penalty=7.0)
    weighted = fit_ridge(x, y, penalty=6.0, weight=twice)
    assert weighted.weights == pytest.approx(repeated.weights, abs=1e-12)


def test_logistic_finds_the_gradient_zero() -> None:
    rng = np.random.default_rng(2)
    x = rng.standard_normal((200, 2))
    y = (rng.random(200) < sigmoid(x @ np.array([1.5, -1.0]))).astype(float)
    fit = fit_logistic(x, y, penalty=1e-6)
    w = np.where(y > 0.5, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    residual = w * (sigmoid(fit(x)) - y)
    assert np.abs(x.T @ residual).max() < 1e-4
    assert abs(residual.sum()) < 1e-6
    assert fit.weights[0] > 0 > fit.weights[1]


def test_logistic_without_intercept_is_odd() -> None:
    x = np.array([[1.0], [2.0], [-1.0], [-3.0]])
    fit = fit_logistic(x, np.array([1.0, 1, 0, 0]), intercept=False)
    assert fit(x) == pytest.approx(-fit(-x))


def test_one_class_is_an_error() -> None:
    with pytest.raises(DataError, match="both classes"):
        fit_logistic(np.ones((3, 1)), np.ones(3))
    with pytest.raises(DataError, match="ridge needs rows"):
        fit_ridge(np.ones((0, 1)), np.ones(0), penalty=1.0)
    with pytest.raises(DataError, match="relevance needs anchor"):
        fit_shares(np.ones((3, 1)), np.zeros(3, dtype=int))


def test_shares_by_hand_and_without_overflow() -> None:
    # slope 1, threshold 0: e^z / (1 + e^0 + e^ln2) with z = (0, ln 2) = (1, 2) / 4
    assert shares(np.array([[0.0, np.log(2.0)]]), 1.0, 0.0) == pytest.approx(
        np.array([[0.25, 0.5]]), abs=1e-12
    )
    assert shares(np.array([[1e4, 0.0]]), 1.0, 0.0) == pytest.approx(np.array([[1.0, 0.0]]))


def test_shares_are_fitted_to_the_truth() -> None:
    rng = np.random.default_rng(3)
    z = rng.standard_normal((20000, 3)) * 1.5
    p = shares(z, 1.3, 0.4)
    u = rng.random(len(z))[:, None]
    label = np.where(u[:, 0] < p.sum(1), (u > np.cumsum(p, axis=1)).sum(1), -1)
    label = np.minimum(label, 2)
    slope, _ = fit_shares(z, label)
    assert slope == pytest.approx(1.3, abs=0.06)
