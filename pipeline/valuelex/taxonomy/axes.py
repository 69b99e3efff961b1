"""Which factor a term belongs to, by its loadings alone, and where they do not decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Verdict = Literal["clear", "split", "weak", "absent"]
"""``clear``: one factor; ``split``: some alike; ``weak``: under the floor; ``absent``: not in."""


@dataclass(frozen=True)
class Axes:
    """The loadings' word on n terms.

    Attributes
    ----------
    verdict
        One verdict a term.
    factor
        (n,) column of the largest absolute loading; -1 where absent.
    sign
        (n,) its sign, 1 or -1; 1 where absent.
    rivals
        For split terms the columns that are within the margin of the largest, itself included.
    """

    verdict: list[Verdict]
    factor: NDArray[np.int64]
    sign: NDArray[np.int64]
    rivals: list[tuple[int, ...]]


def read_loadings(loadings: NDArray[np.floating], *, floor: float, margin: float) -> Axes:
    """Give each term to the factor with its largest absolute loading, where that is clear.

    Parameters
    ----------
    loadings
        (n, k) pattern loadings; rows of NaN are terms outside the analysis.
    floor
        Least absolute loading that places a term.
    margin
        By how much it must exceed the second largest.
    """
    n, k = loadings.shape
    verdict: list[Verdict] = []
    rivals: list[tuple[int, ...]] = []
    factor = np.full(n, -1, dtype=np.int64)
    sign = np.ones(n, dtype=np.int64)
    for i in range(n):
        if k == 0 or np.isnan(loadings[i]).any():
            verdict.append("absent")
            rivals.append(())
            continue
        size = np.abs(loadings[i])
        top = int(np.argmax(size))
        factor[i] = top
        sign[i] = -1 if loadings[i, top] < 0 else 1
        close = tuple(j for j in range(k) if size[top] - size[j] < margin)
        if size[top] < floor:
            verdict.append("weak")
            rivals.append(())
        elif len(close) > 1 and margin > 0:
            verdict.append("split")
            rivals.append(close)
        else:
            verdict.append("clear")
            rivals.append(())
    return Axes(verdict, factor, sign, rivals)
