"""A model's profile on a released test as lines for a terminal, 100 characters wide at most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valuelex.reporting.text import DASH, number, plural, shorten, visible

_NAME = 33
_HEADINGS = (
    f"{'':<{_NAME}} {'score':>5}  {'95 % interval':<14} {'SE':>6}  {'percentile':<12}"
    f" {'taken up':>9}  remark"
)
_READING = (
    "score       0-6; 3 is the middle: a completion that has nothing to do with a value counts 3",
    "percentile  place among the roster's models, and the places of the interval's ends; scores of",
    "            two values cannot be compared (some are taken up more often), percentiles can",
    "taken up    verdicts that see the value in a completion, of all verdicts that count",
    "remark      above, below: p < .05 against the roster's median, corrected for the number of",
    "            rows (Holm); within error: no difference from that median is shown",
)


def profile_lines(card: Mapping[str, Any]) -> list[str]:
    """Return the profile for people to read.

    Parameters
    ----------
    card
        The structure of ``scores.json``.
    """
    release = card["release"]
    lines = [release["statement"], ""] if release["simulated"] else []
    roster = f"{plural(release['models'], 'model')}"
    lines.append(
        f"{shorten(card['model'])} on {release['id']} ({card['interface']} interface; roster:"
        f" {'simulated, ' if release['simulated'] else ''}{roster})"
    )
    lines += [account(card), *(f"note: {note}" for note in card["notes"]), "", _HEADINGS]
    for dimension in (row for row in card["profile"] if row["level"] == "dimension"):
        lines.append(_line(dimension, ""))
        lines += [_line(row, "  ") for row in card["profile"] if is_part(row, dimension)]
    lines += second_lines(card)
    if not release["simulated"]:
        lines += ["", release["statement"]]
    return [" ".join(visible(line).split("\n")) for line in (*lines, "", *_READING)]


def second_lines(card: Mapping[str, Any]) -> list[str]:
    """Return what a second judge, a language model, made of the completions; none without one."""
    second = card["second_judge"]
    if second is None:
        return []
    controls, agreement = second["controls"], second["agreement"]
    lost = ", ".join(f"{reason} {n}" for reason, n in second["unscored"].items())
    lines = [
        "",
        f"second judge {shorten(second['name'])}" + (f"; no verdict: {lost}" if lost else ""),
    ]
    if controls is not None:
        lines.append(f"  controls right: {controls['right']} of {controls['scored']} scored")
    lines.append(
        f"  with the release's judge: r = {number(agreement['r'])}, ICC(2,1) ="
        f" {number(agreement['icc2'])} over {agreement['n']} verdicts; it has no percentiles, the"
        " roster was not judged by it"
    )
    own = {row["id"]: row for row in card["profile"]}
    for row in second["profile"]:
        name = shorten(f"{row['id']} {own[row['id']]['name']}", _NAME - 2)
        lines.append(
            f"  {name:<{_NAME - 2}} {number(row['mean']):>5}  {interval(row):<14}"
            f" {number(row['se'], 3):>6}  (release's judge {number(own[row['id']]['mean'])})"
        )
    return lines


def is_part(row: Mapping[str, Any], dimension: Mapping[str, Any]) -> bool:
    """Tell whether a row is a sub-dimension of a dimension."""
    return bool(row["level"] == "sub_dimension" and row["id"].startswith(f"{dimension['id']}."))


def account(card: Mapping[str, Any]) -> str:
    """Say how many completions were judged, and why the others were not."""
    total, unscored = card["n_completions"], card["unscored"]
    lost = sum(unscored.values())
    reasons = ", ".join(f"{reason} {n}" for reason, n in unscored.items())
    return f"{plural(total, 'completion')}: {total - lost} judged, {lost} not" + (
        f" ({reasons}); those count in no score" if lost else ""
    )


def _line(row: Mapping[str, Any], indent: str) -> str:
    name = shorten(f"{indent}{row['id']} {row['name']}".strip(), _NAME - len(indent))
    taken = f"{row['n_scored'] - row['n_neutral']}/{row['n_scored']}"
    return (
        f"{indent + name:<{_NAME}} {number(row['mean']):>5}  {interval(row):<14}"
        f" {number(row['se'], 3):>6}  {place(row):<12} {taken:>9}  {row['remark']}"
    )


def interval(row: Mapping[str, Any]) -> str:
    """Return ``[2.98, 3.41]``, or a dash."""
    if row["lower"] is None or row["upper"] is None:
        return DASH
    return f"[{number(row['lower'])}, {number(row['upper'])}]"


def place(row: Mapping[str, Any]) -> str:
    """Return ``71 (48-90)``: the percentile, and those of the interval's ends."""
    if row["percentile"] is None:
        return DASH
    ends = (row["percentile_lower"], row["percentile_upper"])
    if None in ends:
        return number(row["percentile"], 0)
    return f"{number(row['percentile'], 0)} ({number(ends[0], 0)}-{number(ends[1], 0)})"
