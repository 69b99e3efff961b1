"""The questionnaire's two maps: where models put the values, and where values put the models."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.content import ReportContent, Row, dig
from valuelex.reporting.figures.base import REFERENCE, Figure, axis
from valuelex.reporting.figures.profiles import CIRCLE
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.tables import Column, TableView, counts, figures, table, text
from valuelex.reporting.text import coefficient, number, p_value, plot_label, plural

_QUIET = {"zeroline": False, "showticklabels": False, "showgrid": False}
_TINTS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
# The higher-order values of the refined theory, with a colour and a mark each; two values stand
# between them.
_HIGHER = {
    "openness to change": ("#0072B2", "circle"),
    "self-enhancement": ("#D55E00", "diamond"),
    "conservation": ("#009E73", "square"),
    "self-transcendence": ("#CC79A7", "triangle-up"),
    "apart": (REFERENCE, "circle-open"),
}
_ABOVE = (
    ("self-direction", "openness to change"),
    ("stimulation", "openness to change"),
    ("hedonism", "openness to change"),
    ("achievement", "self-enhancement"),
    ("power", "self-enhancement"),
    ("security", "conservation"),
    ("tradition", "conservation"),
    ("conformity", "conservation"),
    ("benevolence", "self-transcendence"),
    ("universalism", "self-transcendence"),
)
_SIDES = {
    "top center": (0.0, 0.09),
    "bottom center": (0.0, -0.09),
    "middle right": (0.15, 0.0),
    "middle left": (-0.15, 0.0),
    "top right": (0.12, 0.07),
    "top left": (-0.12, 0.07),
    "bottom right": (0.12, -0.07),
    "bottom left": (-0.12, -0.07),
}
_SYMBOLS = ("circle", "diamond", "square", "cross", "triangle-up", "x")


def value_circle(content: ReportContent) -> Figure | None:
    """Draw the nineteen values as the models place them, the theory's circle behind."""
    circles = dig(content.survey_validity, "circle", default=())
    found = next((one for one in circles if one["level"] == "nineteen" and one["points"]), None)
    if found is None:
        return None
    points = found["points"]
    size = max(max(abs(p["x"]), abs(p["y"])) for p in points)
    theory = dig(found, "theory", default={})
    return Figure(
        id="fig-value-circle",
        title="How the models place the values",
        caption="Values that the same models hold dear lie close (ordinal scaling of correlations"
        f" over {plural(found['n_models'], 'model')}, stress {coefficient(found['stress'])})."
        " Turned onto the theory's circle, which begins at the right and runs upwards; congruence"
        f" {coefficient(theory.get('congruence'))}, p {p_value(theory.get('p'))} against random"
        " labels. The table below spells the abbreviations out.",
        alt="Scatter of nineteen values; the table holds angle and expected angle of each.",
        data=[
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [p["x"] for p in points],
                "y": [p["y"] for p in points],
                "text": [_short(p["value"]) for p in points],
                "textposition": beside([(p["x"] / size, p["y"] / size) for p in points]),
                "hovertext": [
                    f"{plot_label(p['value'])}<br>{number(p['angle'], 0)}°, expected"
                    f" {number(p['expected'], 0)}°"
                    for p in points
                ],
                "hoverinfo": "text",
                "marker": {
                    "size": 10,
                    "color": [_HIGHER[_higher(p["value"])][0] for p in points],
                    "symbol": [_HIGHER[_higher(p["value"])][1] for p in points],
                },
                "showlegend": False,
            },
            *_key(points),
        ],
        layout={
            "xaxis": axis("", range=[-1.25 * size, 1.25 * size], **_QUIET),
            "yaxis": axis("", range=[-1.25 * size, 1.25 * size], scaleanchor="x", **_QUIET),
            "shapes": [
                _ring((sum(p["x"] ** 2 + p["y"] ** 2 for p in points) / len(points)) ** 0.5)
            ],
        },
        height=560,
        tables=(_circle_table(points),),
    )


def beside(places: list[tuple[float, float]]) -> list[str]:
    """Choose where each label stands: the side that is furthest from all other marks and labels.

    ``places`` are on a square from -1 to 1 of some 450 pixels.
    """
    taken = list(places)
    chosen = []
    for x, y in places:
        clear = {
            name: min(
                (
                    ((x + right - a) / 0.16) ** 2 + ((y + up - b) / 0.08) ** 2
                    for a, b in taken
                    if (a, b) != (x, y)
                ),
                default=0.0,
            )
            for name, (right, up) in _SIDES.items()
        }
        best = max(clear, key=lambda name: round(min(clear[name], 1.0), 3))
        chosen.append(best)
        taken.append((x + _SIDES[best][0], y + _SIDES[best][1]))
    return chosen


def _short(value: str) -> str:
    return CIRCLE.get(value, plot_label(value, 8))


def _higher(value: str) -> str:
    return next((name for start, name in _ABOVE if value.startswith(start)), "apart")


