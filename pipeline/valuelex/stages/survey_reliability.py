"""How repeatable is the questionnaire? Alpha, omega, trials, retests, sources of variance."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import numpy as np

from valuelex.errors import DataError
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.retest import (
    Retest,
    over_item_order,
    over_option_order,
    over_wording,
)
from valuelex.instruments.pvq.score import score
from valuelex.psychometrics.agreement import icc
from valuelex.psychometrics.components import ESTIMATOR, variance_components
from valuelex.psychometrics.omega import omega_interval
from valuelex.psychometrics.reliability import alpha
from valuelex.stages.survey_data import ModelAnswers, SurveyData

NEGATIVE = (
    "A negative alpha is shown as it is: the items of that value go against each other over these"
    " answers."
)


def survey_reliability(data: SurveyData, key: Key, *, draws: int, seed: int) -> dict[str, Any]:
    """Return alpha and omega per value, ICC over trials, retests, and the sources of variance.

    Rows with a missing item are left out of that value's alpha and omega, and counted. Alpha's
    interval (Feldt) counts models, not trials; omega's resamples families.
    """
    return {
        "values": value_rows(data, key, draws=draws, seed=seed),
        "icc_trials": trial_icc(data, key),
        "retest": retest_rows(data, key, draws=draws, seed=seed),
        "variance": variance(data),
    }


def value_rows(data: SurveyData, key: Key, *, draws: int, seed: int) -> list[dict[str, Any]]:
    """Return alpha and omega of each of the nineteen values over all trials of all models."""
    models = data.with_answers()
    if not models:
        return []
    everything = np.vstack([one.answers for one in models.values()])
    families = np.repeat(
        [data.families[model] for model in models], [len(m.answers) for m in models.values()]
    )
    found = []
    for value, items in key.scales("nineteen").items():
        part = everything[:, np.array(items) - 1]
        there = np.isfinite(part).all(axis=1)
        complete = part[there]
        row: dict[str, Any] = {
            "value": value,
            "n_items": len(items),
            "n": len(complete),
            "n_left_out": len(part) - len(complete),
            "n_models": len(models),
        }
        try:
            a = alpha(complete, n_effective=float(len(models)))
            row |= {"alpha": a.alpha, "lower": a.lower, "upper": a.upper}
            o = omega_interval(complete, families[there], draws=draws, seed=seed)
            row |= {"omega": o.omega, "omega_lower": o.lower, "omega_upper": o.upper}
            row |= {"heywood": o.heywood, "n_families": o.clusters}
        except DataError as error:
            row["note"] = str(error)
        found.append(row)
    return found


def trial_icc(data: SurveyData, key: Key) -> list[dict[str, Any]]:
    """Return, per value, how far trials of a model agree: ICC(1) of one, and of their mean."""
    scores = [score(one.answers, key, "nineteen") for one in data.with_answers().values()]
    found = []
    for j, value in enumerate(key.scales("nineteen") if scores else ()):
        table = np.array([one.centred[:, j] for one in scores])
        table = table[np.isfinite(table).all(axis=1)]
        row: dict[str, Any] = {"value": value, "n_models": len(table)}
        try:
            table_icc = icc(table)
            one = table_icc.icc1
            row |= {"icc1": one.value, "lower": one.lower, "upper": one.upper}
            row |= {"icc1k": table_icc.icc1k.value, "n_trials": table.shape[1]}
        except DataError as error:
            row["note"] = str(error)
        found.append(row)
    return found


def retest_rows(data: SurveyData, key: Key, *, draws: int, seed: int) -> list[dict[str, Any]]:
    """Return, per facet, agreement and profile correlation beside those of plain repeats.

    The interval is of the gap in agreement between repeats and the other condition, families
    resampled: above zero, the condition changes answers beyond what repeating them does.
    """
    models = data.with_answers()
    families = [data.families[model] for model in models]
    frames = sorted({frame for one in models.values() for frame in one.retests})
    facets: list[Callable[[ModelAnswers], Retest]] = [
        lambda one: over_option_order(one.answers, one.descending, key),
        lambda one: over_item_order(one.answers, one.position, key),
        *(
            lambda one, frame=frame: over_wording(one.answers, one.retests[frame], key, frame)
            for frame in frames
        ),
    ]
    rows = []
    for facet in facets if models else []:
        found = [facet(one) for one in models.values()]
        gaps = [
            np.nan if one.agreement is None or one.repeat is None else one.repeat - one.agreement
            for one in found
        ]
        lower, upper = family_interval(gaps, families, draws=draws, seed=seed)
        rows.append(
            {
                "facet": found[0].facet,
                **{
                    name: _mean(getattr(one, name) for one in found)
                    for name in ("agreement", "repeat", "r", "r_repeat", "shift")
                },
                "gap": _mean(gaps),
                "lower": lower,
                "upper": upper,
                "n_pairs": sum(one.n_pairs for one in found),
                "n_models": int(np.isfinite(gaps).sum()),
                "n_left_out": int(np.isnan(gaps).sum()),
            }
        )
    return rows


def variance(data: SurveyData) -> dict[str, Any]:
    """Return the components of the raw answers: model, item, trial, order, and what they share.

    ``model`` is a model's level (response style), ``item`` the profile that all share, ``model x
    item`` what is a model's own profile: that last one is what the questionnaire is for.
    """
    models = data.with_answers()
    cells = [
        (m, i, t, one.answers[t, i], int(one.descending[t, i]))
        for m, one in enumerate(models.values())
        for t, i in zip(*np.nonzero(np.isfinite(one.answers)), strict=True)
    ]
    table = np.array(cells, dtype=np.float64).reshape(len(cells), 5)
    m, i, t, o = (table[:, k].astype(np.int64) for k in (0, 1, 2, 4))
    names = list(models)
    families = np.array([data.families[names[k]] for k in m])
    factors = {
        "model": m,
        "item": i,
        "option order": o,
        "model x item": m * 1000 + i,
        "trial within model": m * 1000 + t,
        "model x option order": m * 10 + o,
        "item x option order": i * 10 + o,
    }
    content: dict[str, Any] = {"estimator": ESTIMATOR, "n": len(table), "n_models": len(names)}
    try:
        found = variance_components(table[:, 3], factors, families)
    except DataError as error:
        return content | {"components": [], "note": str(error)}
    return content | {
        "components": [asdict(one) for one in found],
        "note": "the residual holds model x item x trial and all else; with two levels the"
        " component of option order itself rests on one degree of freedom; intervals leave one"
        " family out at a time",
    }


def family_interval(
    values: list[float], families: list[str], *, draws: int, seed: int
) -> tuple[float | None, float | None]:
    """Return the central 95 % of the mean of values (models,) with families resampled."""
    there = np.isfinite(values)
    x, names = np.asarray(values)[there], np.asarray(families)[there]
    members = [np.flatnonzero(names == name) for name in sorted(set(names.tolist()))]
    if len(members) < 3:
        return None, None
    rng = np.random.default_rng(seed)
    means = [
        x[np.concatenate([members[c] for c in rng.integers(0, len(members), len(members))])].mean()
        for _ in range(draws)
    ]
    lower, upper = np.percentile(means, [2.5, 97.5])
    return float(lower), float(upper)


def _mean(values: Iterable[float | None]) -> float | None:
    there = [value for value in values if value is not None and np.isfinite(value)]
    return float(np.mean(there)) if there else None
