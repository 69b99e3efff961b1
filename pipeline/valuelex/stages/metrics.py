"""Flat numbers for ``dvc metrics show`` and ``dvc metrics diff``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valuelex.reporting.content import ReportContent, dig


def flat_metrics(content: ReportContent) -> dict[str, Any]:
    """Return one number or word per name; what a study does not have is left out."""
    replies = sum(sum(v for n, v in row.items() if n != "model") for row in content.outcomes)
    metrics: dict[str, Any] = {
        "simulated": content.study["simulated"],
        "models": len(content.outcomes),
        "reproducible": content.provenance.get("reproducible"),
        "replies": replies,
        "replies_answered": sum(row["answered"] for row in content.outcomes),
        "terms": len(content.terms),
        "terms_in_lexicon": sum(bool(row["in_lexicon"]) for row in content.terms),
        "respondents": content.diagnostics["n_respondents"],
        "effective_n": dig(content.stability, "effective_n"),
        "dimensions": len(content.taxonomy["dimensions"]),
        "sub_dimensions": sum(len(d["sub_dimensions"]) for d in content.taxonomy["dimensions"]),
        "kmo": content.diagnostics.get("kmo"),
        "rmsr": dig(content.diagnostics, "fit", "rmsr"),
        "verdict": dig(content.stability, "verdict", "level"),
    }
    for row in dig(content.stability, "bootstrap", "factors", default=[]):
        metrics[f"bootstrap_phi_{row['factor']}"] = row["phi"]
    if content.recovery and content.recovery.get("applies"):
        metrics |= _recovery(content.recovery)
    planted = [row["r"] for row in dig(content.form_reliability, "planted", default=[])]
    known = [r for r in planted if r is not None]
    if known:
        metrics["recovery_score_r_mean"] = sum(known) / len(known)
        metrics["recovery_score_r_min"] = min(known)
    return {name: value for name, value in metrics.items() if value is not None}


def _recovery(recovery: Mapping[str, Any]) -> dict[str, Any]:
    metrics = {
        "recovery_term_recall": recovery["terms"]["recall"],
        "recovery_term_precision": recovery["terms"]["precision"],
        "recovery_sub_dimension_ari": recovery["sub_dimensions"]["ari"],
        "recovery_dimensions_planted": recovery["dimensions"]["planted"],
        "recovery_dimensions_found": recovery["dimensions"]["found"],
    }
    for row in recovery["dimensions"]["tucker"]:
        metrics[f"recovery_phi_{row['planted']}"] = row["phi"]
    for row in recovery.get("profiles", []):
        metrics[f"recovery_r_{row['name']}"] = row["r"]
    return metrics
