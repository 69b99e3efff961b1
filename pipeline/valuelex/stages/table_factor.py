"""The factor analysis of any table of respondents x variables: the pipeline's engine, no pipeline.

Steps, each with its own account in the diagnostics: missing cells, columns that say nothing,
ipsatising, factorability, the number of factors, extraction and rotation, scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.psychometrics.factors import factor_analysis
from valuelex.psychometrics.ipsatise import Ipsatising, ipsatise
from valuelex.psychometrics.pca import pca_promax
from valuelex.psychometrics.prepare import Missing, Prepared, Tidy, prepare, tidy
from valuelex.psychometrics.scores import factor_scores
from valuelex.stages.factor_summary import (
    adequacy_summary,
    determinacy_summary,
    factor_names,
    solution_summary,
)
from valuelex.stages.numbers import finite_values
from valuelex.stages.table_input import UserTable
from valuelex.stages.table_options import FactorOptions
from valuelex.stages.table_retention import decide

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Solved:
    """Loadings and structure (p, k), phi (k, k), scores (n, k), and what is said of them."""

    loadings: Matrix
    structure: Matrix
    phi: Matrix
    scores: Matrix
    said: Mapping[str, Any]


@dataclass(frozen=True)
class TableAnalysis:
    """Everything that is written: names of the rows and columns, the solution, the diagnostics."""

    respondents: tuple[str, ...]
    blocks: tuple[str, ...]
    variables: tuple[str, ...]
    solved: Solved
    diagnostics: Mapping[str, Any]


def analyse(table: UserTable, options: FactorOptions) -> TableAnalysis:
    """Factor a table.

    Raises
    ------
    DataError
        The table cannot carry the analysis; the message names the place and the remedy.
    """
    _check_missing(table, options)
    clean = tidy(
        table.X,
        table.variables,
        missing=cast("Missing", options.missing),
        min_rows=options.least_rows,
    )
    respondents = tuple(table.respondents[i] for i in clean.rows)
    blocks = None if table.blocks is None else tuple(table.blocks[i] for i in clean.rows)
    families = None if table.families is None else tuple(table.families[i] for i in clean.rows)
    ready, midpoint = _ready(clean, respondents, options)
    kept = decide(ready, blocks, families, options)
    _check_count(ready, kept.k)
    solve = _components if options.matrix == "covariance" else _factors
    solved = solve(ready, kept.k, options)
    adequacy, warnings = adequacy_summary(ready)
    said = {
        "study": table.file,
        "sha256": table.sha256,
        **options.to_dict(),
        "midpoint": midpoint,
        "n_respondents": len(ready.X),
        "n_rows_read": len(table.X),
        "n_models": None if blocks is None else len(set(blocks)),
        "n_families": None if families is None else len(set(families)),
        "n_terms": len(ready.names),
        **adequacy,
        **kept.said,
        **solved.said,
        "dropped_terms": [{"term": name, "reason": why} for name, why in ready.dropped],
        "warnings": [*warnings, *kept.warnings],
    }
    return TableAnalysis(
        respondents=respondents,
        blocks=respondents if blocks is None else blocks,
        variables=ready.names,
        solved=solved,
        diagnostics=finite_values(said),
    )


def _check_missing(table: UserTable, options: FactorOptions) -> None:
    bad = ~np.isfinite(table.X)
    if options.missing != "error" or not bad.any():
        return
    row, column = (int(place) for place in np.argwhere(bad)[0])
    raise DataError(
        f"{table.file}: {int(bad.sum())} of {bad.size} cells are missing ({bad.mean():.1%}), the"
        f" first in row {row + 1} ({table.respondents[row]}), column {table.variables[column]!r};"
        f" choose --missing mean (column means) or --missing drop_rows (which leaves"
        f" {int((~bad.any(axis=1)).sum())} of {len(bad)} rows), or leave columns out with --drop"
    )


def _ready(
    clean: Tidy, respondents: tuple[str, ...], options: FactorOptions
) -> tuple[Prepared, float | None]:
    """Ipsatise, prepare, and put the account of both steps of tidying together."""
    X, midpoint = clean.X, options.midpoint
    if options.ipsatise in ("standardise", "balanced"):
        flat = np.flatnonzero(np.ptp(X, axis=1) == 0)
        if len(flat):
            raise DataError(
                f"the respondent {respondents[flat[0]]!r} gives the same answer to every variable"
                f" ({len(flat)} in all): no spread to divide by; remove such rows, or choose"
                " --ipsatise centre"
            )
    if options.ipsatise == "balanced" and midpoint is None:
        midpoint = float(X.min() + X.max()) / 2
    X = ipsatise(X, cast("Ipsatising", options.ipsatise), midpoint)
    ready = prepare(X, clean.names, min_rows=options.least_rows)
    return replace(
        ready,
        dropped=(*clean.dropped, *ready.dropped),
        warnings=(*clean.warnings, *ready.warnings),
    ), midpoint


def _check_count(ready: Prepared, k: int) -> None:
    n, p = ready.X.shape
    if k > min(n - 1, p - 1):
        raise DataError(
            f"--factors must lie between 1 and {min(n - 1, p - 1)} for {n} rows and {p} columns,"
            f" was: {k}"
        )


def _factors(ready: Prepared, k: int, options: FactorOptions) -> Solved:
    found = factor_analysis(
        ready.R, len(ready.X), k, options.method, options.turn, seed=options.seed
    )
    scored = factor_scores(ready.X, ready.R_regular, found.loadings, found.phi)
    said = solution_summary(ready, found)
    said["determinacy"] = determinacy_summary(factor_names(found.loadings), scored.r2)
    return Solved(found.loadings, found.structure, found.phi, scored.scores, said)


def _components(ready: Prepared, k: int, options: FactorOptions) -> Solved:
    """Components of covariances; their scores are exact, in standard deviations."""
    found = pca_promax(ready.X, k, options.turn)
    L = found.loadings
    C = ready.X - ready.X.mean(axis=0)
    scores = np.linalg.solve(L.T @ L, L.T @ C.T).T
    total = float((C**2).sum()) / (len(C) - 1)
    said = {
        "variance": [
            {
                "factor": name,
                "sum_of_squares": float(ss),
                "share": float(percent) / 100,
                "share_of_total": float(ss) / total,
            }
            for name, ss, percent in zip(
                factor_names(L), found.variance, found.percent, strict=True
            )
        ],
        "communalities": dict(
            zip(ready.names, (found.structure * L).sum(axis=1).tolist(), strict=True)
        ),
        "fit": dict.fromkeys(("rmsr", "rmsea", "rmsea_lower", "rmsea_upper", "tli", "dof")),
        "converged": True,
        "heywood": [],
        "determinacy": determinacy_summary(factor_names(L), np.ones(k)),
    }
    return Solved(L, found.structure, found.phi, np.asarray(scores), said)
