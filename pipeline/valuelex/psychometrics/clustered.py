"""Least squares whose errors allow for clusters, with few of them: CR2 and Satterthwaite.

Bell and McCaffrey (2002); Pustejovsky and Tipton (2018, JBES 36, 672-683). R:
``clubSandwich::coef_test(lm(y ~ x), vcov = "CR2", cluster = family, test = "Satterthwaite")``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from valuelex.errors import DataError

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One coefficient: ``df`` are Satterthwaite's, ``p`` is two-sided."""

    estimate: float
    se: float
    df: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True, slots=True)
class Regression:
    """A fit: one estimate a column of the design, and the residuals' standard deviation."""

    coefficients: tuple[Estimate, ...]
    residual_sd: float
    residual_df: int


def clustered_regression(
    y: Matrix, design: Matrix, clusters: NDArray[np.str_], confidence: float = 0.95
) -> Regression:
    """Regress ``y`` (n,) on ``design`` (n, k), which holds its own intercept.

    With every case its own cluster the errors are HC2.

    Raises
    ------
    DataError
        Fewer than two clusters, no more cases than columns, or columns that depend on one another.
    """
    names, members = np.unique(clusters, return_inverse=True)
    n, k = design.shape
    if names.size < 2 or n <= k or np.linalg.matrix_rank(design) < k:
        raise DataError(
            "a clustered regression needs 2 clusters, more cases than columns, and columns that"
            f" do not depend on one another; has {names.size} clusters, {n} cases, {k} columns of"
            f" rank {np.linalg.matrix_rank(design) if design.size else 0}"
        )
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ y
    residual = y - design @ beta
    rest = np.eye(n) - design @ bread @ design.T
    weights = np.zeros((n, k))  # a cluster's rows weigh its residuals in each coefficient
    for place in range(names.size):
        mine = members == place
        root = inverse_root(rest[np.ix_(mine, mine)])
        weights[mine] = root @ design[mine] @ bread
    found = []
    for j in range(k):
        parts = np.zeros((n, names.size))
        parts[np.arange(n), members] = weights[:, j]
        variance = float(((parts.T @ residual) ** 2).sum())
        columns = rest @ parts
        products = columns.T @ columns
        df = float(np.trace(products) ** 2 / (products**2).sum()) if products.any() else 0.0
        found.append(estimate(float(beta[j]), float(np.sqrt(variance)), df, confidence))
    spread = float(np.sqrt(residual @ residual / (n - k)))
    return Regression(tuple(found), spread, n - k)


def estimate(beta: float, se: float, df: float, confidence: float) -> Estimate:
    """Return a coefficient with Student's interval and p."""
    if se == 0 or df <= 0:
        return Estimate(beta, se, df, beta, beta, 1.0 if beta == 0 else 0.0)
    half = float(stats.t.ppf(0.5 + confidence / 2, df)) * se
    p = float(2 * stats.t.sf(abs(beta) / se, df))
    return Estimate(beta, se, df, beta - half, beta + half, p)


def inverse_root(matrix: Matrix) -> Matrix:
    """Symmetric inverse square root; a direction that the cluster fits alone is left out."""
    roots, vectors = np.linalg.eigh(matrix)
    scaled = np.where(roots > 1e-8, 1 / np.sqrt(np.where(roots > 1e-8, roots, 1)), 0)
    inverse: Matrix = (vectors * scaled) @ vectors.T
    return inverse
