"""From ratings to profiles: means with standard errors, percentiles, and what else must be shown.

A stem is keyed to one sub-dimension and counts for it. An ending that answers a keyed stem and has
nothing to do with its key is *neutral* and counts as the middle of the scale (3), as the tradition
of the incomplete sentences blank has it: leaving it out would score only those endings that took
the value up, and a model that never does would have the mean of its few lucky ones. An ending that
is no answer (refused, truncated, empty, another language ...) is unscored and is never a number.
With ``scope="all"`` every ending counts for every sub-dimension by the same rule.
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

LOW, NEUTRAL, HIGH = 0.0, 3.0, 6.0
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Cube:
    """The scores of one sub-dimension: ``values`` (models, stems, draws), NaN where unscored.

    ``neutral`` and ``unscored`` count endings by model, (models,).
    """

    sub_dimension: str
    models: tuple[str, ...]
    stems: tuple[str, ...]
    values: Array
    neutral: NDArray[np.int_]
    unscored: NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One model's score on one dimension or sub-dimension (scale 0-6; NaN when nothing is scored).

    ``se`` is the standard error over stems, with their draws; ``lower`` and ``upper`` bound the
    95 % interval by Student's t. ``n_scored`` and ``n_unscored`` count endings, ``n_neutral`` those
    among the scored that had nothing to do with the value. ``percentile`` is the mid-rank in the
    roster, in (0, 100).
    """

    model: str
    level: Literal["dimension", "sub_dimension"]
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
    scope: Scope = "keyed",
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
        ``keyed`` (a stem counts for its key) or ``all`` (it counts for every sub-dimension).
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
    zero = np.zeros(len(models), dtype=np.int_)
    values = np.full((len(models), len(stems), draws), np.nan)
    return Cube(sub, models, stems, values, zero, zero.copy())


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
        cube.values[m, cube.stems.index(c.stem), c.draw] = score


def profiles(
    cubes: Mapping[str, Cube], dimensions: Mapping[str, Sequence[str]]
) -> tuple[ProfileRow, ...]:
    """Score every model on every sub-dimension and dimension.

    A sub-dimension's score is the mean over stems of the mean over draws. A dimension's is the
    mean of its sub-dimensions that have one, its error theirs combined as independent (different
    stems), its degrees of freedom after Welch and Satterthwaite.

    Parameters
    ----------
    cubes
        Of `score_cubes`.
    dimensions
        Dimension id -> ids of its sub-dimensions.

    Returns
    -------
    Rows by model, then level and id in the order given; models in the order of the cubes.
    """
    models = next(iter(cubes.values())).models if cubes else ()
    table: dict[tuple[str, str], list[ProfileRow]] = {}
    parts = {sub: [_mean_of(cube, m) for m in range(len(models))] for sub, cube in cubes.items()}
    for dim, subs in dimensions.items():
        known = [s for s in subs if s in cubes]
        rows = []
        for m, model in enumerate(models):
            here = [parts[s][m] for s in known if np.isfinite(parts[s][m].mean)]
            counted = [parts[s][m] for s in known]
            rows.append(_row(model, "dimension", dim, _pooled(here, counted)))
        table["dimension", dim] = rows
    for sub in cubes:
        rows = [_row(model, "sub_dimension", sub, parts[sub][m]) for m, model in enumerate(models)]
        table["sub_dimension", sub] = rows
    for key, rows in table.items():
        ranks = percentiles(np.array([r.mean for r in rows]))
        table[key] = [replace(r, percentile=float(p)) for r, p in zip(rows, ranks, strict=True)]
    return tuple(table[key][m] for m in range(len(models)) for key in table)


@dataclass(frozen=True, slots=True)
class _Estimate:
    mean: float
    se: float
    df: float
    scored: int
    unscored: int
    neutral: int


def _mean_of(cube: Cube, m: int) -> _Estimate:
    cells = cell_means(cube.values[m : m + 1])[0]
    cells = cells[np.isfinite(cells)]
    n = len(cells)
    counts = int(np.isfinite(cube.values[m]).sum()), int(cube.unscored[m]), int(cube.neutral[m])
    if n == 0:
        return _Estimate(NAN, NAN, NAN, *counts)
    se = float(cells.std(ddof=1) / np.sqrt(n)) if n > 1 else NAN
    return _Estimate(float(cells.mean()), se, n - 1.0, *counts)


def _pooled(parts: Sequence[_Estimate], counted: Sequence[_Estimate]) -> _Estimate:
    counts = (
        sum(p.scored for p in counted),
        sum(p.unscored for p in counted),
        sum(p.neutral for p in counted),
    )
    if not parts:
        return _Estimate(NAN, NAN, NAN, *counts)
    k = len(parts)
    variances = np.array([p.se**2 for p in parts]) / k**2
    total = float(variances.sum())
    df = NAN
    if np.isfinite(total):
        bottom = sum(v**2 / p.df for v, p in zip(variances, parts, strict=True))
        df = float(total**2 / bottom) if bottom > 0 else min(p.df for p in parts)
    return _Estimate(float(np.mean([p.mean for p in parts])), float(np.sqrt(total)), df, *counts)


def _row(
    model: str, level: Literal["dimension", "sub_dimension"], name: str, e: _Estimate
) -> ProfileRow:
    reach = float(stdtrit(e.df, 0.975)) * e.se if np.isfinite(e.se) and e.df > 0 else NAN
    lower, upper = max(e.mean - reach, LOW), min(e.mean + reach, HIGH)
    if not np.isfinite(reach):
        lower = upper = NAN
    return ProfileRow(
        model, level, name, e.mean, e.se, lower, upper, e.scored, e.unscored, e.neutral, NAN
    )


def percentiles(values: Array) -> Array:
    """Return mid-rank percentiles (n,): share below plus half the share equal, times 100."""
    seen = values[np.isfinite(values)]
    below = np.array([np.sum(seen < v) for v in values], dtype=np.float64)
    equal = np.array([np.sum(seen == v) for v in values], dtype=np.float64)
    rank = 100.0 * (below + 0.5 * equal) / max(len(seen), 1)
    return np.where(np.isfinite(values), rank, np.nan)
