"""Contrasts between groups of models as a forest plot; instruments against each other."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.anchors import Anchors
from valuelex.reporting.content import ReportContent, Row, Rows
from valuelex.reporting.figures.base import Figure, axis, errors, line, scale
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.tables import Column, TableView, counts, figures, table, text
from valuelex.reporting.text import coefficient, interval, number, p_value, plot_label

_ROWS = 36
INSTRUMENTS = {
    "factor": "factor scores (elicited words)",
    "projective": "projective test",
    "pvq": "values questionnaire",
}
UNITS = {
    "factor": "difference in standard deviations",
    "projective": "difference in points, 0–6 scale",
    "pvq": "difference in centred points, 1–6 scale",
}
_SHADES = {
    "size": ("#0072B2", "circle", "size (per tenfold parameters)"),
    "training": ("#D55E00", "diamond", "training method"),
    "data_source": ("#009E73", "square", "data source"),
}


def forests(content: ReportContent, lookup: Lookup, anchors: Anchors) -> list[Figure]:
    """Return one forest plot per instrument."""
    names = sorted({row["instrument"] for row in content.groups})
    return [_forest(at, name, content.groups, (lookup, anchors)) for at, name in enumerate(names)]


def _forest(at: int, instrument: str, rows: Rows, names: tuple[Lookup, Anchors]) -> Figure:
    lookup, anchors = names
    mine = [row for row in rows if row["instrument"] == instrument]
    shown, left_out = strongest(rows, instrument)
    title = INSTRUMENTS.get(instrument, instrument)
    note = (
        f" The {len(shown)} contrasts with the smallest adjusted p are drawn; {left_out} more are"
        " in the table."
        if left_out
        else ""
    )
    return Figure(
        id=f"fig-groups-{at}",
        title=f"Groups of models: {title}",
        caption="Estimated difference with its 95 % interval, model families as clusters. Filled "
        f"marks: adjusted p below .05 over the whole table; open marks: not.{note}",
        alt=f"Forest plot of {len(shown)} contrasts; the table holds every estimate.",
        data=_series(shown, lookup, anchors),
        layout={
            "xaxis": axis(UNITS.get(instrument, "estimate")),
            "yaxis": axis(
                tickvals=list(range(len(shown))),
                ticktext=[_label(row, lookup) for row in shown],
                range=[len(shown) - 0.4, -0.6],
                showgrid=False,
                tickfont={"size": 11},
            ),
            "shapes": [line("x", 0, "solid")],
        },
        height=140 + 23 * len(shown),
        tables=(group_table(title, mine, lookup),),
        link=0,
    )


def strongest(rows: Rows, instrument: str) -> tuple[list[Row], int]:
    """Return one instrument's contrasts with the smallest adjusted p, and how many are left out."""
    mine = [row for row in rows if row["instrument"] == instrument]
    chosen = sorted(mine, key=_strength)[:_ROWS]
    shown = sorted(chosen, key=lambda r: (r["grouping"], r["contrast"], r["score"]))
    return shown, len(mine) - len(shown)


def _strength(row: Row) -> tuple[bool, float, str, str]:
    p = row["p_adjusted"]
    return (p is None, p or 0.0, row["score"], row["contrast"])


def _label(row: Row, lookup: Lookup) -> str:
    score = lookup.names.get(row["score"], row["score"])
    return f"{plot_label(score, 22)} · {plot_label(row['contrast'], 26)}"


def _series(rows: list[Row], lookup: Lookup, anchors: Anchors) -> list[dict[str, Any]]:
    data = []
    for grouping in dict.fromkeys(row["grouping"] for row in rows):
        tint, symbol, name = _SHADES.get(grouping, ("#CC79A7", "x", plot_label(grouping)))
        at = [i for i, row in enumerate(rows) if row["grouping"] == grouping]
        mine = [rows[i] for i in at]
        middle, lower, upper = ([r[k] for r in mine] for k in ("estimate", "lower", "upper"))
        clear = [r["p_adjusted"] is not None and r["p_adjusted"] < 0.05 for r in mine]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": middle,
                "y": at,
                "error_x": errors(middle, lower, upper, tint),
                "marker": {
                    "color": tint,
                    "size": 9,
                    "symbol": [symbol if c else f"{symbol}-open" for c in clear],
                    "line": {"width": 1.6, "color": tint},
                },
                "hovertext": [_hover(row, lookup) for row in mine],
                "hoverinfo": "text",
                "customdata": [
                    [anchors.group(str(lookup.names.get(row["score"], row["score"])))]
                    for row in mine
                ],
            }
        )
    return data


