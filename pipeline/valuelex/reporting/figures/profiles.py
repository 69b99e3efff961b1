"""Projective profiles of models, and the values questionnaire beside people."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.anchors import Anchors
from valuelex.reporting.content import ReportContent, Row, Rows
from valuelex.reporting.figures.base import REFERENCE, Figure, Pick, axis, errors
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.tables import Column, TableView, counts, figures, table, text
from valuelex.reporting.text import interval, number, plot_label, plural

# The circle of the refined theory (Schwartz and others, 2012), in its order around the circle, with
# the usual abbreviations for narrow screens.
CIRCLE = {
    "self-direction-thought": "SDT",
    "self-direction-action": "SDA",
    "stimulation": "ST",
    "hedonism": "HE",
    "achievement": "AC",
    "power-dominance": "POD",
    "power-resources": "POR",
    "face": "FAC",
    "security-personal": "SEP",
    "security-societal": "SES",
    "tradition": "TR",
    "conformity-rules": "COR",
    "conformity-interpersonal": "COI",
    "humility": "HUM",
    "benevolence-dependability": "BED",
    "benevolence-care": "BEC",
    "universalism-concern": "UNC",
    "universalism-nature": "UNN",
    "universalism-tolerance": "UNT",
}


def _key(value: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in value.lower()).split())


def circle_order(values: list[str]) -> list[str]:
    """Sort value names around the circle; names that are not on it follow in their own order."""
    place = {name: at for at, name in enumerate(CIRCLE)}
    return sorted(values, key=lambda value: (place.get(_key(value), len(place)), value))


def pick_models(models: list[str], lookup: Lookup, first: int, slots: int, shift: float) -> Pick:
    """Return selectors over models, grouped by family; ``first`` is the first model's trace."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for at, model in enumerate(models):
        groups.setdefault(lookup.family(model) or "models", []).append((first + at, model))
    options = tuple((family, tuple(groups[family])) for family in sorted(groups))
    return Pick(slots, options, shift)


def projective(content: ReportContent, lookup: Lookup, anchors: Anchors) -> Figure | None:
    """Draw each model's projective scores with intervals; the roster lies behind in grey."""
    rows = [row for row in content.profiles if row["mean"] is not None]
    ids = [sub["id"] for d in lookup.dimensions for sub in d.get("sub_dimensions", ())]
    ids = [i for i in ids if any(row["id"] == i for row in rows)]
    if not ids:
        return None
    rows = [row for row in rows if row["id"] in ids]
    models = sorted({row["model"] for row in rows})
    cloud = {
        "type": "scatter",
        "mode": "markers",
        "name": "all models",
        "x": [row["mean"] for row in rows],
        "y": [ids.index(row["id"]) for row in rows],
        "marker": {"color": REFERENCE, "size": 7, "opacity": 0.35, "symbol": "line-ns-open"},
        "hovertext": [f"{plot_label(row['model'])}: {number(row['mean'])}" for row in rows],
        "hoverinfo": "text",
        "customdata": [[anchors.models.get(row["model"], "")] for row in rows],
    }
    return Figure(
        id="fig-profiles",
        title="Compare models",
        caption="Mean judged score of a model's sentence completions on each sub-dimension, from 0 "
        "(the completion goes against it) to 6 (it affirms it), with 95 % intervals over stems and "
        f"draws. Grey strokes are all {plural(len(models), 'model')}; the axis shows the part of "
        "the scale where they lie, near 3 because most completions are about something else. "
        "Choose models to compare; select a mark to read what the model wrote.",
        alt=f"Dots with intervals: {plural(len(ids), 'sub-dimension')} by chosen model.",
        data=[cloud, *(_profile(model, rows, ids, anchors) for model in models)],
        layout={
            "xaxis": axis("Projective score (scale from 0 to 6)"),
            "yaxis": axis(
                tickvals=list(range(len(ids))),
                ticktext=[plot_label(lookup.names.get(i, i), 30) for i in ids],
                range=[len(ids) - 0.4, -0.6],
                showgrid=False,
            ),
        },
        height=170 + 54 * len(ids),
        tables=(profile_table(content.profiles, lookup),),
        pick=pick_models(models, lookup, first=1, slots=4, shift=0.15),
        link=0,
    )


