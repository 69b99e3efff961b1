"""Everything that is said of an item set and of who answered it, as plain rows and facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from valuelex.stages.numbers import finite_values
from valuelex.stages.portrait_folder import Folder
from valuelex.stages.portrait_scores import (
    Answers,
    against_people,
    outcome_counts,
    people_rows,
    score_rows,
    sensitivity_rows,
    shift_rows,
)
from valuelex.stages.portrait_tags import Tags

_FORMS = ("wording", "order", "both")


@dataclass(frozen=True)
class Result:
    """``facts`` are a JSON document; ``scores`` and ``tags`` are rows of tables."""

    facts: dict[str, Any]
    scores: list[dict[str, Any]]
    tags: list[dict[str, Any]]


def describe(folder: Folder, tags: Tags) -> dict[str, Any]:
    """Return what the item set is, its tags, and how many of them chance would give."""
    families: dict[str, int] = {}
    for tag in tags.tags:
        families[tag.family] = families.get(tag.family, 0) + 1
    raters = {p for block in folder.ratings.blocks for p in block.people} if folder.ratings else ()
    level = tags.tagged[0].level if tags.tagged else None
    return {
        "items": len(folder.item_set.items),
        "questions": len({item.id[0] for item in folder.item_set.items}),
        "sha256": folder.sha256,
        "raters": len(raters),
        "rule": tags.rule,
        "threshold": tags.threshold,
        "false_discovery": level,
        "tags": families,
        "exclusions": [list(one) for one in tags.exclusions],
        "required_version": tags.required_version,
        "chance": tags.counts(),
        "in_several_groups": {p: list(g) for p, g in tags.in_several_groups.items()},
    }


def result_of(
    folder: Folder,
    tags: Tags,
    answers: Answers,
    *,
    required: str | None = None,
    groups: Mapping[str, str] | None = None,
) -> Result:
    """Score all who answered, and say what their answers hang on.

    Parameters
    ----------
    required
        A version without which an item counts as unanswered (published scores: ``v1``).
    groups
        Persona id -> name of the people's group to compare with.
    """
    shifts = shift_rows(answers, tags)
    asked = {row["persona"] for row in shifts}
    people = people_rows(folder, {p: g for p, g in (groups or {}).items() if p in asked})
    sensitive = sensitivity_rows(answers)
    facts = {
        "item_set": describe(folder, tags),
        "outcomes": outcome_counts(answers),
        "models": len(answers),
        "required_version": required,
        "sensitivity": {"all": _over_models(sensitive), "models": sensitive},
        "personas": {
            "shifts": shifts,
            "people": people,
            "agreement": against_people(shifts, people),
            "note": ""
            if people or not shifts
            else "the folder has no human_groups.csv: nothing to compare personas with",
        },
    }
    return Result(finite_values(facts), score_rows(answers, tags, required), tags.rows())


def _over_models(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the mean over models of the shares that change, with their number."""
    found: dict[str, Any] = {}
    for form in _FORMS:
        shares = [row[form] for row in rows if row[form] is not None]
        distances = [row[f"{form}_distance"] for row in rows if row[form] is not None]
        found[form] = float(np.mean(shares)) if shares else None
        found[f"{form}_distance"] = float(np.mean(distances)) if distances else None
    return found | {"n_models": len(rows)}
