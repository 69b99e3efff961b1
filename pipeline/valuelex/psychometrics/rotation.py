"""Rotations: varimax, oblimin, promax, by our own gradient projection.

Own code, because the bootstrap rotates thousands of times from a warm start and because the result
must carry its factor correlations unpermuted; the committed R cases hold it to GPArotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats

Rotation = Literal["oblimin", "promax", "varimax", "none"]
TIGHT = 1e-15  # relative gain of varimax at which to stop: rounding. R stops at 1e-5.


@dataclass(frozen=True)
class Rotated:
    """A rotated pattern (p, k), factor correlations phi (k, k), and the transformation T (k, k).

    ``pattern = A inv(T)'`` and ``phi = T'T`` for the unrotated loadings A; the columns of T have
    unit length.
    """

    pattern: Floats
    phi: Floats
    T: Floats
    converged: bool
    iterations: int


def rotate(
    A: Floats,
    how: Rotation = "oblimin",
    start: Floats | None = None,
    tolerance: float = 1e-7,
    power: int = 4,
) -> Rotated:
    """Rotate unrotated loadings A (p, k).

    Parameters
    ----------
    A
        Orthogonal loadings.
    how
        ``oblimin`` (quartimin, gamma 0, no row normalising, as ``GPArotation::oblimin``),
        ``promax`` (Kaiser-normalised varimax raised to ``power``), ``varimax`` (Kaiser-normalised,
        as ``stats::varimax``) or ``none``.
    start
        (k, k) transformation to begin oblimin from; identity when not given, as in R.
    tolerance
        Length of the projected gradient (oblimin) or relative gain (varimax) at which to stop.
    power
        Promax's exponent m.
    """
    A = np.asarray(A, dtype=np.float64)
    k = A.shape[1]
    eye = np.eye(k)
    if how not in ("oblimin", "promax", "varimax", "none"):
        raise DataError(f"rotation must be oblimin, promax, varimax or none; was: {how!r}")
    if how == "none" or k == 1:
        return Rotated(A.copy(), eye, eye, True, 0)
    if how == "varimax":
        T, converged, count = varimax(A, tolerance=TIGHT)
        return Rotated(A @ T, eye, T, converged, count)
    if how == "promax":
        return promax(A, power=power)
    found = oblimin(A, start=eye if start is None else start, tolerance=tolerance)
    if found.iterations > 0:
        return found
    # the start was stationary: by symmetry (a saddle), or because it is the answer
    other = oblimin(A, start=_tilt(k), tolerance=tolerance)
    better = quartimin(other.pattern)[0] < quartimin(found.pattern)[0] - 1e-9
    return other if better else found


def _tilt(k: int) -> Floats:
    """Return a fixed orthogonal (k, k) matrix that shares no symmetry with a data set."""
    q, _ = np.linalg.qr(np.cos(np.arange(1.0, k * k + 1).reshape(k, k) ** 1.5))
    return np.asarray(q)


def varimax(
    A: Floats, kaiser: bool = True, tolerance: float = TIGHT, limit: int = 2000
) -> tuple[Floats, bool, int]:
    """Return the orthogonal T (k, k) that maximises varimax, whether it converged, iterations.

    Kaiser (1958). R: ``stats::varimax(A, normalize = kaiser, eps = tolerance)``.
    """
    k = A.shape[1]
    B = A / row_lengths(A)[:, None] if kaiser else A
    T, converged, count = _varimax_from(B, np.eye(k), tolerance, limit)
    if not np.allclose(T, np.eye(k), atol=1e-8):
        return T, converged, count
    # loadings that look turned already may sit on a saddle by symmetry
    tilt = _tilt(k)
    other, again, more = _varimax_from(B, tilt, tolerance, limit)
    if _spread(B @ other) > _spread(B @ T) + 1e-9:
        return other, again, more
    return T, converged, count


def _spread(Z: Floats) -> float:
    """Return the sum of the variances of the squared columns: what varimax maximises."""
    return float((Z**2).var(axis=0).sum())


def _varimax_from(B: Floats, T: Floats, tolerance: float, limit: int) -> tuple[Floats, bool, int]:
    p = len(B)
    last = 0.0
    for count in range(1, limit + 1):
        Z = B @ T
        G = B.T @ (Z**3 - Z * ((Z**2).sum(axis=0) / p))
        u, s, vt = np.linalg.svd(G)
        T = u @ vt
        total = float(s.sum())
        if total < last * (1 + tolerance):
            return T, True, count
        last = total
    return T, False, limit


def row_lengths(A: Floats) -> Floats:
    """Return the length of each row of A (p, k), 1 where a row is zero."""
    lengths = np.sqrt((A**2).sum(axis=1))
    return np.asarray(np.where(lengths > 0, lengths, 1.0))


def promax(
    A: Floats, power: int = 4, kaiser_target: bool = True, tolerance: float = TIGHT
) -> Rotated:
    """Rotate A (p, k) by promax: a least-squares fit to the powered varimax pattern.

    Hendrickson and White (1964). The varimax step is always Kaiser-normalised; with
    ``kaiser_target`` the powered target is also made from row-normalised loadings.
    R: ``psych::kaiser(A, rotate = "Promax")``, which is what ``fa(rotate = "promax")`` does;
    without: ``psych::Promax(A)`` and ``stats::promax(varimax(A)$loadings)``.
    """
    lengths = row_lengths(A)[:, None] if kaiser_target else np.ones((len(A), 1))
    B = A / lengths
    V, converged, count = varimax(B, tolerance=tolerance)
    Z = B @ V
    target = Z * np.abs(Z) ** (power - 1)
    U, *_ = np.linalg.lstsq(Z, target, rcond=None)
    try:
        scale = np.diag(np.linalg.inv(U.T @ U))
    except np.linalg.LinAlgError as error:
        raise DataError("promax has no solution here: two factors share one target") from error
    U = V @ U * np.sqrt(scale)
    inverse = np.linalg.inv(U)
    T = inverse.T  # pattern = A U, so inv(T)' = U
    return Rotated(A @ U, inverse @ inverse.T, T, converged, count)


def quartimin(L: Floats) -> tuple[float, Floats]:
    """Return the quartimin criterion of a pattern L (p, k) and its gradient (p, k)."""
    squares = L**2
    others = squares.sum(axis=1, keepdims=True) - squares
    return float((squares * others).sum()) / 4, L * others


def oblimin(A: Floats, start: Floats, tolerance: float = 1e-7, limit: int = 5000) -> Rotated:
    """Rotate A (p, k) obliquely to the least quartimin criterion, from ``start`` (k, k).

    Gradient projection after Jennrich (2002) and Bernaards and Jennrich (2005), with the
    Barzilai-Borwein step length as the first trial of each line search, which needs several times
    fewer steps than doubling. R: ``GPArotation::oblimin(A, normalize = FALSE)``.
    """
    T = np.array(start, dtype=np.float64)
    T /= np.sqrt((T**2).sum(axis=0))
    inverse = np.linalg.inv(T)
    L = A @ inverse.T
    f, gq = quartimin(L)
    G = -(L.T @ gq @ inverse).T
    step = 1.0
    recent = [f]
    for count in range(limit):
        Gp = G - T * (T * G).sum(axis=0)
        slope = float((Gp**2).sum())
        if slope < tolerance**2:
            return Rotated(L, T.T @ T, T, True, count)
        for _ in range(40):
            X = T - step * Gp
            T_new = X / np.sqrt((X**2).sum(axis=0))
            inverse = np.linalg.inv(T_new)
            L_new = A @ inverse.T
            f_new, gq = quartimin(L_new)
            # the best of the last few values, not the last one: the step is not monotone
            if f_new <= max(recent) * (1 + 1e-14) - 1e-4 * slope * step:
                break
            step /= 2
        else:
            return Rotated(L, T.T @ T, T, bool(slope < 1e-8), count)
        G_new = -(L_new.T @ gq @ inverse).T
        Gp_new = G_new - T_new * (T_new * G_new).sum(axis=0)
        dT, dG = T_new - T, Gp_new - Gp
        curvature = float((dT * dG).sum())
        step = float((dT**2).sum()) / curvature if curvature > 1e-300 else 1.0
        step = min(max(step, 1e-6), 1e6)
        T, L, f, G = T_new, L_new, f_new, G_new
        recent = [*recent[-4:], f]
    return Rotated(L, T.T @ T, T, False, limit)
