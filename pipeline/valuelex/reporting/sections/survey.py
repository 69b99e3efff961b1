"""The values questionnaire: how repeatable, how valid, and where models stand beside people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from valuelex.reporting.content import Doc, ReportContent, Rows, dig
from valuelex.reporting.figures.questionnaire import people_table
from valuelex.reporting.sections.elicitation import readable
from valuelex.reporting.sections.scores import absence, totals
from valuelex.reporting.tables import Column, TableView, bounds, counts, figures, table, text
from valuelex.reporting.text import coefficient, count, interval, number, p_value


def survey_view(content: ReportContent) -> dict[str, Any]:
    """Return facts, warnings and tables of the questionnaire; or why it was not given."""
    done = any(row["raw"] is not None for row in content.survey_profiles)
    reliability = content.survey_reliability
    return {
        "done": done,
        "why": "" if done else absence("survey", content),
        "totals": totals(content.answer_outcomes),
        "facts": _facts(content) if done else [],
        "warnings": _warnings(content) if done else [],
        "tables": [
            view
            for view in (
                people_table(content),
                _value_reliability(reliability),
                _variance(reliability),
                _retest(reliability),
                _cfa(content.survey_validity),
                _left_out(content.survey_discriminant),
                _style(content.survey_style),
                _profiles(content.survey_profiles),
            )
            if view is not None
        ]
        if done
        else [],
    }


def _warnings(content: ReportContent) -> list[str]:
    """Return what has to be said beside the numbers, each sentence once."""
    found = [
        *dig(content.survey_reliability, "warnings", default=()),
        *filter(None, [dig(content.survey_discriminant, "warning")]),
    ]
    return list(dict.fromkeys(found))


def _facts(content: ReportContent) -> list[tuple[str, str]]:
    doc = content.survey_reliability
    unanswered = dig(doc, "unanswered", default={})
    beside = content.survey_people
    people = dig(beside, "profile_r", default={})
    facts = [
        ("Trials per model", count(dig(doc, "trials"))),
        (
            "Given",
            {"sheet": "all on one sheet", "item": "item by item"}.get(str(dig(doc, "mode")), ""),
        ),
        ("Agreement of trials (ICC, median over values)", _median_icc(doc)),
        (
            "Unanswered items",
            f"{count(sum(unanswered.values()))}: "
            + "; ".join(f"{readable(str(name))} {count(n)}" for name, n in unanswered.items())
            if unanswered
            else "",
        ),
        (
            "Mean profile of the models beside people",
            f"r {coefficient(people.get('r'))}"
            f" {interval(people.get('lower'), people.get('upper'))},"
            f" {count(dig(beside, 'n_models'))} models of"
            f" {count(dig(beside, 'n_families'))} families"
            if people.get("r") is not None
            else "",
        ),
        *_circles(content.survey_validity),
        ("Models told apart from one trial left out", _told(content.survey_discriminant)),
    ]
    return [(name, value) for name, value in facts if value and value != "–"]


def _median_icc(document: Doc | None) -> str:
    rows = dig(document, "icc_trials", default=())
    if isinstance(rows, int | float):
        return coefficient(rows)
    known = [row["icc1"] for row in rows if row.get("icc1") is not None]
    return coefficient(median(known)) if known else ""


def _circles(document: Doc | None) -> Iterator[tuple[str, str]]:
    """Yield how well the circle matches theory and people, at either level, or why it does not."""
    for row in dig(document, "circle", default=()):
        name = f"Circle of {row['level']} values"
        theory, people = row.get("theory"), row.get("people")
        if theory is None:
            yield name, str(row.get("note", ""))
            continue
        words = f"congruence with the theory {coefficient(theory['congruence'])}"
        words += f" (p {p_value(theory['p'])})"
        if people is not None:
            words += f", with people {coefficient(people['congruence'])} (p {p_value(people['p'])})"
        yield name, f"{words}, stress {coefficient(row['stress'])}, {count(row['n_models'])} models"


def _told(document: Doc | None) -> str:
    if dig(document, "accuracy") is None:
        return ""
    return (
        f"accuracy {coefficient(dig(document, 'accuracy'))} against"
        f" {coefficient(dig(document, 'baseline', 'mean'))} by chance (95th percentile"
        f" {coefficient(dig(document, 'baseline', 'p95'))}), p {p_value(dig(document, 'p'))},"
        f" {count(dig(document, 'n_cases'))} trials of {count(dig(document, 'n_models'))} models"
    )


def _value_reliability(document: Doc | None) -> TableView | None:
    rows = list(dig(document, "values", default=()))
    if not rows:
        return None
    repeats = dig(document, "icc_trials")
    icc = {row["value"]: row for row in repeats} if isinstance(repeats, list) else {}

    def between_trials(row: Mapping[str, Any]) -> str:
        found = icc.get(row["value"], {})
        return (
            f"{coefficient(found.get('icc1'))} {interval(found.get('lower'), found.get('upper'))}"
        )

    def omega(row: Mapping[str, Any]) -> str:
        ends = interval(row.get("omega_lower"), row.get("omega_upper"))
        return f"{coefficient(row.get('omega'))} {ends}"

    columns = [
        Column("Value", lambda row: readable(str(row["value"]))),
        counts("Items", "n_items"),
        figures("Alpha", "alpha", coefficient),
        bounds(),
        Column("Omega", omega, numeric=True),
        counts("Cases", "n"),
        counts("Left out", "n_left_out"),
        *([Column("ICC over trials", between_trials, numeric=True)] if icc else []),
    ]
    return table("Reliability of the value scores", columns, rows)


def _variance(document: Doc | None) -> TableView | None:
    rows = list(dig(document, "variance", "components", default=()))
    columns = [
        text("Source", "source"),
        figures("Share", "share", coefficient),
        bounds(),
        figures("Variance", "variance", lambda v: number(v, 3)),
        counts("Levels", "levels"),
    ]
    answers = count(dig(document, "variance", "n"))
    caption = f"Where the variance of {answers} raw answers comes from"
    return table(caption, columns, rows) if rows else None


def _retest(document: Doc | None) -> TableView | None:
    rows = list(dig(document, "retest", default=()))
    columns = [
        text("What changes", "facet"),
        figures("Equal answers", "agreement", coefficient),
        figures("In plain repeats", "repeat", coefficient),
        figures("Gap", "gap", coefficient),
        bounds(),
        figures("Profile r", "r", coefficient),
        figures("In plain repeats", "r_repeat", coefficient),
        figures("Shift, points", "shift", number),
        counts("Models", "n_models"),
    ]
    caption = "The same items under another order or wording, beside plain repeats"
    return table(caption, columns, rows) if rows else None


def _cfa(document: Doc | None) -> TableView | None:
    rows = list(dig(document, "cfa", default=()))
    columns = [
        Column("Higher-order value", lambda row: readable(str(row["model"]))),
        counts("Models", "n_models"),
        counts("Parameters", "n_parameters"),
        figures("CFI", "cfi", coefficient),
        figures("TLI", "tli", coefficient),
        figures("RMSEA", "rmsea", coefficient),
        Column(
            "90 % interval",
            lambda r: interval(r.get("rmsea_lower"), r.get("rmsea_upper")),
            numeric=True,
        ),
        figures("SRMR", "srmr", coefficient),
        text("Note", "note"),
    ]
    return table("Confirmatory factor analysis, models as cases", columns, rows) if rows else None


def _left_out(document: Doc | None) -> TableView | None:
    rows = list(dig(document, "left_one_model_out", default=()))
    columns = [
        Column("Told by other models", lambda row: readable(str(row["label"]))),
        figures("Accuracy", "accuracy", coefficient),
        Column(
            "By chance (95th percentile)",
            lambda r: (
                f"{coefficient(dig(r, 'baseline', 'mean'))}"
                f" ({coefficient(dig(r, 'baseline', 'p95'))})"
            ),
            numeric=True,
        ),
        figures("p", "p", p_value),
        counts("Models", "n_models"),
        text("Note", "note"),
    ]
    return (
        table("Discriminant analysis with whole models left out", columns, rows) if rows else None
    )


def _style(rows: Rows) -> TableView | None:
    columns = [
        text("Model", "model"),
        figures("Mean", "mean", number),
        figures("SD", "sd", number),
        figures("At the ends", "extreme", coefficient),
        figures("In the middle", "middle", coefficient),
        figures("Longest run", "longest_run", coefficient),
        counts("Straight-lined", "straight_lined"),
        figures("Upwards − downwards", "order_shift", number),
        counts("Answered", "n_answered"),
        counts("Missing", "n_missing"),
    ]
    known = [row for row in rows if row["mean"] is not None]
    return table("Use of the scale", columns, known, 300, "survey/style.csv") if known else None


def _profiles(rows: Rows) -> TableView:
    columns = [
        text("Model", "model"),
        text("Level", "level"),
        Column("Value", lambda row: readable(str(row["value"]))),
        figures("Raw", "raw", number),
        figures("Centred", "centred", number),
        figures("SE", "se", number),
        counts("Answered", "n_answered"),
        counts("Missing", "n_missing"),
    ]
    return table("Value scores of every model", columns, rows, 700, "survey/profiles.csv")
