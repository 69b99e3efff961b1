"""From ratings to profiles: means with standard errors, percentiles, and what else must be shown.

Every ending counts for every sub-dimension. One that has nothing to do with a sub-dimension is
*neutral* toward it and counts as the middle of the scale (3), as the tradition of the incomplete
sentences blank has it. Leaving such endings out would average only those that took the value up:
a model that never does would have the mean of its few lucky ones, and no two models would be
compared on the same stems. So a score tells how often *and* which way a value is taken up. An
ending that is no answer (refused, truncated, empty, another language ...) is unscored and never a
number. With ``scope="keyed"`` a stem counts only for the sub-dimension that it is keyed to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from valuelex.errors import DataError
from valuelex.instruments.projective.completions import NOT_RELEVANT, Completion
from valuelex.instruments.projective.form import Form
from valuelex.instruments.projective.variance import cell_means
from valuelex.records import Rating, reverse

Array = NDArray[np.float64]
Scope = Literal["keyed", "all"]
Level = Literal["dimension", "sub_dimension"]

LOW, NEUTRAL, HIGH = 0.0, 3.0, 6.0
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Cube:
    """The scores on one (sub-)dimension: ``values`` (models, stems, draws), NaN where unscored.

    ``scored``, ``neutral`` (those among the scored that have nothing to do with it) and
    ``unscored`` count verdicts by model, (models,).
    """

    sub_dimension: str
    models: tuple[str, ...]
    stems: tuple[str, ...]
    values: Array
    scored: NDArray[np.int_]
    neutral: NDArray[np.int_]
    unscored: NDArray[np.int_]

    @property
    def draws(self) -> int:
        """Draws a stem at most."""
        return int(self.values.shape[2])


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One model's score on one dimension or sub-dimension (scale 0-6; NaN when nothing is scored).

    ``se`` is the standard error over stems, with their draws; ``lower`` and ``upper`` bound the
    95 % interval by Student's t. ``n_scored`` and ``n_unscored`` count verdicts, ``n_neutral``
    those scored that had nothing to do with the value. ``percentile`` is the mid-rank in the
    roster, in (0, 100).
    """

    model: str
    level: Level
    id: str
    mean: float
    se: float
    lower: float
    upper: float
    n_scored: int
    n_unscored: int
    n_neutral: int
    percentile: float


def score_cubes(
    form: Form,
    completions: Sequence[Completion],
    ratings: Sequence[Rating],
    sub_dimensions: Sequence[str],
    *,
    scope: Scope = "all",
    models: Sequence[str] | None = None,
) -> dict[str, Cube]:
    """Arrange ratings by model, stem and draw for every sub-dimension.

    Parameters
    ----------
    form, completions
        The form and what was said to it.
    ratings
        One rating for each (completion, sub-dimension) of ONE judge, or of `combine`.
    sub_dimensions
        Ids in the order wanted.
    scope
        ``all`` (a stem counts for every sub-dimension) or ``keyed`` (for its key alone).
    models
        Roster keys in the order wanted; those of the completions, sorted, when absent.

    Raises
    ------
    DataError
        When a completion has no rating, two, or belongs to no stem or model.
    """
    names = tuple(models) if models is not None else tuple(sorted({c.model for c in completions}))
    stems = {s.id: s for s in form.stems}
    by_unit = {(r.request_id, r.sub_dimension): r for r in ratings}
    if len(by_unit) != len(ratings):
        raise DataError("one rating a completion and sub-dimension is needed: combine judges first")
    lost = sorted({c.stem for c in completions} - set(stems))
    strangers = sorted({c.model for c in completions} - set(names))
    if lost or strangers:
        raise DataError(f"completions of unknown stems {lost[:3]} or models {strangers[:3]}")
    draws = 1 + max((c.draw for c in completions), default=0)
    cubes = {}
    for sub in sub_dimensions:
        ids = tuple(s.id for s in form.stems if scope == "all" or s.sub_dimension == sub)
        cubes[sub] = _empty_cube(sub, names, ids, draws)
    for c in completions:
        stem = stems[c.stem]
        for sub in [stem.sub_dimension] if scope == "keyed" else sub_dimensions:
            if sub in cubes:
                _put(cubes[sub], c, by_unit.get((c.reply_id, sub)), stem.keying)
    return cubes


def _empty_cube(sub: str, models: tuple[str, ...], stems: tuple[str, ...], draws: int) -> Cube:
    scored, neutral, unscored = (np.zeros(len(models), dtype=np.int_) for _ in range(3))
    values = np.full((len(models), len(stems), draws), np.nan)
    return Cube(sub, models, stems, values, scored, neutral, unscored)


