"""Contrasts between groups of models as forest plots, one for each instrument."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.anchors import Anchors
from valuelex.reporting.content import ReportContent, Row, Rows
from valuelex.reporting.figures.base import Figure, axis, errors, line
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.tables import Column, TableView, counts, figures, table
from valuelex.reporting.text import interval, number, p_value, plot_label

_ROWS = 36
INSTRUMENTS = {
    "factor": "factor scores (elicited words)",
    "projective": "projective test",
    "pvq": "values questionnaire",
}
UNITS = {
    "factor": "Difference, standard deviations",
    "projective": "Difference, points of the 0–6 scale",
    "pvq": "Difference, centred points of the 1–6 scale",
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
        caption="Estimated difference with its 95 % interval, model families as clusters"
        f"{sample(mine)}. Filled marks: p below .05 when adjusted over all contrasts (Benjamini "
        f"and Hochberg); open marks: not. {_clear(mine)}{note}",
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


def sample(rows: Rows) -> str:
    """Return how many models and families stand behind a contrast, for a caption."""
    models, families = ({row[key] for row in rows} for key in ("n_models", "n_families"))
    return f" ({_span(models)} models of {_span(families)} families in a contrast)"


def _span(numbers: set[int]) -> str:
    return " to ".join(map(str, sorted({min(numbers), max(numbers)})))


def _clear(rows: Rows) -> str:
    clear = sum(1 for row in rows if row["p_adjusted"] is not None and row["p_adjusted"] < 0.05)
    return f"{clear or 'None'} of {len(rows)} contrasts pass."


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
    return f"{plot_label(score, 34)} · {plot_label(contrast_words(row['contrast']), 30)}"


def contrast_words(contrast: str) -> str:
    """Return a contrast as people say it: ``code - web`` is code vs web."""
    return {"per tenfold": "per tenfold size"}.get(contrast, contrast.replace(" - ", " vs "))


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
        Column("Grouping", lambda row: str(row["grouping"]).replace("_", " ")),
        Column("Contrast", lambda row: contrast_words(row["contrast"])),
        figures("Estimate", "estimate", number),
        Column("95 % interval", lambda r: interval(r["lower"], r["upper"]), numeric=True),
        figures("Effect, SD", "effect_size", number),
        figures("p", "p", p_value),
        figures("p adjusted", "p_adjusted", p_value),
        counts("Models", "n_models"),
        counts("Families", "n_families"),
    ]
    return table(f"Contrasts of the {title}", columns, rows, 800, "compare/groups.csv")
