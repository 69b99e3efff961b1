"""Scree with its thresholds, the loadings as a heat map, congruence with intervals."""

from __future__ import annotations

from math import ceil
from typing import Any

from valuelex.reporting.content import ReportContent, dig
from valuelex.reporting.figures.base import Figure, axis, errors, line, scale
from valuelex.reporting.loading_intervals import Interval, loading_intervals
from valuelex.reporting.lookup import Lookup, walk
from valuelex.reporting.tables import Column, TableView, figures, table, text
from valuelex.reporting.text import coefficient, interval, number, plot_label

_SCREE = 30
_PER_SUB = 8


def factor_names(rows: Any) -> list[str]:
    """Return the factor columns of a table in numeric order: F1, F2 ... F10."""
    names = [name for name in (rows[0] if rows else ()) if name[:1] == "F" and name[1:].isdigit()]
    return sorted(names, key=lambda name: int(name[1:]))


def scree(content: ReportContent) -> Figure | None:
    """Draw eigenvalues against the parallel-analysis threshold, and MAP below."""
    doc = content.diagnostics
    eigenvalues = list(dig(doc, "eigenvalues", default=()))[:_SCREE]
    if not eigenvalues:
        return None
    thresholds = list(dig(doc, "parallel", "thresholds", default=()))[:_SCREE]
    partial = list(dig(doc, "map", "values", default=()))[:_SCREE]
    kept = dig(doc, "n_factors")
    percentile = dig(doc, "parallel", "percentile", default=95)
    numbers = list(range(1, len(eigenvalues) + 1))
    data: list[dict[str, Any]] = [
        _curve("Eigenvalue", numbers, eigenvalues, "#0072B2", "circle"),
        _curve(
            f"Chance ({percentile:g}th percentile)",
            numbers,
            thresholds,
            "#D55E00",
            "diamond",
            "dash",
        ),
    ]
    layout: dict[str, Any] = {
        "xaxis": axis("Number of the factor", dtick=5, range=[0.4, len(numbers) + 0.6]),
        "yaxis": axis("Eigenvalue", rangemode="tozero"),
        "shapes": [line("x", kept + 0.5)] if kept is not None else [],
    }
    if partial:
        below = _curve(
            "MAP (mean squared partial correlation)",
            list(range(len(partial))),
            partial,
            "#009E73",
            "square",
        )
        data.append(below | {"yaxis": "y2"})
        layout["yaxis"]["domain"] = [0.4, 1]
        layout["yaxis2"] = axis("MAP", domain=[0, 0.27], rangemode="tozero", anchor="x")
        layout["xaxis"]["anchor"] = "y2"
        layout["xaxis"]["range"] = [-0.6, len(numbers) + 0.6]
    rows = [
        {"k": k, "e": e, "t": _at(thresholds, k - 1), "m": _at(partial, k)}
        for k, e in zip(numbers, eigenvalues, strict=True)
    ]
    columns = [
        figures("Factor", "k", lambda v: number(v, 0)),
        figures("Eigenvalue", "e", number),
        figures("Chance threshold", "t", number),
        figures("MAP", "m", lambda v: number(v, 4)),
    ]
    return Figure(
        id="fig-scree",
        title="How many factors",
        caption="Factors count while their eigenvalue lies above what permuted data give by chance "
        "(parallel analysis); MAP is lowest at its own answer. The dotted line stands after the "
        f"last factor kept. {_left_out(content, len(eigenvalues))}",
        alt=f"Line of {len(numbers)} eigenvalues with the chance threshold; {kept} factors kept.",
        data=data,
        layout=layout,
        height=500,
        tables=(table("Eigenvalues, thresholds and MAP", columns, rows),),
    )


def _left_out(content: ReportContent, shown: int) -> str:
    total = len(dig(content.diagnostics, "eigenvalues", default=()))
    return f"The first {shown} of {total} eigenvalues are drawn." if total > shown else ""


def _at(values: list[Any], position: int) -> Any:
    return values[position] if 0 <= position < len(values) else None


def _curve(
    name: str, x: list[int], y: list[Any], tint: str, symbol: str, dash: str = "solid"
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": x[: len(y)],
        "y": y,
        "line": {"color": tint, "width": 2, "dash": dash},
        "marker": {"color": tint, "symbol": symbol, "size": 6},
        "hovertemplate": "%{x}: %{y:.3f}<extra>" + name + "</extra>",
    }


