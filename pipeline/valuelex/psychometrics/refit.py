"""Fitting the same factor model again to near-by data, fast: what every resampling rests on.

A refit begins from the full sample's uniquenesses and rotation, so that it takes a few
eigendecompositions, and lands in the optimum that answers to the full sample's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.congruence import arrange, oblique_procrustes, procrustes, tucker
from valuelex.psychometrics.extraction import Method, extract
from valuelex.psychometrics.factors import FactorSolution
from valuelex.psychometrics.rotation import Rotation, rotate
from valuelex.psychometrics.types import Floats


@dataclass(frozen=True)
class Refit:
    """One refit: ``phi`` (k,) after Procrustes, ``free`` (k,) without it, ``loadings`` (p, k).

    ``loadings`` are those after Procrustes, in the reference's order and direction.
    """

    phi: Floats
    free: Floats
    loadings: Floats


@dataclass(frozen=True)
class Reference:
    """The solution of the full sample, with what a refit needs."""

    solution: FactorSolution
    extraction: Method
    rotation: Rotation


def tame_correlation(cross: Floats, total: Floats, n: float) -> Floats:
    """Return correlations (p, p) from cross products (p, p) and sums (p,) of n rows.

    A column that happens not to vary in the resample correlates 0 with all others.

    Raises
    ------
    DataError
        Fewer than three columns vary.
    """
    C = cross - np.outer(total, total) / n
    spread = np.sqrt(np.maximum(np.diag(C), 0.0))
    level = np.sqrt(np.maximum(np.diag(cross), 0.0))
    flat = spread <= np.maximum(1e-6 * level, 1e-150)  # cancellation leaves 1e-8
    if flat.sum() > len(flat) - 3:
        raise DataError("fewer than three columns vary in this part of the data")
    scale = np.where(flat, 1.0, spread)
    R = C / np.outer(scale, scale)
    R[flat, :] = 0.0
    R[:, flat] = 0.0
    R = np.clip((R + R.T) / 2, -1.0, 1.0)
    np.fill_diagonal(R, 1.0)
    return np.asarray(R)


def refit(R: Floats, reference: Reference) -> Refit:
    """Factor R (p, p) as the reference was, and say how well its factors come back."""
    target = reference.solution.loadings
    k = target.shape[1]
    found = extract(
        R, k, reference.extraction, start=reference.solution.uniquenesses, tolerance=1e-6
    )
    A = found.loadings
    if k == 1:
        loadings = arrange(target, A)
        phi = np.diag(tucker(target, loadings)).copy()
        return Refit(phi, phi, loadings)
    if reference.rotation == "oblimin":
        # turn the unrotated axes onto the reference's, whose rotation then is a close start
        unrotated = target @ reference.solution.T.T
        _, turn = procrustes(A, unrotated)
        rotated = rotate(A @ turn, "oblimin", start=reference.solution.T, tolerance=1e-5).pattern
    else:
        rotated = rotate(A, reference.rotation, tolerance=1e-6).pattern
    free = np.diag(tucker(target, arrange(target, rotated))).copy()
    if reference.rotation in ("oblimin", "promax"):
        loadings = oblique_procrustes(A, target)[0]
    else:
        loadings = procrustes(A, target)[0]
    return Refit(np.diag(tucker(target, loadings)).copy(), free, loadings)
