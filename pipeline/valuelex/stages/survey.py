"""survey: give one model the portrait values questionnaire, dilemmas and the user's exchanges.

Every item is asked in a context of its own; item order and the direction of the answer options
vary by trial and are recorded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from valuelex.artifacts.table import ANSWERS, DILEMMA_ANSWERS, PORTRAIT_ANSWERS
from valuelex.instruments.pvq.answers import answer_scale, read_answer
from valuelex.instruments.pvq.parse import Scale
from valuelex.instruments.pvq.requests import Administration, Respondent, survey_requests
from valuelex.records import Reply, Request
from valuelex.stages.asking import ask, reply_columns, revision
from valuelex.stages.context import Context
from valuelex.stages.dilemma_questions import dilemma_questions, dilemma_rows
from valuelex.stages.portrait_questions import portrait_questions, portrait_rows
from valuelex.stages.questionnaire import load_questionnaire


def run(context: Context, model: str) -> None:
    """Write ``survey/answers/<model>.parquet``."""
    entry = context.settings.model(model)
    asked = asked_of(context, model)
    choices, exchanges = dilemma_questions(context, model), portrait_questions(context, model)
    others = [*(one.request for one in choices), *(one.request for one in exchanges)]
    # one call, so that the model is loaded once for all that is asked here
    replies = ask(context, model, [*(one.request for one in asked), *others], "survey")
    DILEMMA_ANSWERS.write(context.root, dilemma_rows(context, model, choices, replies), model)
    PORTRAIT_ANSWERS.write(context.root, portrait_rows(context, model, exchanges, replies), model)
    scale = answer_scale(load_questionnaire(context))
    continuation = entry.interface == "completion"
    rows = [answer_row(one, replies[one.request.id], scale, continuation) for one in asked]
    ANSWERS.write(context.root, rows, model)
    answered = sum(row["answer"] is not None for row in rows)
    context.say(f"survey {model}: {answered} of {len(rows)} items answered")


def asked_of(context: Context, model: str) -> list[Administration]:
    """Return the portraits that one model is asked about, with the orders of items and options.

    Under ``survey.constrained`` every reply is held to one number of the scale.
    """
    settings, entry = context.settings.survey, context.settings.model(model)
    questionnaire = load_questionnaire(context)
    asked = survey_requests(
        questionnaire,
        Respondent(model, entry.id, revision(context, model, entry), entry.interface),
        sampling=settings.sampling,
        trials=settings.trials,
        order_seed=context.settings.study.seed,
        frame=settings.frame,
    )
    if not settings.constrained:
        return asked
    pattern = f"[{questionnaire.low}-{questionnaire.high}]"
    return [replace(one, request=replace(one.request, pattern=pattern)) for one in asked]


def requests_of(context: Context, model: str) -> list[Request]:
    """Return all that this stage asks one model: portraits, dilemmas and the user's exchanges."""
    return [
        *(one.request for one in asked_of(context, model)),
        *(one.request for one in dilemma_questions(context, model)),
        *(one.request for one in portrait_questions(context, model)),
    ]


def answer_row(
    asked: Administration, reply: Reply, scale: Scale, continuation: bool
) -> dict[str, Any]:
    """Return one row: the reply as it came, and the answer read from it or why there is none."""
    answer, reason = read_answer(reply, scale, continuation=continuation)
    return {
        "reply_id": asked.request.id,
        "model": asked.request.model,
        "trial": asked.trial,
        "item": asked.item,
        "position": asked.position,
        "order": asked.order,
        **reply_columns(asked.request, reply),
        "answer": answer,
        "reason": reason,
    }