def _hover(row: Row, lookup: Lookup) -> str:
    return (
        f"<b>{_label(row, lookup)}</b><br>{number(row['estimate'])} "
        f"{interval(row['lower'], row['upper'])}<br>effect {number(row['effect_size'])} SD · "
        f"adjusted p {plot_label(p_value(row['p_adjusted']))}<br>{row['n_models']} models of "
        f"{row['n_families']} families"
    )


def group_table(title: str, rows: Rows, lookup: Lookup) -> TableView:
    """Return every contrast of one instrument."""
    columns = [
        Column("Score", lambda row: lookup.names.get(row["score"], row["score"])),
        text("Grouping", "grouping"),
        text("Contrast", "contrast"),
        figures("Estimate", "estimate", number),
        Column("95 % interval", lambda r: interval(r["lower"], r["upper"]), numeric=True),
        figures("Effect, SD", "effect_size", number),
        figures("p", "p", p_value),
        figures("p adjusted", "p_adjusted", p_value),
        counts("Models", "n_models"),
        counts("Families", "n_families"),
    ]
    return table(f"Contrasts of the {title}", columns, rows, 800, "compare/groups.csv")


def convergence(content: ReportContent, lookup: Lookup) -> Figure | None:
    """Draw the correlations between scores of different instruments over models."""
    rows = list(content.convergence)
    if not rows:
        return None
    cells = {(row["score_a"], row["score_b"]): row for row in rows}
    down, across = (list(dict.fromkeys(pair[side] for pair in cells)) for side in (0, 1))
    if len(across) > len(down):  # the longer side goes down, where there is room on every screen
        cells = {(b, a): row for (a, b), row in cells.items()}
        down, across = across, down
    grid = [[cells.get((a, b)) for b in across] for a in down]
    return Figure(
        id="fig-convergence",
        title="Instruments against each other",
        caption="Correlation over models between scores of different instruments. Framed cells "
        "measure what ought to be the same thing: they should be higher than the rest.",
        alt=f"Heat map of {len(down)} by {len(across)} correlations; the table holds intervals.",
        data=[
            {
                "type": "heatmap",
                "x": list(range(len(across))),
                "y": list(range(len(down))),
                "z": [[cell["r"] if cell else None for cell in row] for row in grid],
                "text": [[coefficient(cell["r"]) if cell else "" for cell in row] for row in grid],
                "texttemplate": "%{text}" if len(across) <= 14 else "",
                "hovertext": [[_pair(cell, lookup) for cell in row] for row in grid],
                "hoverinfo": "text",
                "coloraxis": "coloraxis",
                "xgap": 2,
                "ygap": 2,
            }
        ],
        layout={
            "xaxis": _names(across, lookup) | {"tickangle": -40},
            "yaxis": _names(down, lookup) | {"autorange": "reversed"},
            "coloraxis": scale("r"),
            "shapes": _frames(grid),
            "margin": {"l": 48, "r": 16, "t": 64, "b": 48},
        },
        height=230 + 26 * len(down),
        tables=(convergence_table(rows, lookup),),
        diverging=True,
    )


def _names(scores: list[str], lookup: Lookup) -> dict[str, Any]:
    return axis(
        tickvals=list(range(len(scores))),
        ticktext=[plot_label(score_name(score, lookup), 32) for score in scores],
        showgrid=False,
        tickfont={"size": 11},
    )


def score_name(score: str, lookup: Lookup) -> str:
    """Return ``"name (instrument)"`` for ``"instrument:id"``."""
    instrument, _, key = score.partition(":")
    return f"{lookup.names.get(key, key)} ({instrument})" if key else score


def _pair(cell: Row | None, lookup: Lookup) -> str:
    if cell is None:
        return ""
    return (
        f"{plot_label(score_name(cell['score_a'], lookup), 60)}<br>"
        f"{plot_label(score_name(cell['score_b'], lookup), 60)}<br>r = {coefficient(cell['r'])} "
        f"{interval(cell['lower'], cell['upper'])}, {cell['n_models']} models"
    )


def _frames(grid: list[list[Row | None]]) -> list[dict[str, Any]]:
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
        if cell and cell.get("expected") == "convergent"
    ]


def convergence_table(rows: Rows, lookup: Lookup) -> TableView:
    """Return every pair of scores with its interval and what was expected of it."""
    columns = [
        Column("Score", lambda row: score_name(row["score_a"], lookup)),
        Column("With", lambda row: score_name(row["score_b"], lookup)),
        figures("r", "r", coefficient),
        Column("95 % interval", lambda r: interval(r["lower"], r["upper"]), numeric=True),
        counts("Models", "n_models"),
        text("Expected", "expected"),
    ]
    return table("Correlations between instruments", columns, rows, 800, "compare/convergence.csv")
