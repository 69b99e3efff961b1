"""portrait: score the user's Value Portrait item set; without one, write empty tables."""

from __future__ import annotations

from typing import Any

from valuelex.artifacts.table import (
    PORTRAIT_ANSWERS,
    PORTRAIT_REPORT,
    PORTRAIT_SCORES,
    PORTRAIT_TAGS,
)
from valuelex.stages.context import Context, read_per_model
from valuelex.stages.portrait_answers import Answer
from valuelex.stages.portrait_questions import study_folder, study_wordings
from valuelex.stages.portrait_result import result_of
from valuelex.stages.portrait_tags import make_tags

WHY_NOT = "no item set is given: `portrait.items` of params.yaml names none"


def run(context: Context) -> None:
    """Write ``survey/portrait.csv``, ``survey/portrait_tags.csv`` and ``survey/portrait.json``."""
    folder, settings = study_folder(context), context.settings.portrait
    if folder is None:
        PORTRAIT_SCORES.write(context.root, [])
        PORTRAIT_TAGS.write(context.root, [])
        PORTRAIT_REPORT.write(context.root, context.signature | {"given": False, "why": WHY_NOT})
        context.say(f"portrait: {WHY_NOT}")
        return
    answers = {
        model: tuple(_answer(row) for row in rows)
        for model, rows in read_per_model(context, PORTRAIT_ANSWERS)
    }
    tags = make_tags(
        folder,
        context.root,
        settings.tags,
        level=settings.false_discovery,
        permutations=settings.permutations,
        seed=context.settings.study.seed,
    )
    groups = {persona.id: persona.group for persona in study_wordings(context).personas}
    result = result_of(folder, tags, answers, groups=groups)
    PORTRAIT_SCORES.write(context.root, result.scores)
    PORTRAIT_TAGS.write(context.root, result.tags)
    PORTRAIT_REPORT.write(context.root, context.signature | {"given": True, **result.facts})
    outcomes = result.facts["outcomes"]
    context.say(
        f"portrait: {outcomes['answered']} of {outcomes['asked']} answers, {len(answers)} models"
    )


def _answer(row: dict[str, Any]) -> Answer:
    item = (row["portrait"], row["option"])
    return Answer(item, row["version"], row["persona"], row["answer"], row["reason"])
