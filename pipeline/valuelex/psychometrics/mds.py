"""Multidimensional scaling of values, and how well the picture matches a theoretical circle.

Values that people hold together lie close, values in conflict lie opposite: the theory expects a
circle (a circumplex), which factor analysis cannot show. Classical scaling follows Torgerson
(R: ``cmdscale``); SMACOF follows de Leeuw (1977) and, for ordinal data, Kruskal's monotone
regression with primary treatment of ties (R: ``smacof::mds(type = "ordinal")``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from valuelex.errors import DataError

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Configuration:
    """Points of a scaling: ``points`` is (k, dims), centred, without unit.

    ``stress`` is Kruskal's stress-1, 0 (perfect) upwards: .05 good, .10 fair, .20 poor; random data
    of ten points come to about .2 to .3. ``n_iterations`` is 0 for classical scaling.
    """

    points: Matrix
    stress: float
    n_iterations: int


@dataclass(frozen=True)
class CircleFit:
    """How well points lie in the order of a theoretical circle.

    ``order`` goes round the circle in the theory's direction, from its first value; ``angles`` are
    degrees, [0, 360), after alignment, in the order of ``values``. ``congruence`` is the cosine
    between the configurations after translation, rotation, reflection and scaling, 0-1; ``p`` is
    the share of random labellings at least as congruent. ``displacement`` is the mean number of
    places by which a value is off its theoretical place on the circle, at the best turn (0 is the
    theory; about a quarter of the number of values is chance).
    """

    values: tuple[str, ...]
    order: tuple[str, ...]
    angles: Matrix
    points: Matrix
    congruence: float
    p: float
    displacement: float


def correlation_distances(scores: Matrix) -> Matrix:
    """Return (k, k) distances ``sqrt(2 (1 - r))`` between the columns of (n, k) scores.

    Raises
    ------
    DataError
        When there are fewer than three cases, a column is constant, or a score is missing.
    """
    if scores.ndim != 2 or scores.shape[0] < 3:
        raise DataError(f"scores must be (n >= 3, k), were: {scores.shape}")
    if not np.isfinite(scores).all():
        raise DataError("scores must be complete to correlate; drop cases with missing ones")
    constant = np.flatnonzero(np.ptp(scores, axis=0) == 0).tolist()
    if constant:
        raise DataError(f"columns must vary to correlate; constant: {constant}")
    r = np.clip(np.corrcoef(scores, rowvar=False), -1, 1)
    distances: Matrix = np.sqrt(2 * (1 - r))
    np.fill_diagonal(distances, 0)
    return distances


def classical(distances: Matrix, dims: int = 2) -> Configuration:
    """Torgerson's scaling of a (k, k) distance matrix into ``dims`` dimensions.

    The largest coordinate of each axis is positive.

    Raises
    ------
    DataError
        When the matrix is not square, symmetric, finite and zero on the diagonal, or too small.
    """
    _check(distances, dims)
    k = len(distances)
    centring = np.eye(k) - 1 / k
    roots, vectors = np.linalg.eigh(-0.5 * centring @ distances**2 @ centring)
    order = np.argsort(-roots, kind="stable")[:dims]
    points = vectors[:, order] * np.sqrt(np.clip(roots[order], 0, None))
    signs = np.sign(points[np.abs(points).argmax(axis=0), np.arange(dims)])
    signs[signs == 0] = 1
    points = points * signs
    return Configuration(points, _stress(distances, points), 0)


def smacof(
    distances: Matrix,
    dims: int = 2,
    *,
    ordinal: bool = True,
    start: Matrix | None = None,
    max_iterations: int = 1000,
    tolerance: float = 1e-9,
) -> Configuration:
    """Scale by majorisation, from the classical solution unless ``start`` (k, dims) is given.

    Stops when stress falls by less than ``tolerance``; stress never rises.

    Raises
    ------
    DataError
        As in :func:`classical`.
    """
    _check(distances, dims)
    k = len(distances)
    upper = np.triu_indices(k, 1)
    delta = distances[upper]
    points = classical(distances, dims).points if start is None else np.array(start, dtype=float)
    points = points - points.mean(axis=0)
    stress, wanted = _fit_distances(delta, _gaps(points)[upper], ordinal=ordinal)
    done, gain = 0, np.inf
    while done < max_iterations and gain >= tolerance:
        moved = _guttman(points, _square(wanted, k))
        lower, wanted_next = _fit_distances(delta, _gaps(moved)[upper], ordinal=ordinal)
        gain, done = stress - lower, done + 1
        if gain > 0:
            points, stress, wanted = moved, lower, wanted_next
    return Configuration(points, stress, done)


def circle_fit(
    points: Matrix,
    values: Sequence[str],
    theory: Mapping[str, float],
    *,
    permutations: int = 999,
    seed: int = 0,
) -> CircleFit:
    """Lay (k, 2) points over a theoretical circle and say how well they match.

    Parameters
    ----------
    theory
        Value -> degrees on the circle, counted in one direction; any further value is ignored.
    permutations, seed
        Random labellings behind ``p``.

    Raises
    ------
    DataError
        When the theory lacks a value, or there are fewer than four values.
    """
    missing = [value for value in values if value not in theory]
    if missing or len(values) < 4 or points.shape != (len(values), 2):
        raise DataError(
            f"points must be (k >= 4, 2) for values of the theory; came {points.shape},"
            f" the theory lacks {missing}"
        )
    radians = np.deg2rad([theory[value] for value in values])
    target = np.column_stack([np.cos(radians), np.sin(radians)])
    aligned, congruence = align(points, target)
    angles = np.rad2deg(np.arctan2(aligned[:, 1], aligned[:, 0])) % 360
    found = np.argsort(angles, kind="stable")
    expected = np.argsort(radians % (2 * np.pi), kind="stable")
    start = int(np.flatnonzero(found == expected[0])[0])
    return CircleFit(
        values=tuple(values),
        order=tuple(values[place] for place in np.roll(found, -start)),
        angles=angles,
        points=aligned,
        congruence=congruence,
        p=match_p(points, target, permutations=permutations, seed=seed),
        displacement=_displacement(found, expected),
    )


def match_p(points: Matrix, target: Matrix, *, permutations: int = 999, seed: int = 0) -> float:
    """Return the share of random labellings of (k, d) points that match a target at least as well.

    Raises
    ------
    DataError
        As :func:`align`.
    """
    congruence = align(points, target)[1]
    rng = np.random.default_rng(seed)
    hits = sum(
        align(points[rng.permutation(len(points))], target)[1] >= congruence - 1e-12
        for _ in range(permutations)
    )
    return (1 + hits) / (1 + permutations)


def even_circle(values: Sequence[str]) -> dict[str, float]:
    """Return value -> degrees for values spaced evenly round a circle, in the given order."""
    return {value: 360 * place / len(values) for place, value in enumerate(values)}


def align(points: Matrix, target: Matrix) -> tuple[Matrix, float]:
    """Move, turn, mirror and scale ``points`` (k, d) onto ``target`` (k, d): Procrustes.

    Returns the moved points, about the target's centre, and the congruence: the cosine between the
    two configurations, 0-1 (R: ``vegan::procrustes(symmetric = TRUE)``, whose correlation it is).

    Raises
    ------
    DataError
        When the shapes differ, or all points coincide.
    """
    if points.shape != target.shape:
        raise DataError(f"points must have the target's shape {target.shape}, was: {points.shape}")
    a, b = points - points.mean(axis=0), target - target.mean(axis=0)
    size_a, size_b = np.linalg.norm(a), np.linalg.norm(b)
    if size_a == 0 or size_b == 0:
        raise DataError("points must not all coincide: there is nothing to align")
    u, singular, vt = np.linalg.svd(a.T @ b)
    moved: Matrix = a @ (u @ vt) * (singular.sum() / size_a**2)
    return moved, float(singular.sum() / (size_a * size_b))


def _displacement(found: NDArray[np.int64], expected: NDArray[np.int64]) -> float:
    """Mean circular shift in places, at the rotation and direction where it is smallest."""
    k = len(found)
    place = np.empty(k, dtype=int)
    place[found] = np.arange(k)
    wanted = np.empty(k, dtype=int)
    wanted[expected] = np.arange(k)
    best = float(k)
    for direction in (1, -1):
        for turn in range(k):
            off = (direction * place + turn - wanted) % k
            best = min(best, float(np.minimum(off, k - off).mean()))
    return best


def _check(distances: Matrix, dims: int) -> None:
    k = len(distances)
    if distances.shape != (k, k) or not 1 <= dims < k:
        raise DataError(
            f"distances must be square with more points than dims, were {distances.shape},"
            f" dims {dims}"
        )
    if not np.isfinite(distances).all() or (distances < 0).any():
        raise DataError("distances must be finite and >= 0")
    if not np.allclose(distances, distances.T) or np.diagonal(distances).any():
        raise DataError("distances must be symmetric, with zeros on the diagonal")
    if not distances.any():
        raise DataError("distances must not all be zero: there is nothing to scale")


def _gaps(points: Matrix) -> Matrix:
    gaps: Matrix = np.linalg.norm(points[:, None, :] - points[None, :, :], axis=2)
    return gaps


def _disparities(delta: Matrix, gaps: Matrix) -> Matrix:
    """Monotone regression of distances on dissimilarities; tied ones may be pulled apart."""
    order = np.lexsort((gaps, delta))
    wanted = np.empty_like(gaps)
    wanted[order] = isotonic_regression(gaps[order]).x
    return wanted


def _fit_scale(delta: Matrix, gaps: Matrix) -> float:
    return float(delta @ gaps / (delta @ delta))


def _fit_distances(delta: Matrix, gaps: Matrix, *, ordinal: bool) -> tuple[float, Matrix]:
    """Return stress-1 and the distances that the dissimilarities ask for, given the gaps."""
    wanted = _disparities(delta, gaps) if ordinal else delta * _fit_scale(delta, gaps)
    return _stress_1(wanted, gaps), wanted


def _square(upper: Matrix, k: int) -> Matrix:
    square = np.zeros((k, k))
    square[np.triu_indices(k, 1)] = upper
    full: Matrix = square + square.T
    return full


def _guttman(points: Matrix, wanted: Matrix) -> Matrix:
    gaps = _gaps(points)
    ratio = np.divide(wanted, gaps, out=np.zeros_like(gaps), where=gaps > 1e-12)
    moved: Matrix = (np.diag(ratio.sum(axis=1)) - ratio) @ points / len(points)
    return moved


def _stress(distances: Matrix, points: Matrix) -> float:
    upper = np.triu_indices(len(points), 1)
    gaps = _gaps(points)[upper]
    return _stress_1(distances[upper] * _fit_scale(distances[upper], gaps), gaps)


def _stress_1(wanted: Matrix, gaps: Matrix) -> float:
    total = float(gaps @ gaps)
    return float(np.sqrt(((wanted - gaps) ** 2).sum() / total)) if total else 1.0
