"""The first screen: what was asked of whom, what came out, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from valuelex.reporting.content import Doc, ReportContent, Row, dig
from valuelex.reporting.lookup import Lookup
from valuelex.reporting.text import coefficient, count, interval, plural

_TOP_TERMS = 3
_KMO_FLOOR = 0.60
_LEVELS = {"supported": "good", "partly supported": "fair", "not supported": "poor"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the verdict: a name, a number, what it says, and where to read on."""

    name: str
    value: str
    reading: str
    tone: str
    link: str


def view(content: ReportContent, lookup: Lookup) -> dict[str, Any]:
    """Return the counts, the cards of the dimensions, and the verdict."""
    kmo = dig(content.diagnostics, "kmo")
    level = dig(content.stability, "verdict", "level", default="not assessed")
    return {
        "tally": tally(content),
        "cards": [_card(at, d, lookup) for at, d in enumerate(lookup.dimensions)],
        "unplaced": len(content.taxonomy.get("unplaced", ())),
        "level": level,
        "tone": _LEVELS.get(level, "none"),
        "verdict": dig(content.stability, "verdict", "text", default=""),
        "reasons": list(dig(content.stability, "verdict", "reasons", default=())),
        "question": next((str(p["text"]) for p in content.study.get("prompts", ())), ""),
        "poor_kmo": coefficient(kmo) if kmo is not None and kmo < _KMO_FLOOR else "",
        "facts": list(_facts(content)),
    }


def tally(content: ReportContent) -> dict[str, Any]:
    """Return the counts that the first sentence gives."""
    outcomes = {
        name: sum(row.get(name) or 0 for row in content.outcomes)
        for name in ("answered", "refused", "truncated", "failed")
    }
    mentions = [row for row in content.attrition if row["unit"] == "mention"]
    return {
        "models": len(content.study.get("roster", ())),
        "settings": len(content.study.get("grid", ())),
        "respondents": dig(content.diagnostics, "n_respondents"),
        "prompts": len(content.study.get("prompts", ())),
        "replies": sum(outcomes.values()),
        "outcomes": outcomes,
        "naming": sum(r["n"] for r in content.attrition if r["unit"] == "reply" and r["kept"]),
        "refusing": sum(row["n"] for row in content.attrition if _refuses(row)),
        "mentions": sum(row["n"] for row in mentions),
        "kept": sum(row["n"] for row in mentions if row["kept"]),
        "terms": sum(1 for row in content.terms if row["in_lexicon"]),
        "distinct": len(content.terms),
        "families": len({m.get("family") for m in content.study.get("roster", ())}),
    }


def _refuses(row: Row) -> bool:
    """Tell whether a line of the account is about refusals, by the engine or in words."""
    names = ("refused", "refusal-in-words", "disclaimer-in-words")
    return bool(row["unit"] == "reply" and str(row["disposition"]).startswith(names))


def _card(at: int, dimension: Doc, lookup: Lookup) -> dict[str, Any]:
    subs = []
    for sub in dimension.get("sub_dimensions", ()):
        entries = sorted(sub.get("terms", ()), key=lambda e: (-e.get("mentions", 0), e["term"]))
        top = [(e["term"], lookup.places[e["term"]].anchor) for e in entries[:_TOP_TERMS]]
        subs.append({"name": sub["name"], "top": top, "more": max(0, len(entries) - _TOP_TERMS)})
    entries = [e for sub in dimension.get("sub_dimensions", ()) for e in sub.get("terms", ())]
    return {
        "name": dimension["name"],
        "at": at % 8,
        "factor": dimension.get("factor") or "",
        "terms": len(entries),
        "mentions": sum(entry.get("mentions", 0) for entry in entries),
        "subs": subs,
    }


def _facts(content: ReportContent) -> Iterator[Fact]:
    yield from _adequacy(content)
    yield from _sample(content)
    yield from _congruence(content)
    yield from _nulls(content)
    yield from _recovery(content)


def _adequacy(content: ReportContent) -> Iterator[Fact]:
    kmo = dig(content.diagnostics, "kmo")
    if kmo is None:
        return
    words = [
        (0.5, "unacceptable: the terms share too little"),
        (_KMO_FLOOR, "poor: below the usual floor of .60"),
        (0.7, "mediocre, above the floor of .60"),
        (0.8, "middling"),
        (0.9, "good"),
    ]
    reading = next((text for top, text in words if kmo < top), "very good")
    tone = "poor" if kmo < _KMO_FLOOR else "good" if kmo >= 0.8 else "fair"
    yield Fact("Sampling adequacy (KMO)", coefficient(kmo), reading, tone, "factors")


def _sample(content: ReportContent) -> Iterator[Fact]:
    effective = dig(content.stability, "effective_n")
    if effective is None:
        return
    n = dig(content.diagnostics, "n_respondents")
    reading = (
        f"independent cases behind {plural(n, 'respondent')}: settings of one model and models of "
        "one family are not independent"
        if n is not None
        else "independent cases: respondents of one family are not independent"
    )
    yield Fact("Effective sample", f"{effective:.3g}", reading, "none", "trust")


def _congruence(content: ReportContent) -> Iterator[Fact]:
    factors = [
        f
        for f in dig(content.stability, "bootstrap", "factors", default=())
        if f.get("phi") is not None
    ]
    if not factors:
        return
    weakest = min(factors, key=lambda f: f["phi"])
    fair = sum(1 for f in factors if (f.get("lower") or -1) >= 0.85)
    tone = "good" if fair == len(factors) else "fair" if weakest["phi"] >= 0.85 else "poor"
    yield Fact(
        "Weakest factor under resampling",
        coefficient(weakest["phi"]),
        f"{weakest['factor']}, {interval(weakest.get('lower'), weakest.get('upper'))}; {fair} of "
        f"{plural(len(factors), 'factor')} stay above .85 with the whole interval",
        tone,
        "trust",
    )


def _nulls(content: ReportContent) -> Iterator[Fact]:
    names = {
        "shuffled": "Against shuffled words",
        "pseudo_factors": "Against meaning alone",
        "frequency": "Against word frequency",
    }
    for key, name in names.items():
        words = dig(content.nulls, key, "text")
        if words:
            yield Fact(name, "", words, "none", "trust")


def _recovery(content: ReportContent) -> Iterator[Fact]:
    if not dig(content.recovery, "applies"):
        return
    terms = dig(content.recovery, "terms", default={})
    dimensions = dig(content.recovery, "dimensions", default={})
    right = dimensions.get("planted") == dimensions.get("found")
    ari = dig(content.recovery, "sub_dimensions", "ari")
    yield Fact(
        "Recovery of the planted truth",
        f"{count(dimensions.get('found'))} of {count(dimensions.get('planted'))} dimensions",
        f"terms: recall {coefficient(terms.get('recall'))}, precision "
        f"{coefficient(terms.get('precision'))}; sub-dimensions: adjusted Rand index "
        f"{coefficient(ari)}",
        "good" if right else "poor",
        "recovery",
    )
