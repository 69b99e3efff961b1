"""What each model really said, in a few examples: where the links of all tables lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from valuelex.reporting.anchors import Anchors
from valuelex.reporting.anchors import key as value_key
from valuelex.reporting.content import Doc, ReportContent, Rows
from valuelex.reporting.evidence import passage
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.sections.elicitation import OUTCOMES, readable
from valuelex.reporting.text import count, number, shorten

_REPLIES = 3
_BUDGET = 500_000  # characters of all models together; the first reply of each is always there
_LONGEST = 4_000


def view(content: ReportContent, lookup: Lookup, anchors: Anchors) -> dict[str, Any]:
    """Return every model with examples of what it said, and answers to read by value."""
    replies = _by_model(_replies(content))
    completions, answers = _by_model(content.completions), _by_model(content.answers)
    each = max(1, min(_REPLIES, _BUDGET // max(1, len(anchors.models) * 700)))
    return {
        "models": [
            {
                "anchor": anchor,
                "key": model,
                "about": _about(lookup.models.get(model, {})),
                "outcomes": _outcomes(content, model),
                "replies": [_reply(row, lookup) for row in replies.get(model, ())[:each]],
                "completions": [_completion(r, lookup) for r in completions.get(model, ())],
                "answers": [_answer(row) for row in answers.get(model, ())],
            }
            for model, anchor in anchors.models.items()
        ],
        "portraits": [
            {
                "anchor": anchor,
                "name": readable(value),
                "answers": [
                    _answer(row) for row in content.answers if value_key(row["value"]) == value
                ],
            }
            for value, anchor in anchors.values.items()
        ],
    }


def _replies(content: ReportContent) -> Iterable[Doc]:
    """Yield replies, the ones without value words first: they are the rarer sight."""
    quoted = {str(row["text"]): row for row in content.evidence.values()}
    others = [row for row in content.replies.values() if row["text"] not in quoted]
    yield from others[: 2 * len(content.outcomes)]
    yield from quoted.values()
    yield from others[2 * len(content.outcomes) :]


def _by_model(rows: Rows | Iterable[Doc]) -> dict[str, list[Doc]]:
    found: dict[str, list[Doc]] = {}
    for row in rows:
        found.setdefault(str(row["model"]), []).append(row)
    return found


def _about(entry: Doc) -> str:
    size = entry.get("parameters_b")
    parts = [
        "size not known" if size is None else f"{size:g} billion",
        str(entry.get("training", "")),
        str(entry.get("data_source", "")),
    ]
    return ", ".join(part for part in parts if part)


def _outcomes(content: ReportContent, model: str) -> list[tuple[str, str]]:
    tables = {
        "Replies": content.outcomes,
        "Sentence completions": content.completion_outcomes,
        "Portrait answers": content.answer_outcomes,
    }
    return [
        (
            name,
            ", ".join(f"{outcome} {count(row[outcome])}" for outcome in OUTCOMES if row[outcome]),
        )
        for name, rows in tables.items()
        for row in rows
        if row["model"] == model
    ]


def _reply(row: Doc, lookup: Lookup) -> dict[str, Any]:
    return {
        "said": _said(row["text"]),
        "source": f"{row.get('respondent') or row['model']}, asked “"
        f"{shorten(lookup.prompt(str(row['prompt'])), 120)}”",
        "note": "" if row.get("outcome", "answered") == "answered" else str(row["outcome"]),
    }


def _completion(row: Doc, lookup: Lookup) -> dict[str, Any]:
    name = lookup.names.get(str(row["sub_dimension"]), str(row["sub_dimension"]))
    score = row.get("score")
    verdict = f"unscored ({row['outcome']})" if score is None else f"score {number(score, 1)}"
    return {
        "said": _said(row["text"]),
        "source": f"{row['stem']} … ({name}: {verdict})",
        "note": "",
    }


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    read = row.get("answer")
    verdict = (
        f"no answer ({row['reason'] or row['outcome']})" if read is None else f"read as {read}"
    )
    source = f"{row['model']}, {readable(str(row['value']))}, item {row['item']}: {row['portrait']}"
    return {"said": _said(row["text"]), "source": source, "note": verdict}


def _said(text: object) -> Any:
    return passage(str(text), 0, 0, _LONGEST)
