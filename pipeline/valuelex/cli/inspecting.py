"""`valuelex inspect`: the taxonomy as a tree, any term down to its replies, any model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelex.artifacts.table import MENTIONS, REPLIES, TAXONOMY
from valuelex.cli.inspecting_models import model_lines
from valuelex.cli.terminal import branches, one_line, tell
from valuelex.errors import ValueLexError, near_miss
from valuelex.prompts import load_prompt
from valuelex.stages.context import Context, open_context

_QUOTE = 160


def inspect_taxonomy(root: Path, what: str | None, limit: int) -> None:
    """Print the taxonomy, one branch of it, one term with its evidence, or one model.

    Raises
    ------
    ValueLexError
        When nothing has that name; the message offers the nearest.
    """
    context = open_context(root)
    taxonomy = TAXONOMY.read(root)
    if taxonomy["simulated"]:
        tell(["SIMULATED study: these values were planted, no real model holds them", ""])
    if what is None:
        lines = tree(taxonomy)
    else:
        known = branch(taxonomy, what) or model_lines(context, taxonomy, what)
        lines = known or term_lines(context, taxonomy, what, limit)
    tell(lines)


def tree(taxonomy: Mapping[str, Any], shown: int = 8) -> list[str]:
    """Return the whole taxonomy as lines, ``shown`` terms per sub-dimension."""
    lines = []
    for dimension in taxonomy["dimensions"]:
        lines += dimension_lines(dimension, shown)
    lines.append(f"unplaced terms: {len(taxonomy['unplaced'])}")
    return lines


def dimension_lines(dimension: Mapping[str, Any], shown: int) -> list[str]:
    """Return one dimension with its sub-dimensions and their first terms."""
    parts = [(f"{s['id']} {s['name']}", s["terms"]) for s in dimension["sub_dimensions"]]
    terms = [entry for _, entries in parts for entry in entries]
    lines = [
        f"{dimension['id']} {dimension['name']} ({dimension['factor']}; {_counted(terms)})",
    ]
    if dimension["negative_pole"]:
        parts.append(("opposite pole", dimension["negative_pole"]))
    branch, last, past = branches()
    for at, (name, entries) in enumerate(parts, start=1):
        end = at == len(parts)
        lines.append(f"{last if end else branch}{name} ({_counted(entries)})")
        rest = len(entries) - shown
        said = ", ".join(_term(entry) for entry in entries[:shown])
        more = f", and {rest} more" if rest > 0 else ""
        lines.append(f"{'    ' if end else past}    {said}{more}")
    return lines


def _counted(terms: Sequence[Mapping[str, Any]]) -> str:
    mentions = sum(entry["mentions"] for entry in terms)
    return f"{len(terms)} terms, {mentions:,} mentions"


def _term(entry: Mapping[str, Any]) -> str:
    loading = entry["loading"]
    mark = f"{loading:+.2f}" if entry["placed_by"] == "loading" else "by meaning"
    return f"{entry['term']} ({mark}, n={entry['mentions']})"


def branch(taxonomy: Mapping[str, Any], what: str) -> list[str] | None:
    """Return the lines of a dimension or sub-dimension by id or name, or ``None``."""
    wanted = what.casefold()
    for dimension in taxonomy["dimensions"]:
        if wanted in (dimension["id"].casefold(), dimension["name"].casefold()):
            return dimension_lines(dimension, 1000)
        for sub in dimension["sub_dimensions"]:
            if wanted in (sub["id"].casefold(), sub["name"].casefold()):
                alone = {**dimension, "sub_dimensions": [sub], "negative_pole": []}
                return dimension_lines(alone, 1000)
    return None


def places(taxonomy: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (where, entry) for every term of the taxonomy, opposite and unplaced ones included."""
    for dimension in taxonomy["dimensions"]:
        for sub in dimension["sub_dimensions"]:
            for entry in sub["terms"]:
                yield f"{dimension['name']} / {sub['name']} ({sub['id']})", entry
        for entry in dimension["negative_pole"]:
            yield f"opposite pole of {dimension['name']} ({dimension['id']})", entry
    for entry in taxonomy["unplaced"]:
        yield f"unplaced: {entry.get('reason', 'loads on nothing')}", entry


def term_lines(context: Context, taxonomy: Mapping[str, Any], term: str, limit: int) -> list[str]:
    """Return a term's place, its numbers, and the replies that it was found in.

    Raises
    ------
    ValueLexError
        When the taxonomy has no such term.
    """
    known = {entry["term"]: (where, entry) for where, entry in places(taxonomy)}
    wanted = term.casefold()
    if wanted not in known:
        names = [*known, *(d["name"] for d in taxonomy["dimensions"]), *context.settings.models]
        raise ValueLexError(
            f"there is no dimension, sub-dimension, term or model '{one_line(term)}'"
            f"{near_miss(wanted, names)}"
        )
    where, entry = known[wanted]
    lines = [wanted, f"  place        {where}"]
    for name in ("placed_by", "loading", "mentions", "models", "respondents"):
        if entry.get(name) is not None:
            value = entry[name]
            label = name.replace("_", " ")
            lines.append(f"  {label:<12} {f'{value:+.3f}' if name == 'loading' else value}")
    return lines + _evidence(context, wanted, limit)


def _evidence(context: Context, term: str, limit: int) -> list[str]:
    mentions = [row for row in MENTIONS.scan(context.root) if row["term"] == term]
    lines = [f"  evidence     {len(mentions)} mentions; {min(limit, len(mentions))} shown"]
    questions = _questions(context)
    spread = mentions[:: max(1, len(mentions) // limit)][:limit]
    replies: dict[str, dict[str, Any]] = {}
    for model in sorted({mention["model"] for mention in spread}):
        replies |= {row["reply_id"]: row for row in REPLIES.read(context.root, model)}
    for mention in spread:
        text = replies[mention["reply_id"]]["text"]
        start, end = mention["start"], mention["end"]
        low, high = max(0, start - _QUOTE // 2), end + _QUOTE // 2
        left = ("… " if low else "") + text[low:start]
        right = text[end:high] + (" …" if high < len(text) else "")
        asked = questions.get(mention["prompt"], mention["prompt"])
        lines.append("")
        lines.append(f"  {mention['respondent']}, asked: {one_line(asked)}")
        lines.append(f"      {one_line(left + '[' + mention['surface'] + ']' + right)}")
        lines.append(f"      mention {mention['mention_id']}")
    return lines


def _questions(context: Context) -> dict[str, str]:
    """Return the words of the study's questions by their id; recorded studies have none."""
    name = context.settings.elicit.prompts
    prompts = load_prompt(context.root, name)["prompts"]
    return {f"{name}/{prompt['id']}": str(prompt["text"]) for prompt in prompts}
