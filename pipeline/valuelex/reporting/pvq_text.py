"""A model's questionnaire profile as lines for a terminal, 100 characters wide at most."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from valuelex.reporting.text import DASH, coefficient, interval, number, plural, shorten, visible

_WIDTH = 100
_NAME = 30
_TITLES = {"nineteen": "NINETEEN VALUES", "ten": "TEN VALUES", "four": "FOUR HIGHER-ORDER VALUES"}
_HEADINGS = (
    f"{'':<{_NAME}} {'raw':>5} {'centred':>8}  {'95 % interval':<15} {'answered':>9}"
    f"  {'people':>6} {'diff.':>6}  rank (people)"
)
_SIMULATED = "SIMULATED: this model was invented; its answers say nothing about a real one."


def profile_lines(card: Mapping[str, Any]) -> list[str]:
    """Return the profile for people to read.

    Parameters
    ----------
    card
        The structure of ``profile.json``.
    """
    lines = [_SIMULATED, ""] if card["simulated"] else []
    lines += [heading(card), account(card), f"{beside(card)}.", ""]
    for level, title in _TITLES.items():
        lines += [title, _HEADINGS] if level == "nineteen" else ["", title]
        rows = [row for row in card["profile"] if row["level"] == level]
        # the nineteen from the dearest down; the others in the theory's order
        if level == "nineteen":
            rows = sorted(rows, key=lambda row: (row["centred"] is None, -(row["centred"] or 0)))
        lines += [_line(row) for row in rows]
    lines += ["", *_trust(card), ""]
    for warning in card["warnings"]:
        lines += textwrap.wrap(f"! {warning}", _WIDTH, subsequent_indent="  ")
    return [" ".join(visible(line).split("\n")) for line in lines]


def heading(card: Mapping[str, Any]) -> str:
    """Say who answered what, and how."""
    about = card["questionnaire"]
    text = {True: "official text", False: "our own wording"}[about["official"]]
    frame = f", frame '{about['frame']}'" if about["frame"] else ""
    what = "recorded answers" if about["mode"] == "recorded" else f"{text}, by {about['mode']}"
    return (
        f"{shorten(card['model'])} on the portrait values questionnaire"
        f" ({what}{frame}, {plural(about['trials'], 'trial')})"
    )


def account(card: Mapping[str, Any]) -> str:
    """Say how many items were answered, and why the others were not."""
    lost = card["n_items"] - card["n_answered"]
    reasons = ", ".join(f"{reason} {n}" for reason, n in card["not_answered"].items())
    return f"{plural(card['n_items'], 'item')}: {card['n_answered']} answered, {lost} not" + (
        f" ({reasons}); those count in no score" if lost else ""
    )


def beside(card: Mapping[str, Any]) -> str:
    """Say how alike the profile is to that of people."""
    people = card["people"]
    r = f"= {coefficient(people['r'])} {interval(people['lower'], people['upper'])}"
    return (
        f"Mean answer {number(card['mean_rating'])}; beside people ({people['norms']}): profile"
        f" r {'not estimable' if people['r'] is None else r} over"
        f" {people['n_values']} values, mean difference"
        f" {number(people['mean_absolute_difference'])}"
    )


def _line(row: Mapping[str, Any]) -> str:
    answered = f"{row['n_answered']}/{row['n_answered'] + row['n_missing']}"
    line = (
        f"{row['value']:<{_NAME}} {number(row['raw']):>5} {number(row['centred']):>8}"
        f"  {ends(row):<15} {answered:>9}"
    )
    people = row.get("people")
    if not people:
        return line
    return (
        f"{line}  {number(people['human']):>6} {number(people['difference']):>6}"
        f"  {number(people['rank'], 0):>4} ({number(people['human_rank'], 0)})"
    )


def ends(row: Mapping[str, Any]) -> str:
    """Return the interval of a centred score, always with the zero before the point."""
    if row["lower"] is None or row["upper"] is None:
        return DASH
    return f"[{number(row['lower'])}, {number(row['upper'])}]"


def _trust(card: Mapping[str, Any]) -> list[str]:
    """Return lines on alpha, response style and retests."""
    known = [row for row in card["alpha"] if row.get("alpha") is not None]
    lines = []
    if known:
        low, high = (pick(known, key=lambda row: row["alpha"]) for pick in (min, max))
        lines.append(
            f"alpha over this model's trials: {coefficient(low['alpha'])}"
            f" {interval(low['lower'], low['upper'])} ({low['value']}) to"
            f" {coefficient(high['alpha'])} ({high['value']});"
        )
        below = sum(row["alpha"] < 0 for row in known)
        undefined = len(card["alpha"]) - len(known)
        lines.append(
            f"  {below} of {len(known)} below zero, shown as they are; {undefined} undefined"
        )
    style = card["style"]
    lines.append(
        f"use of the scale: sd {number(style['sd'])}, ends {percent(style['extreme'])}, middle"
        f" {percent(style['middle'])}, commonest answer {percent(style['modal'])}, longest run"
        f" {percent(style['longest_run'])}, straight-lined"
        f" {plural(style['straight_lined'], 'trial')}"
    )
    lines += [
        f"retest over {row['facet']}: equal answers {percent(row['agreement'])}"
        f" (repeats {percent(row['repeat'])}), profile r {coefficient(row['r'])}"
        f" (repeats {coefficient(row['r_repeat'])}), shift {number(row['shift'])}"
        for row in card["retest"]
    ]
    return lines


def percent(share: float | None) -> str:
    """Return ``37 %``, or a dash."""
    return DASH if share is None else f"{100 * share:.0f} %"
