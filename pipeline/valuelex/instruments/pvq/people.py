"""Beside people: one model's centred profile against a table of human means.

The interval of a difference covers the model's trials only; the human means are taken as they were
published. Trials of a model are near-deterministic repeats, no sample of persons: an interval that
leaves out zero says that the difference repeats, not how many people answer like that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from valuelex.errors import DataError
from valuelex.instruments.pvq.norms import Norms


@dataclass(frozen=True, slots=True)
class ValueBesidePeople:
    """One value: centred means in scale points, ranks from 1 (most valued).

    ``rank_shift`` is the model's rank minus the human rank: negative means that the model puts the
    value higher than people do. ``z`` is the difference in the norms' standard deviations, where
    they state them. ``None`` where the model has no answer, or too few trials.
    """

    value: str
    centred: float | None
    human: float
    difference: float | None
    lower: float | None
    upper: float | None
    rank: float | None
    human_rank: float
    rank_shift: float | None
    z: float | None = None


@dataclass(frozen=True)
class BesidePeople:
    """One model beside people: the values, and how alike the two profiles are.

    ``pearson`` and ``spearman`` are over the ``n_values`` values that the model has, ``None`` when
    fewer than three or constant; ``lower`` and ``upper`` are Fisher's interval of ``pearson``:
    it takes the values for a sample of values, and is ``None`` with fewer than four of them;
    ``mean_absolute_difference`` is in scale points.
    """

    values: tuple[ValueBesidePeople, ...]
    pearson: float | None
    lower: float | None
    upper: float | None
    spearman: float | None
    mean_absolute_difference: float | None
    n_values: int
    n_trials: int


def beside_people(
    centred: NDArray[np.float64],
    values: Sequence[str],
    norms: Norms,
    *,
    confidence: float = 0.95,
) -> BesidePeople:
    """Compare (trials, values) centred scores with human means.

    The interval of each difference is Student's t over trials (R: ``t.test(x, mu = human)``).

    Raises
    ------
    DataError
        When the norms lack a value, or the shapes disagree.
    """
    if centred.ndim != 2 or centred.shape[1] != len(values):
        raise DataError(f"centred must be (trials, {len(values)}), was: {centred.shape}")
    missing = [value for value in values if value not in norms.mean]
    if missing:
        raise DataError(f"the norms must hold every value, miss: {missing}")
    human = np.array([norms.mean[value] for value in values])
    means = np.array([_mean(column) for column in centred.T])
    there = np.isfinite(means)
    ranks = np.full(len(values), np.nan)
    # ranked among the values that are there, on both sides, so that shifts compare like with like
    ranks[there] = stats.rankdata(-means[there])
    human_ranks = stats.rankdata(-human)
    among_there = human_ranks.copy()
    among_there[there] = stats.rankdata(-human[there])
    rows = tuple(
        _row(
            value,
            centred[:, place],
            float(human[place]),
            (float(ranks[place]), float(human_ranks[place]), float(among_there[place])),
            norms.sd.get(value),
            confidence,
        )
        for place, value in enumerate(values)
    )
    pearson = _correlation(means[there], human[there])
    lower, upper = fisher_interval(pearson, int(there.sum()), confidence)
    return BesidePeople(
        values=rows,
        pearson=pearson,
        lower=lower,
        upper=upper,
        spearman=_correlation(stats.rankdata(means[there]), stats.rankdata(human[there])),
        mean_absolute_difference=(
            float(np.abs(means[there] - human[there]).mean()) if there.any() else None
        ),
        n_values=int(there.sum()),
        n_trials=int(centred.shape[0]),
    )


def _mean(column: NDArray[np.float64]) -> float:
    there = column[np.isfinite(column)]
    return float(there.mean()) if there.size else float("nan")


def _row(
    value: str,
    column: NDArray[np.float64],
    human: float,
    ranks: tuple[float, float, float],
    sd: float | None,
    confidence: float,
) -> ValueBesidePeople:
    rank, human_rank, human_rank_among_there = ranks
    there = column[np.isfinite(column)]
    if not there.size:
        return ValueBesidePeople(value, None, human, None, None, None, None, human_rank, None)
    mean = float(there.mean())
    lower = upper = None
    if there.size > 1:
        half = float(
            stats.t.ppf(0.5 + confidence / 2, there.size - 1)
            * there.std(ddof=1)
            / np.sqrt(there.size)
        )
        lower, upper = mean - human - half, mean - human + half
    shift = rank - human_rank_among_there
    z = None if sd is None else (mean - human) / sd
    return ValueBesidePeople(
        value, mean, human, mean - human, lower, upper, rank, human_rank, shift, z
    )


def fisher_interval(
    r: float | None, n: int, confidence: float = 0.95
) -> tuple[float | None, float | None]:
    """Return the interval of a correlation over n cases (R: ``psych::r.con``)."""
    if r is None or n < 4 or abs(r) >= 1:
        return None, None
    half = float(stats.norm.ppf(0.5 + confidence / 2)) / np.sqrt(n - 3)
    return float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float | None:
    if a.size < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])
