"""Factor scores of respondents: regression (Thurstone) and ten Berge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import linalg

from valuelex.errors import DataError
from valuelex.psychometrics.matrix import standardise
from valuelex.psychometrics.types import Floats

ScoreMethod = Literal["regression", "tenberge"]


@dataclass(frozen=True)
class Scores:
    """Scores (n, k), the weights (p, k) of the standardised variables, and ``r2`` (k,).

    ``r2`` is the squared multiple correlation of each factor with the variables: how determinate
    its regression scores are, in [0, 1]; nan where R was shrunk so far from the matrix that was
    factored that the two contradict each other.
    """

    scores: Floats
    weights: Floats
    r2: Floats


def factor_scores(
    X: Floats,
    R: Floats,
    loadings: Floats,
    phi: Floats,
    method: ScoreMethod = "regression",
) -> Scores:
    """Score the respondents X (n, p) on the factors of a solution.

    Parameters
    ----------
    X
        The data; standardised here.
    R
        (p, p) correlations, invertible (shrunk where needed).
    loadings, phi
        Pattern (p, k) and factor correlations (k, k).
    method
        ``regression`` (Thurstone 1935) predicts each factor best; ``tenberge`` (ten Berge et al.
        1999) keeps the correlations of the scores equal to phi.
        R: ``psych::factor.scores(X, loadings, phi, method = "Thurstone" | "tenBerge")``.

    Raises
    ------
    DataError
        R is singular.
    """
    try:
        factor = linalg.cho_factor(R, lower=True, check_finite=False)
    except linalg.LinAlgError as error:
        raise DataError(
            "factor scores need a correlation matrix that can be inverted: shrink it first"
        ) from error
    structure = loadings @ phi
    regression = linalg.cho_solve(factor, structure, check_finite=False)
    r2 = (regression * structure).sum(axis=0)
    r2 = np.where(r2 > 1 + 1e-6, np.nan, np.minimum(r2, 1.0))
    if method == "regression":
        weights = regression
    elif method == "tenberge":
        root = _power(phi, 0.5)
        L = loadings @ root
        inner = L.T @ linalg.cho_solve(factor, L, check_finite=False)
        weights = linalg.cho_solve(factor, L, check_finite=False) @ _power(inner, -0.5) @ root
    else:
        raise DataError(f"the score method must be regression or tenberge; was: {method!r}")
    return Scores(standardise(X) @ weights, np.asarray(weights), np.asarray(r2))


def _power(S: Floats, exponent: float) -> Floats:
    values, vectors = linalg.eigh(S)
    values = np.maximum(values, np.finfo(float).eps)
    return np.asarray((vectors * values**exponent) @ vectors.T)
