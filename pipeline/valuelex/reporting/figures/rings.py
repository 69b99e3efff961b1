"""The taxonomy as rings: dimensions, sub-dimensions, terms."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.content import Doc, ReportContent
from valuelex.reporting.figures.base import Figure
from valuelex.reporting.lookup import INK, colour, ink_on, pale, walk
from valuelex.reporting.tables import TableView, counts, table, text
from valuelex.reporting.text import plot_label, plural

_LEAVES = 400


def sunburst(content: ReportContent) -> Figure:
    """Draw dimensions, sub-dimensions and terms as rings, with mentions as angle."""
    ids, labels, parents, values, hover = ["root"], [""], [""], [0], [""]
    colours, inks = ["rgba(0,0,0,0)"], [INK]

    def add(key: str, label: str, parent: str, value: int, tint: str) -> None:
        inks.append(ink_on(tint))
        ids.append(key)
        labels.append(plot_label(label, 34).replace(" &amp; ", "<br>&amp; "))
        parents.append(parent)
        values.append(value)
        colours.append(tint)
        hover.append(f"<b>{plot_label(label)}</b><br>{plural(value, 'mention')}")

    groups = sum(len(d.get("sub_dimensions", ())) for d in content.taxonomy.get("dimensions", ()))
    most = max(6, _LEAVES // max(groups, 1))
    for at, dimension in enumerate(content.taxonomy.get("dimensions", ())):
        subs = dimension.get("sub_dimensions", ())
        add(f"d{at}", dimension["name"], "root", _total(subs), colour(at))
        for inner, sub in enumerate(subs):
            add(f"d{at}s{inner}", sub["name"], f"d{at}", _total([sub]), pale(colour(at), 0.25))
            parent, tint = f"d{at}s{inner}", pale(colour(at))
            for leaf, (label, mentions) in enumerate(_leaves(sub, most)):
                add(f"{parent}t{leaf}", label, parent, mentions, tint)
    values[0] = _total(content.taxonomy.get("dimensions", ()), deep=True)
    return Figure(
        id="fig-rings",
        title="The taxonomy by mentions",
        caption="Inner ring: dimensions; middle: sub-dimensions; outer: terms. The angle is the "
        f"share of the {plural(values[0], 'mention')} of placed terms. Select a part to open it, "
        "the centre to go back.",
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
                "insidetextorientation": "auto",
                "sort": False,
                "marker": {
                    "colors": colours,
                    "line": {"width": 1, "color": "rgba(255,255,255,.6)"},
                },
                "leaf": {"opacity": 1},
                "insidetextfont": {"color": inks},
            }
        ],
        layout={"margin": {"l": 0, "r": 0, "t": 0, "b": 0}},
        height=620,
        tables=(_mass_table(content),),
    )


def _leaves(sub: Doc, most: int) -> list[tuple[str, int]]:
    """Return a sub-dimension's terms with their mentions; past ``most``, the rest as one."""
    rows = [(str(entry["term"]), entry.get("mentions", 0)) for entry in sub.get("terms", ())]
    if len(rows) <= most:
        return rows
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    rest = ordered[most - 1 :]
    return [*ordered[: most - 1], (f"{len(rest)} more", sum(n for _, n in rest))]


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
