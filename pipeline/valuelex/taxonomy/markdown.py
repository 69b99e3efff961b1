"""The taxonomy as a page that a person reads. Terms come from models: they are escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from valuelex.taxonomy.model import Dimension, NearestValue, SubDimension, Taxonomy, TermEntry

_SPECIAL = re.compile(
    r"""[\\`*_\[\]<>#|~@{}]  # markup wherever it stands
    | &(?=\#?\w+;)           # an HTML entity
    | :(?=//)                # a bare link
    | (?<=www)\.             # the same
    | ^[-+]                  # a list item, at the start
    | (?<=^\d)[.)] | (?<=^\d\d)[.)]
    """,
    re.VERBOSE | re.IGNORECASE,
)


Naming = Mapping[str, Mapping[str, Any]]
"""What a judge said of a group's name, by the group's id."""


def escape(text: str) -> str:
    """Escape what Markdown or HTML would take for markup; line breaks become spaces."""
    return _SPECIAL.sub(lambda found: "\\" + found.group(), " ".join(text.split()))


def taxonomy_markdown(taxonomy: Taxonomy) -> str:
    """Write the taxonomy as Markdown: an overview, an outline with numbers, what has no place."""
    lines = [f"# Taxonomy of values: {escape(taxonomy.study) or 'a study'}", ""]
    if taxonomy.simulated:
        lines += ["**Simulated study: no real model stands behind these values.**", ""]
    lines += _overview(taxonomy)
    for dimension in taxonomy.dimensions:
        lines += _dimension(dimension, {entry["id"]: entry for entry in taxonomy.naming})
    lines += _theories(taxonomy)
    lines += _unplaced(taxonomy)
    lines += _notes(taxonomy)
    return "\n".join(lines).rstrip("\n") + "\n"


def _overview(taxonomy: Taxonomy) -> list[str]:
    entries = [e for d in taxonomy.dimensions for e in d.terms]
    by_meaning = sum(e.placed_by == "meaning" for e in entries)
    apart = sum(len(d.negative_pole) for d in taxonomy.dimensions)
    subs = len(list(taxonomy.sub_dimensions()))
    return [
        f"Version {escape(taxonomy.version)}. {len(taxonomy.dimensions)} dimensions, {subs} "
        f"sub-dimensions, {len(entries)} placed terms ({len(entries) - by_meaning} by loading, "
        f"{by_meaning} by meaning), {apart} on a negative pole, {len(taxonomy.unplaced)} without "
        "a place.",
        "",
        "A term's line: loading on the factor · mentions · models. "
        "*m* marks a term placed by meaning, because its loadings did not decide.",
        "",
    ]


def _dimension(dimension: Dimension, naming: Naming) -> list[str]:
    pole = "" if dimension.pole > 0 else ", negative pole"
    lines = [
        f"## {escape(dimension.id)} {escape(dimension.name)}",
        "",
        f"Factor {escape(dimension.factor)}{pole}; named by {dimension.named_by}"
        f"{_resting(dimension.id, naming)}"
        f"{_nearest(dimension.nearest)}."
        + (
            " Correlation with "
            + ", ".join(f"{other} {r:+.2f}" for other, r in dimension.related.items())
            + "."
            if dimension.related
            else ""
        ),
        "",
    ]
    for sub in dimension.sub_dimensions:
        lines += _sub_dimension(sub, naming)
    if dimension.negative_pole:
        lines += ["### Negative pole", ""]
        lines += [*_term_lines(dimension.negative_pole), ""]
    return lines


def _sub_dimension(sub: SubDimension, naming: Naming) -> list[str]:
    return [
        f"### {escape(sub.id)} {escape(sub.name)}",
        "",
        f"{len(sub.terms)} terms; named by {sub.named_by}{_resting(sub.id, naming)}"
        f"{_nearest(sub.nearest)}.",
        "",
        *_term_lines(sub.terms),
        "",
    ]


def _resting(id_: str, naming: Naming) -> str:
    entry = naming.get(id_)
    if entry is None or not entry["used"]:
        return ""
    words = ", ".join(escape(word) for word in entry["words"])
    return (
        f" ({escape(entry['judge'])}; it rests on {words}; by rule: {escape(entry['rule_name'])})"
    )


def _nearest(values: Sequence[NearestValue]) -> str:
    if not values:
        return ""
    shown = [f"{escape(v.name)} ({escape(v.theory)}, {v.similarity:.2f})" for v in values]
    return "; nearest known values: " + ", ".join(shown)


def _term_lines(entries: Sequence[TermEntry]) -> list[str]:
    lines = []
    for e in entries:
        loading = "no loading" if e.loading is None else f"{e.loading:+.2f}"
        mark = " · *m*" if e.placed_by == "meaning" else ""
        sign = " · keyed negatively" if e.keying < 0 else ""
        lines.append(f"- {escape(e.term)}: {loading} · {e.mentions} · {e.models}{mark}{sign}")
    return lines


def _theories(taxonomy: Taxonomy) -> list[str]:
    if not taxonomy.theories:
        return []
    said = [f"- {escape(str(t.get('statement', '')))}" for t in taxonomy.theories]
    return ["## Beside known theories", "", *said, ""]


def _unplaced(taxonomy: Taxonomy) -> list[str]:
    if not taxonomy.unplaced:
        return []
    lines = [
        f"- {escape(u.term)}: {escape(u.reason)} · {u.mentions} · {u.models}"
        for u in taxonomy.unplaced
    ]
    return [f"## Without a place ({len(lines)})", "", *lines, ""]


def _notes(taxonomy: Taxonomy) -> list[str]:
    if not taxonomy.notes:
        return []
    return ["## Notes", "", *(f"- {escape(note)}" for note in taxonomy.notes), ""]
