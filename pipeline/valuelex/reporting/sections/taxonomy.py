"""The taxonomy as a tree that leads from a dimension to what a model really wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valuelex.reporting.content import Doc, ReportContent
from valuelex.reporting.evidence import Quote, deal
from valuelex.reporting.loading_intervals import Interval, loading_intervals
from valuelex.reporting.lookup import Lookup, pole, walk
from valuelex.reporting.tables import Column, figures, table, text
from valuelex.reporting.text import coefficient, interval
from valuelex.reporting.wording import groups_named

_UNPLACED = 200
_LEVELS = {
    "factor": "its factors",
    "four": "four higher-order values",
    "ten": "ten values",
    "nineteen": "nineteen values",
    "dimension": "its dimensions",
    "sub_dimension": "its sub-dimensions",
}

Found = tuple[dict[str, list[Quote]], dict[tuple[str, str], Interval]]


def view(content: ReportContent, lookup: Lookup) -> dict[str, Any]:
    """Return the tree with counts, loadings and quotes, and what could not be placed."""
    wanted = [
        (str(entry["term"]), [str(i) for i in entry.get("evidence", ())])
        for _, _, _, entry in walk(content.taxonomy, poles=True)
    ]
    quotes, ends = deal(wanted, content.evidence), loading_intervals(content)
    unplaced = [_unplaced(item) for item in content.taxonomy.get("unplaced", ())]
    return {
        "dimensions": [
            _dimension(at, d, (quotes, ends), lookup) for at, d in enumerate(lookup.dimensions)
        ],
        "terms": len(wanted),
        "quotes": sum(len(found) for found in quotes.values()),
        "evidence": sum(len(ids) for _, ids in wanted),
        "unplaced": unplaced[:_UNPLACED],
        "unplaced_more": max(0, len(unplaced) - _UNPLACED),
        "notes": [str(note) for note in content.taxonomy.get("notes") or ()],
        "theories": [_theory(item, lookup) for item in content.taxonomy.get("theories") or ()],
        "intervals": bool(ends),
    }


def _unplaced(item: Any) -> dict[str, str]:
    if isinstance(item, str):
        return {"term": item, "reason": ""}
    return {"term": str(item.get("term", "")), "reason": str(item.get("reason") or "")}


def _dimension(at: int, dimension: Doc, found: Found, lookup: Lookup) -> dict[str, Any]:
    titles = {
        str(item.get("theory")): str(item.get("title") or item.get("theory"))
        for item in lookup.theories
    }
    factor = str(dimension.get("factor") or "")
    return {
        "at": at % 8,
        "number": at,
        "name": dimension["name"],
        "named_by": dimension.get("named_by") or "",
        "factor": dimension.get("factor") or "",
        "terms": sum(len(s.get("terms", ())) for s in dimension.get("sub_dimensions", ())),
        "nearest": _nearest(dimension, titles),
        "subs": [
            {
                "name": sub["name"],
                "named_by": sub.get("named_by") or "",
                "nearest": _nearest(sub, titles),
                "terms": [_term(entry, factor, found, lookup) for entry in sub.get("terms", ())],
            }
            for sub in (*dimension.get("sub_dimensions", ()), pole(dimension))
            if sub.get("terms")
        ],
    }


def _nearest(group: Doc, titles: Mapping[str, str]) -> str:
    """Return the values of known theories that lie nearest, as one line."""
    return "; ".join(
        f"{item['name']} ({titles.get(item['theory'], item['theory'])}, "
        f"{coefficient(item['similarity'])})"
        for item in group.get("nearest") or ()
    )


def _theory(item: Doc, lookup: Lookup) -> dict[str, Any]:
    """Return one comparison with a theory: its statement, and each group's best match."""
    columns = [
        Column("Group", lambda row: lookup.names.get(row["group"], row["group"])),
        text("Nearest value", "name"),
        figures("Similarity", "similarity", coefficient),
        figures("Second best", "second", coefficient),
        figures("Chance, 95 %", "chance", coefficient),
        Column("Above chance", lambda row: "yes" if row.get("above_chance") else "no"),
    ]
    level = _LEVELS.get(str(item.get("level")), str(item.get("level") or ""))
    title = f"{item.get('title') or item.get('theory')}{level and ', ' + level}"
    matches = item.get("matches") or ()
    return {
        "statement": groups_named(str(item.get("statement") or ""), lookup.names),
        "title": title,
        "table": table(f"Nearest values of {title}", columns, matches) if matches else None,
    }


def _term(entry: Doc, factor: str, found: Found, lookup: Lookup) -> dict[str, Any]:
    quotes, ends = found
    term = str(entry["term"])
    loading = entry.get("loading")
    return {
        "term": term,
        "anchor": lookup.places[term].anchor,
        "loading": coefficient(loading),
        "ends": interval(*ends[term, factor]) if (term, factor) in ends else "",
        "bar": _bar(loading),
        "by_meaning": entry.get("placed_by") == "meaning",
        "mentions": entry.get("mentions"),
        "models": entry.get("models"),
        "respondents": entry.get("respondents"),
        "quotes": [{"quote": q, "question": lookup.prompt(q.prompt)} for q in quotes.get(term, ())],
        "cited": len(entry.get("evidence", ())),
    }


def _bar(loading: float | None) -> dict[str, float]:
    """Return zero, start and width of a bar on a scale of 100 that reaches from -.5 to 1."""
    size = max(-0.5, min(1.0, loading or 0.0)) * 66
    return {"zero": 33, "x": round(33 + min(size, 0), 1), "width": round(abs(size), 1)}


def plain(value: Any) -> str | None:
    """Return a nested value as one readable line."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(plain(item)) for item in value)
    return None if value is None else str(value)
