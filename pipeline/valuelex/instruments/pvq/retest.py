"""Retest: whether a model answers the same when only the order or the wording changes.

Each comparison stands beside the same figure between plain repeats, for a model that contradicts
itself from trial to trial contradicts itself across wordings too. What the wording or the order
does is the gap between the two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.score import Matrix

Cells = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Retest:
    """One model under two conditions; ``None`` where there is nothing to compare.

    ``agreement`` is the share of equal answers to the same item over pairs of trials from either
    condition, ``repeat`` the same over pairs within a condition. ``r`` is the correlation of the
    two profiles of nineteen centred values, ``r_repeat`` that of two halves of the trials with all
    conditions in both. ``shift`` is the mean over items of the answer in the first condition minus
    that in the second, in scale points; ``n_pairs`` are the pairs of answers behind ``agreement``.
    """

    facet: str
    agreement: float | None
    repeat: float | None
    r: float | None
    r_repeat: float | None
    shift: float | None
    n_pairs: int


def over_option_order(answers: Matrix, descending: Cells, key: Key) -> Retest:
    """Compare answers (trials, items) given with options listed upwards and downwards."""
    return _over_cells("option order", answers, ~descending, key)


def over_item_order(answers: Matrix, position: NDArray[np.int64], key: Key) -> Retest:
    """Compare answers to items that came in the first and in the second half of a trial."""
    return _over_cells("item order", answers, position <= answers.shape[1] // 2, key)


def over_wording(answers: Matrix, other: Matrix, key: Key, frame: str) -> Retest:
    """Compare the first trials (t, items) with as many under another frame, in the same orders.

    The repeats beside it are the first trials and the next ones of the scored frame.
    """
    trials = min(len(answers), len(other))
    first, second, then = answers[:trials], other[:trials], answers[trials : 2 * trials]
    n_pairs, agreement = _agreement(first, second)
    return Retest(
        facet=f"wording: {frame}",
        agreement=agreement,
        repeat=_within([answers]),
        r=_r(first, second, key),
        r_repeat=_r(first, then, key) if len(then) == trials else None,
        shift=_shift(first, second),
        n_pairs=n_pairs,
    )


def _over_cells(facet: str, answers: Matrix, chosen: Cells, key: Key) -> Retest:
    first, second = np.where(chosen, answers, np.nan), np.where(chosen, np.nan, answers)
    n_pairs, agreement = _agreement(first, second)
    # pairs of trials, not single ones: option order alternates from one trial to the next
    half = (np.arange(len(answers)) // 2) % 2 == 0
    return Retest(
        facet=facet,
        agreement=agreement,
        repeat=_within([first, second]),
        r=_r(first, second, key),
        r_repeat=_r(answers[half], answers[~half], key) if len(answers) > 2 else None,
        shift=_shift(first, second),
        n_pairs=n_pairs,
    )


def _agreement(first: Matrix, second: Matrix) -> tuple[int, float | None]:
    """Pairs of answers to the same item, one from either side, and the share of equal ones."""
    there = np.isfinite(first)[:, None, :] & np.isfinite(second)[None, :, :]
    equal = (first[:, None, :] == second[None, :, :]) & there
    n = int(there.sum())
    return n, float(equal.sum() / n) if n else None


def _within(parts: list[Matrix]) -> float | None:
    """Share of equal answers over pairs of different trials within each part, parts pooled."""
    pairs = equals = 0
    for part in parts:
        there = np.isfinite(part)
        both = there[:, None, :] & there[None, :, :]
        same = (part[:, None, :] == part[None, :, :]) & both
        alone = int(there.sum())  # a trial beside itself
        pairs += int(both.sum()) - alone
        equals += int(same.sum()) - alone
    return equals / pairs if pairs else None


def _r(first: Matrix, second: Matrix, key: Key) -> float | None:
    a, b = _profile(first, key), _profile(second, key)
    there = np.isfinite(a) & np.isfinite(b)
    a, b = a[there], b[there]
    if a.size < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _profile(answers: Matrix, key: Key) -> Matrix:
    """Value means (19,) over item means: items that were asked more often weigh no more."""
    items = _item_means(answers)
    found = []
    for numbers in key.scales("nineteen").values():
        mine = items[np.array(numbers) - 1]
        mine = mine[np.isfinite(mine)]
        found.append(float(mine.mean()) if mine.size else np.nan)
    return np.array(found)


def _item_means(answers: Matrix) -> Matrix:
    there = np.isfinite(answers)
    count = there.sum(axis=0)
    total = np.where(there, answers, 0.0).sum(axis=0)
    means: Matrix = np.divide(total, count, out=np.full(answers.shape[1], np.nan), where=count > 0)
    return means


def _shift(first: Matrix, second: Matrix) -> float | None:
    """Mean difference over the items that both conditions have: the same items on either side."""
    gaps = _item_means(first) - _item_means(second)
    gaps = gaps[np.isfinite(gaps)]
    return float(gaps.mean()) if gaps.size else None
