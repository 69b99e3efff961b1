"""One model's profile on a released test as one page, with every completion and every verdict.

The page runs no script at all and loads nothing; its policy allows its own style sheet alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from valuelex.reporting.page import TEMPLATES, environment
from valuelex.reporting.profile_text import account, interval, is_part, place, second_lines
from valuelex.reporting.security import still_policy
from valuelex.reporting.text import shorten

_LOW, _HIGH = 0.0, 6.0
_WIDTH = 300.0
_LEAST_SPAN = 0.2
_NOT_RELEVANT = "not relevant"


def render_scorecard(
    card: Mapping[str, Any],
    stems: Sequence[Mapping[str, Any]],
    ratings: Sequence[Mapping[str, Any]],
    norms: Mapping[Any, Sequence[float]],
) -> str:
    """Render the page.

    Parameters
    ----------
    card
        The structure of ``scores.json``.
    stems
        ``id``, ``text`` and ``sub_dimension`` of each stem, in the order of the form.
    ratings
        ``completion``, ``judge``, ``sub_dimension``, ``score`` (None when unscored), ``reason``.
    norms
        The roster's scores for each (level, id).

    Returns
    -------
    str
        The page: the same text for the same content.
    """
    style = "\n".join(
        (TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "scorecard.css")
    )
    release = card["release"]
    mark = "SIMULATED · " if release["simulated"] else ""
    names = {row["id"]: row["name"] for row in card["profile"]}
    return (
        environment()
        .get_template("scorecard.html.j2")
        .render(
            policy=Markup(still_policy([style])),  # noqa: S704 - hashes and keywords of ours
            style=Markup(style),  # noqa: S704 - files of ours
            title=f"{mark}{shorten(card['model'])} on {release['id']}",
            card=card,
            release=release,
            account=account(card),
            rows=_rows(card, norms),
            second=second_lines(card),
            stems=_stems(card, stems, ratings, names),
        )
    )


def _rows(card: Mapping[str, Any], norms: Mapping[Any, Sequence[float]]) -> list[dict[str, Any]]:
    """Return the profile's rows in reading order, each with the drawing of its place."""
    profile = card["profile"]
    ordered = []
    for dimension in (row for row in profile if row["level"] == "dimension"):
        ordered += [dimension, *(row for row in profile if is_part(row, dimension))]
    seen = [value for values in norms.values() for value in values if value == value]
    ends = [row[end] for row in profile for end in ("lower", "upper", "mean")]
    seen += [end for end in ends if end is not None]
    low, high = min(seen, default=_LOW), max(seen, default=_HIGH)
    pad = max(_LEAST_SPAN - (high - low), 0.1 * (high - low)) / 2
    scale = _Scale(max(low - pad, _LOW), min(high + pad, _HIGH))
    return [
        {
            **row,
            "interval": interval(row),
            "place": place(row),
            "taken": row["n_scored"] - row["n_neutral"],
            "ticks": [scale(v) for v in norms[row["level"], row["id"]] if v == v],
            "dot": scale(row["mean"]),
            "from": scale(row["lower"]),
            "to": scale(row["upper"]),
            "middle": scale(row["roster_median"]),
        }
        for row in ordered
    ]


class _Scale:
    """From a score to a place on a line of 300 units."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._span = low, max(high - low, 1e-9)

    def __call__(self, value: float | None) -> float | None:
        return None if value is None else round(_WIDTH * (value - self._low) / self._span, 1)


def _stems(
    card: Mapping[str, Any],
    stems: Sequence[Mapping[str, Any]],
    ratings: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return each stem with its completions, and each of those with what the judge made of it."""
    second = (card["second_judge"] or {}).get("name")
    verdicts: dict[tuple[str, bool], list[Mapping[str, Any]]] = {}
    for rating in ratings:
        other = second is not None and rating["judge"] == second
        verdicts.setdefault((rating["completion"], other), []).append(rating)
    said: dict[str, list[dict[str, Any]]] = {}
    for one in card["completions"]:
        found = _verdict(verdicts.get((one["id"], False), []), names)
        if second is not None:
            found["second"] = _verdict(verdicts.get((one["id"], True), []), names)
        said.setdefault(one["stem"], []).append({**one, **found})
    return [
        {
            "id": stem["id"],
            "text": stem["text"],
            "key": f"{stem['sub_dimension']} {names[stem['sub_dimension']]}",
            "completions": sorted(said.get(stem["id"], []), key=lambda one: one["draw"]),
        }
        for stem in stems
    ]


def _verdict(ratings: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the scores of one completion, the number of neutral verdicts, or why there is none."""
    scores = [
        {"id": r["sub_dimension"], "name": names[r["sub_dimension"]], "score": r["score"]}
        for r in ratings
        if r["score"] is not None
    ]
    neutral = sum(r["score"] is None and r["reason"] == _NOT_RELEVANT for r in ratings)
    why = next((r["reason"] for r in ratings if r["reason"] not in ("", _NOT_RELEVANT)), "")
    return {"scores": scores, "neutral": neutral, "why": "" if scores or neutral else why}
