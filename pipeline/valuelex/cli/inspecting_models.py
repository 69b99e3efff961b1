"""`valuelex inspect MODEL`: who it is, what became of its replies, its words, and its scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from valuelex.artifacts.base import Table
from valuelex.artifacts.table import (
    ANSWERS,
    COMPLETIONS,
    MENTIONS,
    PROFILES,
    REPLIES,
    SURVEY_HUMAN,
)
from valuelex.cli.terminal import width
from valuelex.stages.context import Context

_WORDS = 12
_VALUES = 4
_BAR = 24
_NARROW = 96


def model_lines(context: Context, taxonomy: Mapping[str, Any], what: str) -> list[str] | None:
    """Return what the study knows of one model of the roster, or ``None`` when it has none."""
    entry = context.settings.models.get(what)
    if entry is None:
        return None
    size = "size not known" if entry.parameters_b is None else f"{entry.parameters_b:g} billion"
    return [
        what,
        f"  is         {entry.id} ({entry.developer}; family {entry.family})",
        f"             {size} parameters, {entry.training}, {entry.data_source}",
        f"             {entry.interface}, asked by {entry.backend}, revision {entry.revision[:12]}",
        *(_outcomes(context, name, table, what) for name, table in _ASKED.items()),
        *_words(context, what),
        *_profile(context, taxonomy, what),
        *_people(context, what),
    ]


_ASKED = {"replies": REPLIES, "endings": COMPLETIONS, "portraits": ANSWERS}


def _outcomes(context: Context, name: str, table: Table, model: str) -> str:
    counts = Counter(row["outcome"] for row in table.read(context.root, model))
    parts = ", ".join(f"{outcome} {n:,}" for outcome, n in sorted(counts.items()))
    return f"  {name:<10} {counts.total()} ({parts})"


def _words(context: Context, model: str) -> list[str]:
    mine = [row for row in MENTIONS.scan(context.root) if row["model"] == model]
    kept = Counter(row["term"] for row in mine if row["term"] is not None)
    lost = Counter(row["dropped"] for row in mine if row["term"] is None)
    top = sorted(kept.items(), key=lambda pair: (-pair[1], pair[0]))[:_WORDS]
    said = ", ".join(f"{term} ({n})" for term, n in top)
    gone = f"; {lost.total()} dropped" if lost else ""
    return [f"  words      {kept.total()} mentions of {len(kept)} terms{gone}", f"      {said}"]


def _profile(context: Context, taxonomy: Mapping[str, Any], model: str) -> list[str]:
    rows = {row["id"]: row for row in PROFILES.read(context.root) if row["model"] == model}
    if not rows:
        return ["  scores     none: the projective test was not administered"]
    lines = ["  scores     0 to 6, with 95 % interval and percentile in the roster"]
    for dimension in taxonomy["dimensions"]:
        for depth, part in enumerate((dimension, *dimension["sub_dimensions"])):
            row = rows.get(part["id"])
            if row is not None:
                lines.append(_score(row, f"{'  ' * min(depth, 1)}{part['id']} {part['name']}"))
    return lines


def _score(row: Mapping[str, Any], name: str) -> str:
    if row["mean"] is None:
        return f"      {name:<40} not scored ({row['n_unscored']} without a verdict)"
    ends = "" if row["lower"] is None else f"[{row['lower']:.2f}, {row['upper']:.2f}]"
    place = row["percentile"]
    rank = "  -" if place is None else f"{place:3.0f}"
    if width() < _NARROW:  # no room for the bar
        return f"    {name[:30]:<30} {row['mean']:.2f} {ends:<14} {rank}"
    bar = "" if place is None else "." * round(place / 100 * _BAR) + "o"
    return f"      {name:<40} {row['mean']:.2f} {ends:<14} {rank} |{bar:<{_BAR + 1}}|"


def _people(context: Context, model: str) -> list[str]:
    rows = [row for row in SURVEY_HUMAN.read(context.root) if row["model"] == model]
    told = sorted((r for r in rows if r["difference"] is not None), key=lambda r: r["difference"])
    if not told:
        return ["  people     not compared: no portrait was answered"]
    r = told[0]["profile_r"]
    profile = "" if r is None else f"profile r {r:.2f} with people of 49 groups; "
    lines = [f"  people     {profile}differences in points, 95 % interval"]
    ends = dict.fromkeys(
        (row["value"], row["difference"], row["lower"], row["upper"])
        for row in (*told[-_VALUES:][::-1], *told[:_VALUES][::-1])
    )
    for value, difference, lower, upper in ends:
        interval = "" if lower is None else f"[{lower:+.2f}, {upper:+.2f}]"
        lines.append(f"      {value:<40} {difference:+.2f} {interval}")
    return lines