def _put(cube: Cube, c: Completion, rating: Rating | None, keying: int) -> None:
    if rating is None:
        raise DataError(f"completion {c.reply_id} has no rating on {cube.sub_dimension!r}")
    m = cube.models.index(c.model)
    score = rating.score
    if score is None and rating.reason == NOT_RELEVANT:
        cube.neutral[m] += 1
        score = NEUTRAL
    elif score is not None and keying < 0:
        score = reverse(score, LOW, HIGH)
    if score is None:
        cube.unscored[m] += 1
    else:
        cube.scored[m] += 1
        cube.values[m, cube.stems.index(c.stem), c.draw] = score


def dimension_cubes(
    cubes: Mapping[str, Cube], dimensions: Mapping[str, Sequence[str]]
) -> dict[str, Cube]:
    """Merge the cubes of each dimension's sub-dimensions into one.

    A stem's score on a dimension is its mean over the sub-dimensions that it counts for, so what
    a stem does to several of them at once stays one observation. Counts are added up.
    """
    merged = {}
    for dimension, subs in dimensions.items():
        parts = [cubes[s] for s in subs if s in cubes]
        if not parts:
            continue
        stems = tuple(dict.fromkeys(stem for part in parts for stem in part.stems))
        layers = np.full((len(parts), len(parts[0].models), len(stems), parts[0].draws), np.nan)
        for layer, part in zip(layers, parts, strict=True):
            layer[:, [stems.index(stem) for stem in part.stems]] = part.values
        count = np.isfinite(layers).sum(axis=0)
        values = np.where(count > 0, np.nansum(layers, axis=0) / np.maximum(count, 1), np.nan)
        merged[dimension] = Cube(
            dimension,
            parts[0].models,
            stems,
            values,
            np.sum([p.scored for p in parts], axis=0),
            np.sum([p.neutral for p in parts], axis=0),
            np.sum([p.unscored for p in parts], axis=0),
        )
    return merged


def profiles(
    cubes: Mapping[str, Cube], dimensions: Mapping[str, Sequence[str]]
) -> tuple[ProfileRow, ...]:
    """Score every model on every dimension and sub-dimension.

    A score is the mean over stems of the mean over draws; its error is that of a mean over stems.

    Parameters
    ----------
    cubes
        Of `score_cubes`.
    dimensions
        Dimension id -> ids of its sub-dimensions.

    Returns
    -------
    Rows by model, then dimensions and sub-dimensions in the order given.
    """
    levels: tuple[tuple[Level, Mapping[str, Cube]], ...] = (
        ("dimension", dimension_cubes(cubes, dimensions)),
        ("sub_dimension", cubes),
    )
    table: list[list[ProfileRow]] = []
    for level, group in levels:
        for name, cube in group.items():
            rows = [_row(cube, m, level, name) for m in range(len(cube.models))]
            ranks = percentiles(np.array([r.mean for r in rows]))
            ranked = zip(rows, ranks, strict=True)
            table.append([replace(r, percentile=float(p)) for r, p in ranked])
    return tuple(row for rows in zip(*table, strict=True) for row in rows)


def _row(cube: Cube, m: int, level: Level, name: str) -> ProfileRow:
    cells = cell_means(cube.values[m : m + 1])[0]
    cells = cells[np.isfinite(cells)]
    n = len(cells)
    mean = float(cells.mean()) if n else NAN
    se = float(cells.std(ddof=1) / np.sqrt(n)) if n > 1 else NAN
    reach = float(stdtrit(n - 1, 0.975)) * se if n > 1 else NAN
    lower, upper = (max(mean - reach, LOW), min(mean + reach, HIGH)) if n > 1 else (NAN, NAN)
    counts = int(cube.scored[m]), int(cube.unscored[m]), int(cube.neutral[m])
    return ProfileRow(cube.models[m], level, name, mean, se, lower, upper, *counts, NAN)


def percentiles(values: Array) -> Array:
    """Return mid-rank percentiles (n,): share below plus half the share equal, times 100."""
    seen = values[np.isfinite(values)]
    below = np.array([np.sum(seen < v) for v in values], dtype=np.float64)
    equal = np.array([np.sum(seen == v) for v in values], dtype=np.float64)
    rank = 100.0 * (below + 0.5 * equal) / max(len(seen), 1)
    return np.where(np.isfinite(values), rank, np.nan)
