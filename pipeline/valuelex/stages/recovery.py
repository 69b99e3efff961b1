"""How near the pipeline came to what was planted: for simulated studies alone."""

from __future__ import annotations

from collections.abc import Mapping
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
from valuelex.stages.context import Context


def recovery(context: Context) -> dict[str, Any]:
    """Compare terms, sub-dimensions, factors and profiles with the planted truth."""
    if not all(entry.backend == "simulated" for entry in context.settings.models.values()):
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
