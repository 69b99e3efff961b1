"""Do groups differ on several scores at once, and on which? MANOVA, and one F test a score.

The multivariate tests are statsmodels' (R: ``summary(manova(Y ~ g), test = "Pillai")``). Both take
the rows for independent: where rows repeat their group, such as trials of a model, they say whether
the groups can be told apart by repetition, not whether another sample of groups would differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from valuelex.errors import DataError
from valuelex.psychometrics.groups import benjamini_hochberg

Matrix = NDArray[np.float64]
_ROWS = {
    "Pillai's trace": "pillai",
    "Wilks' lambda": "wilks",
    "Hotelling-Lawley trace": "hotelling_lawley",
    "Roy's greatest root": "roy",
}


@dataclass(frozen=True, slots=True)
class MultivariateTest:
    """One of the four statistics with its F approximation."""

    name: str
    value: float
    f: float
    df1: float
    df2: float
    p: float


@dataclass(frozen=True, slots=True)
class ScoreTest:
    """One score over groups: F test, share of variance between groups (eta squared), adjusted p."""

    score: str
    f: float | None
    df1: int
    df2: int
    eta2: float | None
    p: float | None
    p_adjusted: float | None
    note: str = ""


def manova(scores: Matrix, labels: Sequence[str]) -> list[MultivariateTest]:
    """Return the four multivariate tests of scores (n, p) over groups.

    Raises
    ------
    DataError
        With fewer than two groups, a missing score, fewer residual degrees of freedom than scores,
        or scores that depend linearly on each other within groups.
    """
    from statsmodels.multivariate.manova import MANOVA

    codes, k = _codes(scores, labels)
    n, p = scores.shape
    if n - k < p:
        raise DataError(f"{n} cases in {k} groups leave {n - k} degrees of freedom for {p} scores")
    centres = np.array([scores[codes == g].mean(axis=0) for g in range(k)])
    within = scores - centres[codes]
    if np.linalg.matrix_rank(within, tol=1e-8 * max(float(np.abs(scores).max()), 1.0)) < p:
        raise DataError("the scores depend linearly on each other within groups")
    design = np.column_stack([np.ones(n), np.eye(k)[codes][:, 1:]])
    contrast = np.eye(k)[1:]
    found = MANOVA(scores, design).mv_test([("groups", contrast)]).results["groups"]["stat"]
    return [
        MultivariateTest(
            name=name,
            value=float(found.loc[row, "Value"]),
            f=float(found.loc[row, "F Value"]),
            df1=float(found.loc[row, "Num DF"]),
            df2=float(found.loc[row, "Den DF"]),
            p=float(found.loc[row, "Pr > F"]),
        )
        for row, name in _ROWS.items()
    ]


def score_tests(scores: Matrix, labels: Sequence[str], names: Sequence[str]) -> list[ScoreTest]:
    """Return an F test for each score, adjusted over all of them after Benjamini and Hochberg.

    R: ``anova(lm(y ~ g))`` and ``p.adjust(p, "BH")``. A score that does not vary within groups is
    shown and not tested.

    Raises
    ------
    DataError
        With fewer than two groups, a missing score, or no case beyond one a group.
    """
    codes, k = _codes(scores, labels)
    df1, df2 = k - 1, len(scores) - k
    if df2 < 1:
        raise DataError(f"{len(scores)} cases in {k} groups leave nothing within groups")
    found = [_score_test(name, y, codes, k) for name, y in zip(names, scores.T, strict=True)]
    tested = [place for place, one in enumerate(found) if one[1] is not None]
    adjusted = benjamini_hochberg([float(stats.f.sf(found[i][1], df1, df2)) for i in tested])
    by_place = dict(zip(tested, adjusted, strict=True))
    return [
        ScoreTest(
            score=name,
            f=f,
            df1=df1,
            df2=df2,
            eta2=eta2,
            p=None if f is None else float(stats.f.sf(f, df1, df2)),
            p_adjusted=by_place.get(place),
            note="" if f is not None else "the score does not vary within groups: not tested",
        )
        for place, (name, f, eta2) in enumerate(found)
    ]


def _score_test(
    name: str, y: Matrix, codes: NDArray[np.int64], k: int
) -> tuple[str, float | None, float | None]:
    counts = np.bincount(codes, minlength=k)
    means = np.bincount(codes, weights=y, minlength=k) / counts
    between = float((counts * (means - y.mean()) ** 2).sum())
    within = float(((y - means[codes]) ** 2).sum())
    total = between + within
    eta2 = between / total if total > 0 else None
    if within <= 1e-12 * max(total, 1e-12):
        return name, None, eta2
    return name, (between / (k - 1)) / (within / (y.size - k)), eta2


def _codes(scores: Matrix, labels: Sequence[str]) -> tuple[NDArray[np.int64], int]:
    if scores.ndim != 2 or len(scores) != len(labels):
        raise DataError(f"scores must be ({len(labels)}, p), were: {scores.shape}")
    if not np.isfinite(scores).all():
        raise DataError("scores must be complete; drop cases with a missing one")
    names, codes = np.unique(np.asarray(labels), return_inverse=True)
    if names.size < 2:
        raise DataError(f"there must be at least 2 groups, was: {names.tolist()}")
    return codes.astype(np.int64), int(names.size)
