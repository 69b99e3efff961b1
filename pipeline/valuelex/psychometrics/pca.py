"""Components of a covariance matrix, rotated: the way of the lexical studies of personality.

Kept apart from :mod:`~valuelex.psychometrics.factors`, whose solutions are in correlation units:
loadings here are in the variables' own units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from valuelex.errors import DataError
from valuelex.psychometrics.factors import order_and_sign
from valuelex.psychometrics.rotation import Rotation, promax, rotate
from valuelex.psychometrics.types import Floats


@dataclass(frozen=True)
class ComponentSolution:
    """Rotated components of p variables.

    Attributes
    ----------
    loadings
        (p, k) pattern in the units of the variables.
    structure
        (p, k) ``loadings phi``.
    phi
        (k, k) correlations of the components.
    eigenvalues
        All min(n - 1, p) eigenvalues of the covariance matrix.
    variance
        (k,) sum of squared pattern loadings.
    percent
        (k,) that, over the number of variables, in per cent.
    """

    loadings: Floats
    structure: Floats
    phi: Floats
    eigenvalues: Floats
    variance: Floats
    percent: Floats


def pca_promax(
    X: Floats,
    k: int,
    rotation: Rotation = "promax",
    covariance: bool = True,
    power: int = 4,
    kaiser_target: bool = False,
    tolerance: float = 1e-5,
) -> ComponentSolution:
    """Extract and rotate k principal components of X (n, p); p may exceed n.

    R: ``psych::pca(X, k, rotate = "promax", cor = "cov")``.

    Parameters
    ----------
    X
        Respondents x variables; no missing values, no constant column.
    covariance
        Analyse covariances; else correlations.
    power, kaiser_target
        See :func:`~valuelex.psychometrics.rotation.promax`. As in R's ``pca``, the powered target
        is made from loadings that are not normalised by row.
    tolerance
        Relative gain at which varimax stops. The default is R's, and is loose enough to show in the
        second decimal of a variance: published solutions carry it.
    """
    X = np.asarray(X, dtype=np.float64)
    if not np.isfinite(X).all():
        raise DataError("components need complete data: a value is missing")
    C = X - X.mean(axis=0)
    spread = C.std(axis=0, ddof=1)
    if (spread <= 0).any():
        raise DataError(f"column {int(np.flatnonzero(spread <= 0)[0]) + 1} is constant")
    if not covariance:
        C = C / spread
    if not 1 <= k <= min(len(X) - 1, X.shape[1]):
        raise DataError(f"components must lie between 1 and {min(len(X) - 1, X.shape[1])}; was {k}")
    _, singular, vt = linalg.svd(C / np.sqrt(len(X) - 1), full_matrices=False, check_finite=False)
    A = vt[:k].T * singular[:k]
    A = A * np.where(A.sum(axis=0) < 0, -1.0, 1.0)
    if rotation == "promax" and k > 1:
        turned = promax(A, power=power, kaiser_target=kaiser_target, tolerance=tolerance)
    else:
        turned = rotate(A, rotation)
    pattern, phi, _, _ = order_and_sign(turned.pattern, turned.phi)
    variance = (pattern**2).sum(axis=0)
    return ComponentSolution(
        loadings=pattern,
        structure=pattern @ phi,
        phi=phi,
        eigenvalues=(singular**2)[: min(len(X) - 1, X.shape[1])],
        variance=variance,
        percent=100 * variance / len(pattern),
    )
