"""How good the projective scores are, as one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np

from valuelex.errors import DataError
from valuelex.instruments.projective.combine import judge_matrix
from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.form import Form
from valuelex.instruments.projective.quality import (
    control_accuracy,
    differences,
    halo,
    parallel_means,
    stem_matrix,
)
from valuelex.instruments.projective.score import Cube, score_cubes
from valuelex.instruments.projective.variance import cell_means, components, judge_components
from valuelex.psychometrics.agreement import icc, krippendorff_alpha
from valuelex.psychometrics.intervals import pearson
from valuelex.psychometrics.matrix import correlation
from valuelex.psychometrics.reliability import alpha, omega
from valuelex.psychometrics.types import Floats
from valuelex.records import Rating

RULE = (
    "mean of the judges that judged; 'not relevant' counts 3 beside a score; a verdict that is"
    " missing for another reason does not count"
)


def form_reliability(
    form: Form,
    completions: Sequence[Completion],
    ratings: Sequence[Rating],
    controls: Sequence[Rating],
    cubes: Mapping[str, Cube],
) -> dict[str, Any]:
    """Return judges, unscored counts, controls, halo, parallel forms and reliability.

    ``ratings`` are of the respondents' completions, ``controls`` of the form's known endings.
    """
    pairs = differences(cubes)
    return {
        "judges": sorted({rating.judge for rating in ratings}),
        "n_completions": len(completions),
        "n_scored": sum(rating.score is not None for rating in ratings),
        "n_unscored": sum(rating.score is None for rating in ratings),
        "unscored": dict(sorted(Counter(r.reason for r in ratings if r.score is None).items())),
        "controls": _controls(form, controls),
        "halo": asdict(halo(sub_dimension_means(cubes))),
        "forms": {sub: _parallel(cube, form) for sub, cube in cubes.items()},
        "sub_dimensions": [_sub_dimension(cube) for cube in cubes.values()],
        "agreement": _agreement(ratings) | _by_judge(form, completions, ratings, list(cubes)),
        "differences": {
            "pairs": len(pairs),
            "beyond_error": sum(not one.within_error for one in pairs),
            "rule": "paired t test over the stems both answered, Holm over the pairs of models",
        },
    }


def _controls(form: Form, ratings: Sequence[Rating]) -> dict[str, Any]:
    judged = control_accuracy(form, ratings)
    right, scored = sum(one.right for one in judged), sum(one.scored for one in judged)
    return {
        "accuracy": right / scored if scored else None,
        "n": scored,
        "judges": [asdict(one) for one in judged],
    }


def sub_dimension_means(cubes: Mapping[str, Cube]) -> Floats:
    """Return mean scores, (models, sub-dimensions); NaN where a model has no scored cell."""
    columns = []
    for cube in cubes.values():
        cells = cell_means(cube.values)
        count = np.isfinite(cells).sum(axis=1)
        total = np.nansum(cells, axis=1)
        columns.append(np.where(count > 0, total / np.maximum(count, 1), np.nan))
    return np.column_stack(columns)


def _parallel(cube: Cube, form: Form) -> dict[str, Any]:
    """Correlate form A with form B over models."""
    means = parallel_means(cube, form)
    means = means[np.isfinite(means).all(axis=1)]
    r, lower, upper = pearson(means[:, 0], means[:, 1])
    # both halves together are twice as long (Spearman 1910; Brown 1910)
    both = None if r is None or r <= -1 else 2 * r / (1 + r)
    return {
        "r": r,
        "lower": lower,
        "upper": upper,
        "spearman_brown": both,
        "n_models": len(means),
    }


def _sub_dimension(cube: Cube) -> dict[str, Any]:
    """Return alpha and omega over stems, and the generalizability of the score."""
    _, stems, cells = stem_matrix(cube)
    complete = cells[np.isfinite(cells).all(axis=1)] if cells.size else cells
    parts = components(cube.values)
    row: dict[str, Any] = {
        "id": cube.sub_dimension,
        "n_stems": len(stems),
        "n_models": len(complete),
        "generalizability": parts.relative,
        "dependability": parts.absolute,
        "components": {
            "model": parts.model,
            "stem": parts.stem,
            "interaction": parts.interaction,
            "draw": parts.draw,
        },
    }
    try:
        a = alpha(complete)
        row |= {"alpha": a.alpha, "alpha_lower": a.lower, "alpha_upper": a.upper}
        moving = complete[:, complete.std(axis=0) > 0]
        row["omega"] = omega(correlation(moving), len(moving), 1).total
    except DataError as error:
        row["note"] = str(error)
    return row


def _agreement(ratings: Sequence[Rating]) -> dict[str, Any]:
    """Return Krippendorff's alpha over judges, overall and by pair; with one judge, why not."""
    judges, _, values = judge_matrix(ratings)
    if len(judges) < 2:
        return {"krippendorff": None, "note": "one judge: agreement needs two"}
    found: dict[str, Any] = {"krippendorff": _alpha(values), "icc": _icc(values), "rule": RULE}
    found["pairs"] = [
        {"judges": [judges[a], judges[b]], "krippendorff": _alpha(values[[a, b]])}
        for a, b in combinations(range(len(judges)), 2)
    ]
    return found


def _icc(values: Floats) -> dict[str, Any] | None:
    """Return the agreement of single judges and of their mean, on units that all of them judged."""
    complete = values[:, np.isfinite(values).all(axis=0)].T
    try:
        table = icc(complete)
    except DataError:
        return None
    return {"single": asdict(table.icc2), "mean": asdict(table.icc2k), "n": table.n, "k": table.k}


def _by_judge(
    form: Form, completions: Sequence[Completion], ratings: Sequence[Rating], subs: list[str]
) -> dict[str, Any]:
    """Return each judge's halo, and what judges add to the error of a score."""
    judges = sorted({rating.judge for rating in ratings})
    means = {
        judge: sub_dimension_means(
            score_cubes(form, completions, [r for r in ratings if r.judge == judge], subs)
        )
        for judge in judges
    }
    found: dict[str, Any] = {"halo": {judge: asdict(halo(means[judge])) for judge in judges}}
    if len(judges) > 1:
        tables = [
            np.column_stack([means[judge][:, j] for judge in judges]) for j in range(len(subs))
        ]
        found["components"] = {
            sub: asdict(judge_components(table)) for sub, table in zip(subs, tables, strict=True)
        }
    return found


def _alpha(values: Floats) -> float | None:
    try:
        return krippendorff_alpha(values)
    except DataError:
        return None
