"""A judge's mean ratings of every unit and subject, the ground of all that is said of agreement."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuelex.psychometrics.raters import Estimate, estimate, resamples
from valuelex.psychometrics.rating_components import one_way
from valuelex.psychometrics.types import Floats, Ints
from valuelex.stages.ratings_input import Ratings

UNIT, SUBJECT = "unit", "subject"

Row = dict[str, Any]


class Cells:
    """A judge's mean ratings, (judges, units or subjects) of each trait, and their bootstrap.

    Parameters
    ----------
    ratings
        What was read.
    draws, seed
        Of the bootstrap over subjects.
    """

    def __init__(self, ratings: Ratings, draws: int, seed: int) -> None:
        self.ratings = ratings
        self.clusters = {
            UNIT: ratings.subject_of,
            SUBJECT: np.arange(len(ratings.subjects)),
        }
        # the same seed draws the same subjects at both levels
        self.weights = {k: resamples(_text(v), draws, seed) for k, v in self.clusters.items()}
        sums = [self.sums(place) for place in range(len(ratings.traits))]
        units = [_mean(total, count) for count, total, _ in sums]
        self.cells = {
            UNIT: units,
            SUBJECT: [_grouped(one, ratings.subject_of, len(ratings.subjects)) for one in units],
        }

    def sums(self, trait: int) -> tuple[Floats, Floats, Floats]:
        """Return counts, sums and sums of squares (judges, units) of a trait's ratings."""
        r = self.ratings
        shape = (len(r.judges), len(r.units))
        there = np.isfinite(r.values[:, trait])
        x = r.values[there, trait]
        at = r.judge[there] * shape[1] + r.unit[there]
        size = shape[0] * shape[1]
        counts, sums, squares = sums_at(at, x, size)
        return counts.reshape(shape), sums.reshape(shape), squares.reshape(shape)


def sums_at(at: Ints, x: Floats, size: int) -> tuple[Floats, Floats, Floats]:
    """Return counts, sums and sums of squares (size,) of the values at each place."""
    n, total, square = (np.bincount(at, w, size) for w in (np.ones(len(x)), x, x**2))
    return n.astype(np.float64), total.astype(np.float64), square.astype(np.float64)


def _text(places: Ints) -> Any:
    return np.array([f"{place:09d}" for place in places])


def _mean(total: Floats, count: Floats) -> Floats:
    return np.where(count > 0, total / np.where(count > 0, count, 1), np.nan)


def _grouped(cells: Floats, groups: Ints, n: int) -> Floats:
    """Return means (judges, n) over the units of each group, of those that were rated."""
    out = np.empty((len(cells), n))
    for j, row in enumerate(cells):
        there = np.isfinite(row)
        counts, total, _ = sums_at(groups[there], row[there], n)
        out[j] = _mean(total, counts)
    return out


def reliability(
    counts: Floats, sums: Floats, squares: Floats, weights: Floats
) -> tuple[Estimate, Estimate]:
    """Return ICC(1,1), and of the mean of as many values as a group has (harmonic mean)."""
    there = counts > 0
    found = one_way(counts, sums, squares, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        k = weights[:, there].sum(axis=1) / (weights[:, there] @ (1 / counts[there]))
        single = found.between / (found.between + found.within)
        mean = found.between / (found.between + found.within / k)
    return estimate(single), estimate(mean)


def spread(name: str, found: Estimate) -> Row:
    """Return a coefficient with its interval as three columns."""
    return {name: found.value, f"{name}_lower": found.lower, f"{name}_upper": found.upper}


def or_nan(what: Any, x: Floats) -> float:
    """Return what of x, such as its mean, NaN where x holds no number."""
    return float(what(x)) if np.isfinite(x).any() else float("nan")
