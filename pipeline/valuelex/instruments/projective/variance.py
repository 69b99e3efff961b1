"""Variance components of a model x stem x draw design and what follows from them.

Generalizability theory (Cronbach et al. 1972; Brennan 2001): models are crossed with stems, draws
are nested in the cells. The two-way table is fitted additively by least squares, so that missing
cells are allowed; for a complete table the components are those of the usual expected mean
squares (R: ``lme4::lmer(y ~ 1 + (1|model) + (1|stem) + (1|model:stem))`` where none is negative).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Components:
    """Variance components of one score (squared points of the 0-6 scale); NaN when unidentified.

    ``model``, ``stem``, ``interaction`` (model x stem) and ``draw`` (within a cell; what one draw
    cannot tell apart from the interaction counts as interaction). Negative estimates are set to 0.
    ``relative`` is the generalizability coefficient for comparing models on one form, ``absolute``
    (phi) for their level whatever the form; both in [0, 1]. ``n_stems`` and ``n_draws`` are the
    harmonic means that the coefficients are for.
    """

    model: float
    stem: float
    interaction: float
    draw: float
    n_stems: float
    n_draws: float
    relative: float
    absolute: float


UNIDENTIFIED = Components(*([float("nan")] * 8))


@dataclass(frozen=True, slots=True)
class JudgeComponents:
    """Variance of k judges' mean scores of n models (squared points of 0-6); NaN when unidentified.

    ``judge`` is severity, the same for all models; ``interaction`` is what a judge gives one model
    and not another, chance included. ``se`` is the error that judges add to one model's score, the
    root of interaction / k: severity does not matter where all models have the same judges.
    """

    model: float
    judge: float
    interaction: float
    se: float
    n_models: int
    n_judges: int


def judge_components(means: Array) -> JudgeComponents:
    """Estimate the components of a complete table of scores (models, judges).

    By expected mean squares of the two-way design without replication (Brennan 2001, chapter 2);
    negative estimates are set to 0. Models with a missing score are left out.
    """
    x = means[np.isfinite(means).all(axis=1)]
    n, k = x.shape
    if n < 2 or k < 2:
        nan = float("nan")
        return JudgeComponents(nan, nan, nan, nan, n, k)
    rows, columns, grand = x.mean(axis=1), x.mean(axis=0), x.mean()
    rest = x - rows[:, None] - columns[None, :] + grand
    error = float((rest**2).sum() / ((n - 1) * (k - 1)))
    model = max(float(rows.var(ddof=1)) - error / k, 0.0)
    judge = max(float(columns.var(ddof=1)) - error / n, 0.0)
    return JudgeComponents(model, judge, error, float(np.sqrt(error / k)), n, k)


def cell_means(cube: Array) -> Array:
    """Return the mean over draws (models, stems); NaN where a cell has no draw."""
    count = np.isfinite(cube).sum(axis=2)
    total = np.nansum(cube, axis=2)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def components(cube: Array) -> Components:
    """Estimate the components of a cube (models, stems, draws) with NaN for missing draws.

    Returns all NaN when fewer than two models or two stems have cells.
    """
    cells = cell_means(cube)
    cells = cells[np.isfinite(cells).any(axis=1)]
    cells = cells[:, np.isfinite(cells).any(axis=0)] if cells.size else cells
    if cells.ndim != 2 or min(cells.shape, default=0) < 2:
        return UNIDENTIFIED
    seen = np.isfinite(cells)
    counts = np.isfinite(cube).sum(axis=2)
    n_draws = _harmonic(counts[counts > 0])
    within = _within(cube, counts)
    model, stem, residual = _additive(cells)
    df = int(seen.sum()) - cells.shape[0] - cells.shape[1] + 1
    error = float((residual[seen] ** 2).sum() / df) if df > 0 else float("nan")
    n_stems, n_models = _harmonic(seen.sum(axis=1)), _harmonic(seen.sum(axis=0))
    v_model = max(float(model.var(ddof=1)) - error / n_stems, 0.0)
    v_stem = max(float(stem.var(ddof=1)) - error / n_models, 0.0)
    v_draw = within if np.isfinite(within) else 0.0
    v_cross = max(error - v_draw / n_draws, 0.0)
    noise = v_cross / n_stems + v_draw / (n_stems * n_draws)
    return Components(
        v_model,
        v_stem,
        v_cross,
        v_draw,
        n_stems,
        n_draws,
        _share(v_model, noise),
        _share(v_model, noise + v_stem / n_stems),
    )


def _additive(cells: Array) -> tuple[Array, Array, Array]:
    """Fit cell = grand + model + stem by least squares on the cells that are there."""
    rows, columns = np.nonzero(np.isfinite(cells))
    m, s = cells.shape
    design = np.zeros((len(rows), m + s))
    design[np.arange(len(rows)), rows] = 1.0
    design[np.arange(len(rows)), m + columns] = 1.0
    beta, *_ = np.linalg.lstsq(design, cells[rows, columns], rcond=None)
    residual = np.full_like(cells, np.nan)
    residual[rows, columns] = cells[rows, columns] - design @ beta
    return beta[:m] - beta[:m].mean(), beta[m:] - beta[m:].mean(), residual


def _within(cube: Array, counts: NDArray[np.int_]) -> float:
    """Pooled variance of draws within cells; NaN when no cell has two."""
    df = int(np.maximum(counts - 1, 0).sum())
    if df == 0:
        return float("nan")
    deviation = cube - cell_means(cube)[:, :, None]
    return float(np.nansum(deviation**2) / df)


def _harmonic(counts: NDArray[np.int_]) -> float:
    return float(len(counts) / (1.0 / counts).sum())


def _share(signal: float, noise: float) -> float:
    total = signal + noise
    return signal / total if total > 0 else float("nan")
