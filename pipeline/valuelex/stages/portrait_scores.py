"""Scores, sensitivity and persona shifts of respondents who answered an item set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from valuelex.instruments.portrait.ratings import ItemId
from valuelex.instruments.portrait.score import (
    Sensitivity,
    average_versions,
    score_portraits,
    sensitivity,
)
from valuelex.instruments.portrait.shifts import Shift, group_differences, persona_shifts
from valuelex.stages.portrait_answers import Answer
from valuelex.stages.portrait_folder import Folder
from valuelex.stages.portrait_tags import Tags

Averages = dict[ItemId, float | None]
Answers = Mapping[str, Sequence[Answer]]


def averages(answers: Sequence[Answer], persona: str = "", required: str | None = None) -> Averages:
    """Return item -> mean over the versions that were answered (as a persona, or as none)."""
    return average_versions(
        ((a.item, a.version, a.number) for a in answers if a.persona == persona), required=required
    )


def score_rows(answers: Answers, tags: Tags, required: str | None = None) -> list[dict[str, Any]]:
    """Return one row a model, family and value; ``se`` is over the value's items."""
    rows = []
    for model, given in answers.items():
        for score in score_portraits(averages(given, required=required), tags.tags):
            n = score.n_items
            se = score.sd / float(np.sqrt(n - 1)) if score.sd is not None and n > 1 else None
            rows.append({"model": model, **asdict(score), "se": se})
    return rows


def sensitivity_rows(answers: Answers) -> list[dict[str, Any]]:
    """Return one row a model: how often answers change with the form alone."""
    return [{"model": model, **asdict(_sensitivity(given))} for model, given in answers.items()]


def _sensitivity(given: Sequence[Answer]) -> Sensitivity:
    return sensitivity({(a.item, *a.form): a.number for a in given if not a.persona})


def shift_rows(answers: Answers, tags: Tags) -> list[dict[str, Any]]:
    """Return one row a model, persona and value: the score as the persona minus that as none."""
    rows = []
    for model, given in answers.items():
        plain = averages(given)
        for persona in sorted({a.persona for a in given} - {""}):
            shifts = persona_shifts(plain, averages(given, persona), tags.tags)
            rows += [{"model": model, "persona": persona, **asdict(shift)} for shift in shifts]
    return rows


def people_rows(folder: Folder, groups: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return one row a persona and value: how people of its group differ from all others.

    Parameters
    ----------
    groups
        Persona id -> name of a group in the folder's file of groups.
    """
    rows: list[dict[str, Any]] = []
    for persona, group in groups.items():
        if group in folder.groups:
            for family, people in folder.people.items():
                found: list[Shift] = group_differences(people, folder.groups[group], family)
                rows += [{"persona": persona, "group": group, **asdict(one)} for one in found]
    return rows


def against_people(
    shifts: Sequence[Mapping[str, Any]], people: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return, for each model, persona and family, the correlation over values with people's."""
    human = {(row["persona"], row["family"], row["dimension"]): row["shift"] for row in people}
    cells: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for row in shifts:
        other = human.get((row["persona"], row["family"], row["dimension"]))
        if other is not None and row["shift"] is not None:
            cells.setdefault((row["model"], row["persona"], row["family"]), []).append(
                (row["shift"], other)
            )
    return [
        {"model": model, "persona": persona, "family": family, "r": _r(pairs), "n": len(pairs)}
        for (model, persona, family), pairs in sorted(cells.items())
    ]


def outcome_counts(answers: Answers) -> dict[str, Any]:
    """Return how many items were asked and answered, and why the others were not."""
    every = [answer for given in answers.values() for answer in given]
    reasons = Counter(a.reason or "unknown" for a in every if a.number is None)
    return {
        "asked": len(every),
        "answered": len(every) - sum(reasons.values()),
        "unanswered": dict(sorted(reasons.items())),
    }


def _r(pairs: Sequence[tuple[float, float]]) -> float | None:
    table = np.array(pairs, dtype=float)
    if len(table) < 3 or (np.ptp(table, axis=0) <= 1e-12).any():
        return None
    return float(np.corrcoef(table.T)[0, 1])