def loadings(content: ReportContent, lookup: Lookup) -> Figure | None:
    """Draw the pattern loadings of the strongest terms of every sub-dimension."""
    factors = factor_names(content.loadings)
    if not factors:
        return None
    known = {row["term"]: row for row in content.loadings}
    shown: list[Any] = []
    seen: dict[str, int] = {}
    for _, _, sub, entry in walk(content.taxonomy):
        seen[sub["id"]] = seen.get(sub["id"], 0) + 1
        if entry["term"] in known and seen[sub["id"]] <= _PER_SUB:
            shown.append(known[entry["term"]])
    labels = [plot_label(row["term"], 26) for row in shown]
    anchors = _anchors(shown, lookup)
    ends = loading_intervals(content)
    rows = sorted(content.loadings, key=lambda row: _order(row["term"], lookup))
    heat = _heat(shown, factors, ends)
    largest = max((abs(row[name]) for row in shown for name in factors), default=1.0)
    names = {str(d.get("factor")): str(d["name"]) for d in content.taxonomy.get("dimensions", ())}
    heat["customdata"] = [
        [[anchor, label, _ends(row, name, ends)] for name in factors]
        for row, label, anchor in zip(shown, labels, anchors, strict=True)
    ]
    return Figure(
        id="fig-loadings",
        title="Pattern loadings with intervals",
        caption="How strongly each term goes with each factor, other factors held constant. Up to "
        f"{_PER_SUB} terms of each sub-dimension, as the taxonomy orders them; the table has all."
        + _told(content, ends),
        alt=f"Heat map of {len(shown)} terms by {len(factors)} factors.",
        data=[heat],
        layout={
            "xaxis": axis(
                side="top",
                showgrid=False,
                tickangle=0,
                tickvals=factors,
                ticktext=[_heading(name, names.get(name, "")) for name in factors],
            ),
            "yaxis": axis(
                autorange="reversed",
                showgrid=False,
                tickvals=list(range(len(shown))),
                ticktext=labels,
                tickfont={"size": 11},
            ),
            "coloraxis": scale("Loading", min(1.0, max(0.5, ceil(10 * largest) / 10)), above=64),
            "margin": {"l": 48, "r": 16, "t": 56, "b": 16},
        },
        height=max(360, 150 + 16 * len(shown)),
        tables=(_loading_table(rows, factors, ends),),
        diverging=True,
        link=0,
    )


def _heading(factor: str, name: str) -> str:
    words = plot_label(name, 34).replace(" &amp; ", "<br>&amp; ")
    return f"<b>{factor}</b><br>{words}" if name else factor


Ends = dict[tuple[str, str], Interval]


def _told(content: ReportContent, ends: Ends) -> str:
    if not ends:
        return " This study has no resampled loadings, so there are no intervals."
    n = dig(content.stability, "bootstrap", "n")
    return (
        f" Numbers stand where the 95 % interval over {n} resamples of whole model families"
        " excludes 0; select a cell to read the term's replies."
    )


def _heat(shown: list[Any], factors: list[str], ends: Ends) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": factors,
        "y": list(range(len(shown))),
        "z": [[row[name] for name in factors] for row in shown],
        "text": [[_clear(row, name, ends) for name in factors] for row in shown],
        "texttemplate": "%{text}",
        "textfont": {"size": 10},
        "coloraxis": "coloraxis",
        "xgap": 2,
        "ygap": 1,
        "hovertemplate": "%{customdata[1]} on %{x}: %{z:.2f} %{customdata[2]}<extra></extra>",
    }


def _anchors(rows: list[Any], lookup: Lookup) -> list[str]:
    places = (lookup.places.get(row["term"]) for row in rows)
    return [place.anchor if place else "" for place in places]


def _ends(row: Any, factor: str, ends: Ends) -> str:
    return interval(*ends.get((row["term"], factor), (None, None))) if ends else ""


def _clear(row: Any, factor: str, ends: Ends) -> str:
    """Return the loading in print where its interval excludes zero."""
    lower, upper = ends.get((row["term"], factor), (None, None))
    clear = lower is not None and upper is not None and lower * upper > 0
    return coefficient(row[factor]) if clear else ""


