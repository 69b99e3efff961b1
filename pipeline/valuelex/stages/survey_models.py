"""Models against each other: MANOVA, a test a value, discriminant analysis on cases left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.score import mean_profiles, score
from valuelex.psychometrics.discriminant import (
    Discrimination,
    discriminant_map,
    leave_one_case_out,
    leave_one_cluster_out,
)
from valuelex.psychometrics.groups import compare_groups
from valuelex.psychometrics.manova import manova, score_tests
from valuelex.stages.context import Context
from valuelex.stages.survey_data import SurveyData

TRIALS = (
    "MANOVA and the tests of values take trials as cases. Trials of a model are near-deterministic"
    " repeats, so that almost any two models differ 'significantly': they say that profiles repeat,"
    " not that a population of models differs."
)
LEVEL = 0.01
_LABELS = ("training", "family")
_REFERENCE = "instruct"


@dataclass(frozen=True, slots=True)
class Cases:
    """Trials with a score on all nineteen values: raw scores (n, 19), and whose they are."""

    scores: NDArray[np.float64]
    models: tuple[str, ...]
    trials: tuple[int, ...]
    values: tuple[str, ...]
    n_left_out: int


def between_models(context: Context, data: SurveyData, key: Key) -> dict[str, Any]:
    """Return everything that ``survey/discriminant.json`` holds."""
    cases = complete_cases(data, key)
    if len(set(cases.models)) < 2:
        return {
            "accuracy": None,
            "n_cases": len(cases.models),
            "n_models": len(set(cases.models)),
            "n_left_out": cases.n_left_out,
            "coordinates": [],
            "warning": "fewer than two models answered every value in two trials: nothing to tell",
        }
    settings, seed = context.settings.survey, context.settings.study.seed
    one_out = leave_one_case_out(
        cases.scores, cases.models, permutations=settings.permutations, seed=seed
    )
    return {
        **discrimination(one_out),
        "n_models": len(set(cases.models)),
        "n_left_out": cases.n_left_out,
        "left_one_model_out": left_one_model_out(context, cases),
        "manova": manova_content(cases),
        "values": value_tests(cases),
        "training": training_contrasts(context, data, key),
        **coordinates(cases),
        "warning": " ".join([*one_out.warnings, TRIALS]),
    }


def complete_cases(data: SurveyData, key: Key) -> Cases:
    """Return the complete trials of every model that has two or more of them; raw scores."""
    scores, models, trials = [], [], []
    values: tuple[str, ...] = tuple(key.scales("nineteen"))
    total = 0
    for model, one in data.models.items():
        raw = score(one.answers, key, "nineteen").raw
        total += len(raw)
        there = np.flatnonzero(np.isfinite(raw).all(axis=1))
        if there.size < 2:
            continue
        scores.append(raw[there])
        models += [model] * there.size
        trials += there.tolist()
    table = np.vstack(scores) if scores else np.empty((0, len(values)))
    return Cases(table, tuple(models), tuple(trials), values, total - len(models))


def discrimination(found: Discrimination) -> dict[str, Any]:
    """Return one result: accuracy beside its baseline, and whether it is called above it.

    It is called at p <= .01, or at the smallest p that the permutations allow: at .05 one study in
    twenty would be called that has nothing to tell.
    """
    floor = 1 / (1 + found.n_permutations)
    return {
        "accuracy": found.accuracy,
        "chance": found.chance,
        "baseline": {"mean": found.baseline_mean, "p95": found.baseline_95},
        "p": found.p,
        "called": found.p <= max(LEVEL, floor) + 1e-12,
        "n_cases": found.n_cases,
        "n_permutations": found.n_permutations,
        "shrinkage": found.shrinkage,
    }


def left_one_model_out(context: Context, cases: Cases) -> list[dict[str, Any]]:
    """Tell training and family of a model by other models' trials; labels permute by model."""
    settings, seed = context.settings.survey, context.settings.study.seed
    found = []
    for label in _LABELS:
        of = {model: getattr(context.settings.model(model), label) for model in set(cases.models)}
        shared = Counter(of.values())
        keep = [i for i, m in enumerate(cases.models) if shared[of[m]] > 1 and of[m] != "unknown"]
        models = [cases.models[i] for i in keep]
        row: dict[str, Any] = {
            "label": label,
            "n_models": len(set(models)),
            "n_models_left_out": len(of) - len(set(models)),
        }
        try:
            told = leave_one_cluster_out(
                cases.scores[keep],
                [of[model] for model in models],
                models,
                permutations=settings.permutations,
                seed=seed,
            )
        except DataError as error:
            found.append(row | {"accuracy": None, "note": f"not estimable: {error}"})
            continue
        found.append(row | discrimination(told) | {"groups": list(told.groups), "note": ""})
    return found


def manova_content(cases: Cases) -> dict[str, Any]:
    """Return the four multivariate tests over models, or why there are none."""
    content: dict[str, Any] = {
        "cases": "trials",
        "n_cases": len(cases.models),
        "n_models": len(set(cases.models)),
    }
    try:
        tests = manova(cases.scores, cases.models)
    except DataError as error:
        return content | {"tests": [], "note": f"not estimable: {error}"}
    return content | {"tests": [asdict(one) for one in tests], "note": TRIALS}


def value_tests(cases: Cases) -> list[dict[str, Any]]:
    """Return one F test a value over models, Benjamini-Hochberg over the nineteen."""
    try:
        found = score_tests(cases.scores, cases.models, cases.values)
    except DataError:
        return []
    return [{"value": one.score, **_without_score(asdict(one))} for one in found]


def training_contrasts(context: Context, data: SurveyData, key: Key) -> list[dict[str, Any]]:
    """Compare training methods on each centred value; models are cases, families clusters.

    Cluster-robust (CR2) with Benjamini-Hochberg over all rows. Empty where all models were trained
    alike, or how is unknown.
    """
    by_model = {model: one.answers for model, one in data.with_answers().items()}
    models, values, means = mean_profiles(by_model, key, "nineteen")
    found = [context.settings.model(model).training for model in models]
    known = sorted({name for name in found if name != "unknown"})
    if len(known) < 2:
        return []
    rows = compare_groups(
        {value: means[:, j].tolist() for j, value in enumerate(values)},
        [data.families[model] for model in models],
        numbers={},
        labels={
            "training": (
                ["" if name == "unknown" else name for name in found],
                _REFERENCE if _REFERENCE in known else known[0],
            )
        },
    )
    return [{"value": row.score, **_without_score(asdict(row))} for row in rows]


def _without_score(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "score"}


def coordinates(cases: Cases) -> dict[str, Any]:
    """Return the discriminant map: trials, and each value's correlation with the axes."""
    dims = min(2, len(set(cases.models)) - 1)
    found = discriminant_map(cases.scores, cases.models, dims=dims)

    def pair(row: Sequence[float]) -> dict[str, float]:
        return {"x": float(row[0]), "y": float(row[1]) if dims > 1 else 0.0}

    return {
        "axes": {"share": found.share.tolist()},
        "structure": [
            {"value": value, **pair(row)}
            for value, row in zip(cases.values, found.structure, strict=True)
        ],
        "centres": [
            {"model": model, **pair(row)}
            for model, row in zip(found.groups, found.centres, strict=True)
        ],
        "coordinates": [
            {"model": model, "trial": trial, **pair(row)}
            for model, trial, row in zip(cases.models, cases.trials, found.cases, strict=True)
        ],
    }
