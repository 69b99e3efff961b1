"""What is said of each judge: coverage, severity, agreement with the rest and itself, halo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from valuelex.psychometrics.halo import halo_share
from valuelex.psychometrics.raters import estimate, rest_correlations, severity
from valuelex.psychometrics.rating_components import one_way
from valuelex.psychometrics.types import Floats
from valuelex.stages.agreement_cells import SUBJECT, UNIT, Cells, Row, or_nan, reliability, spread
from valuelex.stages.ratings_input import MISSING, OUTSIDE, TEXT


def judge_rows(cells: Cells) -> tuple[list[Row], list[Row]]:
    """Return rows of judges, and of judges on traits."""
    ratings = cells.ratings
    weights = cells.weights[UNIT]
    shifts = np.stack([severity(x, weights) for x in cells.cells[UNIT]])
    rest = np.stack([rest_correlations(x) for x in cells.cells[UNIT]])
    rows = [
        _judge_on_trait(cells, j, place, shifts[place, :, j], float(rest[place, j]))
        for j in range(len(ratings.judges))
        for place in range(len(ratings.traits))
    ]
    return [_judge(cells, j, shifts[:, :, j], rows) for j in range(len(ratings.judges))], rows


def _judge_on_trait(cells: Cells, j: int, place: int, shifts: Floats, rest: float) -> Row:
    ratings = cells.ratings
    judge, trait = ratings.judges[j], ratings.traits[place]
    counts, sums, squares = (one[j] for one in cells.sums(place))
    x = ratings.values[ratings.judge == j, place]
    x = x[np.isfinite(x)]
    middle = float(x.mean()) if len(x) else 0.0  # taken off: sums of squares stay exact
    squares = squares - 2 * middle * sums + middle**2 * counts
    sums = sums - middle * counts
    single, mean = reliability(counts, sums, squares, cells.weights[UNIT])
    within = float(one_way(counts, sums, squares, cells.weights[UNIT][:1]).within[0])
    lost = {r: ratings.lost.get((r, judge, trait), 0) for r in (MISSING, TEXT, OUTSIDE)}
    return {
        "judge": judge,
        "trait": trait,
        "n_ratings": len(x),
        "n_units": int((counts > 0).sum()),
        "n_units_without": int((counts == 0).sum()),
        "n_missing": lost[MISSING],
        "n_not_a_number": lost[TEXT],
        "n_outside": lost[OUTSIDE],
        "mean": float(x.mean()) if len(x) else float("nan"),
        "sd": float(x.std(ddof=1)) if len(x) > 1 else float("nan"),
        **spread("severity", estimate(shifts)),
        "r_rest": rest,
        "n_repeated": int((counts > 1).sum()),
        **spread("repeat_icc", single),
        **spread("repeat_icc_k", mean),
        "repeat_sd": float(np.sqrt(within)) if np.isfinite(within) else float("nan"),
    }


def _judge(cells: Cells, j: int, shifts: Floats, rows: Sequence[Row]) -> Row:
    """Return a judge over all traits: sums of counts, means of coefficients."""
    judge = cells.ratings.judges[j]
    mine = [row for row in rows if row["judge"] == judge]
    known = np.isfinite(shifts)
    over = np.where(known, shifts, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    over = np.where(known.any(axis=0), over, np.nan)
    sums = ("n_ratings", "n_missing", "n_not_a_number", "n_outside")
    means = ("mean", "sd", "r_rest", "repeat_icc", "repeat_icc_k", "repeat_sd")
    units = np.unique(cells.ratings.unit[cells.ratings.judge == j])
    return {
        "judge": judge,
        "n_units": len(units),
        "n_units_without": len(cells.ratings.units) - len(units),
        **{name: sum(row[name] for row in mine) for name in sums},
        **{name: _mean_of(mine, name) for name in means},
        **spread("severity", estimate(over)),
    }


def _mean_of(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    values = np.array([row[name] for row in rows], dtype=np.float64)
    return or_nan(np.nanmean, values)


def halo_of(cells: Cells, draws: int, seed: int) -> Row:
    """Return the halo of all judges' mean, and of each judge alone."""
    cubes = np.stack(cells.cells[SUBJECT])  # (traits, judges, subjects)
    there = np.isfinite(cubes).sum(axis=1)
    mean = np.where(there > 0, np.nansum(cubes, axis=1) / np.maximum(there, 1), np.nan)
    return {
        "all_judges": asdict(halo_share(mean.T, draws, seed)),
        "judges": [
            {"judge": judge, **asdict(halo_share(cubes[:, j].T, draws, seed))}
            for j, judge in enumerate(cells.ratings.judges)
        ],
    }
