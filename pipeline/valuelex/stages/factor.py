"""factor: which respondents use which terms together, and how many factors that supports.

When no factor is supported, one is still extracted so that there is something to look at; it is
marked as not supported here, in the taxonomy and in the verdict.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from valuelex.artifacts.table import DIAGNOSTICS, LOADINGS, PHI, SCORES, STRUCTURE
from valuelex.psychometrics.cross_check import cross_check
from valuelex.psychometrics.factors import FactorSolution, factor_analysis
from valuelex.psychometrics.matrix import code_counts
from valuelex.psychometrics.prepare import Prepared, prepare
from valuelex.psychometrics.retention import Retention, n_factors
from valuelex.psychometrics.scores import factor_scores
from valuelex.stages.context import Context
from valuelex.stages.factor_summary import (
    adequacy_summary,
    determinacy_summary,
    factor_names,
    loading_rows,
    retention_summary,
    solution_summary,
)
from valuelex.stages.limits import require_for_factors
from valuelex.stages.matrix import Usage, load_usage
from valuelex.stages.numbers import finite_values

MIN_RESPONDENTS_PER_TERM = 5


def run(context: Context) -> None:
    """Write the five artifacts under ``factor/``."""
    settings, seed = context.settings.factor, context.settings.study.seed
    usage = load_usage(context)
    require_for_factors(*usage.counts.shape)
    coded = code_counts(usage.counts, settings.coding)
    ready = prepare(coded, usage.terms, np.array(usage.models), min_rows=MIN_RESPONDENTS_PER_TERM)
    retention = n_factors(
        ready.X,
        np.array(usage.models),
        np.array(usage.families),
        permutations=settings.permutations,
        percentile=settings.percentile,
        seed=seed,
    )
    k = retention.n_factors if settings.n_factors == "auto" else settings.n_factors
    solution = factor_analysis(
        ready.R, len(ready.X), max(k, 1), settings.extraction, settings.rotation, seed=seed
    )
    scores = factor_scores(ready.X, ready.R_regular, solution.loadings, solution.phi)
    factors = factor_names(solution.loadings)
    LOADINGS.write(context.root, loading_rows("term", ready.names, factors, solution.loadings))
    STRUCTURE.write(context.root, loading_rows("term", ready.names, factors, solution.structure))
    PHI.write(context.root, loading_rows("factor", factors, factors, solution.phi))
    rows = loading_rows("respondent", usage.respondents, factors, scores.scores)
    models = dict(zip(usage.respondents, usage.models, strict=True))
    SCORES.write(context.root, [row | {"model": models[row["respondent"]]} for row in rows])
    found = diagnostics(usage, ready, retention, solution)
    found["determinacy"] = determinacy_summary(factors, scores.r2)
    checked = cross_check(ready.R, max(k, 1), solution.communalities)
    found["cross_check"] = asdict(checked) | {
        "variables": [ready.names[place] for place in checked.variables]
    }
    DIAGNOSTICS.write(context.root, context.signature | _settings(context) | finite_values(found))
    context.say(f"factor: {len(ready.X)} respondents x {len(ready.names)} terms. {retention.text}")


def _settings(context: Context) -> dict[str, Any]:
    settings = context.settings.factor
    return {
        "coding": settings.coding,
        "extraction": settings.extraction,
        "rotation": settings.rotation,
        "n_factors_setting": settings.n_factors,
    }


def diagnostics(
    usage: Usage, ready: Prepared, retention: Retention, solution: FactorSolution
) -> dict[str, Any]:
    """Return everything that a reader needs to doubt the factors."""
    lengths = usage.counts.sum(axis=1)
    adequacy, warnings = adequacy_summary(ready)
    return {
        "n_respondents": len(ready.X),
        "n_models": len(set(usage.models)),
        "n_families": len(set(usage.families)),
        "n_terms": len(ready.names),
        **adequacy,
        **retention_summary(retention),
        **solution_summary(ready, solution),
        "list_length": {"mean": float(lengths.mean()), "sd": float(lengths.std(ddof=1))},
        "dropped_terms": [{"term": name, "reason": why} for name, why in ready.dropped],
        "warnings": warnings,
    }
