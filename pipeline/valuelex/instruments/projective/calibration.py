"""Two small estimators with closed or convex solutions: ridge regression and penalised logistic.

Written out in numpy so that the instrument needs no statistics package and gives the same numbers
everywhere. Both are fitted on anchor sentences only, never on the completions that are scored.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError

Array = NDArray[np.float64]
RIDGE = 1e-3
"""Keeps the fit of shares finite when the anchors separate without error."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear predictor ``x @ weights + intercept``; ``weights`` (d,)."""

    weights: Array
    intercept: float

    def __call__(self, x: Array) -> Array:
        """Return the predictor for the rows of ``x`` (n, d) as (n,)."""
        return np.asarray(x @ self.weights + self.intercept, dtype=np.float64)


def fit_ridge(x: Array, y: Array, *, penalty: float, weight: Array | None = None) -> Linear:
    """Ridge regression with an unpenalised intercept (R: ``MASS::lm.ridge`` up to its scaling).

    Parameters
    ----------
    x, y
        Rows (n, d) and targets (n,).
    penalty
        Added to the diagonal of the weighted cross product, > 0.
    weight
        Non-negative row weights (n,), summing to more than 0; equal when absent.

    Raises
    ------
    DataError
        When there are no rows, or the penalty is not positive.
    """
    if len(x) == 0 or penalty <= 0:
        raise DataError(f"ridge needs rows and a positive penalty, got {len(x)} rows, {penalty}")
    w = np.ones(len(x)) if weight is None else np.asarray(weight, dtype=np.float64)
    w = w / w.sum() * len(x)
    mean_x, mean_y = np.average(x, axis=0, weights=w), float(np.average(y, weights=w))
    xc = x - mean_x
    gram = (xc * w[:, None]).T @ xc + penalty * np.eye(x.shape[1])
    weights = np.linalg.solve(gram, (xc * w[:, None]).T @ (y - mean_y))
    return Linear(weights, mean_y - float(mean_x @ weights))


def fit_logistic(
    x: Array,
    y: Array,
    *,
    penalty: float = 1.0,
    intercept: bool = True,
    weight: Array | None = None,
) -> Linear:
    """Logistic regression with a ridge penalty on the slopes, by Newton steps.

    Parameters
    ----------
    x, y
        Rows (n, d) and 0/1 targets (n,), both classes present.
    penalty
        Half the ridge on the slopes, > 0, so a solution exists even when the classes separate.
    intercept
        Without an intercept the predictor is odd in ``x``.
    weight
        Non-negative row weights (n,). Whatever they are, both classes are made to count the same
        and the weights to sum to n.

    Raises
    ------
    DataError
        When a class is missing.
    """
    positive = y > 0.5
    if positive.all() or not positive.any():
        raise DataError("logistic calibration needs examples of both classes")
    w = np.ones(len(x)) if weight is None else np.asarray(weight, dtype=np.float64)
    w = np.where(positive, w / w[positive].sum(), w / w[~positive].sum()) * (len(x) / 2)
    z = np.column_stack([x, np.ones(len(x))]) if intercept else x
    ridge = np.full(z.shape[1], penalty)
    if intercept:
        ridge[-1] = 1e-9
    beta = np.zeros(z.shape[1])
    for _ in range(100):
        p = sigmoid(z @ beta)
        gradient = z.T @ (w * (p - y)) + ridge * beta
        hessian = (z * (w * p * (1 - p))[:, None]).T @ z + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        beta = beta - step
        if np.abs(step).max() < 1e-10:
            break
    if intercept:
        return Linear(beta[:-1], float(beta[-1]))
    return Linear(beta, 0.0)


def shares(z: Array, slope: float, threshold: float) -> Array:
    """Return how k classes and "none" share each row: ``exp(slope z - threshold) / (1 + sum)``.

    ``z`` and the shares are (n, k); "none" has the rest of each row.
    """
    logit = slope * z - threshold
    top = np.maximum(logit.max(axis=1, keepdims=True), 0.0)
    e = np.exp(logit - top)
    return np.asarray(e / (np.exp(-top) + e.sum(axis=1, keepdims=True)), dtype=np.float64)


def fit_shares(z: Array, label: NDArray[np.int_]) -> tuple[float, float]:
    """Fit slope and threshold of `shares` by maximum likelihood (Newton; the problem is concave).

    Parameters
    ----------
    z
        Standardised similarities (n, k).
    label
        The right class of each row, (n,), -1 for "none". "None" counts as much as all classes
        together, whatever the numbers of rows.

    Raises
    ------
    DataError
        When there are no rows of a class, or none of "none".
    """
    none = label < 0
    if none.all() or not none.any():
        raise DataError("relevance needs anchor sentences of terms and of everyday topics")
    n, k = z.shape
    w = np.where(none, 1.0 / none.sum(), 1.0 / (~none).sum()) * (n / 2)
    y = np.zeros((n, k))
    y[~none, label[~none]] = 1.0
    beta = np.zeros(2)  # slope and minus threshold
    for _ in range(100):
        p = shares(z, beta[0], -beta[1])
        x = np.stack([z, np.ones_like(z)], axis=2)
        gradient = np.einsum("n,nk,nkf->f", w, y - p, x) - RIDGE * beta
        mean = np.einsum("nk,nkf->nf", p, x)
        second = np.einsum("n,nk,nkf,nkg->fg", w, p, x, x) - np.einsum("n,nf,ng->fg", w, mean, mean)
        step = np.linalg.solve(second + RIDGE * np.eye(2), gradient)
        beta = beta + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-10:
            break
    return float(beta[0]), float(-beta[1])


def sigmoid(x: Array) -> Array:
    """Return ``1 / (1 + exp(-x))``, safe at both ends."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), dtype=np.float64)
