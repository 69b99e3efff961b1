"""Does the questionnaire show the structure that the theory expects? The circle, and CFA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError, LexiconError
from valuelex.instruments.pvq.key import Key, Level
from valuelex.instruments.pvq.score import mean_profiles
from valuelex.lexica import read_table
from valuelex.psychometrics.cfa import fit_cfa
from valuelex.psychometrics.mds import (
    align,
    circle_fit,
    correlation_distances,
    even_circle,
    match_p,
    smacof,
)
from valuelex.stages.context import Context
from valuelex.stages.survey_data import SurveyData

HUMAN_CIRCLE = "norms/pvq21-circle.csv"
LEAST_MODELS = 5
PERMUTATIONS = 999
LEVELS: tuple[Level, ...] = ("nineteen", "ten")

Points = NDArray[np.float64]


def survey_validity(context: Context, data: SurveyData, key: Key) -> dict[str, Any]:
    """Return the circle at two levels of the theory, and the fit of the measurement models."""
    human = load_human_circle(context)
    seed = context.settings.study.seed
    return {
        "circle": [circle(data, key, level, human, seed) for level in LEVELS],
        "cfa": cfa_rows(data, key),
    }


def load_human_circle(context: Context) -> dict[str, tuple[float, float]]:
    """Read where people put the ten values.

    Raises
    ------
    LexiconError
        When the table is missing, or a coordinate is no number.
    """
    rows = read_table(context.root, HUMAN_CIRCLE, ("value", "x", "y"))
    try:
        return {row["value"]: (float(row["x"]), float(row["y"])) for row in rows}
    except ValueError as error:
        raise LexiconError(f"{HUMAN_CIRCLE}: {error}") from None


def circle(
    data: SurveyData,
    key: Key,
    level: Level,
    human: Mapping[str, tuple[float, float]],
    seed: int,
) -> dict[str, Any]:
    """Scale the correlations of values over models, and lay them over theory and people.

    The cases are models, each by the mean of its trials: trials of one model vary by chance alone,
    and correlations over them would be correlations of noise.
    """
    by_model = {model: one.answers for model, one in data.with_answers().items()}
    _, values, means = mean_profiles(by_model, key, level)
    means = means[np.isfinite(means).all(axis=1)] if by_model else means
    content: dict[str, Any] = {
        "level": level,
        "n_models": len(means),
        "n_left_out": len(data.models) - len(means),
    }
    if len(means) < LEAST_MODELS:
        why = f"not estimable: {len(means)} complete models, the circle needs {LEAST_MODELS}"
        return content | {"points": [], "note": why}
    try:
        scaled = smacof(correlation_distances(means))
        theory = even_circle(values)
        fit = circle_fit(scaled.points, values, theory, permutations=PERMUTATIONS, seed=seed)
    except DataError as error:
        return content | {"points": [], "note": f"not estimable: {error}"}
    content |= {
        "stress": scaled.stress,
        "order": list(fit.order),
        "displacement": fit.displacement,
        "theory": {"congruence": fit.congruence, "p": fit.p},
        "points": [
            {
                "value": value,
                "x": float(x),
                "y": float(y),
                "angle": float(angle),
                "expected": theory[value],
            }
            for value, (x, y), angle in zip(values, fit.points, fit.angles, strict=True)
        ],
    }
    if set(values) <= set(human):
        target = np.array([human[value] for value in values])
        content["people"] = {
            "congruence": align(fit.points, target)[1],
            "p": match_p(fit.points, target, permutations=PERMUTATIONS, seed=seed),
        }
    return content


def cfa_rows(data: SurveyData, key: Key) -> list[dict[str, Any]]:
    """Fit each higher-order value's measurement model: its values as correlated factors.

    The cases are models, each item the mean of its raw answers over trials: trials repeat their
    model, and would only make the sample look larger. With no more models than parameters the fit
    is not estimated; below five models a parameter (Bentler & Chou 1987) it is a description.
    """
    items = np.array([_item_means(one.answers) for one in data.with_answers().values()])
    items = items.reshape(len(items), key.n_items)
    found = []
    for name, parts in key.parts("four").items():
        scales = {value: key.scales("nineteen")[value] for value in parts}
        columns = np.array([item for mine in scales.values() for item in mine]) - 1
        cases = items[np.isfinite(items[:, columns]).all(axis=1)][:, columns]
        found.append(
            {
                "model": name,
                "factors": list(parts),
                "n_items": len(columns),
                "n_models": len(cases),
                "n_left_out": len(data.models) - len(cases),
                **_fit(cases, scales),
            }
        )
    return found


def _fit(cases: Points, scales: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    places = iter(range(cases.shape[1]))
    factors = {value: [next(places) for _ in numbers] for value, numbers in scales.items()}
    parameters = 2 * cases.shape[1] + len(factors) * (len(factors) - 1) // 2
    if len(cases) <= parameters:
        return {"note": f"not estimable: {len(cases)} models for {parameters} parameters"}
    try:
        fit = fit_cfa(cases, factors)
    except DataError as error:
        return {"note": f"not estimable: {error}"}
    notes = [f"improper solution: {fit.improper}"] if fit.improper else []
    if len(cases) < 5 * parameters:
        notes.append(
            f"{len(cases)} models for {parameters} parameters, fewer than 5 each: a description;"
            " chi-square is too high in so small a sample"
        )
    names = ("chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_lower", "rmsea_upper", "srmr")
    return {
        **{name: getattr(fit, name) for name in (*names, "n_parameters")},
        "loadings": fit.loadings.tolist(),
        "phi": fit.phi.tolist(),
        "note": "; ".join(notes),
    }


def _item_means(answers: Points) -> Points:
    there = np.isfinite(answers)
    count = there.sum(axis=0)
    total = np.where(there, answers, 0.0).sum(axis=0)
    means: Points = np.divide(total, count, out=np.full(answers.shape[1], np.nan), where=count > 0)
    return means
