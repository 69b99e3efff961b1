"""Exploratory factor analysis: one call from correlations to a solution whose parts agree.

The widely used Python package permutes the factors but not their correlations, and computes
communalities as if the factors were orthogonal. Here the pattern, the structure and phi come out of
one transformation, are signed and ordered together, and satisfy ``structure = pattern phi`` and
``communality = diag(pattern phi pattern')`` to rounding.

Sign rule: every factor points so that its pattern loadings sum to a positive number.
Order rule: factors by the variance they carry, ``diag(phi pattern' pattern)``, largest first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from valuelex.psychometrics.extraction import Extraction, Method, extract
from valuelex.psychometrics.fit import Fit, model_fit
from valuelex.psychometrics.matrix import check_correlation
from valuelex.psychometrics.rotation import Rotated, Rotation, rotate
from valuelex.psychometrics.types import Floats


@dataclass(frozen=True)
class FactorSolution:
    """A factor solution for p variables and k factors.

    Attributes
    ----------
    loadings
        (p, k) pattern: weights of the factors on each variable.
    structure
        (p, k) correlations of variables and factors.
    phi
        (k, k) correlations of the factors.
    uniquenesses, communalities
        (p,) each; they sum to 1 a variable.
    variance
        (k,) variance each factor carries, in units of one variable; sums to the communalities' sum.
    share
        (k,) the same over p.
    rmsr, rmsea, rmsea_lower, rmsea_upper, tli, chi2, dof, p_value
        Fit: see :class:`~valuelex.psychometrics.fit.Fit`. None where not defined.
    converged
        Extraction and rotation both met their tolerance.
    heywood
        Places of variables whose uniqueness ran into its lower bound.
    T
        (k, k) ``unrotated inv(T)' = loadings``: the start for rotating a near-by sample.
    """

    loadings: Floats
    structure: Floats
    phi: Floats
    uniquenesses: Floats
    communalities: Floats
    variance: Floats
    share: Floats
    rmsr: float
    rmsea: float | None
    rmsea_lower: float | None
    rmsea_upper: float | None
    tli: float | None
    chi2: float | None
    dof: int
    p_value: float | None
    converged: bool
    heywood: tuple[int, ...]
    T: Floats

    @property
    def k(self) -> int:
        """Number of factors."""
        return int(self.loadings.shape[1])


def factor_analysis(
    R: Floats,
    n_obs: int,
    k: int,
    extraction: Method = "minres",
    rotation: Rotation = "oblimin",
    rotation_starts: int = 1,
    seed: int = 0,
) -> FactorSolution:
    """Factor the correlations R (p, p) of ``n_obs`` rows into k factors.

    R: ``psych::fa(R, k, n.obs, fm = extraction, rotate = rotation)``, or
    ``psych::principal`` for ``pca``.

    Parameters
    ----------
    rotation_starts
        Oblimin runs: the first from the identity, as R does, the others from random directions; the
        least criterion wins. Only oblimin has several optima.
    seed
        Of the random starts.

    Raises
    ------
    DataError
        See :func:`~valuelex.psychometrics.extraction.extract`.
    """
    R = check_correlation(R)
    found = extract(R, k, extraction)
    turned = _best_rotation(found.loadings, rotation, rotation_starts, seed)
    return assemble(R, n_obs, found, turned)


def _best_rotation(A: Floats, how: Rotation, starts: int, seed: int) -> Rotated:
    best = rotate(A, how)
    if how != "oblimin" or A.shape[1] < 2:
        return best
    rng = np.random.default_rng(seed)
    for _ in range(starts - 1):
        q, _ = np.linalg.qr(rng.normal(size=(A.shape[1], A.shape[1])))
        other = rotate(A, how, start=q)
        if _quartimin(other) < _quartimin(best) - 1e-9:
            best = other
    return best


def _quartimin(rotated: Rotated) -> float:
    squares = rotated.pattern**2
    return float((squares.sum(axis=1) ** 2).sum() - (squares**2).sum()) / 4


def order_and_sign(pattern: Floats, phi: Floats) -> tuple[Floats, Floats, np.ndarray, Floats]:
    """Apply the sign and order rules to a pattern (p, k) and its phi (k, k).

    Returns
    -------
    The pattern and phi so arranged, the order (k,) and the signs (k,): new factor ``j`` is
    ``sign[j]`` times old factor ``order[j]``.
    """
    sums = pattern.sum(axis=0)
    largest = pattern[np.abs(pattern).argmax(axis=0), np.arange(pattern.shape[1])]
    direction = np.where(np.abs(sums) > 1e-12, sums, largest)
    sign = np.where(direction < 0, -1.0, 1.0)
    variance = np.diag(phi @ pattern.T @ pattern)
    order = np.argsort(-np.round(variance, 12), kind="stable")
    sign = sign[order]
    return (
        pattern[:, order] * sign,
        phi[np.ix_(order, order)] * np.outer(sign, sign),
        order,
        sign,
    )


def assemble(R: Floats, n_obs: int, found: Extraction, turned: Rotated) -> FactorSolution:
    """Put an extraction and a rotation of it together into one consistent solution."""
    pattern, phi, order, sign = order_and_sign(turned.pattern, turned.phi)
    np.fill_diagonal(phi, 1.0)
    structure = pattern @ phi
    communalities = (structure * pattern).sum(axis=1)
    variance = np.diag(phi @ pattern.T @ pattern).copy()
    fit: Fit = model_fit(R, pattern, phi, n_obs)
    return FactorSolution(
        loadings=pattern,
        structure=structure,
        phi=phi,
        uniquenesses=1 - communalities,
        communalities=communalities,
        variance=variance,
        share=variance / len(pattern),
        rmsr=fit.rmsr,
        rmsea=fit.rmsea,
        rmsea_lower=fit.rmsea_lower,
        rmsea_upper=fit.rmsea_upper,
        tli=fit.tli,
        chi2=fit.chi2,
        dof=fit.dof,
        p_value=fit.p_value,
        converged=found.converged and turned.converged,
        heywood=found.heywood,
        T=turned.T[:, order] * sign,
    )
