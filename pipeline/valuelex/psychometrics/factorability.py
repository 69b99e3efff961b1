"""May these variables be factored at all? Kaiser-Meyer-Olkin and Bartlett."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats

from valuelex.errors import DataError
from valuelex.psychometrics.matrix import check_correlation
from valuelex.psychometrics.types import Floats

USABLE = 0.60  # below this Kaiser (1974) calls the sampling "mediocre" or worse


@dataclass(frozen=True)
class Kmo:
    """Sampling adequacy in [0, 1]: ``overall``, and ``per_variable`` (p,)."""

    overall: float
    per_variable: Floats


@dataclass(frozen=True)
class Bartlett:
    """Bartlett's test that all correlations are zero.

    ``chi2`` and ``p`` are None, and ``note`` says why, where the test is not defined.
    """

    chi2: float | None
    dof: int
    p: float | None
    note: str


def kmo(R: Floats) -> Kmo:
    """Return Kaiser, Meyer and Olkin's measure for a correlation matrix R (p, p).

    Kaiser and Rice (1974). R: ``psych::KMO(R)``.

    Raises
    ------
    DataError
        R is singular: partial correlations do not exist.
    """
    R = check_correlation(R)
    try:
        factor = linalg.cho_factor(R, lower=True, check_finite=False)
    except linalg.LinAlgError as error:
        raise DataError(
            "KMO needs partial correlations, and the correlation matrix is singular: use fewer "
            "variables or shrink the matrix first"
        ) from error
    inverse = linalg.cho_solve(factor, np.eye(len(R)), check_finite=False)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    off = 1.0 - np.eye(len(R))
    r2 = (R**2 * off).sum(axis=0)
    q2 = (partial**2 * off).sum(axis=0)
    total = float(r2.sum() + q2.sum())
    with np.errstate(invalid="ignore"):
        each = np.where(r2 + q2 > 0, r2 / (r2 + q2), 0.0)
    return Kmo(float(r2.sum()) / total if total > 0 else 0.0, each)


def bartlett(R: Floats, n: int) -> Bartlett:
    """Test that the p variables are uncorrelated, from R (p, p) and n independent rows.

    Bartlett (1951), by the logarithm of the determinant, which does not underflow.
    R: ``psych::cortest.bartlett(R, n)``. The test assumes independent rows: with several rows a
    model its p is far too small, which ``note`` cannot know and the caller must say.
    """
    R = check_correlation(R)
    p = len(R)
    dof = p * (p - 1) // 2
    if n <= p:
        return Bartlett(None, dof, None, f"not defined: {n} rows for {p} variables")
    sign, logdet = np.linalg.slogdet(R)
    if sign <= 0 or not math.isfinite(logdet) or logdet < -36 * p:
        return Bartlett(None, dof, None, "not defined: the correlation matrix is singular")
    chi2 = float(-(n - 1 - (2 * p + 5) / 6) * logdet)
    if chi2 < 0:
        chi2 = 0.0
    return Bartlett(chi2, dof, float(stats.chi2.sf(chi2, dof)), "")
