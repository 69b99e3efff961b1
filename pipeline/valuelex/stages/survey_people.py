"""Models beside people: each model, and the roster as a whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.norms import Norms
from valuelex.instruments.pvq.people import beside_people
from valuelex.instruments.pvq.score import mean_profiles, score
from valuelex.stages.survey_data import SurveyData

_NOT_IN_TABLE = ("rank", "human_rank")
Means = NDArray[np.float64]


def human_rows(data: SurveyData, norms: Norms, key: Key) -> list[dict[str, Any]]:
    """Return one row per model and value of the nineteen, beside the mean of people."""
    rows = []
    for model, one in data.models.items():
        scores = score(one.answers, key, "nineteen")
        beside = beside_people(scores.centred, scores.values, norms)
        whole = {
            "model": model,
            "profile_r": beside.pearson,
            "profile_r_lower": beside.lower,
            "profile_r_upper": beside.upper,
        }
        for value in beside.values:
            cells = {n: v for n, v in asdict(value).items() if n not in _NOT_IN_TABLE}
            rows.append(cells | whole)
    return rows


def people(data: SurveyData, norms: Norms, key: Key, *, draws: int, seed: int) -> dict[str, Any]:
    """Set the mean profile of the roster beside people.

    Families are resampled whole: models of one family are no independent models. The interval of a
    difference covers which models are in the roster; the human means are taken as published.
    """
    by_model = {model: one.answers for model, one in data.with_answers().items()}
    models, values, means = mean_profiles(by_model, key, "nineteen")
    kept = [place for place, row in enumerate(means) if np.isfinite(row).all()]
    means, names = means[kept], [data.families[models[place]] for place in kept]
    content: dict[str, Any] = {
        "n_models": len(means),
        "n_left_out": len(data.models) - len(means),
        "n_families": len(set(names)),
    }
    if not len(means):
        return content | {"values": [], "note": "no model answered every value"}
    human = np.array([norms.mean[value] for value in values])
    resampled = _resampled(means, names, draws, seed)
    mean = means.mean(axis=0)
    ranks, human_ranks = stats.rankdata(-mean), stats.rankdata(-human)
    rank_draws = stats.rankdata(-resampled, axis=1) if len(resampled) else resampled
    return content | {
        "profile_r": _correlation(mean, human)
        | _ends([_correlation(one, human)["r"] for one in resampled]),
        "spearman": float(np.corrcoef(ranks, human_ranks)[0, 1]),
        "mean_absolute_difference": float(np.abs(mean - human).mean()),
        "values": [
            {
                "value": value,
                "centred": float(mean[j]),
                "human": float(human[j]),
                "difference": float(mean[j] - human[j]),
                **_ends((resampled[:, j] - human[j]).tolist() if len(resampled) else []),
                "above_people": int((means[:, j] > human[j]).sum()),
                "rank": float(ranks[j]),
                "human_rank": float(human_ranks[j]),
                "rank_shift": float(ranks[j] - human_ranks[j]),
                "rank_shift_lower": _end(rank_draws, j, 2.5, human_ranks),
                "rank_shift_upper": _end(rank_draws, j, 97.5, human_ranks),
            }
            for j, value in enumerate(values)
        ],
    }


def _resampled(means: Means, families: list[str], draws: int, seed: int) -> Means:
    """Mean profiles (draws, values) of the roster with its families resampled; none below three."""
    labels = np.asarray(families)
    members = [np.flatnonzero(labels == name) for name in sorted(set(families))]
    if len(members) < 3:
        return np.empty((0, means.shape[1]))
    rng = np.random.default_rng(seed)
    return np.array(
        [
            means[
                np.concatenate([members[c] for c in rng.integers(0, len(members), len(members))])
            ].mean(axis=0)
            for _ in range(draws)
        ]
    )


def _correlation(a: Means, b: Means) -> dict[str, Any]:
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return {"r": None}
    return {"r": float(np.corrcoef(a, b)[0, 1])}


def _ends(values: list[Any]) -> dict[str, Any]:
    there = [value for value in values if value is not None]
    if not there:
        return {"lower": None, "upper": None}
    lower, upper = np.percentile(there, [2.5, 97.5])
    return {"lower": float(lower), "upper": float(upper)}


def _end(ranks: Means, j: int, share: float, human_ranks: Means) -> float | None:
    return float(np.percentile(ranks[:, j], share) - human_ranks[j]) if len(ranks) else None
