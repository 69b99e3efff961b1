"""The map of terms by meaning, and the taxonomy as a sunburst."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.content import ReportContent
from valuelex.reporting.figures.base import Figure, axis
from valuelex.reporting.lookup import GREY, Lookup, Place, colour, walk
from valuelex.reporting.tables import Column, TableView, counts, figures, table, text
from valuelex.reporting.text import coefficient, count, number, plot_label, plural, shorten

_SYMBOLS = {"loading": "circle", "meaning": "diamond"}
_LABELLED = 42


def _hover(term: str, row: dict[str, Any], place: Place | None) -> str:
    where = "not placed in the taxonomy"
    if place is not None:
        by = {"loading": "by loading", "meaning": "by meaning"}.get(place.placed_by, "")
        where = f"{plot_label(place.sub_dimension)}, placed {by}" if by else place.sub_dimension
    return (
        f"<b>{plot_label(term)}</b><br>{where}<br>{plural(row['mentions'], 'mention')}"
        f" · {plural(row['models'], 'model')} · {plural(row['respondents'], 'respondent')}"
    )


def _sizes(rows: list[dict[str, Any]], largest: int) -> list[float]:
    return [round(7 + 17 * (row["mentions"] / max(largest, 1)) ** 0.5, 1) for row in rows]


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
    labelled = {row["term"] for row in rows[:_LABELLED]}
    groups: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        place = lookup.places.get(row["term"])
        key = (place.dimension, place.placed_by) if place else (-1, "")
        groups.setdefault(key, []).append(row)
    order = sorted(groups, key=lambda key: (key[0] < 0, key))
    return Figure(
        id="fig-map",
        title="Map of terms",
        caption="Each mark is a term; near means alike in meaning, and size is the number of "
        "mentions. The axes have no unit and only nearness can be read. Circles were placed in "
        "their dimension by loading (behaviour), diamonds by meaning only, crosses not at all. "
        "Select a mark to read the replies behind it.",
        alt=f"Scatter of {plural(len(rows), 'term')} in two dimensions by meaning, coloured by "
        "dimension. The table below holds the same terms with counts.",
        data=[_trace(key, groups[key], lookup, labelled, largest) for key in order],
        layout={
            "xaxis": axis(showgrid=False, showticklabels=False),
            "yaxis": axis(showgrid=False, showticklabels=False),
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "dragmode": "pan",
            "hovermode": "closest",
            "meta": "map",
        },
        height=620,
        tables=(term_table(rows, lookup),),
    )


def _trace(
    key: tuple[int, str],
    rows: list[dict[str, Any]],
    lookup: Lookup,
    labelled: set[str],
    largest: int,
) -> dict[str, Any]:
    dimension, placed_by = key
    name = "not placed"
    if dimension >= 0:
        by = " (by meaning)" if placed_by == "meaning" else ""
        name = plot_label(lookup.dimensions[dimension]["name"], 28) + by
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": name,
        "x": [row["x"] for row in rows],
        "y": [row["y"] for row in rows],
        "text": [plot_label(row["term"], 24) if row["term"] in labelled else "" for row in rows],
        "textposition": "top center",
        "textfont": {"size": 11},
        "hovertext": [_hover(row["term"], row, lookup.places.get(row["term"])) for row in rows],
        "hoverinfo": "text",
        # the plain terms are for the page's search; they are never drawn
        "customdata": [
            [lookup.places[t].anchor if t in lookup.places else "", shorten(t, 80)]
            for t in (row["term"] for row in rows)
        ],
        "marker": {
            "color": colour(dimension) if dimension >= 0 else GREY,
            "symbol": _SYMBOLS.get(placed_by, "x-thin" if dimension < 0 else "square"),
            "size": _sizes(rows, largest),
            "opacity": 0.82,
            "line": {"width": 1, "color": colour(dimension)},
        },
    }


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


def sunburst(content: ReportContent) -> Figure:
    """Draw dimensions, sub-dimensions and terms as rings, with mentions as angle."""
    ids, labels, parents, values, colours, hover = ["root"], [""], [""], [0], ["rgba(0,0,0,0)"], [""]

    def add(key: str, label: str, parent: str, value: int, tint: str) -> None:
        ids.append(key)
        labels.append(plot_label(label, 26))
        parents.append(parent)
        values.append(value)
        colours.append(tint)
        hover.append(f"<b>{plot_label(label)}</b><br>{plural(value, 'mention')}")

    for at, dimension in enumerate(content.taxonomy.get("dimensions", ())):
        subs = dimension.get("sub_dimensions", ())
        add(f"d{at}", dimension["name"], "root", _total(subs), colour(at))
        for inner, sub in enumerate(subs):
            add(f"d{at}s{inner}", sub["name"], f"d{at}", _total([sub]), colour(at))
            for leaf, entry in enumerate(sub.get("terms", ())):
                key = f"d{at}s{inner}t{leaf}"
                add(key, entry["term"], f"d{at}s{inner}", entry.get("mentions", 0), colour(at))
    values[0] = _total(content.taxonomy.get("dimensions", ()), deep=True)
    return Figure(
        id="fig-rings",
        title="The taxonomy by mentions",
        caption="Inner ring: dimensions; middle: sub-dimensions; outer: terms. The angle is the "
        "share of mentions. Select a part to open it, the centre to go back.",
        alt="Sunburst of dimensions, sub-dimensions and terms; the tree beside it is the same.",
        data=[
            {
                "type": "sunburst",
                "ids": ids,
                "labels": labels,
                "parents": parents,
                "values": values,
                "hovertext": hover,
                "hoverinfo": "text",
                "branchvalues": "total",
                "insidetextorientation": "radial",
                "sort": False,
                "marker": {"colors": colours, "line": {"width": 1, "color": "rgba(255,255,255,.6)"}},
                "leaf": {"opacity": 0.62},
                "insidetextfont": {"color": "#ffffff"},
            }
        ],
        layout={"margin": {"l": 0, "r": 0, "t": 0, "b": 0}},
        height=620,
        tables=(_mass_table(content),),
    )


def _total(parts: Any, deep: bool = False) -> int:
    if deep:
        return sum(_total(part.get("sub_dimensions", ())) for part in parts)
    return sum(entry.get("mentions", 0) for part in parts for entry in part.get("terms", ()))


def _mass_table(content: ReportContent) -> TableView:
    seen: dict[str, dict[str, Any]] = {}
    for _, dimension, sub, entry in walk(content.taxonomy):
        row = seen.setdefault(
            sub["id"], {"d": dimension["name"], "s": sub["name"], "terms": 0, "mentions": 0}
        )
        row["terms"] += 1
        row["mentions"] += entry.get("mentions", 0)
    columns = [
        text("Sub-dimension", "s"),
        text("Dimension", "d"),
        counts("Terms", "terms"),
        counts("Mentions", "mentions"),
    ]
    return table("Terms and mentions by sub-dimension", columns, seen.values())