def _profile(model: str, rows: list[Row], ids: list[str], anchors: Anchors) -> dict[str, Any]:
    mine = sorted((r for r in rows if r["model"] == model), key=lambda r: ids.index(r["id"]))
    means, lower, upper = ([row[key] for row in mine] for key in ("mean", "lower", "upper"))
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plot_label(model, 28),
        "visible": False,
        "x": means,
        "y": [ids.index(row["id"]) for row in mine],
        "error_x": errors(means, lower, upper, REFERENCE, 2),
        "marker": {"size": 10},
        "customdata": [[anchors.models.get(model, "")]] * len(mine),
        "hovertext": [
            f"<b>{plot_label(model)}</b><br>{number(r['mean'])} "
            f"{interval(r['lower'], r['upper'])}<br>{r['n_scored']} scored, "
            f"{r['n_unscored']} unscored"
            for r in mine
        ],
        "hoverinfo": "text",
    }


def profile_table(rows: Rows, lookup: Lookup) -> TableView:
    """Return every model's scores with n, interval and the count of unscored verdicts."""
    columns = [
        text("Model", "model"),
        text("Level", "level"),
        Column("Score on", lambda row: lookup.names.get(row["id"], row["id"])),
        figures("Mean", "mean", number),
        figures("SE", "se", number),
        Column("95 % interval", lambda r: interval(r["lower"], r["upper"]), numeric=True),
        counts("Scored", "n_scored"),
        counts("Unscored", "n_unscored"),
        figures("Percentile", "percentile", lambda v: number(v, 0)),
    ]
    return table("Projective scores of every model", columns, rows, 800, "score/profiles.csv")


def survey_circle(content: ReportContent, lookup: Lookup) -> Figure | None:
    """Draw centred value scores around the circle, people's means among the models'."""
    rows = [row for row in content.survey_human if row["centred"] is not None]
    if not rows:
        return None
    values = circle_order(sorted({row["value"] for row in rows}))
    models = sorted({row["model"] for row in rows})
    people = {row["value"]: row["human"] for row in rows}
    labels = [plot_label(value.replace("_", " "), 26) for value in values]
    short = [CIRCLE.get(_key(value), plot_label(value, 8)) for value in values]
    human = _ring("people (49 national groups)", labels, [people[v] for v in values])
    human["line"] = {"color": REFERENCE, "width": 2.5, "dash": "dash"}
    human["marker"] = {"color": REFERENCE, "size": 6}
    scores = {(row["model"], row["value"]): row["centred"] for row in rows}
    rings = [
        _ring(plot_label(m, 28), labels, [scores.get((m, v)) for v in values]) | {"visible": False}
        for m in models
    ]
    return Figure(
        id="fig-circle",
        title="Models and people on the circle of values",
        caption="Centred scores: how much more (outwards) or less a value counts than the "
        "respondent's own average, in points of the 1–6 scale. Neighbours on the circle are "
        "expected to agree. The dashed ring is the mean of people in 49 national groups; the "
        f"other {plural(len(models), 'model')} can be chosen. Intervals are in the table.",
        alt="Closed lines around the circle of values: people, and the chosen models.",
        data=[human, *rings],
        layout={
            "polar": {
                "bgcolor": "rgba(0,0,0,0)",
                "radialaxis": {"angle": 90, "tickangle": 90, "tickfont": {"size": 10}},
                "angularaxis": {"tickfont": {"size": 11}, "direction": "clockwise"},
            },
            "meta": {"short": short},
            "margin": {"l": 90, "r": 90, "t": 96, "b": 40},
            "legend": {"orientation": "h", "x": 0, "y": 1.14, "yanchor": "bottom"},
        },
        height=680,
        tables=(human_table(content.survey_human),),
        pick=pick_models(models, lookup, first=1, slots=3, shift=0),
    )


def _ring(name: str, labels: list[str], values: list[Any]) -> dict[str, Any]:
    return {
        "type": "scatterpolar",
        "mode": "lines+markers",
        "name": name,
        "theta": [*labels, labels[0]],
        "r": [*values, values[0]],
        "hovertemplate": "%{theta}: %{r:.2f}<extra>" + name + "</extra>",
    }


def human_table(rows: Rows) -> TableView:
    """Return models beside people, value by value."""
    columns = [
        text("Model", "model"),
        text("Value", "value"),
        figures("Centred", "centred", number),
        figures("People", "human", number),
        figures("Difference", "difference", number),
        Column("95 % interval", lambda r: interval(r["lower"], r["upper"]), numeric=True),
        figures("Rank shift", "rank_shift", lambda v: number(v, 0)),
        figures("Profile r", "profile_r", number),
    ]
    return table("Models beside people", columns, rows, 800, "survey/human.csv")
