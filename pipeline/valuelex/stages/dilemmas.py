"""dilemmas: what models choose where two values conflict, and whether profiles foretell it."""

from __future__ import annotations

from typing import Any

from valuelex.artifacts.table import DILEMMA_ANSWERS, DILEMMA_REPORT, DILEMMAS, SURVEY_PROFILES
from valuelex.errors import DataError
from valuelex.psychometrics.choices import Choices, Foretold, foretell
from valuelex.stages.context import Context, read_per_model
from valuelex.stages.dilemma_tables import (
    as_choices,
    choice_rows,
    count_cells,
    order_effects,
    outcomes,
    per_model,
)
from valuelex.stages.numbers import finite_values

NOTE = (
    "No option of a dilemma is the right one: nothing here measures the quality of counsel."
    " Profile and choices were asked of the same model at the same settings."
)


def run(context: Context) -> None:
    """Write ``survey/dilemmas.csv`` and ``survey/dilemmas.json``."""
    answers = dict(read_per_model(context, DILEMMA_ANSWERS))
    scores = {
        (row["model"], row["value"]): row["centred"]
        for row in SURVEY_PROFILES.read(context.root)
        if row["level"] == "ten"
    }
    cells = count_cells(answers, scores)
    families = {key: entry.family for key, entry in context.settings.models.items()}
    choices = as_choices(cells, families)
    found, why = _foretell(context, choices)
    DILEMMAS.write(context.root, choice_rows(answers, cells, choices, found))
    said = statement(found, why)
    report = {
        "statement": said,
        "outcomes": outcomes(answers),
        "order": order_effects(answers, families),
        "foretold": None if found is None else _facts(found),
        "models": per_model(choices, found),
        "note": NOTE,
    }
    DILEMMA_REPORT.write(context.root, context.signature | finite_values(report))
    context.say(f"dilemmas: {said}")


def _foretell(context: Context, choices: Choices) -> tuple[Foretold | None, str]:
    settings = context.settings
    try:
        draws = settings.dilemmas.permutations
        return foretell(choices, permutations=draws, seed=settings.study.seed), ""
    except DataError as error:
        return None, str(error)


def statement(found: Foretold | None, why: str) -> str:
    """Return in one sentence whether profiles foretell choices, and on how much that rests."""
    if found is None:
        return f"whether profiles foretell choices cannot be said: {why}"
    shown = (
        f"{found.accuracy:.1%} of {found.n} choices of families left out foretold with the profile,"
        f" {found.base_accuracy:.1%} without ({found.n_models} models, {found.n_families} families)"
    )
    if found.foretells:
        return f"profiles foretell choices beyond the base rate of each dilemma: {shown}"
    return f"profiles do not foretell choices beyond the base rate of each dilemma: {shown}"


def _facts(found: Foretold) -> dict[str, Any]:
    return {
        "foretells": found.foretells,
        "gain": found.gain,
        "lower": found.lower,
        "upper": found.upper,
        "p": found.p,
        "accuracy": found.accuracy,
        "base_accuracy": found.base_accuracy,
        "alone_accuracy": found.alone_accuracy,
        "slope": found.slope,
        "n": found.n,
        "n_models": found.n_models,
        "n_families": found.n_families,
        "permutations": found.permutations,
        "left_out": "one family at a time",
    }
