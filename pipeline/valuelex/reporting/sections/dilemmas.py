"""Dilemmas: what was chosen, how steadily, and whether the value profile foretold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valuelex.reporting.content import Doc, Rows, dig
from valuelex.reporting.sections.elicitation import readable
from valuelex.reporting.tables import Column, TableView, bounds, counts, figures, table, text
from valuelex.reporting.text import coefficient, count, interval, number, p_value, share


def view(rows: Rows, report: Doc | None) -> dict[str, Any]:
    """Return statement, facts and tables of the dilemmas; or why there are none."""
    chosen = dig(report, "outcomes", "chosen", default=0)
    if not chosen:
        return {"done": False, "outcomes": _outcomes(report)}
    return {
        "done": True,
        "statement": str(dig(report, "statement", default=""))[:1].upper()
        + str(dig(report, "statement", default=""))[1:],
        "note": dig(report, "note", default=""),
        "facts": _facts(report),
        "models": _models(report),
        "cases": _cases(rows),
        "choices": _choices(rows),
    }


def _outcomes(report: Doc | None) -> str:
    reasons = dig(report, "outcomes", "open", default={})
    return "; ".join(f"{readable(str(name))} {count(n)}" for name, n in reasons.items())


def _facts(report: Doc | None) -> list[tuple[str, str]]:
    found = dig(report, "foretold", default={})
    outcomes = dig(report, "outcomes", default={})
    facts = [
        ("Answers", f"{count(outcomes.get('asked'))}, {count(outcomes.get('chosen'))} chose"),
        ("Without a choice", _outcomes(report)),
        ("Same choice in both orders", _share(dig(report, "order", "consistency"))),
        ("Took the option shown first", _share(dig(report, "order", "option_a"))),
    ]
    if found:
        facts += [
            ("Choices foretold with the profile", share(found["accuracy"], 1)),
            ("By each dilemma's base rate alone", share(found["base_accuracy"], 1)),
            ("By the profile without base rates", share(found["alone_accuracy"], 1)),
            (
                "Gain of the profile (nats a choice)",
                f"{number(found['gain'], 3)} {interval(found['lower'], found['upper'], 3)},"
                f" p {p_value(found['p'])} against {count(found['permutations'])} deals of the"
                " profiles",
            ),
            (
                "Rests on",
                f"{count(found['n'])} choices, {count(found['n_models'])} models,"
                f" {count(found['n_families'])} families, {found['left_out']} left out",
            ),
        ]
    return [(name, value) for name, value in facts if value and value != "–"]


def _share(found: Mapping[str, Any] | None) -> str:
    if not found or found.get("share") is None:
        return ""
    lower, upper = found.get("lower"), found.get("upper")
    ends = "" if lower is None or upper is None else f" [{100 * lower:.1f}, {100 * upper:.1f}]"
    return f"{share(found['share'], 1)}{ends} of {count(found.get('n'))}"


def _models(report: Doc | None) -> TableView | None:
    rows = list(dig(report, "models", default=()))
    if not rows:
        return None
    steady = {row["model"]: row for row in dig(report, "order", "models", default=())}

    def both(row: Mapping[str, Any]) -> str:
        found = steady.get(row["model"], {})
        ends = interval(found.get("lower"), found.get("upper"))
        return f"{coefficient(found.get('share'))} {ends}"

    columns = [
        text("Model", "model"),
        counts("Choices", "n"),
        figures("Foretold", "accuracy", coefficient),
        bounds(),
        figures("Base rate", "base_accuracy", coefficient),
        figures("Gain", "gain", lambda v: number(v, 3)),
        Column("Same choice in both orders", both, numeric=True),
    ]
    return table("How well each model's choices were foretold", columns, rows)


def _cases(rows: Rows) -> TableView:
    """Return one row a dilemma, all models together."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        case = found.setdefault(
            row["dilemma"],
            {"dilemma": row["dilemma"], "value": row["value"], "other": row["other"]}
            | dict.fromkeys(("n_value", "n_other", "n_open"), 0),
        )
        for name in ("n_value", "n_other", "n_open"):
            case[name] += row[name]
    columns = [
        text("Dilemma", "dilemma"),
        Column("Value", lambda row: readable(str(row["value"]))),
        Column("Other value", lambda row: readable(str(row["other"]))),
        counts("Chose the first", "n_value"),
        counts("Chose the other", "n_other"),
        counts("Chose neither", "n_open"),
        Column(
            "Share of the first",
            lambda row: share(row["n_value"], row["n_value"] + row["n_other"]),
            numeric=True,
        ),
    ]
    return table("What was chosen in each dilemma", columns, list(found.values()))


def _choices(rows: Rows) -> TableView:
    columns = [
        text("Model", "model"),
        text("Dilemma", "dilemma"),
        Column("Value", lambda row: readable(str(row["value"]))),
        Column("Other value", lambda row: readable(str(row["other"]))),
        figures("Share", "share", coefficient),
        figures("Difference in profile", "difference", number),
        figures("Base rate", "base_rate", coefficient),
        figures("Foretold", "foretold", coefficient),
    ]
    return table("Every model on every dilemma", columns, rows, 240, "survey/dilemmas.csv")
