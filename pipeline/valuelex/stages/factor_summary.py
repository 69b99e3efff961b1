"""What is said of a factor analysis, in the shape of `diagnostics.json` and its tables.

The pipeline's factor stage and the analysis of any table say it in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from valuelex.psychometrics.factorability import USABLE, bartlett, kmo
from valuelex.psychometrics.factors import FactorSolution
from valuelex.psychometrics.prepare import Prepared
from valuelex.psychometrics.retention import Retention
from valuelex.psychometrics.types import Floats


def factor_names(loadings: Floats) -> list[str]:
    """Return F1, F2 ... for the columns of loadings (p, k)."""
    return [f"F{j + 1}" for j in range(loadings.shape[1])]


def loading_rows(
    key: str, names: Sequence[str], factors: Sequence[str], values: Floats
) -> list[dict[str, Any]]:
    """Return one row a name with a value a factor, from values (names x factors)."""
    return [
        {key: name} | dict(zip(factors, map(float, row), strict=True))
        for name, row in zip(names, values, strict=True)
    ]


def adequacy_summary(ready: Prepared) -> tuple[dict[str, Any], list[str]]:
    """Return whether the matrix can be factored at all, and the warnings that go with it."""
    adequacy = kmo(ready.R_regular)
    sphericity = bartlett(ready.R_regular, len(ready.X))
    warnings = list(ready.warnings)
    if adequacy.overall < USABLE:
        warnings.insert(
            0,
            f"KMO is {adequacy.overall:.2f}, below {USABLE}: the terms share too little for a"
            " factor analysis to mean much",
        )
    if ready.shrinkage > 0:
        warnings.append("KMO, Bartlett and scores rest on the shrunk matrix")
    found = {
        "kmo": adequacy.overall,
        "kmo_per_term": dict(zip(ready.names, adequacy.per_variable.tolist(), strict=True)),
        "bartlett": {
            "chi2": sphericity.chi2,
            "dof": sphericity.dof,
            "p": sphericity.p,
            "note": sphericity.note,
        },
        "shrinkage": ready.shrinkage,
    }
    return found, warnings


def determinacy_summary(factors: Sequence[str], r2: Floats) -> list[dict[str, Any]]:
    """Return how well each factor's scores (squared multiple correlation) are determined."""
    return [{"factor": name, "r2": float(value)} for name, value in zip(factors, r2, strict=True)]


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
