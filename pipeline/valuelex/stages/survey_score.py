"""survey-score: score the questionnaire, ask how far to trust it, and set it beside people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from valuelex.artifacts.table import (
    SURVEY_DISCRIMINANT,
    SURVEY_HUMAN,
    SURVEY_PEOPLE,
    SURVEY_PROFILES,
    SURVEY_RELIABILITY,
    SURVEY_STYLE,
    SURVEY_VALIDITY,
)
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.key import LEVELS, Key
from valuelex.instruments.pvq.score import profile
from valuelex.instruments.pvq.style import response_style
from valuelex.stages.context import Context
from valuelex.stages.numbers import finite_values
from valuelex.stages.questionnaire import load_key, load_norms, load_questionnaire
from valuelex.stages.survey_data import SurveyData, read_survey
from valuelex.stages.survey_models import between_models
from valuelex.stages.survey_people import human_rows, people
from valuelex.stages.survey_reliability import NEGATIVE, survey_reliability
from valuelex.stages.survey_validity import survey_validity
from valuelex.stages.survey_warnings import warnings


def run(context: Context) -> None:
    """Write the artifacts that rest on all models' answers."""
    key, questionnaire = load_key(context.root), load_questionnaire(context)
    settings, seed = context.settings.survey, context.settings.study.seed
    data = read_survey(context, key)
    said = list(warnings(official=questionnaire.official))
    SURVEY_PROFILES.write(context.root, profile_rows(data, key))
    SURVEY_STYLE.write(context.root, style_rows(data, questionnaire))

    norms = load_norms(context.root, settings.norms, key)
    SURVEY_HUMAN.write(context.root, human_rows(data, norms, key))
    beside = people(data, norms, key, draws=settings.bootstraps, seed=seed)
    _write(context, SURVEY_PEOPLE, {"norms": settings.norms, "warnings": said} | beside)

    reliability = survey_reliability(data, key, draws=settings.bootstraps, seed=seed)
    negative = any((row.get("alpha") or 0) < 0 for row in reliability["values"])
    reliability |= {
        "unanswered": dict(data.reasons),
        "trials": settings.trials,
        "mode": settings.mode,
        "official": questionnaire.official,
        "warnings": [*said, *([NEGATIVE] if negative else [])],
    }
    _write(context, SURVEY_RELIABILITY, reliability)
    _write(context, SURVEY_VALIDITY, survey_validity(context, data, key))
    told = between_models(context, data, key)
    _write(context, SURVEY_DISCRIMINANT, told)
    shown = told["warning"]
    if told["accuracy"] is not None:
        shown = f"told apart with accuracy {told['accuracy']:.2f}"
    left_open = sum(data.reasons.values())
    context.say(f"survey-score: {len(data.models)} models, {left_open} items open; {shown}")


def _write(context: Context, artifact: Any, content: Mapping[str, Any]) -> None:
    artifact.write(context.root, context.signature | finite_values(content))


def profile_rows(data: SurveyData, key: Key) -> list[dict[str, Any]]:
    """Return one row per model, level and value."""
    names = ("value", "raw", "centred", "se", "n_answered", "n_missing")
    return [
        {"model": model, "level": level, **{name: getattr(row, name) for name in names}}
        for model, one in data.models.items()
        for level in LEVELS
        for row in profile(one.answers, key, level)
    ]


def style_rows(data: SurveyData, questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """Return how each model uses the scale."""
    return [
        {
            "model": model,
            **asdict(
                response_style(
                    one.answers,
                    one.position,
                    one.descending,
                    low=questionnaire.low,
                    high=questionnaire.high,
                )
            ),
        }
        for model, one in data.models.items()
    ]
