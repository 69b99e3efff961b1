"""Stability, nulls and recovery, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from valuelex.reporting.content import ReportContent, dig
from valuelex.reporting.sections.elicitation import readable
from valuelex.reporting.tables import Column, TableView, bounds, counts, figures, table, text
from valuelex.reporting.text import coefficient, count, number, p_value


def stability_view(content: ReportContent) -> dict[str, Any]:
    """Return leave-one-out tables, reliability, and the three nulls."""
    return {
        "bootstrap": dig(content.stability, "bootstrap", default={}),
        "left_out": [
            (name, found)
            for name in ("family", "prompt", "setting")
            if (found := _left_out(content, name)) is not None
        ],
        "reliability": _reliability(content),
        "nulls": _nulls(content),
        "clustering": _flat(content.cluster_stability),
    }


def _left_out(content: ReportContent, name: str) -> TableView | None:
    rows = list(dig(content.stability, "leave_one_out", name, default=()))
    if not rows:
        return None
    width = max(len(row.get("phi") or ()) for row in rows)

    def column(at: int) -> Column:
        def cell(row: Mapping[str, Any]) -> str:
            values = row.get("phi") or ()
            return coefficient(values[at]) if at < len(values) else "–"

        return Column(f"F{at + 1}", cell, numeric=True)

    columns = [text(f"{name.capitalize()} left out", "left_out"), *map(column, range(width))]
    return table(f"Congruence with one {name} left out", columns, rows, 300)


def _reliability(content: ReportContent) -> TableView | None:
    rows = list(dig(content.stability, "reliability", default=()))
    if not rows:
        return None
    columns = [
        text("Factor", "factor"),
        figures("Alpha", "alpha", coefficient),
        bounds("alpha_lower", "alpha_upper"),
        figures("Omega", "omega", coefficient),
    ]
    return table("Reliability of the factors' terms", columns, rows)


def _nulls(content: ReportContent) -> list[dict[str, Any]]:
    shuffled = dig(content.nulls, "shuffled", default={})
    threshold = {"threshold": shuffled.get("factor_threshold")}
    rows = [dict(one) | threshold for one in shuffled.get("factors") or ()]
    of_factor = text("Factor", "factor")
    views = [
        (
            "Words shuffled between families",
            "shuffled",
            "Each word keeps its users and each family its repeats; only who says what with what "
            "is broken. Variance along each factor, list length taken out, against the largest in "
            "any direction of shuffled words.",
            [
                of_factor,
                figures("Variance", "strength", number),
                figures("Threshold", "threshold", number),
                figures("p", "p", p_value),
            ],
            rows,
        ),
        (
            "Factors of meaning alone",
            "pseudo_factors",
            "The same analysis on the words' embedding, with no respondent in it: high congruence "
            "would mean that the factors say how words are alike, not how models differ.",
            [of_factor, figures("Congruence", "phi", coefficient)],
            dig(content.nulls, "pseudo_factors", "factors", default=()),
        ),
        (
            "Factors of frequency",
            "frequency",
            "Correlation of each factor's loadings with how often the words are said.",
            [
                of_factor,
                figures("r", "r", coefficient),
                bounds(),
            ],
            dig(content.nulls, "frequency", "factors", default=()),
        ),
    ]
    return [
        {
            "title": title,
            "what": what,
            "text": dig(content.nulls, key, "text", default="not reported"),
            "table": table(title, columns, entries) if entries else None,
        }
        for title, key, what, columns, entries in views
    ]


def recovery_view(content: ReportContent) -> dict[str, Any] | None:
    """Return the distance from the planted truth, or why there is none."""
    doc = content.recovery
    if doc is None:
        return None
    if not doc.get("applies"):
        return {"why": doc.get("why") or "nothing was planted", "applies": False}
    terms = dig(doc, "terms", default={})
    tucker = dig(doc, "dimensions", "tucker", default=())
    profiles = dig(doc, "profiles", default=())
    return {
        "applies": True,
        "facts": [
            ("Terms planted", count(terms.get("planted"))),
            ("Terms found", count(terms.get("found"))),
            ("Recall of terms", coefficient(terms.get("recall"))),
            ("Precision of terms", coefficient(terms.get("precision"))),
            ("Sub-dimensions, adjusted Rand", coefficient(dig(doc, "sub_dimensions", "ari"))),
            (
                "Dimensions found of planted",
                f"{count(dig(doc, 'dimensions', 'found'))} of "
                f"{count(dig(doc, 'dimensions', 'planted'))}",
            ),
        ],
        "tucker": table(
            "Planted dimensions and the factors that match them",
            [
                text("Planted", "planted"),
                text("Factor", "factor"),
                figures("Tucker's phi", "phi", coefficient),
            ],
            tucker,
        ),
        "profiles": table(
            "Planted profiles of models and those measured",
            [
                text("Profile", "name"),
                figures("r", "r", coefficient),
                bounds(),
                counts("Models", "n"),
            ],
            profiles,
        )
        if profiles
        else None,
        "missed": [str(term) for term in terms.get("missed") or ()],
        "extra": [str(term) for term in terms.get("extra") or ()],
    }


def _flat(document: Mapping[str, Any] | None) -> TableView | None:
    """Return the plain numbers and words of a document as a table of two columns."""
    rows = [
        {"name": readable(name).capitalize(), "value": value}
        for name, value in _leaves(document or {})
        if name not in ("study", "simulated")
    ]
    if not rows:
        return None

    def value(row: Mapping[str, Any]) -> str:
        shown = row["value"]
        return number(shown, 3) if isinstance(shown, float) else str(shown)

    columns = [text("Measure", "name"), Column("Value", value, numeric=True)]
    return table("Agreement of the clustering with itself", columns, rows)


def _leaves(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}, ")
        elif isinstance(value, str | int | float):
            yield f"{prefix}{key}", value
