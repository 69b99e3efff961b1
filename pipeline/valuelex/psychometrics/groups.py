"""Comparing groups of models, with the family as the cluster.

Models of one family resemble each other, so they are no independent cases. Estimates are ordinary
least squares over models; their errors are cluster-robust with the small-sample correction CR2 and
Satterthwaite degrees of freedom (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, JBES 36,
672-683; R: ``clubSandwich::coef_test(fit, vcov = "CR2", cluster = family)``). With few families the
degrees of freedom fall, and the interval widens, as they should. p-values over the whole table are
adjusted after Benjamini and Hochberg.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.psychometrics.clustered import Estimate, Matrix, clustered_regression

FEW_DF = 4.0
"""Below this many degrees of freedom even CR2 is unreliable (Pustejovsky & Tipton 2018)."""

SLOPE = "per tenfold"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One contrast of one score.

    ``estimate`` is in units of the score: a difference of means, or the change per tenfold of the
    number. ``effect_size`` is Hedges' g (differences) or the standardised slope; its interval is
    the estimate's, in the same unit. Without enough families ``se`` to ``p`` are ``None`` and
    ``note`` says why: the contrast is shown, not tested.
    """

    score: str
    grouping: str
    contrast: str
    estimate: float | None
    se: float | None
    df: float | None
    lower: float | None
    upper: float | None
    effect: Literal["hedges_g", "residual_g", "standardised_slope"]
    effect_size: float | None
    effect_lower: float | None
    effect_upper: float | None
    p: float | None
    p_adjusted: float | None
    n_models: int
    n_families: int
    note: str = ""


def compare_groups(
    scores: Mapping[str, Sequence[float]],
    families: Sequence[str],
    *,
    numbers: Mapping[str, Sequence[float]],
    labels: Mapping[str, tuple[Sequence[str], str]],
    confidence: float = 0.95,
) -> list[GroupRow]:
    """Compare every score over every grouping of the same m models.

    Parameters
    ----------
    scores
        Score name -> m numbers, NaN where a model has none.
    families
        m family names: the clusters.
    numbers
        Grouping -> m positive numbers, entered as log10 (e.g. ``size`` in billions of parameters),
        NaN where unknown.
    labels
        Grouping -> (m labels, the reference label); each other label is compared with the
        reference. An empty label means unknown.

    Returns
    -------
    Rows in the order of scores and groupings, adjusted over all tested rows together. Each contrast
    is taken alone: groupings that go together, such as size and training, are not disentangled.

    Raises
    ------
    DataError
        When lengths differ, or a number is not positive.
    """
    _check_lengths(len(families), {**scores, **numbers, **{n: c for n, (c, _) in labels.items()}})
    family = np.asarray(families)
    logged = {grouping: log10(grouping, raw) for grouping, raw in numbers.items()}
    rows: list[GroupRow | None] = []
    for score, column in scores.items():
        y = np.asarray(column, dtype=float)
        for grouping, x in logged.items():
            rows.append(_slope(score, grouping, y, x, family, confidence))
        for grouping, (names, reference) in labels.items():
            for name in sorted({n for n in names if n and n != reference}):
                x = np.array([{name: 1.0, reference: 0.0}.get(n, np.nan) for n in names])
                contrast = f"{name} - {reference}"
                rows.append(_difference(score, grouping, contrast, y, x, family, confidence))
    return adjusted([row for row in rows if row is not None])


