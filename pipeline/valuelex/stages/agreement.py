"""Agreement of judges on any table of ratings: between judges, over repeats, over items, halo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.agreement import icc
from valuelex.psychometrics.raters import (
    Agreement,
    agreement,
)
from valuelex.psychometrics.rating_components import ICC_KINDS
from valuelex.psychometrics.types import Floats
from valuelex.stages.agreement_cells import (
    SUBJECT,
    UNIT,
    Cells,
    Row,
    or_nan,
    reliability,
    spread,
    sums_at,
)
from valuelex.stages.agreement_judges import halo_of, judge_rows
from valuelex.stages.numbers import finite_values
from valuelex.stages.ratings_input import MISSING, OUTSIDE, TEXT, Ratings

POOLED = "all traits, each standardised"
DRAWS = 500


def analyse(ratings: Ratings, draws: int = DRAWS, seed: int = 1) -> dict[str, Any]:
    """Return the structure of ``agreement.json``: plain values, ``None`` where undefined."""
    cells = Cells(ratings, draws, seed)
    several = len(ratings.units) > len(ratings.subjects)
    levels = [SUBJECT, UNIT] if several else [SUBJECT]
    found = {level: _level(cells, level) for level in levels}
    judges, per_trait = judge_rows(cells)
    content = {
        "table": _table(ratings),
        "bootstrap": {"over": "subjects", "draws": draws, "seed": seed},
        "traits": [row for level in levels for row in _trait_rows(cells, level, found[level])],
        "overall": [_overall(level, found[level]) for level in levels],
        "pairs": [row for level in levels for row in _pair_rows(ratings, level, found[level])],
        "judges": judges,
        "judges_by_trait": per_trait,
        "halo": halo_of(cells, draws, seed),
    }
    plain: dict[str, Any] = finite_values(content)
    return plain


def _table(ratings: Ratings) -> Row:
    counts = np.zeros((len(ratings.judges), len(ratings.units)), dtype=np.int64)
    np.add.at(counts, (ratings.judge, ratings.unit), 1)
    reasons: Counter[str] = Counter()
    for (reason, _, _), n in ratings.lost.items():
        reasons[reason] += n
    return {
        "file": ratings.file,
        "sha256": ratings.sha256,
        "rows_read": ratings.rows,
        "rows_used": len(ratings.values),
        "left_out": dict(ratings.left_out),
        "judges": len(ratings.judges),
        "subjects": len(ratings.subjects),
        "units": len(ratings.units),
        "traits": len(ratings.traits),
        "repeats": {
            "most": int(counts.max()),
            "judge_units_with_more_than_one": int((counts > 1).sum()),
        },
        "judge_units": int((counts > 0).sum()),
        "judge_units_without_a_row": int((counts == 0).sum()),
        "ratings": int(np.isfinite(ratings.values).sum()),
        "unscored": {reason: reasons[reason] for reason in (MISSING, TEXT, OUTSIDE)},
        "notes": list(ratings.notes),
    }


def _level(cells: Cells, level: str) -> list[Agreement]:
    """Return the agreement on each trait, and last on all traits, each standardised."""
    weights, clusters = cells.weights[level], cells.clusters[level]
    found = [agreement(one, weights, clusters) for one in cells.cells[level]]
    standard = [_standardised(one) for one in cells.cells[level]]
    k = len(standard)
    found.append(agreement(np.hstack(standard), np.tile(weights, (1, k)), np.tile(clusters, k)))
    return found


def _standardised(x: Floats) -> Floats:
    there = x[np.isfinite(x)]
    if not len(there) or np.ptp(there) <= 0:
        return np.full(x.shape, np.nan)
    return np.asarray((x - there.mean()) / there.std())


def _trait_rows(cells: Cells, level: str, found: Sequence[Agreement]) -> list[Row]:
    ratings = cells.ratings
    rows = []
    for place, one in enumerate(found[:-1]):
        x = cells.cells[level][place]
        row = {"level": level, "trait": ratings.traits[place], **_coefficients(one)}
        row |= {"mean": or_nan(np.nanmean, x), "sd": or_nan(np.nanstd, x)}
        if level == SUBJECT:
            row |= _over_items(cells, place)
        row["icc_f"] = _f_intervals(x)
        rows.append(row)
    return rows


def _coefficients(one: Agreement) -> Row:
    off = one.pairs.pearson[one.pairs.off]
    row: Row = {
        "n_targets": one.targets,
        "n_complete": one.complete,
        "n_subjects": one.clusters,
        "n_pairs": int(np.isfinite(off).sum()),
        "n_pairs_undefined": int((~np.isfinite(off)).sum()),
    }
    row |= spread("mean_r", one.mean_r) | {"least_r": one.least_r, "most_r": one.most_r}
    for kind in ICC_KINDS:
        row |= spread(column_of(kind), one.icc[kind])
    return (
        row
        | spread("alpha_interval", one.alpha_interval)
        | spread("alpha_ordinal", one.alpha_ordinal)
    )


def column_of(kind: str) -> str:
    """Return the column of a coefficient: ``icc2`` of ICC(2,1), ``icc2k`` of ICC(2,k)."""
    return f"icc{kind[4]}{'k' if kind[6] == 'k' else ''}"


def _over_items(cells: Cells, place: int) -> Row:
    """Reliability over items: units of one subject as its repeats, means over judges."""
    x = cells.cells[UNIT][place]
    rated = np.isfinite(x).sum(axis=0)
    means = np.where(rated > 0, np.nansum(x, axis=0) / np.maximum(rated, 1), np.nan)
    there = np.isfinite(means)
    subject, n = cells.ratings.subject_of[there], len(cells.ratings.subjects)
    value = means[there] - means[there].mean() if there.any() else means[there]
    counts, sums, squares = sums_at(subject, value, n)
    single, mean = reliability(counts, sums, squares, cells.weights[SUBJECT])
    return spread("items_icc", single) | spread("items_icc_k", mean)


def _f_intervals(x: Floats) -> Row | None:
    """Return the F intervals of Shrout and Fleiss: targets independent, none with a gap."""
    complete = x[:, np.isfinite(x).all(axis=0)]
    if complete.shape[1] < x.shape[1]:
        return None
    try:
        table = icc(complete.T)
    except DataError:
        return None
    found = (table.icc1, table.icc2, table.icc3, table.icc1k, table.icc2k, table.icc3k)
    return {
        column_of(kind): {"lower": one.lower, "upper": one.upper}
        for kind, one in zip(ICC_KINDS, found, strict=True)
    }


def _overall(level: str, found: Sequence[Agreement]) -> Row:
    """Return the mean over traits with its range, and the coefficients of all traits pooled."""
    rows = [_coefficients(one) for one in found[:-1]]
    names = ["mean_r", *(column_of(kind) for kind in ICC_KINDS), "alpha_interval", "alpha_ordinal"]
    means = {}
    for name in names:
        values = np.array([row[name] for row in rows])
        known = values[np.isfinite(values)]
        means[name] = {
            "mean": known.mean() if len(known) else None,
            "least": known.min() if len(known) else None,
            "most": known.max() if len(known) else None,
            "traits": len(known),
        }
    return {"level": level, "over_traits": means, "pooled": _coefficients(found[-1])}


def _pair_rows(ratings: Ratings, level: str, found: Sequence[Agreement]) -> list[Row]:
    rows = []
    for trait, one in zip((*ratings.traits, POOLED), found, strict=True):
        for a, b in zip(*one.pairs.off, strict=True):
            rows.append(
                {
                    "level": level,
                    "trait": trait,
                    "judge_a": ratings.judges[a],
                    "judge_b": ratings.judges[b],
                    "n": int(one.pairs.shared[a, b]),
                    "pearson": float(one.pairs.pearson[a, b]),
                    "spearman": float(one.pairs.spearman[a, b]),
                }
            )
    return rows
