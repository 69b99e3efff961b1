"""Writing the artifacts of an analysis into a folder of the user's: the pipeline's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from valuelex.artifacts.base import Artifact, Table
from valuelex.artifacts.codecs import ELSEWHERE, csv_bytes, json_bytes, write_bytes
from valuelex.artifacts.table import (
    CLUSTER_STABILITY,
    CLUSTERS,
    DIAGNOSTICS,
    LOADINGS,
    PHI,
    SCORES,
    STRUCTURE,
)
from valuelex.stages.factor_summary import factor_names, loading_rows
from valuelex.stages.table_factor import TableAnalysis


def write_analysis(folder: Path, analysis: TableAnalysis) -> list[Path]:
    """Write loadings, structure, phi, scores and diagnostics; return the files."""
    solved = analysis.solved
    factors = factor_names(solved.loadings)
    blocks = dict(zip(analysis.respondents, analysis.blocks, strict=True))
    scores = loading_rows("respondent", analysis.respondents, factors, solved.scores)
    return [
        _table(
            folder, LOADINGS, loading_rows("term", analysis.variables, factors, solved.loadings)
        ),
        _table(
            folder, STRUCTURE, loading_rows("term", analysis.variables, factors, solved.structure)
        ),
        _table(folder, PHI, loading_rows("factor", factors, factors, solved.phi)),
        _table(folder, SCORES, [row | {"model": blocks[row["respondent"]]} for row in scores]),
        _file(folder, DIAGNOSTICS, json_bytes(analysis.diagnostics)),
    ]


def write_clusters(
    folder: Path, rows: Iterable[Mapping[str, Any]], stability: Mapping[str, Any]
) -> list[Path]:
    """Write clusters and their stability; return the files."""
    return [
        _table(folder, CLUSTERS, rows),
        _file(folder, CLUSTER_STABILITY, json_bytes(stability)),
    ]


def _table(folder: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> Path:
    content = list(rows)
    if table is not PHI:  # its rows stand as its columns do: F2 before F10
        content.sort(key=lambda row: tuple(row[name] for name in table.key))
    fixed = [column.name for column in table.columns]
    names = fixed + [name for name in content[0] if name not in fixed]
    return _file(folder, table, csv_bytes(names, content))


def _file(folder: Path, artifact: Artifact, data: bytes) -> Path:
    path = folder / Path(artifact.path).name
    write_bytes(path, data, hint=ELSEWHERE)
    return path
