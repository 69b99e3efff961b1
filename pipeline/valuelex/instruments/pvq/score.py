"""Scores: raw and centred, per trial and per model, at three levels of the theory.

Centring takes out how high a respondent answers altogether: the mean rating (MRAT) over all
answered items of the questionnaire is subtracted. Scores are never divided by a standard deviation
(Schwartz's instructions for the PVQ-RR). Use centred scores for means, correlations and MDS; raw
scores for CFA and for discriminant analysis.

A missing answer is missing, not zero: every score is a mean over answered items and says how many
there were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.instruments.pvq.key import Key, Level

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Scores of n administrations on k values.

    ``raw`` and ``centred`` are (n, k) in scale points, NaN where no item was answered; ``answered``
    is (n, k) whole numbers; ``mean_rating`` is (n,), the MRAT; ``n_items`` is (k,), the items that
    make up each value.
    """

    level: Level
    values: tuple[str, ...]
    raw: Matrix
    centred: Matrix
    answered: NDArray[np.int64]
    mean_rating: Matrix
    n_items: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ValueScore:
    """One model on one value: means over trials.

    ``se`` is the standard deviation of the trials' centred scores divided by the root of the number
    of trials that have one; ``None`` with fewer than two. Trials of one model are repeats, not a
    sample of persons: the error says how repeatable the score is, no more.
    """

    level: Level
    value: str
    raw: float | None
    centred: float | None
    se: float | None
    n_trials: int
    n_answered: int
    n_missing: int


def answer_matrix(
    answers: Iterable[tuple[int, int, float | None]], *, trials: int, n_items: int
) -> Matrix:
    """Arrange (trial, item, answer) into (trials, n_items); NaN where there is no answer.

    Trials count from 0, items from 1; the order in which they come does not matter.

    Raises
    ------
    DataError
        When a trial or item is out of range, or a cell is given twice.
    """
    matrix = np.full((trials, n_items), np.nan)
    seen = np.zeros((trials, n_items), dtype=bool)
    for trial, item, answer in answers:
        if not (0 <= trial < trials and 1 <= item <= n_items):
            raise DataError(
                f"trial must be in 0..{trials - 1} and item in 1..{n_items}, was: {trial}, {item}"
            )
        if seen[trial, item - 1]:
            raise DataError(f"item {item} stands twice in trial {trial}")
        seen[trial, item - 1] = True
        if answer is not None:
            matrix[trial, item - 1] = answer
    return matrix


def score(answers: Matrix, key: Key, level: Level) -> Scores:
    """Score each row of ``answers`` (n, n_items) on the values of ``level``.

    Raises
    ------
    DataError
        When the matrix has another width than the key has items, or holds an infinite number.
    """
    _check(answers, key)
    scales = key.scales(level)
    columns = [np.array(items) - 1 for items in scales.values()]
    mean_rating = _mean(answers)
    raw = np.column_stack([_mean(answers[:, place]) for place in columns])
    answered = np.column_stack(
        [np.isfinite(answers[:, place]).sum(axis=1) for place in columns]
    ).astype(np.int64)
    return Scores(
        level=level,
        values=tuple(scales),
        raw=raw,
        centred=raw - mean_rating[:, None],
        answered=answered,
        mean_rating=mean_rating,
        n_items=np.array([place.size for place in columns]),
    )


def centred_items(answers: Matrix) -> Matrix:
    """Return ``answers`` minus each row's mean over its answered items: rows then sum to zero."""
    centred: Matrix = answers - _mean(answers)[:, None]
    return centred


def profile(answers: Matrix, key: Key, level: Level) -> list[ValueScore]:
    """Return one model's scores: the mean over its trials, each trial centred by itself.

    ``answers`` is (trials, n_items). Values come in the order of the key.
    """
    scores = score(answers, key, level)
    found = []
    for place, value in enumerate(scores.values):
        centred = scores.centred[:, place]
        centred = centred[np.isfinite(centred)]
        n_answered = int(scores.answered[:, place].sum())
        found.append(
            ValueScore(
                level=level,
                value=value,
                raw=float(np.nanmean(scores.raw[:, place])) if centred.size else None,
                centred=float(centred.mean()) if centred.size else None,
                se=_standard_error(centred),
                n_trials=int(centred.size),
                n_answered=n_answered,
                n_missing=int(answers.shape[0] * scores.n_items[place]) - n_answered,
            )
        )
    return found


def pooled(answers: Matrix, key: Key, level: Level) -> dict[str, float]:
    """Return value -> mean of all its answers minus the mean of all answers, rows pooled.

    Each *answer* weighs the same here, each *row* in :func:`profile`; the two differ only where
    answers are missing. This is the form in which some published tables are computed.

    Raises
    ------
    DataError
        When a value has no answer at all.
    """
    _check(answers, key)
    overall = _mean(answers.reshape(1, -1))[0]
    found = {}
    for value, items in key.scales(level).items():
        cells = answers[:, np.array(items) - 1]
        if not np.isfinite(cells).any():
            raise DataError(f"value '{value}' must have at least one answer, has none")
        found[value] = float(np.nanmean(cells) - overall)
    return found


def mean_profiles(
    by_model: Mapping[str, Matrix], key: Key, level: Level
) -> tuple[Sequence[str], tuple[str, ...], Matrix]:
    """Return models, values and the centred means (models, values), NaN where nothing is."""
    values = tuple(key.scales(level))
    rows = [
        [np.nan if s.centred is None else s.centred for s in profile(answers, key, level)]
        for answers in by_model.values()
    ]
    return list(by_model), values, np.array(rows, dtype=float).reshape(len(by_model), len(values))


def _check(answers: Matrix, key: Key) -> None:
    if answers.ndim != 2 or answers.shape[1] != key.n_items:
        raise DataError(f"answers must be (n, {key.n_items}), was: {answers.shape}")
    if np.isinf(answers).any():
        raise DataError("answers must be finite or NaN; an infinite number came")


def _mean(answers: Matrix) -> Matrix:
    """Row means over what is there; NaN (without a warning) for a row with nothing."""
    there = np.isfinite(answers)
    count = there.sum(axis=1)
    total = np.where(there, answers, 0.0).sum(axis=1)
    means: Matrix = np.divide(total, count, out=np.full(len(answers), np.nan), where=count > 0)
    return means


def _standard_error(x: Matrix) -> float | None:
    return float(x.std(ddof=1) / np.sqrt(x.size)) if x.size > 1 else None
