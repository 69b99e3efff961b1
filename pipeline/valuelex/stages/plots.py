"""The numbers behind ``dvc plots``: no text of any model is among them."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.content import ReportContent, dig

Rows = list[dict[str, Any]]
_SCREE = 30  # what follows is chance


def scree_rows(content: ReportContent) -> Rows:
    """Return one row an eigenvalue: factor, eigenvalue, chance threshold, MAP."""
    doc = content.diagnostics
    chance = list(dig(doc, "parallel", "thresholds", default=()))
    partial = list(dig(doc, "map", "values", default=()))
    return [
        {
            "factor": at + 1,
            "eigenvalue": value,
            "chance": chance[at] if at < len(chance) else None,
            "map": partial[at + 1] if at + 1 < len(partial) else None,
            "simulated": _simulated(content),
        }
        for at, value in enumerate(list(dig(doc, "eigenvalues", default=()))[:_SCREE])
    ]


def congruence_rows(content: ReportContent) -> Rows:
    """Return one row a factor: Tucker's phi with its interval over resampled families."""
    return [
        {"factor": at + 1, "simulated": _simulated(content)}
        | {name: row.get(name) for name in ("phi", "lower", "upper")}
        for at, row in enumerate(dig(content.stability, "bootstrap", "factors", default=()))
    ]


def map_rows(content: ReportContent) -> Rows:
    """Return one row a place on the map: coordinates and the number of the dimension."""
    numbers = {
        entry["term"]: at + 1
        for at, dimension in enumerate(content.taxonomy["dimensions"])
        for sub in dimension["sub_dimensions"]
        for entry in sub["terms"]
    }
    places = {(row["x"], row["y"]): numbers.get(row["term"], -1) for row in content.clusters}
    told = {"simulated": _simulated(content)}
    return [{"x": x, "y": y, "dimension": number} | told for (x, y), number in places.items()]


def _simulated(content: ReportContent) -> int:
    return int(bool(content.study["simulated"]))
