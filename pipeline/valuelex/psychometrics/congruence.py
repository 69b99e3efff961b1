"""Are two sets of factors the same? Tucker's phi, matching, Procrustes.

Benchmarks (Lorenzo-Seva and ten Berge 2006): .85 to .94 fair, .95 and above equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats

FAIR = 0.85
EQUAL = 0.95


def tucker(A: Floats, B: Floats) -> Floats:
    """Return Tucker's coefficients of congruence (k_a, k_b) between the columns of A and of B.

    R: ``psych::factor.congruence(A, B, digits = 12)``.

    Parameters
    ----------
    A, B
        Loadings (p, k_a) and (p, k_b) on the same variables in the same order. A column of zeros
        has congruence 0 with everything.
    """
    A, B = np.asarray(A, dtype=np.float64), np.asarray(B, dtype=np.float64)
    if A.ndim != 2 or B.ndim != 2 or len(A) != len(B):
        raise DataError(f"congruence needs loadings of the same variables; {A.shape} and {B.shape}")
    a = np.sqrt((A**2).sum(axis=0))
    b = np.sqrt((B**2).sum(axis=0))
    scale = np.outer(np.where(a > 0, a, 1.0), np.where(b > 0, b, 1.0))
    return np.asarray((A.T @ B) / scale)


@dataclass(frozen=True)
class Match:
    """Which factor of B answers to which of A.

    Attributes
    ----------
    place
        For each factor of A the factor of B matched to it, or -1.
    sign
        For each factor of A +1 or -1: the direction of its partner (+1 where there is none).
    phi
        (k_a,) congruence with the partner after that sign, 0 where there is none.
    """

    place: tuple[int, ...]
    sign: tuple[int, ...]
    phi: Floats


def match(A: Floats, B: Floats) -> Match:
    """Match the columns of A (p, k_a) and B (p, k_b) one to one, to the greatest sum of |phi|."""
    phi = tucker(A, B)
    rows, columns = optimize.linear_sum_assignment(-np.abs(phi))
    place = [-1] * phi.shape[0]
    sign = [1] * phi.shape[0]
    value = np.zeros(phi.shape[0])
    for i, j in zip(rows, columns, strict=True):
        place[i] = int(j)
        sign[i] = -1 if phi[i, j] < 0 else 1
        value[i] = abs(phi[i, j])
    return Match(tuple(place), tuple(sign), value)


def arrange(A: Floats, B: Floats) -> Floats:
    """Return B's columns in A's order and direction (p, k_a); columns without a partner are 0."""
    found = match(A, B)
    out = np.zeros_like(np.asarray(A, dtype=np.float64))
    for i, (j, s) in enumerate(zip(found.place, found.sign, strict=True)):
        if j >= 0:
            out[:, i] = s * B[:, j]
    return out


def procrustes(A: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Rotate A (p, k) orthogonally as near as can be to ``target`` (p, m).

    Schonemann (1966). Returns the rotated loadings (p, m) and T (k, m) with orthonormal columns or
    rows. R: ``pracma::procrustes``; ``psych::Procrustes``.
    """
    u, _, vt = np.linalg.svd(A.T @ target, full_matrices=False)
    T = u @ vt
    return np.asarray(A @ T), np.asarray(T)


def oblique_procrustes(A: Floats, target: Floats) -> tuple[Floats, Floats, Floats]:
    """Turn A (p, k) obliquely to a target pattern (p, k) by least squares.

    Mosier (1939) with factors scaled to unit variance; the step promax uses.
    R: ``psych::TargetQ`` answers the same question by gradient projection; ``psych::Promax``
    contains this step.

    Returns
    -------
    The pattern (p, k), phi (k, k), and the transformation U (k, k) with ``pattern = A U``.
    """
    U, *_ = np.linalg.lstsq(A, target, rcond=None)
    try:
        inverse = np.linalg.inv(U.T @ U)
    except np.linalg.LinAlgError as error:
        raise DataError("no oblique rotation reaches this target: its columns coincide") from error
    U = U * np.sqrt(np.diag(inverse))
    inverse = np.linalg.inv(U)
    return np.asarray(A @ U), np.asarray(inverse @ inverse.T), np.asarray(U)


@dataclass(frozen=True)
class Congruence:
    """One line of a congruence table: a factor, its partner, phi and the word for it."""

    factor: int
    partner: int
    phi: float
    verdict: str


def congruence_table(A: Floats, B: Floats) -> tuple[Congruence, ...]:
    """Match two loading matrices and say per factor of A how well it is found again in B."""
    found = match(A, B)
    return tuple(
        Congruence(i, j, float(phi), verdict(float(phi)))
        for i, (j, phi) in enumerate(zip(found.place, found.phi, strict=True))
    )


def verdict(phi: float) -> str:
    """Return ``equal`` (.95 and above), ``fair`` (.85 to .95) or ``not the same``."""
    if phi >= EQUAL:
        return "equal"
    return "fair" if phi >= FAIR else "not the same"
