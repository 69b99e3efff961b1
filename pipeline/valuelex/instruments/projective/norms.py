"""A new model's place in a roster that was scored before, and what error lets us say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from scipy.special import stdtr

from valuelex.errors import DataError
from valuelex.instruments.projective.quality import holm
from valuelex.instruments.projective.score import Array, Level, ProfileRow

Key = tuple[Level, str]
NAN = float("nan")
ALPHA = 0.05

NOTHING = "nothing scored"
NO_ERROR = "too few stems"
NEVER = "never taken up"
WITHIN = "within error"
ABOVE, BELOW = "above the middle", "below the middle"


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of a profile with its place in the roster.

    ``row.percentile`` is the mid-rank among the roster's ``n_roster`` scores, in [0, 100], with
    ``percentile_lower`` and ``percentile_upper`` those of the interval's ends. ``middle`` is the
    roster's median, ``p`` tests that the score equals it (two-sided t over ``n_stems`` stems),
    ``p_adjusted`` corrects for the number of rows of the level (Holm), and ``remark`` says in
    words what that allows.
    """

    row: ProfileRow
    n_stems: int
    n_roster: int
    middle: float
    percentile_lower: float
    percentile_upper: float
    p: float
    p_adjusted: float
    remark: str


def place(
    rows: Sequence[ProfileRow], n_stems: Mapping[Key, int], norms: Mapping[Key, Array]
) -> tuple[Placed, ...]:
    """Place each row of one model's profile among the scores of a roster.

    Parameters
    ----------
    rows
        The profile of one model, level by level.
    n_stems
        Stems with a score behind each row.
    norms
        The roster's scores (models,) on each row's scale; a missing score is NaN.

    Raises
    ------
    DataError
        When the roster has no score for a row.
    """
    placed = []
    for _, level in groupby(rows, key=lambda row: row.level):
        group = [_placed(row, n_stems[row.level, row.id], norms) for row in level]
        adjusted = holm(np.array([one.p for one in group]))
        placed += [
            replace(one, p_adjusted=float(p), remark=_remark(one, float(p)))
            for one, p in zip(group, adjusted, strict=True)
        ]
    return tuple(placed)


def percentile(value: float, roster: Array) -> float:
    """Return the mid-rank percentile of a value among a roster's scores; NaN when there is none."""
    if not np.isfinite(value) or not len(roster):
        return NAN
    return float(100.0 * (np.sum(roster < value) + 0.5 * np.sum(roster == value)) / len(roster))


def _placed(row: ProfileRow, stems: int, norms: Mapping[Key, Array]) -> Placed:
    roster = norms.get((row.level, row.id), np.empty(0))
    roster = roster[np.isfinite(roster)]
    if not len(roster):
        raise DataError(f"the norms have no score for the {row.level} '{row.id}'")
    middle = float(np.median(roster))
    return Placed(
        row=replace(row, percentile=percentile(row.mean, roster)),
        n_stems=stems,
        n_roster=len(roster),
        middle=middle,
        percentile_lower=percentile(row.lower, roster),
        percentile_upper=percentile(row.upper, roster),
        p=_p(row, stems, middle),
        p_adjusted=NAN,
        remark="",
    )


def _p(row: ProfileRow, stems: int, middle: float) -> float:
    if not (np.isfinite(row.se) and row.se > 1e-12):
        return NAN
    return float(2.0 * stdtr(stems - 1, -abs(row.mean - middle) / row.se))


def _remark(one: Placed, p_adjusted: float) -> str:
    row = one.row
    if row.n_scored == 0:
        return NOTHING
    if row.n_neutral == row.n_scored:
        return NEVER
    if not np.isfinite(p_adjusted):
        return NO_ERROR
    if p_adjusted >= ALPHA:
        return WITHIN
    return ABOVE if row.mean > one.middle else BELOW
