"""The map of terms by meaning."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.content import ReportContent
from valuelex.reporting.figures.base import Figure, axis
from valuelex.reporting.lookup import GREY, Lookup, Place, colour
from valuelex.reporting.tables import Column, TableView, counts, figures, table, text
from valuelex.reporting.text import coefficient, count, number, plot_label, plural, shorten

_SYMBOLS = {"loading": "circle", "meaning": "diamond"}
_LABELLED = 60
_WIDTH, _HEIGHT = 980.0, 560.0  # of the plot, in pixels, when labels are chosen
_LETTER, _LINE = 6.4, 15.0


def _hover(term: str, row: dict[str, Any], place: Place | None) -> str:
    where = "not placed in the taxonomy"
    if place is not None:
        by = {"loading": "by loading", "meaning": "by meaning"}.get(place.placed_by, "")
        where = f"{plot_label(place.sub_dimension)}, placed {by}" if by else place.sub_dimension
    return (
        f"<b>{plot_label(term)}</b><br>{where}<br>{plural(row['mentions'], 'mention')}"
        f" · {plural(row['models'], 'model')} · {plural(row['respondents'], 'respondent')}"
    )


def _sizes(rows: list[dict[str, Any]], largest: int, crowd: float) -> list[float]:
    return [round(crowd * (6 + 13 * (row["mentions"] / max(largest, 1)) ** 0.5), 1) for row in rows]


def uncrowded(rows: list[dict[str, Any]]) -> set[str]:
    """Choose which terms carry their label: the most mentioned, unless the place is taken."""
    placed: list[tuple[float, float, float]] = []
    chosen: set[str] = set()
    if not rows:
        return chosen
    left, right = min(row["x"] for row in rows), max(row["x"] for row in rows)
    low, high = min(row["y"] for row in rows), max(row["y"] for row in rows)
    for row in rows:
        x = (row["x"] - left) / ((right - left) or 1) * _WIDTH
        y = (row["y"] - low) / ((high - low) or 1) * _HEIGHT
        half = min(len(row["term"]), 24) * _LETTER / 2
        if all(abs(x - a) > half + b or abs(y - c) > _LINE for a, b, c in placed):
            placed.append((x, half, y))
            chosen.add(row["term"])
        if len(chosen) == _LABELLED:
            break
    return chosen


def map_rows(content: ReportContent) -> list[dict[str, Any]]:
    """Return the terms on the map with their counts, most mentioned first."""
    known = {row["term"]: row for row in content.terms}
    empty = {"mentions": 0, "models": 0, "respondents": 0, "smith_s": None, "sutrop": None}
    rows = [empty | dict(known.get(row["term"], {})) | dict(row) for row in content.clusters]
    return sorted(rows, key=lambda row: (-row["mentions"], row["term"]))


def semantic_map(content: ReportContent, lookup: Lookup) -> Figure:
    """Draw every term of the lexicon where its meaning puts it, coloured by dimension."""
    rows = map_rows(content)
    largest = max((row["mentions"] for row in rows), default=1)
    crowd = min(1.0, max(0.3, (400 / max(len(rows), 1)) ** 0.45))  # thousands: smaller marks
    labelled = uncrowded(rows)
    groups: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        place = lookup.places.get(row["term"])
        key = (place.dimension, place.placed_by) if place else (-1, "")
        groups.setdefault(key, []).append(row)
    order = sorted(groups, key=lambda key: (key[0] < 0, key))
    return Figure(
        id="fig-map",
        title="Every term, by meaning",
        caption="Each mark is a term; near means alike in meaning, and size is the number of "
        f"mentions. {plural(len(rows), 'term')}; the axes have no unit and only nearness can be "
        "read. Circles were placed in their dimension by loading (behaviour), diamonds by meaning "
        "only, crosses not at all. Zoom in for more labels; select a mark to read the replies "
        "behind it.",
        alt=f"Scatter of {plural(len(rows), 'term')} in two dimensions by meaning, coloured by "
        "dimension. The table below holds the same terms with counts.",
        data=[
            *(_trace(key, groups[key], lookup, (largest, crowd)) for key in order),
            *([_key_of_diamonds()] if any(by == "meaning" for _, by in order) else ()),
            _labels([row for row in rows if row["term"] in labelled], lookup),
        ],
        layout={
            "xaxis": axis(showgrid=False, showticklabels=False),
            "yaxis": axis(showgrid=False, showticklabels=False),
            "margin": {"l": 8, "r": 8, "t": 34, "b": 8},
            "legend": {"orientation": "h", "x": 0, "y": -0.02, "yanchor": "top"},
            "dragmode": "pan",
            "hovermode": "closest",
            "meta": "map",
        },
        height=620,
        tables=(term_table(rows, lookup),),
        link=0,
    )


def _trace(
    key: tuple[int, str],
    rows: list[dict[str, Any]],
    lookup: Lookup,
    scale: tuple[int, float],
) -> dict[str, Any]:
    largest, crowd = scale
    dimension, placed_by = key
    name = "not placed"
    if dimension >= 0:
        name = plot_label(lookup.dimensions[dimension]["name"], 34)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "legendgroup": f"d{dimension}",
        "showlegend": placed_by != "meaning",
        "x": [row["x"] for row in rows],
        "y": [row["y"] for row in rows],
        "hovertext": [_hover(row["term"], row, lookup.places.get(row["term"])) for row in rows],
        "hoverinfo": "text",
        "customdata": _found(rows, lookup),
        "marker": {
            "color": colour(dimension) if dimension >= 0 else GREY,
            "symbol": _SYMBOLS.get(placed_by, "x-thin" if dimension < 0 else "square"),
            "size": _sizes(rows, largest, crowd),
            "opacity": 0.85,
            "line": {"width": 1.6, "color": GREY}
            if dimension < 0
            else {"width": 0.8, "color": "rgba(255,255,255,.75)"},
        },
    }


def _key_of_diamonds() -> dict[str, Any]:
    """Return a line of the legend: what a diamond is, whatever its colour."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "by meaning only",
        "x": [None],
        "y": [None],
        "hoverinfo": "skip",
        "customdata": [["", ""]],
        "marker": {"color": GREY, "symbol": "diamond", "size": [10]},
    }


