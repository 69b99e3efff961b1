"""How repeatable are scores? Alpha, omega, split halves, each raw and centred.

*Centred* variants take each respondent's own mean out of the items first: agreement that is only a
respondent's general level (a halo, or talkativeness) then counts for nothing. Alpha can be
negative, on real answers of language models too, and is then reported as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from valuelex.errors import DataError
from valuelex.psychometrics.extraction import extract
from valuelex.psychometrics.factors import factor_analysis
from valuelex.psychometrics.matrix import check_correlation, covariance
from valuelex.psychometrics.rotation import quartimin, rotate
from valuelex.psychometrics.types import Floats

_STARTS = 8


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha with Feldt's interval; ``standardised`` works on correlations."""

    alpha: float
    lower: float
    upper: float
    standardised: float
    n: int
    n_items: int


def alpha(items: Floats, confidence: float = 0.95, n_effective: float | None = None) -> Alpha:
    """Return Cronbach's alpha of items (n, k) with the interval of Feldt (1965).

    R: ``psych::alpha(items)$total`` and its ``feldt``.

    Parameters
    ----------
    items
        Complete answers, all keyed in one direction.
    n_effective
        Use this number of independent rows for the interval, where rows repeat (a design effect).

    Raises
    ------
    DataError
        Fewer than two items or three rows, missing values, or no variance in the sum.
    """
    items = _complete(items)
    n, k = items.shape
    C = covariance(items)
    total = float(C.sum())
    if total <= 1e-12:
        raise DataError("alpha is undefined: the sum of the items does not vary")
    value = k / (k - 1) * (1 - float(np.trace(C)) / total)
    lower, upper = feldt(value, n if n_effective is None else n_effective, k, confidence)
    spread = np.sqrt(np.diag(C))
    if (spread > 0).all():
        R = C / np.outer(spread, spread)
        standard = k / (k - 1) * (1 - k / float(R.sum())) if float(R.sum()) > 0 else math.nan
    else:
        standard = math.nan
    return Alpha(value, lower, upper, standard, n, k)


