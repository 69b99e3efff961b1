"""How good the scores are: inputs of reliability, halo, controls, and which differences hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from valuelex.instruments.projective.completions import NOT_RELEVANT
from valuelex.instruments.projective.form import PARALLEL, Form
from valuelex.instruments.projective.score import NEUTRAL, Cube
from valuelex.instruments.projective.variance import cell_means
from valuelex.records import Rating

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Halo:
    """Share in [0, 1] of the first principal component of the models' scores, correlation metric.

    ``raw`` of the scores as they are; ``centred`` after each model's own mean is taken off;
    ``floor`` is the share that k unrelated scores would have, 1 / k.
    """

    raw: float
    centred: float
    floor: float
    n_models: int
    n_scores: int


@dataclass(frozen=True, slots=True)
class ControlAccuracy:
    """How often a judge put a control on the side of the scale where it belongs.

    ``accuracy`` is ``right / scored``; not-relevant and unscored controls are counted apart.
    """

    judge: str
    accuracy: float
    right: int
    scored: int
    not_relevant: int
    unscored: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference a - b of two models on one sub-dimension, over the stems both answered.

    ``p`` is two-sided by a paired t test over stems (what a stem adds to both cancels),
    ``p_adjusted`` by Holm over all pairs of models on this sub-dimension; ``lower`` and ``upper``
    bound the unadjusted 95 % interval. ``within_error`` is ``p_adjusted >= alpha``.
    """

    sub_dimension: str
    a: str
    b: str
    difference: float
    lower: float
    upper: float
    n_stems: int
    p: float
    p_adjusted: float
    within_error: bool

    @property
    def statement(self) -> str:
        """Say it in one plain sentence."""
        if self.n_stems < 2:
            return f"{self.a} and {self.b} share too few stems on {self.sub_dimension} to compare."
        what = "is within error" if self.within_error else "is more than error"
        return (
            f"{self.sub_dimension}: {self.a} minus {self.b} = {self.difference:+.2f}"
            f" [{self.lower:+.2f}, {self.upper:+.2f}] over {self.n_stems} stems {what}"
            f" (corrected p = {self.p_adjusted:.3f})."
        )


def stem_matrix(cube: Cube) -> tuple[tuple[str, ...], tuple[str, ...], Array]:
    """Return models, stems, and mean scores over draws (models, stems) for alpha and omega."""
    return cube.models, cube.stems, cell_means(cube.values)


def parallel_means(cube: Cube, form: Form) -> Array:
    """Return each model's mean on the stems of form A and of form B, (models, 2)."""
    cells = cell_means(cube.values)
    columns = []
    for part in PARALLEL:
        here = cells[:, [form.part[s] == part for s in cube.stems]]
        count = np.isfinite(here).sum(axis=1)
        columns.append(np.where(count > 0, np.nansum(here, axis=1) / np.maximum(count, 1), np.nan))
    return np.column_stack(columns)


def halo(means: Array) -> Halo:
    """Measure the halo in scores (models, k); models with a missing score are left out.

    NaN shares when fewer than three models or two scores are left, or a score does not vary.
    """
    rows = means[np.isfinite(means).all(axis=1)]
    n, k = rows.shape
    centred = rows - rows.mean(axis=1, keepdims=True)
    enough = n >= 3 and k >= 2
    return Halo(
        _first_share(rows) if enough else float("nan"),
        _first_share(centred) if enough else float("nan"),
        1.0 / k if k else float("nan"),
        n,
        k,
    )


def _first_share(x: Array) -> float:
    spread = x.std(axis=0)
    if (spread <= 1e-12).any():
        return float("nan")
    z = (x - x.mean(axis=0)) / spread
    values = np.linalg.svd(z, compute_uv=False) ** 2
    return float(values[0] / values.sum())


def control_accuracy(form: Form, ratings: Sequence[Rating]) -> tuple[ControlAccuracy, ...]:
    """Check every judge on the form's controls, on the sub-dimension that each is for.

    ``ratings`` may hold others beside those of `control_completions`.
    """
    expected = {(f"control/{c.id}", c.sub_dimension): c.expected for c in form.controls}
    found = []
    for judge in sorted({r.judge for r in ratings}):
        pairs = [
            (expected[r.request_id, r.sub_dimension], r)
            for r in ratings
            if r.judge == judge and (r.request_id, r.sub_dimension) in expected
        ]
        scored = [(e, r.score) for e, r in pairs if r.score is not None]
        right = sum((s > NEUTRAL) if e == "high" else (s < NEUTRAL) for e, s in scored)
        aside = sum(r.score is None and r.reason == NOT_RELEVANT for _, r in pairs)
        accuracy = right / len(scored) if scored else float("nan")
        failed = len(pairs) - len(scored) - aside
        found.append(ControlAccuracy(judge, accuracy, right, len(scored), aside, failed))
    return tuple(found)


def differences(cubes: Mapping[str, Cube], *, alpha: float = 0.05) -> tuple[Difference, ...]:
    """Compare every pair of models on every sub-dimension.

    Pairs that share fewer than two stems, or whose stems differ by one constant, have no error to
    be judged by: their p is NaN (1 when there is no difference at all) and they are within error.
    """
    found = []
    for sub, cube in cubes.items():
        cells = cell_means(cube.values)
        pairs = [(a, b) for a in range(len(cells)) for b in range(a + 1, len(cells))]
        tests = [_paired(cells[a], cells[b]) for a, b in pairs]
        adjusted = holm(np.array([t[4] for t in tests]))
        for (a, b), (d, lower, upper, n, p), q in zip(pairs, tests, adjusted, strict=True):
            names = cube.models[a], cube.models[b]
            within = not (q < alpha)
            found.append(Difference(sub, *names, d, lower, upper, n, p, float(q), within))
    return tuple(found)


def _paired(a: Array, b: Array) -> tuple[float, float, float, int, float]:
    """Return difference, interval, number of stems and p of a paired t test."""
    nan = float("nan")
    d = (a - b)[np.isfinite(a) & np.isfinite(b)]
    n = len(d)
    if n == 0:
        return nan, nan, nan, 0, nan
    mean = float(d.mean())
    if n == 1:
        return mean, nan, nan, 1, nan
    se = float(d.std(ddof=1) / np.sqrt(n))
    if se <= 1e-12:
        return mean, nan, nan, n, 1.0 if abs(mean) <= 1e-12 else nan
    reach = float(stdtrit(n - 1, 0.975)) * se
    p = 2.0 * float(stdtr(n - 1, -abs(mean) / se))
    return mean, mean - reach, mean + reach, n, p


def holm(p: Array) -> Array:
    """Adjust p values by Holm's step-down rule (R: ``p.adjust(p, "holm")``); NaN stays NaN."""
    adjusted = np.full(len(p), np.nan)
    seen = np.flatnonzero(np.isfinite(p))
    order = seen[np.argsort(p[seen], kind="stable")]
    steps = p[order] * (len(order) - np.arange(len(order)))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return adjusted