def _loading_table(rows: list[Any], factors: list[str], ends: Ends) -> TableView:
    columns = [text("Term", "term")]
    for name in factors:
        columns.append(figures(name, name, coefficient))
        if ends:
            columns.append(_interval_column(name, ends))
    return table("Pattern loadings of every term", columns, rows, 1500, "factor/loadings.csv")


def _interval_column(factor: str, ends: Ends) -> Column:
    return Column(f"{factor}, 95 %", lambda row: _ends(row, factor, ends), numeric=True)


def _order(term: str, lookup: Lookup) -> tuple[int, str]:
    place = lookup.places.get(term)
    return (int(place.anchor[1:]) if place else len(lookup.places), term)


def congruence_rows(content: ReportContent) -> list[dict[str, Any]]:
    """Return one row a factor: congruence under each way of disturbing the study."""
    rows: dict[str, dict[str, Any]] = {}
    sources = {"Families resampled": "bootstrap", "Split halves": "split_half"}
    for label, key in sources.items():
        for entry in dig(content.stability, key, "factors", default=()):
            name = str(entry.get("factor", ""))
            rows[f"{name} {label}"] = dict(entry) | {"factor": name, "how": label}
    return list(rows.values())


def congruence(content: ReportContent) -> Figure | None:
    """Draw Tucker's phi of each factor with its interval, against .85 and .95."""
    rows = congruence_rows(content)
    if not rows:
        return None
    factors = list(dict.fromkeys(row["factor"] for row in rows))
    names = {str(d.get("factor")): d["name"] for d in content.taxonomy.get("dimensions", ())}
    labels = [plot_label(f"{f} · {names[f]}" if f in names else f, 34) for f in factors]
    styles = (
        ("Families resampled", "#0072B2", "circle", -0.13),
        ("Split halves", "#D55E00", "diamond", 0.13),
    )
    seen = [row.get(key) for row in rows for key in ("lower", "phi")]
    lowest = min((value for value in seen if value is not None), default=0.0)
    return Figure(
        id="fig-phi",
        title="Do the factors come back?",
        caption="Tucker's congruence of each factor with itself when whole model families are "
        f"resampled ({dig(content.stability, 'bootstrap', 'n', default='–')} times), and between "
        "random halves of the families, with 95 % intervals. From .85 on a factor counts as "
        "fairly alike, from .95 on as the same.",
        alt="Dots with intervals: congruence per factor against the marks .85 and .95.",
        data=[
            _dots(how, mine, factors, (tint, symbol, shift))
            for how, tint, symbol, shift in styles
            if (mine := [row for row in rows if row["how"] == how])
        ],
        layout={
            "xaxis": axis("Tucker's phi", range=[min(0.8, lowest - 0.03), 1.005]),
            "yaxis": axis(
                tickvals=list(range(len(factors))),
                ticktext=labels,
                autorange="reversed",
                showgrid=False,
            ),
            "shapes": [
                line("x", 0.85, label="fair →"),
                line("x", 0.95, "dash", label="the same →"),
            ],
            "margin": {"l": 48, "r": 16, "t": 40, "b": 48},
            "legend": {"orientation": "h", "x": 0, "y": -0.28, "yanchor": "top"},
        },
        height=150 + 48 * len(factors),
        tables=(congruence_table(rows),),
    )


def _dots(
    name: str, rows: list[dict[str, Any]], factors: list[str], style: tuple[str, str, float]
) -> dict[str, Any]:
    tint, symbol, shift = style
    phi, lower, upper = ([row.get(key) for row in rows] for key in ("phi", "lower", "upper"))
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": phi,
        "y": [factors.index(row["factor"]) + shift for row in rows],
        "error_x": errors(phi, lower, upper, tint),
        "marker": {"color": tint, "symbol": symbol, "size": 10},
        "customdata": [interval(lo, u) for lo, u in zip(lower, upper, strict=True)],
        "hovertemplate": "%{x:.2f} %{customdata}<extra>" + name + "</extra>",
    }


def congruence_table(rows: list[dict[str, Any]]) -> TableView:
    """Return congruence with intervals as a table."""
    columns = [
        text("Factor", "factor"),
        text("Disturbed by", "how"),
        figures("Tucker's phi", "phi", coefficient),
        Column("95 % interval", lambda r: interval(r.get("lower"), r.get("upper")), numeric=True),
    ]
    return table("Congruence of each factor", columns, rows)
