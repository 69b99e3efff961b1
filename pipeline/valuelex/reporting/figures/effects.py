"""Size, training method and data source: a figure each, effects alone and given one another."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.content import ReportContent, Row, Rows
from valuelex.reporting.figures.base import Figure, axis, errors, line
from valuelex.reporting.figures.contrasts import contrast_words, sample
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.tables import Column, TableView, counts, figures, table, text
from valuelex.reporting.text import interval, number, p_value, plot_label

_ROWS = 24
_TITLES = {
    "size": "size (per tenfold parameters)",
    "training": "training method",
    "data_source": "data source",
}
_KINDS = (
    ("alone", "#8a8a8a", "circle-open", -0.16),
    ("given the other groupings", "#0072B2", "diamond", 0.16),
)
_INSTRUMENTS = {"factor": "words", "projective": "projective", "pvq": "questionnaire"}

Pair = tuple[Row | None, Row | None]


def by_grouping(content: ReportContent, lookup: Lookup) -> list[Figure]:
    """Return one figure for each grouping that was compared both ways."""
    rows = content.group_effects
    names = [name for name in _TITLES if any(row["grouping"] == name for row in rows)]
    return [_figure(name, [r for r in rows if r["grouping"] == name], lookup) for name in names]


def _figure(grouping: str, rows: Rows, lookup: Lookup) -> Figure:
    pairs = _pairs(rows)
    shown = sorted(pairs.items(), key=lambda item: _strength(item[1]))[:_ROWS]
    shown.sort(key=lambda item: item[0])
    title = _TITLES[grouping]
    more = len(pairs) - len(shown)
    note = f" The {len(shown)} clearest are drawn, {more} more are in the table." if more else ""
    return Figure(
        id=f"fig-groups-by-{grouping.replace('_', '-')}",
        title=f"Models by {title}",
        caption="Effects in standard deviations with 95 % intervals, model families as clusters"
        f"{sample(rows)}: each contrast alone, and with the other groupings held equal. Where the"
        f" two differ, the first rides on what goes with it.{note}",
        alt=f"Forest plot of {len(shown)} contrasts, each alone and adjusted; see the table.",
        data=[_series(kind, at, [pair for _, pair in shown]) for at, kind in enumerate(_KINDS)],
        layout={
            "xaxis": axis("Effect, standard deviations"),
            "yaxis": axis(
                tickvals=list(range(len(shown))),
                ticktext=[_label(key, lookup) for key, _ in shown],
                range=[len(shown) - 0.4, -0.6],
                showgrid=False,
                tickfont={"size": 11},
            ),
            "shapes": [line("x", 0, "solid")],
        },
        height=150 + 26 * len(shown),
        tables=(_table(title, rows, lookup),),
    )


def _pairs(rows: Rows) -> dict[tuple[str, str, str], Pair]:
    found: dict[tuple[str, str, str], Pair] = {}
    for row in rows:
        key = (row["instrument"], row["contrast"], row["score"])
        alone, given = found.get(key, (None, None))
        found[key] = (alone, row) if row["given"] else (row, given)
    return found


def _strength(pair: Pair) -> tuple[bool, float]:
    p = [row["p"] for row in pair if row is not None and row["p"] is not None]
    return (not p, min(p, default=1.0))


def _series(kind: tuple[str, str, str, float], at: int, pairs: list[Pair]) -> dict[str, Any]:
    name, tint, symbol, shift = kind
    places = [(i, row) for i, pair in enumerate(pairs) if (row := pair[at]) is not None]
    rows = [row for _, row in places]
    names = ("effect_size", "effect_lower", "effect_upper")
    middle, lower, upper = ([row[key] for row in rows] for key in names)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": middle,
        "y": [i + shift for i, _ in places],
        "error_x": errors(middle, lower, upper, tint),
        "marker": {"color": tint, "size": 8, "symbol": symbol, "line": {"width": 1.4}},
        "hovertext": [_hover(row) for row in rows],
        "hoverinfo": "text",
    }


def _label(key: tuple[str, str, str], lookup: Lookup) -> str:
    instrument, contrast, score = key
    kind = _INSTRUMENTS.get(instrument, instrument)
    name = plot_label(lookup.names.get(score, score), 34)
    return f"{name} ({plot_label(kind, 14)}) · {plot_label(contrast_words(contrast), 30)}"


def _hover(row: Row) -> str:
    given = f"given {plot_label(row['given'])}" if row["given"] else "alone"
    return (
        f"{given}: {number(row['effect_size'])} SD"
        f" {interval(row['effect_lower'], row['effect_upper'])}<br>p"
        f" {plot_label(p_value(row['p']))}, adjusted {plot_label(p_value(row['p_adjusted']))}<br>"
        f"{row['n_models']} models of {row['n_families']} families"
    )


def _table(title: str, rows: Rows, lookup: Lookup) -> TableView:
    columns = [
        text("Instrument", "instrument"),
        Column("Score", lambda row: lookup.names.get(row["score"], row["score"])),
        Column("Contrast", lambda row: contrast_words(row["contrast"])),
        text("Given", "given"),
        figures("Estimate", "estimate", number),
        Column("95 % interval", lambda r: interval(r["lower"], r["upper"]), numeric=True),
        figures("Effect, SD", "effect_size", number),
        figures("p", "p", p_value),
        figures("p adjusted", "p_adjusted", p_value),
        figures("df", "df", number),
        counts("Models", "n_models"),
        counts("Families", "n_families"),
        text("Note", "note"),
    ]
    return table(f"Models by {title}", columns, rows, 800, "compare/groups.csv")
