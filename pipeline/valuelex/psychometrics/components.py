"""Where the variance of answers comes from: components of a crossed and nested random design.

The estimator is MINQUE with zero prior weights (Rao 1971; Searle, Casella & McCulloch 1992, chapter
11): the observed quadratic forms of the factors are set equal to their expectations and solved. On
balanced data it is the analysis of variance (Henderson's methods); on unbalanced data, here missing
answers, it stays unbiased and needs no iteration. Estimates below zero are shown; a share counts
them as zero. R: ``VCA::fitVCA(..., method = "anova")`` and, where all components are positive on
balanced data, ``lme4::lmer(..., REML = TRUE)`` give the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats, Labels, group_index

RESIDUAL = "residual"
ESTIMATOR = "MINQUE(0): quadratic forms of the factors set equal to their expectations"


@dataclass(frozen=True, slots=True)
class Component:
    """One source of variance.

    ``variance`` is in squared units of the answers and may be below zero; ``share`` is of the sum
    of all components with negative ones at zero, 0-1; its interval, where groups were given, is the
    jackknife's over them, cut to [0, 1]. ``levels`` is the number of levels.
    """

    source: str
    variance: float
    share: float
    lower: float | None
    upper: float | None
    levels: int


def variance_components(
    y: Floats, factors: Mapping[str, Labels], groups: Labels | None = None
) -> list[Component]:
    """Return the components of every factor and the residual.

    Parameters
    ----------
    y
        (n,) observations, complete.
    factors
        Source -> (n,) levels. An interaction or a nested factor is the tuple of its parts' levels,
        put into one label.
    groups
        (n,) clusters to leave out one at a time for the intervals of the shares; three or more.

    Raises
    ------
    DataError
        When lengths differ, a factor has one level, or two factors cannot be told apart.
    """
    y = np.asarray(y, dtype=np.float64)
    codes = {name: _codes(name, labels, y.size) for name, labels in factors.items()}
    variances = _solve(y, codes)
    shares = _shares(variances)
    lower, upper = _jackknife(y, codes, groups, shares) if groups is not None else (None, None)
    levels = [int(code.max()) + 1 for code in codes.values()]
    return [
        Component(
            source=name,
            variance=float(variances[k]),
            share=float(shares[k]),
            lower=None if lower is None else float(lower[k]),
            upper=None if upper is None else float(upper[k]),
            levels=n,
        )
        for k, (name, n) in enumerate(zip([*codes, RESIDUAL], [*levels, y.size], strict=True))
    ]


def _codes(name: str, labels: Labels, n: int) -> NDArray[np.int64]:
    if len(labels) != n:
        raise DataError(f"'{name}' must have one level for each of {n} answers, has {len(labels)}")
    names, index = group_index(np.asarray(labels))
    if len(names) < 2:
        raise DataError(f"'{name}' must have at least two levels, has {len(names)}")
    return np.asarray(index, dtype=np.int64)


def _solve(y: Floats, codes: Mapping[str, NDArray[np.int64]]) -> Floats:
    """Solve E[q_j] = sum_k A_jk variance_k, with q_j the squared length of Z_j' P y."""
    n = y.size
    centred = y - y.mean()
    groups = list(codes.values())
    counts = [np.bincount(code).astype(np.float64) for code in groups]
    size = len(groups) + 1
    A = np.empty((size, size))
    q = np.empty(size)
    for j, code in enumerate(groups):
        q[j] = float((np.bincount(code, weights=centred) ** 2).sum())
        A[j, -1] = A[-1, j] = n - float((counts[j] ** 2).sum()) / n
        for k in range(j, len(groups)):
            A[j, k] = A[k, j] = _overlap(code, groups[k], counts[j], counts[k], n)
    q[-1], A[-1, -1] = float(centred @ centred), n - 1
    if np.linalg.matrix_rank(A / np.sqrt(np.outer(np.diag(A), np.diag(A)))) < size:
        raise DataError(f"the sources {[*codes, RESIDUAL]} cannot be told apart in this design")
    return np.asarray(np.linalg.solve(A, q))


def _overlap(
    a: NDArray[np.int64], b: NDArray[np.int64], counts_a: Floats, counts_b: Floats, n: int
) -> float:
    """Return the squared Frobenius norm of Z_a' P Z_b, P taking out the grand mean."""
    pairs, both = np.unique(a * counts_b.size + b, return_counts=True)
    expected = counts_a[pairs // counts_b.size] * counts_b[pairs % counts_b.size] / n
    squares = float((counts_a**2).sum() * (counts_b**2).sum()) / n**2
    return float((both.astype(np.float64) ** 2).sum() - 2 * (both * expected).sum() + squares)


def _shares(variances: Floats) -> Floats:
    positive = np.clip(variances, 0, None)
    total = positive.sum()
    return np.asarray(positive / total if total > 0 else np.zeros_like(positive))


def _jackknife(
    y: Floats, codes: Mapping[str, NDArray[np.int64]], groups: Labels, shares: Floats
) -> tuple[Floats, Floats] | tuple[None, None]:
    """Interval of each share by leaving one group out at a time (Student's t, groups - 1 df)."""
    names, index = group_index(np.asarray(groups))
    if len(index) != y.size:
        raise DataError(f"groups must have one entry for each of {y.size} answers")
    if len(names) < 3:
        return None, None
    found = []
    for left_out in range(len(names)):
        keep = index != left_out
        part = {name: np.unique(code[keep], return_inverse=True)[1] for name, code in codes.items()}
        if min(int(code.max()) for code in part.values()) < 1:
            return None, None
        found.append(_shares(_solve(y[keep], part)))
    values = np.array(found)
    n = len(names)
    se = np.sqrt((n - 1) / n * ((values - values.mean(axis=0)) ** 2).sum(axis=0))
    half = float(stats.t.ppf(0.975, n - 1)) * se
    return np.clip(shares - half, 0, 1), np.clip(shares + half, 0, 1)
