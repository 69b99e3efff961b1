"""Agreement between judges or repeats: intraclass correlations and Krippendorff's alpha."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats, Labels, group_index


@dataclass(frozen=True)
class Icc:
    """One intraclass correlation with its interval."""

    kind: str
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class IccTable:
    """The six coefficients of Shrout and Fleiss (1979) for n targets and k judges."""

    icc1: Icc
    icc2: Icc
    icc3: Icc
    icc1k: Icc
    icc2k: Icc
    icc3k: Icc
    n: int
    k: int


def icc(ratings: Floats, confidence: float = 0.95) -> IccTable:
    """Return the intraclass correlations of ratings (n targets, k judges), complete.

    ICC(1): judges differ from target to target. ICC(2,1): judges are a sample, absolute agreement.
    ICC(3,1): these judges only, consistency. The k forms are of the mean of k judges.
    R: ``psych::ICC(ratings, lmer = FALSE)``.

    Raises
    ------
    DataError
        Fewer than two targets or judges, missing values, or no variance at all.
    """
    x = np.asarray(ratings, dtype=np.float64)
    if x.ndim != 2 or min(x.shape) < 2:
        raise DataError(f"intraclass correlation needs two targets and two judges; came: {x.shape}")
    if not np.isfinite(x).all():
        raise DataError("intraclass correlation needs complete ratings")
    n, k = x.shape
    grand = x.mean()
    between = k * float(((x.mean(axis=1) - grand) ** 2).sum()) / (n - 1)
    judges = n * float(((x.mean(axis=0) - grand) ** 2).sum()) / (k - 1)
    total = float(((x - grand) ** 2).sum())
    if total <= 0:
        raise DataError("intraclass correlation is undefined: all ratings are equal")
    error = max(total - between * (n - 1) - judges * (k - 1), 0.0) / ((n - 1) * (k - 1))
    within = (total - between * (n - 1)) / (n * (k - 1))
    tail = (1 - confidence) / 2
    one = _one_way(between, within, n, k, tail)
    two = _random_judges(between, judges, error, n, k, tail)
    three = _fixed_judges(between, error, n, k, tail)
    return IccTable(one[0], two[0], three[0], one[1], two[1], three[1], n, k)


def _ratio(a: float, b: float) -> float:
    return a / b if b > 0 else math.inf


def _pair(name: str, f: float, d1: int, d2: int, k: int, tail: float) -> tuple[Icc, Icc]:
    low = f / float(stats.f.ppf(1 - tail, d1, d2))
    high = f * float(stats.f.ppf(1 - tail, d2, d1))

    def single(ratio: float) -> float:
        return 1.0 if math.isinf(ratio) else (ratio - 1) / (ratio + k - 1)

    def mean(ratio: float) -> float:
        if math.isinf(ratio):
            return 1.0
        return 1 - 1 / ratio if ratio > 0 else -math.inf

    return (
        Icc(f"ICC({name},1)", single(f), single(low), single(high)),
        Icc(f"ICC({name},k)", mean(f), mean(low), mean(high)),
    )


def _one_way(between: float, within: float, n: int, k: int, tail: float) -> tuple[Icc, Icc]:
    return _pair("1", _ratio(between, within), n - 1, n * (k - 1), k, tail)


def _fixed_judges(between: float, error: float, n: int, k: int, tail: float) -> tuple[Icc, Icc]:
    return _pair("3", _ratio(between, error), n - 1, (n - 1) * (k - 1), k, tail)


def _random_judges(
    between: float, judges: float, error: float, n: int, k: int, tail: float
) -> tuple[Icc, Icc]:
    value = (between - error) / (between + (k - 1) * error + k * (judges - error) / n)
    mean = (between - error) / (between + (judges - error) / n)
    if error <= 0:
        return Icc("ICC(2,1)", value, math.nan, math.nan), Icc("ICC(2,k)", mean, math.nan, math.nan)
    fj = judges / error
    top = (k - 1) * (n - 1) * (k * value * fj + n * (1 + (k - 1) * value) - k * value) ** 2
    bottom = (n - 1) * k**2 * value**2 * fj**2 + (n * (1 + (k - 1) * value) - k * value) ** 2
    v = top / bottom
    f_up = float(stats.f.ppf(1 - tail, n - 1, v))
    f_low = float(stats.f.ppf(1 - tail, v, n - 1))
    spread = k * judges + (k * n - k - n) * error
    low = n * (between - f_up * error) / (f_up * spread + n * between)
    high = n * (f_low * between - error) / (spread + n * f_low * between)
    return (
        Icc("ICC(2,1)", value, low, high),
        Icc("ICC(2,k)", mean, low * k / (1 + low * (k - 1)), high * k / (1 + high * (k - 1))),
    )


@dataclass(frozen=True)
class DesignEffect:
    """What clustering does to n.

    Attributes
    ----------
    icc
        Share of the variance between groups, in [0, 1] (negative estimates are set to 0).
    deff
        Design effect 1 + (m - 1) icc, with m the mean group size weighted for inequality.
    effective_n
        n / deff: the number of independent rows that would say as much.
    n, groups
        Rows and groups.
    """

    icc: float
    deff: float
    effective_n: float
    n: int
    groups: int


def design_effect(values: Floats, groups: Labels) -> DesignEffect:
    """Return Kish's (1965) design effect of values (n,) or (n, q) in groups (n,).

    With several columns the intraclass correlation is the ratio of their summed components, after
    each is scaled to unit variance; columns that never vary are left out.

    Raises
    ------
    DataError
        Fewer than two groups, or nothing varies.
    """
    x = np.asarray(values, dtype=np.float64)
    x = x[:, None] if x.ndim == 1 else x
    names, index = group_index(groups)
    n, g = len(x), len(names)
    x = x[:, x.std(axis=0) > 1e-12]
    if g < 2 or x.shape[1] == 0:
        raise DataError("a design effect needs two groups and values that vary")
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    sizes = np.bincount(index).astype(np.float64)
    means = np.zeros((g, x.shape[1]))
    np.add.at(means, index, x)
    means /= sizes[:, None]
    between = float((sizes[:, None] * means**2).sum()) / (g - 1)
    within = float(((x - means[index]) ** 2).sum()) / max(n - g, 1)
    n0 = (n - float((sizes**2).sum()) / n) / (g - 1)
    component = max((between - within) / n0, 0.0)
    share = component / (component + within) if component + within > 0 else 0.0
    if n == g:
        share = 0.0
    m = float((sizes**2).sum()) / n
    deff = 1 + (m - 1) * share
    return DesignEffect(share, deff, n / deff, n, g)


def krippendorff_alpha(
    ratings: Floats, level: Literal["nominal", "ordinal", "interval", "ratio"] = "interval"
) -> float:
    """Return Krippendorff's alpha of ratings (judges, units); NaN where a judge said nothing.

    Raises
    ------
    DataError
        Fewer than two judges share a unit, or all ratings are equal.
    """
    import krippendorff

    x = np.asarray(ratings, dtype=np.float64)
    if x.ndim != 2 or x.shape[0] < 2:
        raise DataError(f"Krippendorff's alpha needs two judges; came: shape {x.shape}")
    paired = x[:, np.isfinite(x).sum(axis=0) >= 2]
    values = paired[np.isfinite(paired)]
    if len(values) == 0:
        raise DataError("Krippendorff's alpha needs units that two judges rated; there are none")
    if (values == values[0]).all():
        raise DataError("Krippendorff's alpha is undefined: all ratings are equal")
    return float(krippendorff.alpha(reliability_data=x, level_of_measurement=level))
