"""The halo: how much of all ratings is one general impression of whoever is rated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from valuelex.psychometrics.types import Floats

_FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class HaloShare:
    """Shares in [0, 1] of the first principal component, correlation metric; NaN where undefined.

    Attributes
    ----------
    raw, centred
        Of the scores as they are, and after each subject's own mean over the traits is taken off.
    raw_lower, raw_upper, centred_lower, centred_upper
        Central 95 % of a bootstrap over subjects.
    chance_raw, chance_centred
        Mean share when every trait is shuffled over the subjects on its own, treated alike.
    against
        How many traits load on the first component against the direction of most: while any do,
        the centred share is no measure of a halo.
    n, k
        Subjects with every trait, and traits that vary.
    """

    raw: float
    raw_lower: float
    raw_upper: float
    centred: float
    centred_lower: float
    centred_upper: float
    chance_raw: float
    chance_centred: float
    against: int
    n: int
    k: int


def halo_share(scores: Floats, draws: int = 500, seed: int = 1) -> HaloShare:
    """Measure the halo in scores (subjects, traits), NaN where missing.

    Subjects with a missing trait and traits that never vary are left out. Centring makes sense
    where the traits share a scale and a direction (reverse those that do not).
    """
    rows = scores[np.isfinite(scores).all(axis=1)]
    rows = rows[:, np.ptp(rows, axis=0) > _FLAT] if len(rows) else rows[:, :0]
    n, k = rows.shape
    if n < 3 or k < 2:
        nan = float("nan")
        return HaloShare(nan, nan, nan, nan, nan, nan, nan, nan, 0, n, k)
    rng = np.random.default_rng(seed)
    drawn = np.array([_both(rows[rng.integers(0, n, n)]) for _ in range(draws)]).reshape(-1, 2)
    shuffled = np.array([_both(rng.permuted(rows, axis=0)) for _ in range(min(draws, 100))])
    low, high = _interval(drawn)
    raw, centred = _both(rows)
    chance = shuffled.mean(axis=0) if len(shuffled) else np.full(2, np.nan)
    return HaloShare(
        raw=raw,
        raw_lower=float(low[0]),
        raw_upper=float(high[0]),
        centred=centred,
        centred_lower=float(low[1]),
        centred_upper=float(high[1]),
        chance_raw=float(chance[0]),
        chance_centred=float(chance[1]),
        against=_against(rows),
        n=n,
        k=k,
    )


def _against(rows: Floats) -> int:
    standard = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    first = np.linalg.svd(standard, full_matrices=False)[2][0]
    up = int((first > 0).sum())
    return min(up, len(first) - up)


def _interval(drawn: Floats) -> Floats:
    known = drawn[np.isfinite(drawn).all(axis=1)]
    if len(known) < 2:
        return np.full((2, 2), np.nan)
    return np.asarray(np.percentile(known, [2.5, 97.5], axis=0))


def _both(rows: Floats) -> tuple[float, float]:
    return first_share(rows), first_share(rows - rows.mean(axis=1, keepdims=True))


def first_share(rows: Floats) -> float:
    """Return the first component's share of the variance of standardised columns (n, k)."""
    spread = rows.std(axis=0)
    if (spread <= _FLAT).any():
        return float("nan")
    standard = (rows - rows.mean(axis=0)) / spread
    values = np.linalg.svd(standard, compute_uv=False) ** 2
    return float(values[0] / values.sum())
