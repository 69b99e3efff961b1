"""Instruments against each other: correlations over models, what ought to agree framed."""

from __future__ import annotations

import re
from typing import Any

from valuelex.reporting.content import ReportContent, Row, Rows, dig
from valuelex.reporting.figures.base import Figure, axis, scale
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.tables import Column, TableView, counts, figures, table
from valuelex.reporting.text import coefficient, count, interval, plot_label

_LETTERS = {"factor": "W", "projective": "P", "pvq": "Q"}
_FACTOR = re.compile(r"^F\d+(?= |$)")


def convergence(content: ReportContent, lookup: Lookup) -> Figure | None:
    """Draw the correlations between scores of different instruments over models."""
    rows = list(content.convergence)
    if not rows:
        return None
    same = expected(content)
    cells = {(row["score_a"], row["score_b"]): row for row in rows}
    down, across = (list(dict.fromkeys(pair[side] for pair in cells)) for side in (0, 1))
    if len(across) > len(down):  # the longer side goes down, where there is room on every screen
        cells = {(b, a): row for (a, b), row in cells.items()}
        down, across = across, down
    grid = [[cells.get((a, b)) for b in across] for a in down]
    return Figure(
        id="fig-convergence",
        title="Instruments against each other",
        caption=_caption(rows, same),
        alt=f"Heat map of {len(down)} by {len(across)} correlations; the table holds intervals.",
        data=[_heat(grid, len(across), lookup)],
        layout={
            "xaxis": _names(across, lookup) | {"tickangle": -45},
            "yaxis": _names(down, lookup) | {"autorange": "reversed"},
            "coloraxis": scale("r"),
            "shapes": _frames(grid, same),
            "margin": {"l": 48, "r": 16, "t": 8, "b": 48},
        },
        height=200 + 24 * len(down),
        tables=(_table(rows, lookup, same),),
        diverging=True,
    )


def expected(content: ReportContent) -> dict[frozenset[str], str]:
    """Return the pairs of scores that ought to agree, and why.

    Words and test share the taxonomy's dimensions; test and questionnaire meet where a
    sub-dimension was matched with a value of the theory by meaning, before any score was seen.
    """
    found: dict[frozenset[str], str] = {}
    dimensions = {str(d.get("factor")): str(d["id"]) for d in content.taxonomy["dimensions"]}
    values = {
        (str(group), str(value).replace("_", "-"))
        for value, groups in dig(content.agreement, "mapping", "used", default={}).items()
        for group in groups
    }
    for row in content.convergence:
        (one, name), (other, key) = (_split(row[side]) for side in ("score_a", "score_b"))
        factor = _FACTOR.match(name)
        pair = frozenset((row["score_a"], row["score_b"]))
        if (one, other) == ("factor", "projective") and factor:
            if key.partition(".")[0] == dimensions.get(factor[0]):
                found[pair] = "same dimension"
        elif (one, other) == ("projective", "pvq") and (name, key.replace("_", "-")) in values:
            found[pair] = "same value by meaning"
    return found


def _caption(rows: Rows, same: dict[frozenset[str], str]) -> str:
    models = sorted({row["n_models"] for row in rows})
    over = f"{count(models[0])}" if models[0] == models[-1] else f"{models[0]} to {models[-1]}"
    framed = [row["r"] for row in rows if _pair_of(row) in same and row["r"] is not None]
    others = [row["r"] for row in rows if _pair_of(row) not in same and row["r"] is not None]
    told = ""
    if framed and others:
        told = (
            f" Framed: the {len(framed)} pairs that ought to agree (mean r"
            f" {coefficient(sum(framed) / len(framed))}; all other pairs"
            f" {coefficient(sum(others) / len(others))})."
        )
    return (
        f"Correlations over {over} models between scores of different instruments: W elicited"
        f" words, P projective test, Q values questionnaire.{told} Intervals are in the table."
    )


def _pair_of(row: Row) -> frozenset[str]:
    return frozenset((row["score_a"], row["score_b"]))


def _heat(grid: list[list[Row | None]], width: int, lookup: Lookup) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": list(range(width)),
        "y": list(range(len(grid))),
        "z": [[cell["r"] if cell else None for cell in row] for row in grid],
        "text": [[coefficient(cell["r"]) if cell else "" for cell in row] for row in grid],
        "texttemplate": "%{text}" if width <= 24 else "",
        "textfont": {"size": 10},
        "hovertext": [[_hover(cell, lookup) for cell in row] for row in grid],
        "hoverinfo": "text",
        "coloraxis": "coloraxis",
        "xgap": 2,
        "ygap": 2,
    }


def _names(scores: list[str], lookup: Lookup) -> dict[str, Any]:
    return axis(
        tickvals=list(range(len(scores))),
        ticktext=[plot_label(_short(score, lookup), 34) for score in scores],
        showgrid=False,
        tickfont={"size": 11},
    )


def _split(score: str) -> tuple[str, str]:
    instrument, _, key = str(score).partition(":")
    return instrument, key


def _short(score: str, lookup: Lookup) -> str:
    instrument, key = _split(score)
    name = lookup.names.get(key, key.replace("_", " "))
    return f"{_LETTERS.get(instrument, instrument)} {name}" if key else score


def score_name(score: str, lookup: Lookup) -> str:
    """Return ``"name (instrument)"`` for ``"instrument:id"``."""
    instrument, _, key = score.partition(":")
    return f"{lookup.names.get(key, key)} ({instrument})" if key else score


def _hover(cell: Row | None, lookup: Lookup) -> str:
    if cell is None:
        return ""
    return (
        f"{plot_label(score_name(cell['score_a'], lookup), 60)}<br>"
        f"{plot_label(score_name(cell['score_b'], lookup), 60)}<br>r = {coefficient(cell['r'])} "
        f"{interval(cell['lower'], cell['upper'])}, {cell['n_models']} models"
    )


def _frames(grid: list[list[Row | None]], same: dict[frozenset[str], str]) -> list[dict[str, Any]]:
    return [
        {
            "type": "rect",
            "x0": x - 0.47,
            "x1": x + 0.47,
            "y0": y - 0.47,
            "y1": y + 0.47,
            "line": {"width": 2, "color": "#E69F00"},
        }
        for y, row in enumerate(grid)
        for x, cell in enumerate(row)
        if cell and _pair_of(cell) in same
    ]


def _table(rows: Rows, lookup: Lookup, same: dict[frozenset[str], str]) -> TableView:
    columns = [
        Column("Score", lambda row: score_name(row["score_a"], lookup)),
        Column("With", lambda row: score_name(row["score_b"], lookup)),
        figures("r", "r", coefficient),
        Column("95 % interval", lambda r: interval(r["lower"], r["upper"]), numeric=True),
        counts("Models", "n_models"),
        counts("Families", "n_families"),
        Column("Ought to agree", lambda row: same.get(_pair_of(row), "")),
    ]
    return table("Correlations between instruments", columns, rows, 800, "compare/convergence.csv")
