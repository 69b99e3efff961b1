"""The taxonomy as a tree that leads from a dimension to what a model really wrote."""

from __future__ import annotations

from typing import Any

from valuelex.reporting.content import Doc, ReportContent
from valuelex.reporting.evidence import Quote, deal
from valuelex.reporting.lookup import Lookup, walk
from valuelex.reporting.tables import Column, TableView, figures, table
from valuelex.reporting.text import coefficient

_UNPLACED = 200


def view(content: ReportContent, lookup: Lookup) -> dict[str, Any]:
    """Return the tree with counts, loadings and quotes, and what could not be placed."""
    wanted = [
        (str(entry["term"]), [str(i) for i in entry.get("evidence", ())])
        for _, _, _, entry in walk(content.taxonomy)
    ]
    quotes = deal(wanted, content.evidence)
    unplaced = [_unplaced(item) for item in content.taxonomy.get("unplaced", ())]
    return {
        "dimensions": [_dimension(at, d, quotes, lookup) for at, d in enumerate(lookup.dimensions)],
        "terms": len(wanted),
        "quotes": sum(len(found) for found in quotes.values()),
        "evidence": sum(len(ids) for _, ids in wanted),
        "unplaced": unplaced[:_UNPLACED],
        "unplaced_more": max(0, len(unplaced) - _UNPLACED),
        "theories": theory_table(content),
    }


def _unplaced(item: Any) -> dict[str, str]:
    if isinstance(item, str):
        return {"term": item, "reason": ""}
    return {"term": str(item.get("term", "")), "reason": str(item.get("reason") or "")}


def _dimension(
    at: int, dimension: Doc, quotes: dict[str, list[Quote]], lookup: Lookup
) -> dict[str, Any]:
    return {
        "at": at % 8,
        "name": dimension["name"],
        "named_by": dimension.get("named_by") or "",
        "factor": dimension.get("factor") or "",
        "terms": sum(len(s.get("terms", ())) for s in dimension.get("sub_dimensions", ())),
        "subs": [
            {
                "name": sub["name"],
                "named_by": sub.get("named_by") or "",
                "terms": [_term(entry, quotes, lookup) for entry in sub.get("terms", ())],
            }
            for sub in dimension.get("sub_dimensions", ())
        ],
    }


def _term(entry: Doc, quotes: dict[str, list[Quote]], lookup: Lookup) -> dict[str, Any]:
    term = str(entry["term"])
    loading = entry.get("loading")
    return {
        "term": term,
        "anchor": lookup.places[term].anchor,
        "loading": coefficient(loading),
        "bar": _bar(loading),
        "by_meaning": entry.get("placed_by") == "meaning",
        "mentions": entry.get("mentions"),
        "models": entry.get("models"),
        "respondents": entry.get("respondents"),
        "quotes": [{"quote": q, "question": lookup.prompt(q.prompt)} for q in quotes.get(term, ())],
        "cited": len(entry.get("evidence", ())),
    }


def _bar(loading: float | None) -> tuple[float, float]:
    """Return start and width of a bar from the middle (50) of a scale of 100."""
    size = max(-1.0, min(1.0, loading or 0.0)) * 50
    return (round(50 + min(size, 0), 1), round(abs(size), 1))


def theory_table(content: ReportContent) -> TableView | None:
    """Return how the taxonomy's parts compare with human theories, whatever columns there are."""
    rows = [row for row in content.taxonomy.get("theories") or () if isinstance(row, dict)]
    if not rows:
        return None
    keys = list(dict.fromkeys(key for row in rows for key in row))

    def column(key: str) -> Column:
        label = key.replace("_", " ").capitalize()
        if all(isinstance(row.get(key), int | float | None) for row in rows):
            return figures(label, key, coefficient)
        return Column(label, lambda row: plain(row.get(key)))

    if not keys:
        return None
    return table("The taxonomy beside human theories of values", [column(k) for k in keys], rows, 300)


def plain(value: Any) -> str | None:
    """Return a nested value as one readable line."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(plain(item)) for item in value)
    return None if value is None else str(value)


