"""compare: models by size, training and data, and the instruments against each other."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.artifacts.table import (
    AGREEMENT,
    CONVERGENCE,
    GROUPS,
    MULTITRAIT,
    PORTRAIT_SCORES,
    PROFILES,
    SCORES,
    SURVEY_PROFILES,
    TAXONOMY,
)
from valuelex.psychometrics.adjusted import adjusted_groups
from valuelex.psychometrics.convergence import cluster_correlation
from valuelex.psychometrics.groups import GroupRow, compare_groups
from valuelex.stages.context import Context
from valuelex.stages.multitrait import multitrait_results
from valuelex.stages.numbers import finite_values

_REFERENCE = {"training": "instruct", "data_source": "web"}
_DRAWS = 500

Columns = Mapping[tuple[str, str], Sequence[float]]


def run(context: Context) -> None:
    """Write what sets models, and instruments, against each other."""
    models = sorted(context.settings.models)
    factors = factor_columns(context, models)
    projective = projective_columns(context, models)
    survey = survey_columns(context, models)
    portrait = portrait_columns(context, models)
    every = {**factors, **projective, **survey, **portrait}
    GROUPS.write(context.root, group_rows(context, models, every))
    pairs = list(itertools.combinations((factors, projective, survey, portrait), 2))
    CONVERGENCE.write(context.root, convergence_rows(context, models, pairs))
    rows, agreement = multitrait_results(context, models)
    MULTITRAIT.write(context.root, rows)
    AGREEMENT.write(context.root, context.signature | finite_values(agreement))
    context.say(f"compare: {len(every)} scores of {len(models)} models. {agreement['statement']}")


def factor_columns(context: Context, models: Sequence[str]) -> Columns:
    """Return the mean factor score of each model, NaN where it named no value."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in SCORES.read(context.root):
        found.setdefault(row["model"], []).append(row)
    names = {d["factor"]: d["name"] for d in TAXONOMY.read(context.root)["dimensions"]}
    factors = sorted({n for rows in found.values() for n in rows[0]} - {"model", "respondent"})
    return {
        ("factor", f"{factor} {names.get(factor, '')}".strip()): [
            float(np.mean([row[factor] for row in found[m]])) if m in found else float("nan")
            for m in models
        ]
        for factor in factors
    }


def projective_columns(context: Context, models: Sequence[str]) -> Columns:
    """Return each model's projective score on every dimension and sub-dimension."""
    cells = {(r["id"], r["model"]): r["mean"] for r in PROFILES.read(context.root)}
    return _columns("projective", cells, models)


def survey_columns(context: Context, models: Sequence[str]) -> Columns:
    """Return each model's centred score on the ten values."""
    rows = [r for r in SURVEY_PROFILES.read(context.root) if r["level"] == "ten"]
    return _columns("pvq", {(r["value"], r["model"]): r["centred"] for r in rows}, models)


def portrait_columns(context: Context, models: Sequence[str]) -> Columns:
    """Return each model's centred Value Portrait scores; none where it was not given."""
    rows = PORTRAIT_SCORES.read(context.root)
    cells = {(f"{r['family']} {r['dimension']}", r["model"]): r["centred"] for r in rows}
    return _columns("portrait", cells, models)


def _columns(
    instrument: str, cells: Mapping[tuple[str, str], float | None], models: Sequence[str]
) -> Columns:
    def number(value: float | None) -> float:
        return float("nan") if value is None else value

    names = sorted({name for name, _ in cells})
    return {(instrument, n): [number(cells.get((n, m))) for m in models] for n in names}


def group_rows(context: Context, models: Sequence[str], columns: Columns) -> list[dict[str, Any]]:
    """Compare every score over size, training and data source, with the family as cluster.

    Each contrast comes twice: alone, and given the other groupings.
    """
    entries = [context.settings.model(model) for model in models]
    sizes = [float("nan") if e.parameters_b is None else e.parameters_b for e in entries]
    labels = {}
    for name, preferred in _REFERENCE.items():
        found = ["" if getattr(e, name) == "unknown" else str(getattr(e, name)) for e in entries]
        known = sorted({label for label in found if label})
        if len(known) > 1:
            labels[name] = (found, preferred if preferred in known else known[0])
    scores = {
        f"{instrument}:{score}": values
        for (instrument, score), values in columns.items()
        if np.isfinite(np.array(values)).any()
    }
    if not scores:
        return []
    families = [e.family for e in entries]
    numbers = {"size": sizes}
    alone = compare_groups(scores, families, numbers=numbers, labels=labels)
    together = adjusted_groups(scores, families, numbers=numbers, labels=labels)
    return [
        *(_group_row(row, "") for row in alone),
        *(_group_row(row, _others(row.grouping, ["size", *labels])) for row in together),
    ]


def _others(grouping: str, names: Sequence[str]) -> str:
    return ", ".join(name for name in names if name != grouping)


def _group_row(row: GroupRow, given: str) -> dict[str, Any]:
    instrument, _, score = row.score.partition(":")
    skipped = ("instrument", "score", "given")
    names = [column.name for column in GROUPS.columns if column.name not in skipped]
    cells = {name: getattr(row, name) for name in names}
    return {"instrument": instrument, "score": score, "given": given, **cells}


def convergence_rows(
    context: Context, models: Sequence[str], pairs: Sequence[tuple[Columns, Columns]]
) -> list[dict[str, Any]]:
    """Correlate every score of one instrument with every score of another, over models."""
    families = np.array([context.settings.model(model).family for model in models])
    rows = []
    for first, second in pairs:
        for a, x in first.items():
            for b, y in second.items():
                found = cluster_correlation(
                    _array(x), _array(y), families, draws=_DRAWS, seed=context.settings.study.seed
                )
                rows.append(
                    {
                        "score_a": ":".join(a),
                        "score_b": ":".join(b),
                        "r": found.r,
                        "lower": found.lower,
                        "upper": found.upper,
                        "n_models": found.n,
                        "n_families": found.clusters,
                    }
                )
    return rows


def _array(values: Sequence[float]) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)
