"""validate: doubt the taxonomy, and in a simulated study compare it with what was planted.

Families are resampled, halved and left out; prompts and decoding settings are left out; words are
shuffled; the embedding alone is factored; loadings are set beside word frequency.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from valuelex.artifacts.table import (
    DIAGNOSTICS,
    LOADINGS,
    NULLS,
    RECOVERY,
    SCORES,
    STABILITY,
)
from valuelex.psychometrics.agreement import design_effect
from valuelex.psychometrics.matrix import code_counts
from valuelex.psychometrics.stability import (
    FactorStability,
    cluster_bootstrap,
    leave_one_group_out,
    leave_out,
    reference_solution,
    split_halves,
)
from valuelex.psychometrics.types import Floats
from valuelex.stages.context import Context
from valuelex.stages.matrix import Usage, counts_by_prompt, load_usage, prompts_of
from valuelex.stages.nulls import null_models
from valuelex.stages.numbers import finite_values
from valuelex.stages.recovery import recovery
from valuelex.stages.term_reliability import reliability, whole
from valuelex.stages.verdict import verdict

_SPLITS = 50
_MOST_PROMPTS = 200  # beyond it prompts are data, not a design to leave parts out of


def run(context: Context) -> None:
    """Write ``validate/stability.json``, ``nulls.json`` and ``recovery.json``."""
    usage = load_usage(context)
    diagnostics = DIAGNOSTICS.read(context.root)
    rows = LOADINGS.read(context.root)
    terms = [row["term"] for row in rows]
    loadings = np.array([[v for n, v in row.items() if n != "term"] for row in rows])
    column = {term: j for j, term in enumerate(usage.terms)}
    places = [column[term] for term in terms]
    X = code_counts(usage.counts, context.settings.factor.coding)[:, places]
    found = stability(context, usage, X, places)
    found["reliability"] = reliability(
        X,
        loadings,
        np.array(usage.families),
        found["effective_n"],
        context.settings.study.seed,
    )
    found["reliability_of_all_terms"] = whole(X, loadings.shape[1])
    nulls = null_models(context, usage, X, loadings, terms)
    found["verdict"] = verdict(diagnostics, found, nulls)
    STABILITY.write(context.root, context.signature | finite_values(found))
    NULLS.write(context.root, context.signature | finite_values(nulls))
    RECOVERY.write(context.root, context.signature | finite_values(recovery(context)))
    context.say(f"validate: {found['verdict']['level']}. {found['verdict']['text']}")


def stability(context: Context, usage: Usage, X: Floats, places: list[int]) -> dict[str, Any]:
    """Return what resampling and leaving out say, per factor."""
    settings, seed = context.settings, context.settings.study.seed
    scores = SCORES.read(context.root)
    k = len(scores[0]) - 2
    reference = reference_solution(X, k, settings.factor.extraction, settings.factor.rotation)
    boot = cluster_bootstrap(
        X, np.array(usage.families), reference, settings.validate_.bootstraps, seed
    )
    halves = split_halves(
        X, np.array(usage.families), np.array(usage.models), reference, _SPLITS, seed
    )
    decoding = np.array([name.partition("@")[2] for name in usage.respondents])
    out = {
        "family": leave_one_group_out(X, np.array(usage.families), reference),
        "prompt": leave_out(without_prompts(context, usage, places), reference),
        "setting": leave_one_group_out(X, decoding, reference) if len(set(decoding)) > 1 else (),
    }
    values = np.array([[row[f"F{j + 1}"] for j in range(k)] for row in scores])
    effects = [design_effect(values[:, j], np.array(usage.families)) for j in range(k)]
    return {
        "effective_n": min(effect.effective_n for effect in effects),
        "n_respondents": len(X),
        "bootstrap": {
            "n": boot.n,
            "failed": boot.failed,
            "cluster": "family",
            "clusters": boot.clusters,
            "factors": [_factor(one) for one in boot.factors],
            "loadings": _intervals(usage, places, boot.loadings_lower, boot.loadings_upper),
        },
        "split_half": {"n": halves.n, "factors": [_factor(one) for one in halves.factors]},
        "leave_one_out": {name: [asdict(one) for one in parts] for name, parts in out.items()},
        "not_left_out": {
            name: f"nothing to leave out: fewer than two, or more than {_MOST_PROMPTS}"
            for name, parts in out.items()
            if not parts
        },
    }


def _factor(one: FactorStability) -> dict[str, Any]:
    return {"factor": f"F{one.factor + 1}"} | {
        n: v for n, v in asdict(one).items() if n != "factor"
    }


def _intervals(usage: Usage, places: list[int], low: Floats, high: Floats) -> list[dict[str, Any]]:
    return [
        {"term": usage.terms[place], "lower": low[i], "upper": high[i]}
        for i, place in enumerate(places)
    ]


def without_prompts(
    context: Context, usage: Usage, places: list[int]
) -> Iterator[tuple[str, Floats]]:
    """Yield (prompt, the matrix without its replies): the rows stay, the cells change."""
    prompts = prompts_of(context, _MOST_PROMPTS)
    if len(prompts) < 2:
        return
    total = usage.counts[:, places]
    for prompt, counts in counts_by_prompt(context, usage, prompts):
        yield prompt, code_counts(total - counts[:, places], context.settings.factor.coding)
