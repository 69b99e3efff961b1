"""Answers to dilemmas as counts: by model, dilemma and order; the rows and facts made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from valuelex.psychometrics.choices import Choices, Foretold, usable
from valuelex.psychometrics.intervals import cluster_ratio, wilson
from valuelex.psychometrics.types import Floats, group_index

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
_COUNTS = ("n_value", "n_other", "n_open")


def count_cells(
    answers: Tables, scores: Mapping[tuple[str, str], float | None]
) -> list[dict[str, Any]]:
    """Return one cell a model, dilemma and order.

    ``difference`` is the centred score on the first option's value minus that on the second's, NaN
    where the profile lacks one of them.
    """
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for model, rows in answers.items():
        for row in rows:
            place = (model, row["dilemma"], row["order"])
            if place not in found:
                found[place] = _cell(row, scores)
            cell = found[place]
            cell[_outcome(row, cell["value"])] += 1
    return [found[place] for place in sorted(found)]


def _outcome(row: Row, value: str) -> str:
    if row["choice"] is None:
        return "n_open"
    return "n_value" if row["choice"] == value else "n_other"


def _cell(row: Row, scores: Mapping[tuple[str, str], float | None]) -> dict[str, Any]:
    values = (row["first"], row["second"])
    value, other = values if row["order"] == "ab" else values[::-1]
    own, against = (scores.get((row["model"], name)) for name in (value, other))
    return {
        "model": row["model"],
        "dilemma": row["dilemma"],
        "order": row["order"],
        "value": value,
        "other": other,
        **dict.fromkeys(_COUNTS, 0),
        "difference": float("nan") if own is None or against is None else own - against,
    }


def as_choices(cells: Sequence[Row], families: Mapping[str, str]) -> Choices:
    """Return the cells as arrays, with the family of each model."""
    return Choices(
        taken=np.array([cell["n_value"] for cell in cells], dtype=np.int64),
        asked=np.array([cell["n_value"] + cell["n_other"] for cell in cells], dtype=np.int64),
        difference=np.array([cell["difference"] for cell in cells], dtype=np.float64),
        place=np.array([1.0 if cell["order"] == "ab" else -1.0 for cell in cells]),
        case=np.array([cell["dilemma"] for cell in cells]),
        model=np.array([cell["model"] for cell in cells]),
        family=np.array([families[cell["model"]] for cell in cells]),
    )


def choice_rows(
    answers: Tables, cells: Sequence[Row], choices: Choices, found: Foretold | None
) -> list[dict[str, Any]]:
    """Return one row a model and dilemma, both orders joined."""
    base, chance = spread(choices, found)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    parts: dict[tuple[str, str], list[int]] = {}
    for i, cell in enumerate(cells):
        key = (cell["model"], cell["dilemma"])
        names = ("model", "dilemma", "value", "other")
        row = rows.setdefault(key, {n: cell[n] for n in names} | dict.fromkeys(_COUNTS, 0))
        for name in _COUNTS:
            row[name] += cell[name]
        parts.setdefault(key, []).append(i)
    pairs = consistent_pairs(answers)
    for key, row in rows.items():
        chosen = row["n_value"] + row["n_other"]
        row["share"] = row["n_value"] / chosen if chosen else None
        row["difference"] = _mean(choices.difference[parts[key]])
        row["base_rate"], row["foretold"] = _mean(base[parts[key]]), _mean(chance[parts[key]])
        row["consistent"], row["n_pairs"] = pairs.get(key, (0, 0))
    return list(rows.values())


def spread(choices: Choices, found: Foretold | None) -> tuple[Floats, Floats]:
    """Return base rate and chance of every cell; NaN where nothing was foretold."""
    base = np.full(len(choices.taken), np.nan)
    chance = base.copy()
    if found is not None:
        keep = usable(choices)
        base[keep], chance[keep] = found.base, found.chance
    return base, chance


def consistent_pairs(answers: Tables) -> dict[tuple[str, str], tuple[int, int]]:
    """Return (model, dilemma) -> pairs of orders with the same choice, and pairs with two."""
    chosen: dict[tuple[str, str, int], list[str]] = {}
    for model, rows in answers.items():
        for row in rows:
            if row["choice"] is not None:
                chosen.setdefault((model, row["dilemma"], row["trial"]), []).append(row["choice"])
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for (model, dilemma, _), both in chosen.items():
        if len(both) == 2:
            same, n = found.get((model, dilemma), (0, 0))
            found[model, dilemma] = (same + (both[0] == both[1]), n + 1)
    return found


def order_effects(answers: Tables, families: Mapping[str, str]) -> dict[str, Any]:
    """Return how often both orders lead to one choice, and how often the option shown as A wins."""
    pairs = consistent_pairs(answers)
    models = sorted(answers)
    same = np.array([sum(s for (m, _), (s, _n) in pairs.items() if m == key) for key in models])
    n = np.array([sum(n for (m, _), (_s, n) in pairs.items() if m == key) for key in models])
    first = np.array([sum(_took_a(row) for row in answers[key]) for key in models])
    made = np.array([sum(row["choice"] is not None for row in answers[key]) for key in models])
    labels = np.array([families[key] for key in models])
    return {
        "consistency": _ratio(same, n, labels),
        "option_a": _ratio(first, made, labels),
        "models": [
            {"model": key, "consistent": int(s), "n_pairs": int(k)} | _bounds(int(s), int(k))
            for key, s, k in zip(models, same, n, strict=True)
        ],
    }


def _took_a(row: Row) -> bool:
    return row["choice"] is not None and row["choice"] == row["first"]


def _ratio(part: Any, whole: Any, labels: Any) -> dict[str, Any]:
    share, lower, upper = cluster_ratio(part.astype(float), whole.astype(float), labels)
    return {"share": share, "lower": lower, "upper": upper, "n": int(whole.sum())}


def _bounds(part: int, whole: int) -> dict[str, float | None]:
    lower, upper = wilson(part, whole)
    return {"share": part / whole if whole else None, "lower": lower, "upper": upper}


def outcomes(answers: Tables) -> dict[str, Any]:
    """Return how many answers chose, and why the others did not."""
    reasons = Counter(
        row["reason"] for rows in answers.values() for row in rows if row["choice"] is None
    )
    asked = sum(len(rows) for rows in answers.values())
    return {
        "asked": asked,
        "chosen": asked - sum(reasons.values()),
        "open": dict(sorted(reasons.items())),
    }


def per_model(choices: Choices, found: Foretold | None) -> list[dict[str, Any]]:
    """Return, for each model, how well its choices were foretold; dilemmas are the clusters."""
    if found is None:
        return []
    keep = usable(choices)
    taken, asked = choices.taken[keep].astype(float), choices.asked[keep].astype(float)
    models, index = group_index(choices.model[keep])
    rows = []
    for m, name in enumerate(models):
        mine = index == m
        cases = choices.case[keep][mine]
        right, base = (
            np.where(p[mine] > 0.5, taken[mine], asked[mine] - taken[mine])
            for p in (found.chance, found.base)
        )
        share, lower, upper = cluster_ratio(right, asked[mine], cases)
        gain, gain_lower, gain_upper = cluster_ratio(found.cell_gain[mine], asked[mine], cases)
        rows.append(
            {
                "model": name,
                "n": int(asked[mine].sum()),
                "accuracy": share,
                "lower": lower,
                "upper": upper,
                "base_accuracy": float(base.sum() / asked[mine].sum()),
                "gain": gain,
                "gain_lower": gain_lower,
                "gain_upper": gain_upper,
            }
        )
    return rows


def _mean(values: Floats) -> float | None:
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) else None
