"""Effects of groups given the other groupings: size given training and data source, and so on.

A contrast taken alone (`groups`) mixes what goes together: larger models are more often aligned.
Here each score is regressed on all groupings at once, with the family as the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.clustered import Estimate, Matrix, Regression, clustered_regression
from valuelex.psychometrics.groups import FEW_DF, SLOPE, GroupRow, adjusted, log10
from valuelex.psychometrics.types import Labels

LEAST_FAMILIES = 3
ALONE = "one side has a single family: its effect cannot be told from it"
FLAT = "the score does not vary"
_TOGETHER = "cannot be told apart from the other groupings"


@dataclass(frozen=True, slots=True)
class _Term:
    """One column of the design."""

    grouping: str
    contrast: str
    values: Matrix
    binary: bool


def adjusted_groups(
    scores: Mapping[str, Sequence[float]],
    families: Sequence[str],
    *,
    numbers: Mapping[str, Sequence[float]],
    labels: Mapping[str, tuple[Sequence[str], str]],
    confidence: float = 0.95,
) -> list[GroupRow]:
    """Regress every score on all groupings of the same m models together.

    Parameters are those of :func:`~valuelex.psychometrics.groups.compare_groups`. Models with an
    unknown grouping are left out. ``effect_size`` is the difference in standard deviations of the
    residuals with Hedges' correction, or the standardised slope.

    Returns
    -------
    Rows in the order of scores and groupings, Benjamini-Hochberg over these rows. Contrasts that
    cannot be told apart from the others are shown without an estimate of error, with the reason;
    nothing comes back where there are fewer than two groupings to adjust for one another.
    """
    terms = _terms(numbers, labels)
    if len({term.grouping for term in terms}) < 2:
        return []
    rows = []
    for score, column in scores.items():
        rows += _score(
            score, np.asarray(column, dtype=float), np.asarray(families), terms, confidence
        )
    return adjusted(rows)


def _terms(
    numbers: Mapping[str, Sequence[float]], labels: Mapping[str, tuple[Sequence[str], str]]
) -> list[_Term]:
    found = [_Term(name, SLOPE, log10(name, raw), False) for name, raw in numbers.items()]
    for grouping, (names, reference) in labels.items():
        known = np.array([bool(name) for name in names])
        for level in sorted({name for name in names if name and name != reference}):
            dummy = np.where(known, [float(name == level) for name in names], np.nan)
            found.append(_Term(grouping, f"{level} - {reference}", dummy, True))
    return found


def _score(
    score: str, y: Matrix, families: Labels, terms: Sequence[_Term], confidence: float
) -> list[GroupRow]:
    there = np.isfinite(y) & np.all([np.isfinite(term.values) for term in terms], axis=0)
    y, families = y[there], families[there]
    columns = [term.values[there] for term in terms]
    kept = _independent(columns, y.size)
    n_families = int(np.unique(families).size)
    why = "" if n_families >= LEAST_FAMILIES else f"fewer than {LEAST_FAMILIES} families"
    fit = None
    if not why and kept:
        design = np.column_stack([np.ones(y.size), *(_centred(columns[i]) for i in kept)])
        try:
            fit = clustered_regression(y, design, families, confidence)
        except DataError:
            why = "too few models for so many groupings"
    rows = []
    for i, term in enumerate(terms):
        empty = _empty(score, term, y.size, n_families, why or _TOGETHER)
        if fit is None or i not in kept:
            rows.append(empty)
        else:
            found = fit.coefficients[1 + kept.index(i)]
            note = _note(term, columns[i], y, families, found)
            unit = _unit(term, columns[i], y, fit)
            rows.append(_filled(empty, found, unit, note))
    return rows


def _note(term: _Term, x: Matrix, y: Matrix, families: Labels, found: Estimate) -> str:
    """Return why an estimate is not tested, or not to be relied on; empty when it is."""
    if term.binary and np.unique(families[x == 1]).size < 2:
        return ALONE
    if found.se <= 1e-12 * max(1.0, float(np.abs(y).max())):
        return FLAT
    if found.df < FEW_DF:
        return f"{found.df:.1f} degrees of freedom: too few to rely on p"
    return ""


def _filled(empty: GroupRow, found: Estimate, unit: float | None, note: str) -> GroupRow:
    def scaled(value: float) -> float | None:
        return None if unit is None else value * unit

    row = replace(empty, estimate=found.estimate, effect_size=scaled(found.estimate), note=note)
    if note in (ALONE, FLAT):
        return row
    return replace(
        row,
        se=found.se,
        df=found.df,
        lower=found.lower,
        upper=found.upper,
        effect_lower=scaled(found.lower),
        effect_upper=scaled(found.upper),
        p=found.p,
    )


def _centred(column: Matrix) -> Matrix:
    centred: Matrix = column - column.mean()
    return centred


def _independent(columns: Sequence[Matrix], n: int) -> list[int]:
    """Return the columns that each add to the rank, the earlier ones first."""
    kept: list[int] = []
    design = np.ones((n, 1))
    for i, column in enumerate(columns):
        more = np.column_stack([design, _centred(column)]) if n else design
        if np.linalg.matrix_rank(more) == more.shape[1] > design.shape[1]:
            kept.append(i)
            design = more
    return kept


def _unit(term: _Term, x: Matrix, y: Matrix, fit: Regression) -> float | None:
    if term.binary:
        below, above = fit.residual_sd, 1 - 3 / (4 * fit.residual_df - 1)
    else:
        below, above = float(y.std(ddof=1)), float(x.std(ddof=1))
    return above / below if below > 1e-12 else None


def _empty(score: str, term: _Term, n: int, n_families: int, note: str) -> GroupRow:
    return GroupRow(
        score=score,
        grouping=term.grouping,
        contrast=term.contrast,
        estimate=None,
        se=None,
        df=None,
        lower=None,
        upper=None,
        effect="residual_g" if term.binary else "standardised_slope",
        effect_size=None,
        effect_lower=None,
        effect_upper=None,
        p=None,
        p_adjusted=None,
        n_models=n,
        n_families=n_families,
        note=note,
    )
