"""survey-score: score the questionnaire, ask how reliable it is, and set it beside people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.artifacts.table import (
    ANSWERS,
    SURVEY_DISCRIMINANT,
    SURVEY_HUMAN,
    SURVEY_PROFILES,
    SURVEY_RELIABILITY,
)
from valuelex.errors import DataError
from valuelex.instruments.pvq.key import LEVELS, Key
from valuelex.instruments.pvq.people import beside_people
from valuelex.instruments.pvq.score import answer_matrix, profile, score
from valuelex.psychometrics.agreement import icc
from valuelex.psychometrics.discriminant import discriminant_map, leave_one_case_out
from valuelex.psychometrics.reliability import alpha
from valuelex.stages.context import Context, read_per_model
from valuelex.stages.numbers import finite_values
from valuelex.stages.questionnaire import load_key, load_norms

Answers = Mapping[str, NDArray[np.float64]]

WARNINGS = (
    "Trials of one model are repeats at the same settings, no sample of persons: standard errors"
    " say how repeatable a score is, no more.",
    "The portraits are this project's own wording, not the official text: differences from people"
    " are partly differences of wording.",
)


def run(context: Context) -> None:
    """Write the four artifacts that rest on all models' answers."""
    key, trials = load_key(context), context.settings.survey.trials
    answers: dict[str, NDArray[np.float64]] = {}
    reasons: Counter[str] = Counter()
    for model, rows in read_per_model(context, ANSWERS):
        cells = ((row["trial"], row["item"], row["answer"]) for row in rows)
        answers[model] = answer_matrix(cells, trials=trials, n_items=key.n_items)
        reasons.update(row["reason"] for row in rows if row["answer"] is None)
    SURVEY_PROFILES.write(context.root, profile_rows(answers, key))
    SURVEY_HUMAN.write(context.root, human_rows(context, answers, key))
    reliability = survey_reliability(answers, key) | {"unanswered": dict(sorted(reasons.items()))}
    reliability |= {"trials": trials, "warnings": list(WARNINGS)}
    SURVEY_RELIABILITY.write(context.root, context.signature | finite_values(reliability))
    found = discriminant(context, answers, key)
    SURVEY_DISCRIMINANT.write(context.root, context.signature | finite_values(found))
    told = found.get("accuracy")
    shown = f"told apart with accuracy {told:.2f}" if told is not None else found["warning"]
    context.say(f"survey-score: {len(answers)} models, {sum(reasons.values())} items open; {shown}")


def profile_rows(answers: Answers, key: Key) -> list[dict[str, Any]]:
    """Return one row per model, level and value."""
    return [
        {
            "model": model,
            "level": level,
            "value": one.value,
            "raw": one.raw,
            "centred": one.centred,
            "se": one.se,
            "n_answered": one.n_answered,
            "n_missing": one.n_missing,
        }
        for model, matrix in answers.items()
        for level in LEVELS
        for one in profile(matrix, key, level)
    ]


def human_rows(context: Context, answers: Answers, key: Key) -> list[dict[str, Any]]:
    """Return one row per model and value of the nineteen, beside the mean of people."""
    norms = load_norms(context, key)
    rows = []
    for model, matrix in answers.items():
        scores = score(matrix, key, "nineteen")
        beside = beside_people(scores.centred, scores.values, norms)
        for one in beside.values:
            row = {name: v for name, v in asdict(one).items() if name not in ("rank", "human_rank")}
            rows.append(row | {"model": model, "profile_r": beside.pearson})
    return rows


def survey_reliability(answers: Answers, key: Key) -> dict[str, Any]:
    """Return alpha per value over all trials of all models, and the ICC of trials.

    Rows with a missing item are left out of that value's alpha, and counted.
    """
    everything = np.vstack(list(answers.values()))
    values = []
    for value, items in key.scales("nineteen").items():
        part = everything[:, np.array(items) - 1]
        complete = part[np.isfinite(part).all(axis=1)]
        row: dict[str, Any] = {
            "value": value,
            "n_items": len(items),
            "n": len(complete),
            "n_left_out": len(part) - len(complete),
        }
        try:
            a = alpha(complete, n_effective=float(len(answers)))
            row |= {"alpha": a.alpha, "lower": a.lower, "upper": a.upper}
        except DataError as error:
            row["note"] = str(error)
        values.append(row)
    return {"values": values, "icc_trials": trial_icc(answers, key)}


def trial_icc(answers: Answers, key: Key) -> list[dict[str, Any]]:
    """Return, per value, how far the trials of a model agree: ICC(1) over models."""
    scores = {model: score(matrix, key, "nineteen") for model, matrix in answers.items()}
    found = []
    for j, value in enumerate(key.scales("nineteen")):
        table = np.array([one.centred[:, j] for one in scores.values()])
        table = table[np.isfinite(table).all(axis=1)]
        row: dict[str, Any] = {"value": value, "n_models": len(table)}
        try:
            one = icc(table).icc1
            row |= {"icc1": one.value, "lower": one.lower, "upper": one.upper}
        except DataError as error:
            row["note"] = str(error)
        found.append(row)
    return found


def discriminant(context: Context, answers: Answers, key: Key) -> dict[str, Any]:
    """Return how well one trial left out is told to be its model's, against permuted labels."""
    scores, labels, trials = [], [], []
    for model, matrix in answers.items():
        raw = score(matrix, key, "nineteen").raw
        for trial, row in enumerate(raw):
            if np.isfinite(row).all():
                scores.append(row)
                labels.append(model)
                trials.append(trial)
    counts = Counter(labels)
    keep = [i for i, label in enumerate(labels) if counts[label] > 1]
    names = [labels[i] for i in keep]
    if len(set(names)) < 2:
        return {
            "accuracy": None,
            "n_cases": len(keep),
            "n_models": len(set(names)),
            "coordinates": [],
            "warning": "fewer than two models answered every value in two trials: nothing to tell",
        }
    X = np.array([scores[i] for i in keep])
    settings, seed = context.settings.survey, context.settings.study.seed
    found = leave_one_case_out(X, names, permutations=settings.permutations, seed=seed)
    places = discriminant_map(X, names, dims=min(2, len(set(names)) - 1)).cases
    return {
        "accuracy": found.accuracy,
        "chance": found.chance,
        "baseline": {"mean": found.baseline_mean, "p95": found.baseline_95},
        "p": found.p,
        "n_cases": found.n_cases,
        "n_models": len(set(names)),
        "n_left_out": len(labels) - len(keep),
        "shrinkage": found.shrinkage,
        "coordinates": [
            {
                "model": names[i],
                "trial": trials[place],
                "x": float(places[i, 0]),
                "y": float(places[i, 1]) if places.shape[1] > 1 else 0.0,
            }
            for i, place in enumerate(keep)
        ],
        "warning": " ".join(found.warnings),
    }
