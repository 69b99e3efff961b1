"""Value Portrait: scores, how many of the tags are chance, and what answers hang on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valuelex.reporting.content import Doc, Rows, dig
from valuelex.reporting.sections.elicitation import readable
from valuelex.reporting.tables import Column, TableView, bounds, counts, figures, table, text
from valuelex.reporting.text import coefficient, count, interval, number, share

_FORMS = (("wording", "Wording"), ("order", "Option order"), ("both", "Both at once"))


def view(scores: Rows, report: Doc | None) -> dict[str, Any]:
    """Return facts and tables of the item set; or why it was not given."""
    if not dig(report, "given"):
        return {"done": False, "why": dig(report, "why", default="it is not among its artifacts")}
    return {
        "done": True,
        "facts": _facts(report),
        "warning": _warning(report),
        "chance": _chance(report),
        "scores": _scores(scores),
        "sensitivity": _sensitivity(report),
        "shifts": _shifts(report),
        "people": _people(report),
        "note": dig(report, "personas", "note", default=""),
    }


def _facts(report: Doc | None) -> list[tuple[str, str]]:
    said, outcomes = dig(report, "item_set", default={}), dig(report, "outcomes", default={})
    over = dig(report, "sensitivity", "all", default={})
    items, questions = count(said.get("items")), count(said.get("questions"))
    tags = ", ".join(f"{name} {count(n)}" for name, n in said.get("tags", {}).items())
    reasons = "; ".join(f"{name} {count(n)}" for name, n in outcomes.get("unanswered", {}).items())
    facts = [
        ("Items", f"{items} replies to {questions} questions"),
        ("People who rated them", count(said.get("raters"))),
        ("Tags", f"{said.get('rule')} rule: {tags}"),
        ("Answers", f"{count(outcomes.get('answered'))} of {count(outcomes.get('asked'))}"),
        ("Without an answer", reasons),
    ]
    facts += [
        (f"{label} alone changes" if key != "both" else f"{label} change", _changes(over, key))
        for key, label in _FORMS
    ]
    return [(name, value) for name, value in facts if value and value != "–"]


def _changes(over: Mapping[str, Any], key: str) -> str:
    if over.get(key) is None:
        return ""
    return (
        f"{share(over[key], 1)} of answers, by {number(over[f'{key}_distance'])} points;"
        f" mean over {count(over.get('n_models'))} models"
    )


def _warning(report: Doc | None) -> str:
    rows = [row for row in dig(report, "item_set", "chance", default=()) if not row["value"]]
    parts = [
        f"{row['family']}: {count(row['published'])} tags, {number(row['expected'], 0)} expected by"
        f" chance ({share(row['false_share'], 1, 0)})"
        for row in rows
        if row["false_share"] is not None
    ]
    return "Tags that chance alone would give: " + "; ".join(parts) + "." if parts else ""


def _chance(report: Doc | None) -> TableView | None:
    rows = [row for row in dig(report, "item_set", "chance", default=()) if row["value"]]
    if not rows:
        return None
    columns = [
        Column("Value", lambda row: readable(str(row["value"]))),
        text("Family", "family"),
        counts("Tags by the threshold", "published"),
        figures("Expected by chance", "expected", lambda v: number(v, 1)),
        Column("95 % interval", lambda r: interval(r["lower"], r["upper"], 0), numeric=True),
        figures("Expected to be false", "false_share", coefficient),
        counts("Stand after correction", "corrected"),
    ]
    return table("Tags and chance, by value", columns, rows)


def _scores(rows: Rows) -> TableView:
    columns = [
        text("Model", "model"),
        text("Family", "family"),
        Column("Value", lambda row: readable(str(row["dimension"]))),
        figures("Centred", "centred", number),
        figures("SE", "se", number),
        figures("Mean", "mean", number),
        counts("Items", "n_items"),
        counts("Missing", "n_missing"),
    ]
    return table("Value Portrait scores of every model", columns, rows, 400, "survey/portrait.csv")


def _sensitivity(report: Doc | None) -> TableView | None:
    rows = list(dig(report, "sensitivity", "models", default=()))
    columns = [text("Model", "model")]
    for key, label in _FORMS:
        columns += [figures(f"{label}: share", key, coefficient), counts("Pairs", f"n_{key}")]
    return table("Answers that change with the form alone", columns, rows) if rows else None


def _shifts(report: Doc | None) -> TableView | None:
    rows = list(dig(report, "personas", "shifts", default=()))
    columns = [text("Model", "model"), text("Persona", "persona"), *_DIFFERENCE]
    where = "survey/portrait.json"
    return table("What personas change", columns, rows, 400, where) if rows else None


def _people(report: Doc | None) -> TableView | None:
    rows = list(dig(report, "personas", "people", default=()))
    columns = [text("Group", "group"), *_DIFFERENCE]
    return table("How people of these groups differ", columns, rows) if rows else None


_DIFFERENCE = (
    Column("Value", lambda row: readable(str(row["dimension"]))),
    figures("Difference", "shift", number),
    bounds(),
    counts("n", "n"),
)
