"""factor: which respondents use which terms together, and how many factors that supports.

When no factor is supported, one is still extracted so that there is something to look at; it is
marked as not supported here, in the taxonomy and in the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.artifacts.table import DIAGNOSTICS, LOADINGS, PHI, SCORES, STRUCTURE
from valuelex.psychometrics.cross_check import cross_check
from valuelex.psychometrics.factorability import bartlett, kmo
from valuelex.psychometrics.factors import FactorSolution, factor_analysis
from valuelex.psychometrics.matrix import code_counts
from valuelex.psychometrics.prepare import Prepared, prepare
from valuelex.psychometrics.retention import Retention, n_factors
from valuelex.psychometrics.scores import factor_scores
from valuelex.stages.context import Context
from valuelex.stages.matrix import Usage, load_usage
from valuelex.stages.numbers import finite_values

MIN_RESPONDENTS_PER_TERM = 5
KMO_FLOOR = 0.60


def run(context: Context) -> None:
    """Write the five artifacts under ``factor/``."""
    settings, seed = context.settings.factor, context.settings.study.seed
    usage = load_usage(context)
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
    factors = [f"F{j + 1}" for j in range(solution.loadings.shape[1])]
    LOADINGS.write(context.root, _rows("term", ready.names, factors, solution.loadings))
    STRUCTURE.write(context.root, _rows("term", ready.names, factors, solution.structure))
    PHI.write(context.root, _rows("factor", factors, factors, solution.phi))
    rows = _rows("respondent", usage.respondents, factors, scores.scores)
    models = dict(zip(usage.respondents, usage.models, strict=True))
    SCORES.write(context.root, [row | {"model": models[row["respondent"]]} for row in rows])
    found = diagnostics(usage, ready, retention, solution)
    found["determinacy"] = [
        {"factor": name, "r2": float(r2)} for name, r2 in zip(factors, scores.r2, strict=True)
    ]
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


def _rows(
    key: str, names: Sequence[str], factors: Sequence[str], values: NDArray[np.float64]
) -> list[dict[str, Any]]:
    return [
        {key: name} | dict(zip(factors, map(float, row), strict=True))
        for name, row in zip(names, values, strict=True)
    ]


def diagnostics(
    usage: Usage, ready: Prepared, retention: Retention, solution: FactorSolution
) -> dict[str, Any]:
    """Return everything that a reader needs to doubt the factors."""
    adequacy = kmo(ready.R_regular)
    sphericity = bartlett(ready.R_regular, len(ready.X))
    lengths = usage.counts.sum(axis=1)
    warnings = list(ready.warnings)
    if adequacy.overall < KMO_FLOOR:
        warnings.insert(
            0,
            f"KMO is {adequacy.overall:.2f}, below {KMO_FLOOR}: the terms share too little for a"
            " factor analysis to mean much",
        )
    if ready.shrinkage > 0:
        warnings.append("KMO, Bartlett and scores rest on the shrunk matrix")
    return {
        "n_respondents": len(ready.X),
        "n_models": len(set(usage.models)),
        "n_families": len(set(usage.families)),
        "n_terms": len(ready.names),
        "kmo": adequacy.overall,
        "kmo_per_term": dict(zip(ready.names, adequacy.per_variable.tolist(), strict=True)),
        "bartlett": {
            "chi2": sphericity.chi2,
            "dof": sphericity.dof,
            "p": sphericity.p,
            "note": sphericity.note,
        },
        "shrinkage": ready.shrinkage,
        **retention_summary(retention),
        **solution_summary(ready, solution),
        "list_length": {"mean": float(lengths.mean()), "sd": float(lengths.std(ddof=1))},
        "dropped_terms": [{"term": name, "reason": why} for name, why in ready.dropped],
        "warnings": warnings,
    }


def retention_summary(retention: Retention) -> dict[str, Any]:
    """Return the number of factors and what speaks for and against it."""
    return {
        "n_factors": retention.n_factors,
        "supported": retention.n_factors > 0,
        "why": retention.text,
        "agreement": retention.agreement,
        "eigenvalues": retention.blocked.observed,
        "parallel": {
            "thresholds": retention.blocked.thresholds,
            "percentile": retention.blocked.percentile,
            "permutations": retention.blocked.permutations,
            "blocks": f"{retention.blocked.blocks} models, {retention.blocked.scheme}",
            "n": retention.blocked.n_factors,
        },
        "parallel_rows": {"thresholds": retention.rows.thresholds, "n": retention.rows.n_factors},
        "family_test": {
            "observed": list(retention.bound.observed),
            "thresholds": list(retention.bound.thresholds),
            "percentile": retention.bound.percentile,
            "n": retention.bound.n_factors,
        },
        "comparability": [{"k": k, "phi": phi} for k, phi in retention.comparability],
        "phi_needed": retention.phi_needed,
        "map": {"values": retention.map.squared, "n": retention.map.n_squared},
        "kaiser": retention.kaiser,
    }


def solution_summary(ready: Prepared, solution: FactorSolution) -> dict[str, Any]:
    """Return variance, communalities and fit of a solution."""
    return {
        "variance": [
            {"factor": f"F{j + 1}", "sum_of_squares": float(total), "share": float(share)}
            for j, (total, share) in enumerate(zip(solution.variance, solution.share, strict=True))
        ],
        "communalities": dict(zip(ready.names, solution.communalities.tolist(), strict=True)),
        "fit": {
            "rmsr": solution.rmsr,
            "rmsea": solution.rmsea,
            "rmsea_lower": solution.rmsea_lower,
            "rmsea_upper": solution.rmsea_upper,
            "tli": solution.tli,
            "dof": solution.dof,
        },
        "converged": solution.converged,
        "heywood": [ready.names[i] for i in solution.heywood],
    }
