"""The projective test and the values questionnaire, or why a study has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valuelex.reporting.content import Doc, ReportContent, Rows, dig
from valuelex.reporting.evidence import LIMIT, passage
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.sections.elicitation import OUTCOMES, outcome_rows, readable
from valuelex.reporting.sections.taxonomy import plain
from valuelex.reporting.tables import Column, TableView, bounds, counts, figures, table, text
from valuelex.reporting.text import DASH, coefficient, count, interval, number, share, shorten

_RECORDED = "its replies are recordings, and nobody can be asked a further question"
_UNKNOWN = "no such answers are among its artifacts"
_COMPLETIONS = 240


def projective_view(content: ReportContent, lookup: Lookup) -> dict[str, Any]:
    """Return form, reliability and some completions; or the reason and counts without them."""
    done = any(row["mean"] is not None for row in content.profiles)
    return {
        "done": done,
        "why": "" if done else absence("projective", content),
        "totals": totals(content.completion_outcomes),
        "outcomes": outcome_rows(content.completion_outcomes) if done else [],
        "facts": _form_facts(content) if done else [],
        "reliability": _form_reliability(content, lookup) if done else None,
        "stems": _stems(content.form, lookup),
        "completions": [_completion(row, lookup) for row in content.completions[:_COMPLETIONS]],
    }


def absence(part: str, content: ReportContent) -> str:
    """Return why an instrument was not administered, as the rest of a sentence."""
    given = content.not_administered.get(part)
    if given:
        return given
    engines = {str(entry.get("backend")) for entry in content.study.get("roster", ())}
    return _RECORDED if engines == {"recorded"} else _UNKNOWN


def totals(rows: Rows) -> list[tuple[str, str]]:
    """Return how many answers had each outcome, over all models."""
    sums = [(name, sum(row.get(name) or 0 for row in rows)) for name in OUTCOMES]
    return [(name, count(n)) for name, n in sums] if any(n for _, n in sums) else []


def _completion(row: Mapping[str, Any], lookup: Lookup) -> dict[str, Any]:
    cut = passage(str(row["text"]), 0, 0, LIMIT // 2)
    return {
        "model": row["model"],
        "score": number(row.get("score"), 1),
        "outcome": row.get("outcome"),
        "sub_dimension": lookup.names.get(row["sub_dimension"], row["sub_dimension"]),
        "stem": row["stem"],
        "text": cut.after,
        "skipped": cut.skipped_after,
        "first": shorten(str(row["text"]), 110),
    }


def _form_facts(content: ReportContent) -> list[tuple[str, str]]:
    doc = content.form_reliability
    reasons = dig(doc, "unscored", default={})
    why = "; ".join(f"{readable(str(name))} {count(n)}" for name, n in reasons.items())
    halo = dig(doc, "halo", default={})
    facts = [
        ("Stems", count(len(dig(content.form, "stems", default=())) or None)),
        ("Judges", plain(dig(doc, "judges"))),
        ("Completions", count(dig(doc, "n_completions"))),
        ("Verdicts with a score", count(dig(doc, "n_scored"))),
        ("Verdicts without one", count(dig(doc, "n_unscored")) + (f": {why}" if why else "")),
        ("Control endings judged right", _controls(dig(doc, "controls", default={}))),
        ("Two parallel forms, r over models", _forms(dig(doc, "forms", default={}))),
        ("Differences between two models", _differences(dig(doc, "differences", default={}))),
        (
            "Halo: first component's share",
            f"{coefficient(halo.get('raw'))} raw, {coefficient(halo.get('centred'))} with each "
            f"model centred; {coefficient(halo.get('floor'))} if no two scores went together",
        ),
        ("Agreement of judges", _agreement(dig(doc, "agreement"))),
    ]
    return [(name, value) for name, value in facts if value and value != "–"]


def _controls(found: Mapping[str, Any]) -> str:
    accuracy, n = found.get("accuracy"), found.get("n")
    if accuracy is None or not n:
        return ""
    return f"{count(round(accuracy * n))} of {count(n)} ({share(accuracy, 1, 0)})"


def _forms(found: Mapping[str, Any]) -> str:
    known = [row["r"] for row in found.values() if row.get("r") is not None]
    return f"{coefficient(min(known))} to {coefficient(max(known))}" if known else ""


def _differences(found: Mapping[str, Any]) -> str:
    pairs, beyond = found.get("pairs"), found.get("beyond_error")
    if not pairs or beyond is None:
        return ""
    return f"{count(beyond)} of {count(pairs)} lie beyond error ({found.get('rule')})"


def _agreement(value: Any) -> str:
    """Return the coefficient, or why there is none; the halo has a line of its own."""
    if not isinstance(value, Mapping):
        return coefficient(value) if isinstance(value, int | float) else str(value or "")
    told = {k: v for k, v in value.items() if k not in ("halo", "note") and v is not None}
    parts = [
        f"{readable(str(k))} {coefficient(v) if isinstance(v, float) else plain(v)}"
        for k, v in told.items()
    ]
    return "; ".join([*parts, *filter(None, [value.get("note")])])


def _form_reliability(content: ReportContent, lookup: Lookup) -> TableView | None:
    doc = content.form_reliability
    forms = dig(doc, "forms", default={})
    planted = {row["id"]: row for row in _planted_rows(content)}
    rows = [
        {**row, "forms": forms.get(row["id"]) or {}, "planted": planted.get(row["id"]) or {}}
        for row in dig(doc, "sub_dimensions", default=())
    ]
    if not rows:
        return None
    columns = [
        Column("Sub-dimension", lambda row: lookup.names.get(row["id"], row["id"])),
        figures("Alpha", "alpha", coefficient),
        bounds("alpha_lower", "alpha_upper"),
        figures("Omega", "omega", coefficient),
        figures("Generalizability", "generalizability", coefficient),
        _bounded("Forms A and B, r", "forms"),
        *([_bounded("Planted profiles, r", "planted")] if planted else []),
        counts("Models", "n_models"),
        counts("Stems", "n_stems"),
    ]
    return table("Reliability of the projective scores", columns, rows)


def _planted_rows(content: ReportContent) -> list[dict[str, Any]]:
    """Return what scores have to do with what was planted; nothing for real replies."""
    found = dig(content.form_reliability, "planted", default=())
    return [{**row, "id": row["name"]} for row in found]


def _bounded(title: str, key: str) -> Column:
    def cell(row: Mapping[str, Any]) -> str:
        found = row[key]
        bounds = interval(found.get("lower"), found.get("upper"))
        return f"{coefficient(found.get('r'))} {bounds if bounds != DASH else ''}".strip()

    return Column(title, cell, numeric=True)


def _stems(form: Doc | None, lookup: Lookup) -> TableView | None:
    rows = list(dig(form, "stems", default=()))
    if not rows:
        return None
    columns = [
        text("Stem", "text"),
        Column("Sub-dimension", lambda r: lookup.names.get(r["sub_dimension"], r["sub_dimension"])),
        text("Kind", "kind"),
        Column("Keying", lambda row: "reversed" if row.get("keying") == -1 else "direct"),
    ]
    return table("The stems of the projective test", columns, rows, 400, "compose/form.json")
