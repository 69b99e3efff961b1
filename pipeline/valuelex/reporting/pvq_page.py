"""One model's questionnaire profile as one page, with every answer behind it.

The page runs no script at all and loads nothing; its policy allows its own style sheet alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from valuelex.reporting.page import TEMPLATES, environment
from valuelex.reporting.pvq_text import account, beside, ends, heading, percent
from valuelex.reporting.security import still_policy
from valuelex.reporting.text import coefficient, interval, number, shorten

_WIDTH = 300.0
_LEAST_SPAN = 1.0
_LEVELS = {
    "nineteen": "Nineteen values",
    "ten": "Ten values",
    "four": "Four higher-order values",
}


def render_profile(card: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> str:
    """Render the page.

    Parameters
    ----------
    card
        The structure of ``profile.json``.
    answers
        One row an answer: ``frame``, ``trial``, ``item``, ``value``, ``outcome``, ``answer``,
        ``reason`` and ``text``.

    Returns
    -------
    str
        The page: the same text for the same content.
    """
    style = "\n".join(
        (TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "scorecard.css")
    )
    mark = "SIMULATED · " if card["simulated"] else ""
    return (
        environment()
        .get_template("pvq.html.j2")
        .render(
            policy=Markup(still_policy([style])),  # noqa: S704 - hashes and keywords of ours
            style=Markup(style),  # noqa: S704 - files of ours
            title=f"{mark}{shorten(card['model'])} on the portrait values questionnaire",
            card=card,
            heading=heading(card),
            account=account(card),
            beside=beside(card),
            levels=_levels(card),
            alphas=[_alpha(row) for row in card["alpha"]],
            style_facts=_style(card["style"]),
            retests=[_retest(row) for row in card["retest"]],
            items=_items(answers),
        )
    )


def _levels(card: Mapping[str, Any]) -> list[dict[str, Any]]:
    ends_of = [row[end] for row in card["profile"] for end in ("lower", "upper", "centred")]
    humans = [(row.get("people") or {}).get("human") for row in card["profile"]]
    seen = [value for value in (*ends_of, *humans) if value is not None]
    low, high = min(seen, default=-1.0), max(seen, default=1.0)
    pad = max(_LEAST_SPAN - (high - low), 0.1 * (high - low)) / 2

    def place(value: float | None) -> float | None:
        if value is None:
            return None
        return round(_WIDTH * (value - low + pad) / (high - low + 2 * pad), 1)

    return [
        {"title": title, "people": level == "nineteen", "rows": _rows(card, level, place)}
        for level, title in _LEVELS.items()
    ]


def _rows(card: Mapping[str, Any], level: str, place: Any) -> list[dict[str, Any]]:
    found = []
    for row in card["profile"]:
        if row["level"] != level:
            continue
        people = row.get("people") or {}
        difference = number(people.get("difference"))
        found.append(
            {
                **row,
                "ends": ends(row),
                "human": people.get("human"),
                "difference": f"{difference} {ends(people)}" if people else "",
                "ranks": f"{number(people['rank'], 0)} ({number(people['human_rank'], 0)})"
                if people
                else "",
                "dot": place(row["centred"]),
                "from": place(row["lower"]),
                "to": place(row["upper"]),
                "middle": place(people.get("human")),
                "zero": place(0.0),
            }
        )
    return found


def _alpha(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "value": row["value"],
        "alpha": coefficient(row.get("alpha")),
        "interval": interval(row.get("lower"), row.get("upper")),
        "n": row["n"],
        "n_left_out": row["n_left_out"],
        "note": row.get("note", ""),
    }


def _style(style: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Mean answer", number(style["mean"])),
        ("Standard deviation", number(style["sd"])),
        ("Answers at either end", percent(style["extreme"])),
        ("Answers in the middle", percent(style["middle"])),
        ("Commonest answer", percent(style["modal"])),
        ("Longest run of one answer", percent(style["longest_run"])),
        ("Straight-lined trials", f"{style['straight_lined']} of {style['n_trials']}"),
        ("Options upwards minus downwards", number(style["order_shift"])),
    ]


def _retest(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "facet": row["facet"],
        "agreement": percent(row["agreement"]),
        "repeat": percent(row["repeat"]),
        "r": coefficient(row["r"]),
        "r_repeat": coefficient(row["r_repeat"]),
        "shift": number(row["shift"]),
        "n_pairs": row["n_pairs"],
    }


def _items(answers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return each item with its answers, in the order of the official numbers."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    values: dict[int, str] = {}
    for row in answers:
        found.setdefault(row["item"], []).append(row)
        values[row["item"]] = row["value"]
    return [{"item": item, "value": values[item], "answers": found[item]} for item in sorted(found)]