def clustered(
    y: Matrix, x: Matrix, clusters: NDArray[np.str_], confidence: float = 0.95
) -> Estimate:
    """Return the slope of ``y`` (n,) on ``x`` (n,), with intercept, CR2 error and its df.

    With every case its own cluster this is HC2, and for two groups Welch's error.

    Raises
    ------
    DataError
        When there are fewer than two clusters, or ``x`` does not vary.
    """
    clusters_there = np.unique(clusters).size
    if clusters_there < 2 or y.size < 3 or np.ptp(x) == 0:
        raise DataError(
            f"a clustered slope needs 2 clusters, 3 cases and a varying predictor;"
            f" has {clusters_there} clusters and {y.size} cases"
        )
    design = np.column_stack([np.ones_like(x), x - x.mean()])
    return clustered_regression(y, design, clusters, confidence).coefficients[1]


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Return adjusted p-values (R: ``p.adjust(p, "BH")``)."""
    if not len(p):
        return []
    given = np.asarray(p, dtype=float)
    order = np.argsort(-given, kind="stable")
    ranks = np.arange(given.size, 0, -1)
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum.accumulate(np.minimum(given[order] * given.size / ranks, 1))
    return [float(value) for value in adjusted]


def _check_lengths(m: int, columns: Mapping[str, Sequence[object]]) -> None:
    for name, column in columns.items():
        if len(column) != m:
            raise DataError(
                f"'{name}' must have one entry for each of {m} models, has {len(column)}"
            )


def log10(name: str, raw: Sequence[float]) -> Matrix:
    """Return positive numbers as log10, NaN where unknown; DataError on others."""
    x = np.asarray(raw, dtype=float)
    if (x[np.isfinite(x)] <= 0).any():
        raise DataError(f"'{name}' must be positive to be read on a log scale, was: {np.nanmin(x)}")
    logged: Matrix = np.log10(x, out=np.full_like(x, np.nan), where=np.isfinite(x))
    return logged


def _slope(
    score: str,
    grouping: str,
    y: Matrix,
    x: Matrix,
    family: NDArray[np.str_],
    confidence: float,
) -> GroupRow | None:
    there = np.isfinite(y) & np.isfinite(x)
    y, x, family = y[there], x[there], family[there]
    if y.size < 3 or np.ptp(x) == 0:
        return None
    enough = np.unique(family).size >= 3
    unit = _ratio(float(x.std(ddof=1)), float(y.std(ddof=1)))
    note = "" if enough else "fewer than 3 families"
    return _row(score, grouping, SLOPE, y, x, family, unit, "standardised_slope", note, confidence)


def _difference(
    score: str,
    grouping: str,
    contrast: str,
    y: Matrix,
    x: Matrix,
    family: NDArray[np.str_],
    confidence: float,
) -> GroupRow | None:
    there = np.isfinite(y) & np.isfinite(x)
    y, x, family = y[there], x[there], family[there]
    n_1, n_0 = int((x == 1).sum()), int((x == 0).sum())
    if not n_1 or not n_0:
        return None
    fewest = min(np.unique(family[x == side]).size for side in (0, 1))
    note = "" if fewest >= 2 else "one side has a single family: its effect cannot be told from it"
    df = n_1 + n_0 - 2
    unit = None
    if df > 0:
        scatter = sum(float(((y[x == s] - y[x == s].mean()) ** 2).sum()) for s in (0, 1))
        # Hedges' correction, in its usual approximation
        unit = _ratio(1 - 3 / (4 * df - 1), float(np.sqrt(scatter / df)))
    return _row(score, grouping, contrast, y, x, family, unit, "hedges_g", note, confidence)


def _ratio(above: float, below: float) -> float | None:
    return above / below if below > 0 else None


def _row(
    score: str,
    grouping: str,
    contrast: str,
    y: Matrix,
    x: Matrix,
    family: NDArray[np.str_],
    unit: float | None,
    effect: Literal["hedges_g", "standardised_slope"],
    note: str,
    confidence: float,
) -> GroupRow:
    n_families = int(np.unique(family).size)
    slope = float(np.cov(x, y)[0, 1] / x.var(ddof=1))
    tested = None
    if not note:
        tested = clustered(y, x, family, confidence)
        if tested.se <= 1e-12 * max(1.0, float(np.abs(y).max())):
            tested, note = None, "the score does not vary within the groups"
        elif tested.df < FEW_DF:
            note = f"{tested.df:.1f} degrees of freedom: too few to rely on p"

    def scaled(value: float | None) -> float | None:
        return None if value is None or unit is None else value * unit

    return GroupRow(
        score=score,
        grouping=grouping,
        contrast=contrast,
        estimate=slope,
        se=tested.se if tested else None,
        df=tested.df if tested else None,
        lower=tested.lower if tested else None,
        upper=tested.upper if tested else None,
        effect=effect,
        effect_size=scaled(slope),
        effect_lower=scaled(tested.lower) if tested else None,
        effect_upper=scaled(tested.upper) if tested else None,
        p=tested.p if tested else None,
        p_adjusted=None,
        n_models=int(y.size),
        n_families=n_families,
        note=note,
    )


def adjusted(rows: Sequence[GroupRow]) -> list[GroupRow]:
    """Adjust p over all rows that have one (Benjamini-Hochberg)."""
    tested = [place for place, row in enumerate(rows) if row.p is not None]
    adjusted = benjamini_hochberg([rows[place].p or 0.0 for place in tested])
    found = list(rows)
    for place, value in zip(tested, adjusted, strict=True):
        found[place] = replace(rows[place], p_adjusted=value)
    return found
