"""McDonald's omega of a short scale whose key is given, with an interval that resamples clusters.

One common factor, unstandardised: omega is the squared sum of the loadings over the variance of the
sum (McDonald 1999; R: ``psych::omega(items, 1)``, on correlations). Unlike there, no item is turned
round to agree with the factor: the key says which way an item points, and an item that points the
other way lowers omega, as it lowers alpha.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.extraction import extract
from valuelex.psychometrics.types import Floats, Labels, group_index


@dataclass(frozen=True, slots=True)
class OmegaInterval:
    """``omega`` with the central 95 % of its bootstrap, ``None`` where fewer than half came out.

    ``clusters`` is the number of clusters that were resampled; ``heywood`` tells whether an item's
    error variance came to zero, which makes omega too high.
    """

    omega: float
    lower: float | None
    upper: float | None
    n: int
    clusters: int
    heywood: bool


def omega_total(items: Floats) -> tuple[float, bool]:
    """Return omega of items (n, k >= 3) as keyed, and whether it is a Heywood case.

    Raises
    ------
    DataError
        When there are fewer than three items, or one of them never varies.
    """
    x = np.asarray(items, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] < 3 or len(x) < 3:
        raise DataError(f"omega needs three rows and three items; came: shape {x.shape}")
    spread = x.std(axis=0)
    if (spread <= 1e-12).any():
        constant = np.flatnonzero(spread <= 1e-12).tolist()
        raise DataError(f"omega is undefined: items never vary, columns {constant}")
    R = np.atleast_2d(np.corrcoef(x, rowvar=False))
    loadings = _one_factor(R)
    weighted = loadings * spread
    total = float(spread @ R @ spread)
    if total <= 1e-12:
        raise DataError("omega is undefined: the sum of the items does not vary")
    return float(weighted.sum()) ** 2 / total, bool((loadings**2 > 0.99).any())


def _one_factor(R: Floats) -> Floats:
    """Return loadings (k,) on one factor: exact for three items where proper, else by minres."""
    if len(R) == 3 and R[0, 1] * R[0, 2] * R[1, 2] > 0:
        a, b, c = R[0, 1], R[0, 2], R[1, 2]
        squares = np.array([a * b / c, a * c / b, b * c / a])
        if squares.max() < 1:
            sizes = np.sqrt(squares)
            # the signs of the first row give those of the loadings, up to all of them at once
            return np.asarray(sizes * np.array([1.0, np.sign(a), np.sign(b)]))
    return np.asarray(extract(R, 1).loadings[:, 0])


def omega_interval(
    items: Floats, clusters: Labels, *, draws: int = 200, seed: int = 0
) -> OmegaInterval:
    """Return omega of items (n, k), complete, and its interval over resampled clusters.

    Raises
    ------
    DataError
        As :func:`omega_total`.
    """
    value, heywood = omega_total(items)
    names, index = group_index(np.asarray(clusters))
    members = [np.flatnonzero(index == c) for c in range(len(names))]
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(draws if len(names) >= 3 else 0):
        rows = np.concatenate([members[c] for c in rng.integers(0, len(names), len(names))])
        try:
            found.append(omega_total(items[rows])[0])
        except DataError:
            continue
    lower = upper = None
    if len(found) >= max(draws / 2, 1):
        lower, upper = (float(end) for end in np.percentile(found, [2.5, 97.5]))
    return OmegaInterval(value, lower, upper, len(items), len(names), heywood)