def _key(points: list[Row]) -> list[dict[str, Any]]:
    """Return a line of the legend for each higher-order value."""
    there = {_higher(p["value"]) for p in points}
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": [None],
            "y": [None],
            "hoverinfo": "skip",
            "marker": {"color": tint, "symbol": symbol, "size": 10},
        }
        for name, (tint, symbol) in _HIGHER.items()
        if name in there
    ]


def _ring(radius: float) -> dict[str, Any]:
    return {
        "type": "circle",
        "x0": -radius,
        "x1": radius,
        "y0": -radius,
        "y1": radius,
        "line": {"color": REFERENCE, "width": 1, "dash": "dot"},
        "layer": "below",
    }


def _circle_table(points: list[Row]) -> TableView:
    columns = [
        text("Value", "value"),
        Column("On the map", lambda row: _short(row["value"])),
        Column("Higher-order value", lambda row: _higher(row["value"])),
        figures("Angle, degrees", "angle", lambda v: number(v, 0)),
        figures("Expected", "expected", lambda v: number(v, 0)),
        figures("x", "x", number),
        figures("y", "y", number),
    ]
    return table("The values on the map", columns, points)


def discriminant_map(content: ReportContent, lookup: Lookup) -> Figure | None:
    """Draw every trial on the two axes that tell models apart best."""
    rows = list(dig(content.survey_discriminant, "coordinates", default=()))
    if not rows:
        return None
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(lookup.family(row["model"]) or "models", []).append(row)
    share = dig(content.survey_discriminant, "axes", "share", default=())
    said = ", ".join(f"{number(100 * s, 0)} %" for s in share)
    return Figure(
        id="fig-discriminant",
        title="Discriminant map of the models",
        caption="Each mark is one trial, on the axes on which the models lie furthest apart, in"
        f" within-model standard deviations; the axes hold {said} of what separates them. The axes"
        " were fitted to these very trials: how far apart models look says nothing about trials to"
        " come, for which the accuracy on trials left out is given.",
        alt=f"Scatter of {plural(len(rows), 'trial')}; the table holds what the axes stand for.",
        data=[
            {
                "type": "scatter",
                "mode": "markers",
                "name": plot_label(family, 24),
                "x": [row["x"] for row in mine],
                "y": [row["y"] for row in mine],
                "hovertext": [f"{plot_label(r['model'])}, trial {r['trial'] + 1}" for r in mine],
                "hoverinfo": "text",
                "marker": {
                    "size": 7,
                    "opacity": 0.75,
                    "color": _TINTS[at % len(_TINTS)],
                    "symbol": _SYMBOLS[(at // len(_TINTS) + at) % len(_SYMBOLS)],
                },
            }
            for at, (family, mine) in enumerate(sorted(groups.items()))
        ],
        layout={"xaxis": axis("First axis, SD"), "yaxis": axis("Second axis, SD")},
        height=560,
        tables=tuple(filter(None, [_structure_table(content), _value_tests(content)])),
    )


def _structure_table(content: ReportContent) -> TableView | None:
    rows = list(dig(content.survey_discriminant, "structure", default=()))
    columns = [
        text("Value", "value"),
        figures("With the first axis, r", "x", coefficient),
        figures("With the second", "y", coefficient),
    ]
    return table("What the axes stand for", columns, rows) if rows else None


def _value_tests(content: ReportContent) -> TableView | None:
    rows = list(dig(content.survey_discriminant, "values", default=()))
    columns = [
        text("Value", "value"),
        figures("Share of variance between models", "eta2", coefficient),
        figures("F", "f", number),
        Column("df", lambda row: f"{row['df1']}, {row['df2']}", numeric=True),
        figures("p", "p", p_value),
        figures("p adjusted", "p_adjusted", p_value),
        text("Note", "note"),
    ]
    return table("Models compared on each value, trials as cases", columns, rows) if rows else None


def people_table(content: ReportContent) -> TableView | None:
    """Return the roster's mean profile beside people."""
    rows = list(dig(content.survey_people, "values", default=()))
    columns = [
        text("Value", "value"),
        figures("Models", "centred", number),
        figures("People", "human", number),
        figures("Difference", "difference", number),
        Column("95 % interval", lambda r: _ends(r, "lower", "upper"), numeric=True),
        counts("Models above people", "above_people"),
        figures("Rank", "rank", lambda v: number(v, 0)),
        figures("Rank of people", "human_rank", lambda v: number(v, 0)),
        Column("Rank shift", _rank_shift, numeric=True),
    ]
    return table("The roster's mean profile beside people", columns, rows) if rows else None


def _rank_shift(row: Row) -> str:
    ends = _ends(row, "rank_shift_lower", "rank_shift_upper", 0)
    return f"{number(row['rank_shift'], 0)} {ends}"


def _ends(row: Row, lower: str, upper: str, digits: int = 2) -> str:
    if row.get(lower) is None or row.get(upper) is None:
        return ""
    return f"[{number(row[lower], digits)}, {number(row[upper], digits)}]"
