"""Extracting k factors from a correlation matrix: minres, maximum likelihood, components.

Both factor methods minimise over the p uniquenesses alone, with the loadings solved for, and with
the analytic gradient. Finite differences would cost p + 1 eigendecompositions a step.

minres (Harman and Jones 1966; equal to unweighted least squares)
    f = 1/2 sum of squared discarded eigenvalues of R - Psi. Its Hessian is close to the squared
    elements of the projector on the discarded space (Joreskog and van Thillo 1971), so a bounded
    Newton iteration needs a handful of eigendecompositions.
ml (Lawley and Maxwell 1971)
    f and gradient as in R's ``factanal``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import linalg, optimize

from valuelex.errors import DataError
from valuelex.psychometrics.matrix import check_correlation
from valuelex.psychometrics.types import Floats

Method = Literal["minres", "ml", "pca"]
LOWEST = 0.005  # the smallest uniqueness allowed, as in factanal and psych


@dataclass(frozen=True)
class Extraction:
    """Unrotated factors.

    Attributes
    ----------
    loadings
        (p, k), orthogonal factors, largest first.
    uniquenesses
        (p,) the variance of each variable that the factors leave.
    objective
        The value of the function that was minimised (0 for components).
    converged
        Whether the optimiser met its tolerance.
    heywood
        Places of the variables whose uniqueness ran into the bound of .005.
    evaluations
        Eigendecompositions spent.
    """

    loadings: Floats
    uniquenesses: Floats
    objective: float
    converged: bool
    heywood: tuple[int, ...]
    evaluations: int


def top_eigen(S: Floats, k: int) -> tuple[Floats, Floats]:
    """Return the k largest eigenvalues of S (p, p), largest first, and their vectors (p, k)."""
    p = len(S)
    values, vectors = linalg.eigh(S, subset_by_index=[p - k, p - 1], check_finite=False)
    return values[::-1], vectors[:, ::-1]


def start_uniquenesses(R: Floats) -> Floats:
    """Return 1 - squared multiple correlations (p,), or a half where R has no inverse."""
    try:
        factor = linalg.cho_factor(R, lower=True, check_finite=False)
        inverse = linalg.cho_solve(factor, np.eye(len(R)), check_finite=False)
        start = 1 / np.diag(inverse)
    except linalg.LinAlgError:
        start = np.full(len(R), 0.5)
    if not np.isfinite(start).all():
        start = np.full(len(R), 0.5)
    return np.asarray(np.clip(start, LOWEST, 1.0))


def extract(
    R: Floats,
    k: int,
    method: Method = "minres",
    start: Floats | None = None,
    tolerance: float = 1e-8,
) -> Extraction:
    """Extract k factors from the correlations R (p, p).

    R: ``psych::fa(R, k, rotate = "none", fm = "minres" | "ml")``, ``factanal``,
    ``psych::principal``.

    Parameters
    ----------
    start
        Uniquenesses (p,) to begin from, such as those of the whole sample in a bootstrap.
    tolerance
        Largest element of the gradient at which minres stops; rounding leaves about 1e-9.

    Raises
    ------
    DataError
        k is not between 1 and p - 1, leaves no degrees of freedom, or R is singular for ``ml``.
    """
    R = check_correlation(R)
    p = len(R)
    check_count(p, k, method)
    if method == "pca":
        return _components(R, k)
    begin = start_uniquenesses(R) if start is None else np.clip(start, LOWEST, 1.0)
    if method == "minres":
        return _minres(R, k, begin, tolerance)
    if method == "ml":
        return _maximum_likelihood(R, k, begin)
    raise DataError(f"extraction must be minres, ml or pca; was: {method!r}")


def check_count(p: int, k: int, method: str) -> None:
    """Raise DataError unless k factors can be asked of p variables."""
    if not 1 <= k < p:
        raise DataError(f"the number of factors must lie between 1 and {p - 1}; was: {k}")
    if method != "pca" and (p - k) ** 2 < p + k:
        raise DataError(f"{k} factors of {p} variables leave no degrees of freedom; ask for fewer")


def _components(R: Floats, k: int) -> Extraction:
    values, vectors = top_eigen(R, k)
    loadings = vectors * np.sqrt(np.maximum(values, 0.0))
    return Extraction(_signed(loadings), 1 - (loadings**2).sum(axis=1), 0.0, True, (), 1)


def _minres(R: Floats, k: int, start: Floats, tolerance: float) -> Extraction:
    psi, objective, converged, used = _newton(lambda x: _minres_step(R, k, x), start, tolerance)
    if not converged:
        found = optimize.minimize(
            lambda x: _minres_step(R, k, x)[:2],
            psi,
            jac=True,
            method="L-BFGS-B",
            bounds=[(LOWEST, 1.0)] * len(psi),
            options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-8},
        )
        used += int(found.nfev)
        psi, objective = np.asarray(found.x), float(found.fun)
        gradient = np.asarray(found.jac)
        step = np.clip(psi - gradient, LOWEST, 1.0) - psi
        converged = bool(np.abs(step).max() < 1e-5)
    values, vectors = top_eigen(R - np.diag(psi), k)
    loadings = vectors * np.sqrt(np.maximum(values, 0.0))
    return _finish(R, loadings, psi, objective, converged, used)


Step = tuple[float, Floats, Floats]  # objective, gradient (p,), curvature (p, p)


def _minres_step(R: Floats, k: int, psi: Floats) -> Step:
    S = R - np.diag(psi)
    values, vectors = top_eigen(S, k)
    values = np.maximum(values, 0.0)
    f = 0.5 * (float((S**2).sum()) - float((values**2).sum()))
    fitted = (vectors**2) @ values
    gradient = -(np.diag(S) - fitted)
    projector = -vectors @ vectors.T
    projector[np.diag_indices_from(projector)] += 1.0
    return f, gradient, projector**2


def _newton(
    step: Callable[[Floats], Step], start: Floats, tolerance: float, limit: int = 60
) -> tuple[Floats, float, bool, int]:
    """Minimise over uniquenesses in [.005, 1] by Newton steps on those that are free."""
    x = start.copy()
    f, gradient, curvature = step(x)
    used = 1
    for _ in range(limit):
        at_edge = ((x <= LOWEST) & (gradient > 0)) | ((x >= 1.0) & (gradient < 0))
        free = ~at_edge
        if not free.any() or np.abs(gradient[free]).max() < tolerance:
            return x, f, True, used
        move = np.zeros_like(x)
        H = curvature[np.ix_(free, free)] + 1e-9 * np.eye(int(free.sum()))
        try:
            move[free] = -linalg.cho_solve(
                linalg.cho_factor(H, check_finite=False), gradient[free], check_finite=False
            )
        except linalg.LinAlgError:
            move[free] = -gradient[free]
        length = 1.0
        for _ in range(12):
            trial = np.clip(x + length * move, LOWEST, 1.0)
            f_new, g_new, c_new = step(trial)
            used += 1
            if f_new <= f + 1e-4 * float(gradient @ (trial - x)) + 1e-12 * abs(f):
                break
            length /= 2
        else:
            return x, f, bool(np.abs(gradient[free]).max() < 1e-6), used
        x, f, gradient, curvature = trial, f_new, g_new, c_new
    return x, f, False, used


def _maximum_likelihood(R: Floats, k: int, start: Floats) -> Extraction:
    sign, _ = np.linalg.slogdet(R)
    if sign <= 0 or np.linalg.eigvalsh(R)[0] < 1e-10:
        raise DataError(
            "maximum likelihood needs a correlation matrix that can be inverted, and this one is "
            "singular: use minres, fewer variables, or shrink the matrix first"
        )
    found = optimize.minimize(
        lambda x: _ml_step(R, k, x),
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, 1.0)] * len(R),
        options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-9, "maxcor": 30},
    )
    psi = np.asarray(found.x)
    gradient = np.asarray(found.jac)
    step = np.clip(psi - gradient, LOWEST, 1.0) - psi
    root = np.sqrt(psi)
    values, vectors = top_eigen(R / np.outer(root, root), k)
    loadings = root[:, None] * vectors * np.sqrt(np.maximum(values - 1, 0.0))
    converged = bool(np.abs(step).max() < 1e-4)
    return _finish(R, loadings, psi, float(found.fun), converged, int(found.nfev))


def _ml_step(R: Floats, k: int, psi: Floats) -> tuple[float, Floats]:
    root = np.sqrt(psi)
    values, vectors = linalg.eigh(R / np.outer(root, root), check_finite=False)
    rest = values[: len(psi) - k]
    f = float(-(np.log(rest) - rest).sum() - len(psi) + k)
    top = np.maximum(values[len(psi) - k :] - 1, 0.0)
    fitted = psi * ((vectors[:, len(psi) - k :] ** 2) @ top)
    return f, np.asarray((fitted + psi - np.diag(R)) / psi**2)


def _finish(
    R: Floats, loadings: Floats, psi: Floats, objective: float, converged: bool, used: int
) -> Extraction:
    heywood = tuple(int(i) for i in np.flatnonzero(psi <= LOWEST + 1e-9))
    unique = np.diag(R) - (loadings**2).sum(axis=1)
    return Extraction(_signed(loadings), unique, objective, converged, heywood, used)


def _signed(loadings: Floats) -> Floats:
    sums = loadings.sum(axis=0)
    return np.asarray(loadings * np.where(sums < 0, -1.0, 1.0))