def feldt(value: float, n: float, k: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval of an alpha from n rows and k items. R: ``psych::alpha.ci``."""
    tail = (1 - confidence) / 2
    d1, d2 = n - 1, (n - 1) * (k - 1)
    return (
        float(1 - (1 - value) * stats.f.ppf(1 - tail, d1, d2)),
        float(1 - (1 - value) * stats.f.ppf(tail, d1, d2)),
    )


def centre_rows(items: Floats) -> Floats:
    """Return items (n, k) minus each row's mean."""
    items = np.asarray(items, dtype=np.float64)
    return np.asarray(items - items.mean(axis=1, keepdims=True))


@dataclass(frozen=True)
class RawAndCentred:
    """Alpha as the items stand, and after each row is centred over all its items.

    ``centred`` is None where nothing varies after centring.
    """

    raw: Alpha
    centred: Alpha | None


def alpha_raw_and_centred(
    items: Floats, everything: Floats | None = None, confidence: float = 0.95
) -> RawAndCentred:
    """Return alpha of items (n, k), raw and centred by each row's mean over ``everything``.

    Parameters
    ----------
    everything
        (n, m) all items of the instrument; centring within one short scale alone would force its
        items against each other. The items themselves where not given.
    """
    items = _complete(items)
    level = (items if everything is None else _complete(everything)).mean(axis=1, keepdims=True)
    raw = alpha(items, confidence)
    try:
        centred: Alpha | None = alpha(items - level, confidence)
    except DataError:
        centred = None
    return RawAndCentred(raw, centred)


@dataclass(frozen=True)
class Omega:
    """McDonald's omega.

    ``total`` is the share of the sum's variance that all common factors give, ``hierarchical``
    the share of the general factor alone. ``general`` (p,) and ``groups`` (p, k) are the
    Schmid-Leiman loadings; ``flipped`` the places of items that were reversed to agree with it.
    """

    total: float
    hierarchical: float
    general: Floats
    groups: Floats
    flipped: tuple[int, ...]


def omega(R: Floats, n_obs: int, k: int = 3) -> Omega:
    """Return omega from correlations R (p, p) by a Schmid-Leiman solution with k group factors.

    Schmid and Leiman (1957); McDonald (1999). minres, oblimin, and a second-order minres factor.
    Where one factor is general, oblimin has several minima, and from R's start it may find one
    whose first factor takes all: the best of eight starts is used, as a general factor lives in
    the correlations of the others;
    with two group factors their general loadings are set equal, with one only the total means
    anything. R: ``psych::omega(R, k)``.

    Raises
    ------
    DataError
        Too few items for k factors.
    """
    R = check_correlation(R)
    solution = factor_analysis(R, n_obs, k, "minres", "none")
    pattern, phi = _obliquely(solution.loadings)
    second = _second_order(phi)
    general = pattern @ second
    if np.sign(general).sum() < 0:  # a factor's sign is arbitrary: most items stand as they are
        general = -general
    groups = pattern * np.sqrt(np.maximum(1 - second**2, 0.0))
    if k == 1:
        groups = np.zeros_like(pattern)
    key = np.where(general < 0, -1.0, 1.0)
    total = float((R * np.outer(key, key)).sum())
    unique = float((1 - solution.communalities).sum())
    return Omega(
        total=(total - unique) / total,
        hierarchical=float((general * key).sum()) ** 2 / total,
        general=general * key,
        groups=groups * key[:, None],
        flipped=tuple(int(i) for i in np.flatnonzero(key < 0)),
    )


def _obliquely(A: Floats) -> tuple[Floats, Floats]:
    """Return pattern and phi of the best oblimin rotation of A (p, k) from several starts."""
    k = A.shape[1]
    if k == 1:
        return A, np.eye(1)
    rng = np.random.default_rng(0)
    starts = [np.eye(k), *(np.linalg.qr(rng.normal(size=(k, k)))[0] for _ in range(_STARTS - 1))]
    turned = [rotate(A, "oblimin", start=np.asarray(start)) for start in starts]
    best = min(turned, key=lambda one: quartimin(one.pattern)[0])
    return best.pattern, best.phi


def _second_order(phi: Floats) -> Floats:
    """Return loadings (k,) of the group factors on one general factor."""
    k = len(phi)
    if k == 1:
        return np.ones(1)
    if k == 2:
        r = float(phi[0, 1])
        return np.array([math.sqrt(abs(r)), math.copysign(math.sqrt(abs(r)), r)])
    return np.asarray(extract(phi, 1).loadings[:, 0])


@dataclass(frozen=True)
class SplitHalf:
    """Spearman-Brown corrected correlation of half scores over random halvings of the items."""

    mean: float
    lower: float
    upper: float
    splits: int


def split_half(items: Floats, splits: int = 500, seed: int = 0) -> SplitHalf:
    """Halve items (n, k) at random many times; mean and central 95 % of the corrected r.

    R: ``psych::splitHalf``. Splits whose halves do not vary are left out; DataError if all are.
    """
    items = _complete(items)
    rng = np.random.default_rng(seed)
    k = items.shape[1]
    values = []
    for _ in range(splits):
        order = rng.permutation(k)
        a = items[:, order[: k // 2]].sum(axis=1)
        b = items[:, order[k // 2 : 2 * (k // 2)]].sum(axis=1)
        if a.std() > 0 and b.std() > 0:
            r = float(np.corrcoef(a, b)[0, 1])
            if r > -1:
                values.append(2 * r / (1 + r))
    if not values:
        raise DataError("split-half reliability is undefined: no half of the items varies")
    low, high = np.percentile(values, [2.5, 97.5])
    return SplitHalf(float(np.mean(values)), float(low), float(high), len(values))


def _complete(items: Floats) -> Floats:
    items = np.asarray(items, dtype=np.float64)
    if items.ndim != 2 or items.shape[0] < 3 or items.shape[1] < 2:
        raise DataError(f"reliability needs three rows and two items; came: shape {items.shape}")
    if not np.isfinite(items).all():
        raise DataError("reliability needs complete answers: drop or complete rows first")
    return items
