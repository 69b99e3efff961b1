"""What was asked, what came back, and every loss on the way to the lexicon."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.content import Doc, ReportContent, Row, Rows
from valuelex.reporting.evidence import LIMIT, Passage, passage
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.tables import Column, TableView, counts, figures, table, text
from valuelex.reporting.text import coefficient, count, number, share
from valuelex.reporting.wording import detail, rule

OUTCOMES = ("answered", "refused", "truncated", "failed")
_UNITS = {
    "reply": ("Replies", "what models sent back"),
    "mention": ("Mentions", "value words found in the replies"),
    "term": ("Terms", "distinct words after normalising"),
}
_LEFT_OUT = 150


def view(content: ReportContent, lookup: Lookup) -> dict[str, Any]:
    """Return the funnel, outcomes by model, the questions, the roster and what was left out."""
    return {
        "steps": [_step(unit, content) for unit in _UNITS if _of(unit, content)],
        "outcomes": outcome_rows(content.outcomes),
        "prompts": content.study.get("prompts", ()),
        "grid": [_setting(entry) for entry in content.study.get("grid", ())],
        "roster": roster_table(content),
        "left_out": _left_out(content),
        "merges": _merges(content.merges),
        "families": len({lookup.family(key) for key in lookup.models}),
    }


def _setting(entry: Doc) -> str:
    return f"T {number(entry.get('temperature'), 2)}, top-p {number(entry.get('top_p'), 2)}"


def _of(unit: str, content: ReportContent) -> list[Row]:
    return [row for row in content.attrition if row["unit"] == unit]


def readable(rule: str) -> str:
    """Return the name of a rule as words."""
    return rule.replace("_", " ").replace("-", " ")


def _rule(disposition: str) -> tuple[str, str]:
    """Split ``rule:detail``; for ``kept:how`` and ``dropped:why`` the second part is the rule."""
    head, _, tail = disposition.partition(":")
    return (tail, "") if head in ("kept", "dropped") and tail else (head, tail)


def _step(unit: str, content: ReportContent) -> dict[str, Any]:
    rows = _of(unit, content)
    total = sum(row["n"] for row in rows)
    sums: dict[tuple[bool, str], dict[str, int]] = {}
    examples: dict[tuple[bool, str], str] = {}
    for row in rows:
        name, inner = _rule(row["disposition"])
        key = (bool(row["kept"]), name)
        inside = sums.setdefault(key, {})
        inside[inner] = inside.get(inner, 0) + row["n"]
        if row["n"]:
            examples.setdefault(key, row["example"])
    kept = sum(sum(inside.values()) for (keep, _), inside in sums.items() if keep)
    order = sorted(sums, key=lambda key: (not key[0], -sum(sums[key].values()), key[1]))
    title, what = _UNITS[unit]
    return {
        "title": title,
        "what": what,
        "total": total,
        "kept": kept,
        "kept_share": share(kept, total),
        "width": round(100 * kept / total, 2) if total else 0,
        "parts": [
            _part(key, sums[key], total, _example(unit, examples.get(key, ""), content))
            for key in order
        ],
    }


def _part(
    key: tuple[bool, str], inside: dict[str, int], total: int, example: dict[str, Any] | None
) -> dict[str, Any]:
    n = sum(inside.values())
    named = sorted(filter(None, inside), key=lambda name: (-inside[name], name))
    return {
        "kept": key[0],
        "name": rule(key[1]),
        "detail": ", ".join(f"{detail(name)} {count(inside[name])}" for name in named),
        "n": n,
        "share": share(n, total),
        "example": example,
    }


def _example(unit: str, key: str, content: ReportContent) -> dict[str, Any] | None:
    if unit == "term":
        return {"id": key, "model": "", "passage": Passage("", key, "", 0, 0)} if key else None
    found = content.evidence.get(key) or content.replies.get(key.split(":", 1)[0])
    if found is None:
        return None
    start, end = int(found.get("start", 0)), int(found.get("end", 0))
    cut = passage(str(found["text"]), start, end, LIMIT // 2)
    return {"id": key, "model": found["model"], "passage": cut}


def outcome_rows(rows: Rows) -> list[dict[str, Any]]:
    """Return outcomes per model with the widths of a stacked bar, in percent."""
    shown = []
    for row in sorted(rows, key=lambda row: row["model"]):
        total = sum(row.get(name) or 0 for name in OUTCOMES)
        left, parts = 0.0, []
        for name in OUTCOMES:
            width = 100 * (row.get(name) or 0) / total if total else 0.0
            parts.append({"name": name, "x": round(left, 2), "width": round(width, 2)})
            left += width
        shown.append({"model": row["model"], "total": total, "parts": parts, "n": dict(row)})
    return shown


def roster_table(content: ReportContent) -> TableView:
    """Return the models with what is known about them."""
    columns = [
        text("Model", "key"),
        text("Identifier", "id"),
        text("Developer", "developer"),
        text("Family", "family"),
        figures("Parameters, billions", "parameters_b", lambda v: number(v, 1)),
        text("Training", "training"),
        text("Data", "data_source"),
        text("Interface", "interface"),
        text("Engine", "backend"),
        text("Licence", "licence"),
        Column("Revision", lambda row: str(row.get("revision") or "")[:12]),
    ]
    return table("The models that were asked", columns, content.study.get("roster", ()), 400)


def _left_out(content: ReportContent) -> TableView | None:
    rows = [row for row in content.terms if not row["in_lexicon"]]
    if not rows:
        return None
    columns = [
        text("Term", "term"),
        Column("Why it is out", lambda row: rule(row["reason"])),
        counts("Mentions", "mentions"),
        counts("Models", "models"),
        counts("Families", "families"),
        figures("Smith's S", "smith_s", lambda v: coefficient(v, 3)),
    ]
    ordered = sorted(rows, key=lambda row: (-row["mentions"], row["term"]))
    return table(
        "Terms that did not enter the analysis, most mentioned first",
        columns,
        ordered,
        _LEFT_OUT,
        "normalize/terms.csv",
    )


def _merges(rows: Rows) -> TableView | None:
    visible = [row for row in rows if row["surface"] != row["term"]]
    if not visible:
        return None
    columns = [
        text("As it stood", "surface"),
        text("Counted as", "term"),
        Column("By rule", lambda row: readable(row["rule"])),
        Column("Mentions", lambda row: count(row["n"]), numeric=True),
    ]
    ordered = sorted(visible, key=lambda row: (-row["n"], row["term"], row["surface"]))
    return table(
        "Words that were merged into a term, most mentioned first",
        columns,
        ordered,
        _LEFT_OUT,
        "normalize/merges.csv",
    )
