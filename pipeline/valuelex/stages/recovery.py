"""How near the pipeline came to what was planted: for simulated studies alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from valuelex.artifacts.table import DIAGNOSTICS, LOADINGS, SCORES, TAXONOMY, TERMS
from valuelex.errors import DataError
from valuelex.psychometrics.recovery import (
    planted_loadings,
    recover_factors,
    recover_groups,
    recover_profiles,
    recover_terms,
)
from valuelex.psychometrics.types import Floats
from valuelex.stages.context import Context


def recovery(context: Context) -> dict[str, Any]:
    """Compare terms, sub-dimensions, factors and profiles with the planted truth."""
    if not _planted(context):
        return {"applies": False, "why": "real replies: nothing was planted"}
    from valuelex.stages.planted import study_truth

    truth = study_truth(context)
    variants = truth.by_variant()
    names = {
        row["term"]: variants[row["term"]].term if row["term"] in variants else row["term"]
        for row in TERMS.read(context.root)
        if row["in_lexicon"]
    }
    terms = recover_terms([term.term for term in truth.terms], list(names.values()))
    dimension = {t.term: t.dimension for t in truth.terms if t.dimension}
    subs = {t.term: t.sub_dimension for t in truth.terms if t.sub_dimension}
    found = {
        names.get(entry["term"], entry["term"]): sub["id"]
        for group in TAXONOMY.read(context.root)["dimensions"]
        for sub in group["sub_dimensions"]
        for entry in sub["terms"]
    }
    try:
        ari: float | None = recover_groups(subs, found)
    except DataError:
        ari = None
    factors, profiles = _factors(context, names, dimension, truth)
    return {
        "applies": True,
        "why": "simulated study: the planted truth is known",
        "terms": asdict(terms),
        "sub_dimensions": {
            "ari": ari,
            "planted": len(set(subs.values())),
            "found": len(set(found.values())),
            "terms_compared": len(set(subs) & set(found)),
        },
        "dimensions": factors,
        "profiles": profiles,
    }


def score_recovery(
    context: Context, taxonomy: Mapping[str, Any], models: Sequence[str], means: Floats
) -> list[dict[str, Any]] | None:
    """Correlate projective scores with the planted profiles; nothing where none were planted.

    ``means`` (models, sub-dimensions in the taxonomy's order). What a sub-dimension should say of a
    model is the mean of the planted profiles of its terms; ``planted`` counts those terms.
    """
    if not _planted(context):
        return None
    from valuelex.stages.planted import study_truth

    truth = study_truth(context)
    variants = truth.by_variant()
    subs = [sub for group in taxonomy["dimensions"] for sub in group["sub_dimensions"]]
    made_of = []
    for sub in subs:
        terms = [variants[e["term"]] for e in sub["terms"] if e["term"] in variants]
        made_of.append(Counter(term.sub_dimension for term in terms if term.sub_dimension))
    weights = np.array([[counts[name] for name in truth.sub_dimensions] for counts in made_of])
    total = weights.sum(axis=1)
    rows = [truth.models.index(model) for model in models]
    sums = truth.sub_dimension_profiles[rows] @ weights.T
    planted = np.where(total > 0, sums / np.maximum(total, 1), np.nan)
    found = recover_profiles([sub["id"] for sub in subs], planted, means)
    return [
        asdict(one) | {"planted": dict(sorted(counts.items()))}
        for one, counts in zip(found, made_of, strict=True)
    ]


def _planted(context: Context) -> bool:
    return all(entry.backend == "simulated" for entry in context.settings.models.values())


def _factors(
    context: Context, names: Mapping[str, str], dimension: Mapping[str, str], truth: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    rows = LOADINGS.read(context.root)
    loadings = np.array([[v for n, v in row.items() if n != "term"] for row in rows])
    weight = {t.term: t.loading for t in truth.terms}
    planted_names, planted = planted_loadings(
        [names.get(row["term"], row["term"]) for row in rows], dimension, weight
    )
    # the number that the rule decided on: an unsupported factor that is shown is none found
    count = DIAGNOSTICS.read(context.root)["n_factors"]
    result = recover_factors(planted, loadings)
    tucker = [
        {
            "planted": name,
            "factor": f"F{result.factor[j] + 1}" if result.factor[j] >= 0 else None,
            "phi": float(result.phi[j]),
        }
        for j, name in enumerate(planted_names)
    ]
    found = {
        "planted": truth.n_dimensions,
        "found": count,
        "correct": count == truth.n_dimensions,
        "tucker": tucker,
    }
    return found, _profiles(context, planted_names, result.factor, truth)


def _profiles(
    context: Context, names: tuple[str, ...], factor: tuple[int, ...], truth: Any
) -> list[dict[str, Any]]:
    """Correlate each model's mean factor score with its planted profile."""
    scores: dict[str, list[list[float]]] = {}
    for row in SCORES.read(context.root):
        values = [v for n, v in row.items() if n not in ("respondent", "model")]
        scores.setdefault(row["model"], []).append(values)
    models = [model for model in truth.models if model in scores]
    place = [truth.models.index(model) for model in models]
    planted = truth.dimension_profiles[place][:, [truth.dimensions.index(n) for n in names]]
    means = np.array([np.mean(scores[model], axis=0) for model in models])
    found = np.column_stack(
        [means[:, j] if j >= 0 else np.full(len(models), np.nan) for j in factor]
    )
    return [asdict(one) for one in recover_profiles(names, planted, found)]
