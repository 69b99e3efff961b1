"""What `valuelex factor`, `cluster` and `diff` print: short, with n and with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from valuelex.stages.factor_summary import factor_names
from valuelex.stages.table_cluster import ClusteredTerms
from valuelex.stages.table_factor import TableAnalysis
from valuelex.taxonomy.diff import TaxonomyDiff

_SHOWN = 12


def factor_lines(analysis: TableAnalysis, top: int) -> list[str]:
    """Return the summary of an analysis, ``top`` loadings per factor."""
    said = analysis.diagnostics
    rows = f"{said['n_respondents']} respondents"
    if said["n_respondents"] < said["n_rows_read"]:
        rows += f" (of {said['n_rows_read']} rows)"
    if said["n_models"] is not None:
        rows += f" in {said['n_models']} blocks"
    if said["n_families"] is not None:
        rows += f" of {said['n_families']} families"
    dropped = len(said["dropped_terms"])
    lines = [
        f"{said['study']}: {rows} x {said['n_terms']} variables"
        + (f" ({dropped} dropped)" if dropped else ""),
        _adequacy(said),
        f"number: {said['why']}",
    ]
    if "agreement" in said:
        lines.append(f"  {said['agreement']}")
    lines += [
        f"method: {said['extraction']} of the {said['matrix']} matrix, {said['rotation']};"
        f" ipsatised: {said['ipsatise']}"
        + ("" if said["midpoint"] is None else f" (midpoint {said['midpoint']:g})"),
        _fit(said),
        *(f"warning: {text}" for text in said["warnings"]),
        *_factors(analysis, top),
    ]
    phi = analysis.solved.phi
    if len(phi) > 1 and said["rotation"] in ("oblimin", "promax"):
        off = phi[np.triu_indices(len(phi), 1)]
        lines.append(f"factor correlations between {off.min():+.2f} and {off.max():+.2f}")
    return lines


def _adequacy(said: Mapping[str, Any]) -> str:
    test = said["bartlett"]
    bartlett = test["note"] or f"chi2({test['dof']}) = {test['chi2']:.1f}, p = {test['p']:.2g}"
    return f"factorable: KMO {said['kmo']:.2f}; Bartlett {bartlett}"


def _fit(said: Mapping[str, Any]) -> str:
    fit, total = said["fit"], sum(entry["share"] for entry in said["variance"])
    parts = [f"variance {total:.1%}"]
    known = [name for name in ("rmsr", "tli") if fit[name] is not None]
    parts += [f"{name.upper()} {fit[name]:.3f}" for name in known]
    if fit["rmsea"] is not None:
        parts.append(
            f"RMSEA {fit['rmsea']:.3f} [{fit['rmsea_lower']:.3f}, {fit['rmsea_upper']:.3f}]"
        )
    if not said["converged"]:
        parts.append("NOT CONVERGED")
    if said["heywood"]:
        parts.append(f"Heywood: {', '.join(said['heywood'][:5])}")
    return f"fit: {'; '.join(parts)}"


def _factors(analysis: TableAnalysis, top: int) -> list[str]:
    lines = []
    loadings = analysis.solved.loadings
    for j, name in enumerate(factor_names(loadings)):
        column = loadings[:, j]
        first = np.argsort(-np.abs(column), kind="stable")[:top]
        shown = ", ".join(f"{analysis.variables[i]} {column[i]:+.2f}" for i in first)
        lines.append(f"{name} ({analysis.diagnostics['variance'][j]['share']:.2%}): {shown}")
    return lines


def cluster_lines(found: ClusteredTerms) -> list[str]:
    """Return the clusters, the largest first, and how often they came back."""
    said = found.stability
    lines = [
        f"{said['n_terms']} terms in {said['n_clusters']} clusters, {said['noise']:.0%} in none"
        f" ({said['method']}, {said['model']})"
    ]
    lines += [f"note: {text}" for text in said["notes"]]
    for what in ("seeds", "samples"):
        tried = said[what]
        if tried["n"] and tried["ari_mean"] is not None:
            lines.append(
                f"agreement over {tried['n']} other {what}: ARI {tried['ari_mean']:.2f}"
                f" (least {tried['ari_least']:.2f})"
            )
    back = {entry["cluster"]: entry["jaccard_samples"] for entry in said["clusters"]}
    for label in sorted({row["cluster"] for row in found.rows}, key=lambda c: (c < 0, c)):
        mine = [row for row in found.rows if row["cluster"] == label]
        mine.sort(key=lambda row: (-row["similarity"], row["term"]))
        jaccard = back.get(label)
        mark = "" if jaccard is None else f", comes back {jaccard:.2f}"
        head = "none" if label < 0 else str(label)
        lines.append(f"{head} ({len(mine)}{mark}): {_some([row['term'] for row in mine])}")
    return lines


def diff_lines(found: TaxonomyDiff) -> list[str]:
    """Return what changed, in words."""
    if found.same:
        return [f"the same {found.n_shared} terms in the same groups"]
    agreement = [
        f"{what} {value:.2f}"
        for what, value in (("sub-dimensions", found.ari), ("dimensions", found.ari_dimensions))
        if value is not None
    ]
    lines = [f"{found.n_shared} terms in both; ARI: {', '.join(agreement) or 'too few to say'}"]
    for match in found.matches:
        old = f"{match.before} {match.before_name}"
        if not match.after:
            lines.append(f"gone: {old}")
        elif match.jaccard < 1 or match.before_name != match.after_name:
            new = f"{match.after} {match.after_name}"
            lines.append(f"changed: {old} -> {new} (Jaccard {match.jaccard:.2f})")
    lines += [f"new group: {name}" for name in found.new_groups]
    # ids may mean other groups in the two files, so names stand beside them
    old_names = {match.before: match.before_name for match in found.matches}
    new_names = {match.after: match.after_name for match in found.matches}
    for move in found.moved:
        old = f"{move.before} {old_names.get(move.before, '')}".rstrip()
        new = f"{move.after} {new_names.get(move.after, '')}".rstrip()
        lines.append(f"moved: {move.term}: {old} -> {new}")
    lines += [f"new terms: {_some(found.new)}"] if found.new else []
    lines += [f"gone terms: {_some(found.gone)}"] if found.gone else []
    return lines


def written(paths: Iterable[Path]) -> list[str]:
    """Return which files were written where."""
    files = list(paths)
    return [f"written to {files[0].parent}: {', '.join(path.name for path in files)}"]


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f", and {rest} more" if rest > 0 else "")