def _labels(rows: list[dict[str, Any]], lookup: Lookup) -> dict[str, Any]:
    """Return the labels as a trace of their own, so that no mark covers them."""
    return {
        "type": "scatter",
        "mode": "text",
        "showlegend": False,
        "x": [row["x"] for row in rows],
        "y": [row["y"] for row in rows],
        "text": [plot_label(row["term"], 24) for row in rows],
        "textposition": "top center",
        "textfont": {"size": 11},
        "hoverinfo": "skip",
        "customdata": _found(rows, lookup),
    }


def _found(rows: list[dict[str, Any]], lookup: Lookup) -> list[list[str]]:
    """Return anchor and plain term, for the page's search; neither is ever drawn."""
    anchors = {term: place.anchor for term, place in lookup.places.items()}
    return [[anchors.get(row["term"], ""), shorten(row["term"], 80)] for row in rows]


def term_table(rows: list[dict[str, Any]], lookup: Lookup) -> TableView:
    """Return the lexicon's terms as a table, most mentioned first."""

    def place(row: Any) -> str:
        found = lookup.places.get(row["term"])
        return found.sub_dimension if found else "not placed"

    columns = [
        text("Term", "term"),
        Column("Sub-dimension", place),
        counts("Mentions", "mentions"),
        counts("Respondents", "respondents"),
        counts("Models", "models"),
        figures("Smith's S", "smith_s", lambda v: coefficient(v, 3)),
        figures("Cluster", "cluster", lambda v: "none" if v == -1 else count(v)),
        figures("Membership", "membership", coefficient),
        figures("x", "x", number),
        figures("y", "y", number),
    ]
    return table("Terms on the map, most mentioned first", columns, rows, 1500, "clusters.csv")
