"""How a respondent uses the scale, whatever is asked: level, spread, ends, middle, runs.

All portraits are keyed in one direction, so agreeing with everything (acquiescence) and holding
every value dear look the same: the mean rating is the sum of both, and is what centring takes out.
Definitions after Baumgartner & Steenkamp (2001), Journal of Marketing Research 38, 143-156.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.instruments.pvq.score import Matrix


@dataclass(frozen=True, slots=True)
class Style:
    """Response style over all answers of one model; ``None`` where nothing was answered.

    ``mean`` and ``sd`` are in scale points; ``extreme`` is the share of answers at either end,
    ``middle`` the share at the middle point or, on a scale of even length, at the two middle ones;
    ``modal`` is the share of the commonest answer. ``longest_run`` is the longest run of one and
    the same answer in the order asked, as a share of a trial's answers, averaged over trials;
    ``straight_lined`` counts trials with one answer throughout. ``order_shift`` is the mean answer
    with the options listed upwards minus the mean with them listed downwards.
    """

    mean: float | None
    sd: float | None
    extreme: float | None
    middle: float | None
    modal: float | None
    longest_run: float | None
    straight_lined: int
    order_shift: float | None
    n_trials: int
    n_answered: int
    n_missing: int


def response_style(
    answers: Matrix,
    position: NDArray[np.int64],
    descending: NDArray[np.bool_],
    *,
    low: int,
    high: int,
) -> Style:
    """Describe the answers (trials, items) of one respondent, NaN where there is none.

    Parameters
    ----------
    position
        (trials, items): the place of each item in its trial's order, from 1.
    descending
        (trials, items): whether the options were listed downwards.
    low, high
        Ends of the scale.

    Raises
    ------
    DataError
        When the shapes differ, or an answer is outside the scale.
    """
    if not answers.shape == position.shape == descending.shape:
        shapes = (answers.shape, position.shape, descending.shape)
        raise DataError(f"answers, positions and orders must have one shape, were: {shapes}")
    there = np.isfinite(answers)
    given = answers[there]
    if given.size and (given.min() < low or given.max() > high):
        raise DataError(f"answers must be in {low}..{high}, were: {given.min()}..{given.max()}")
    runs = [
        _longest_run(row[np.argsort(place)]) for row, place in zip(answers, position, strict=True)
    ]
    known = [run for run in runs if run is not None]
    middle = {(low + high) // 2, (low + high + 1) // 2}
    return Style(
        mean=_mean(given),
        sd=float(given.std(ddof=1)) if given.size > 1 else None,
        extreme=_mean(np.isin(given, (low, high))),
        middle=_mean(np.isin(given, tuple(middle))),
        modal=float(np.unique(given, return_counts=True)[1].max() / given.size)
        if given.size
        else None,
        longest_run=float(np.mean(known)) if known else None,
        straight_lined=sum(run == 1 for run in known),
        order_shift=_shift(answers[there & ~descending], answers[there & descending]),
        n_trials=len(answers),
        n_answered=int(given.size),
        n_missing=int((~there).sum()),
    )


def _mean(x: NDArray[np.float64] | NDArray[np.bool_]) -> float | None:
    return float(x.mean()) if x.size else None


def _shift(up: Matrix, down: Matrix) -> float | None:
    return float(up.mean() - down.mean()) if up.size and down.size else None


def _longest_run(row: Matrix) -> float | None:
    """Longest run of equal answers among those given, as a share; ``None`` below two answers."""
    row = row[np.isfinite(row)]
    if row.size < 2:
        return None
    breaks = np.flatnonzero(np.diff(row) != 0)
    edges = np.concatenate([[-1], breaks, [row.size - 1]])
    return float(np.diff(edges).max() / row.size)
