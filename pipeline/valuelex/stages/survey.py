"""survey: give one model the portrait values questionnaire, dilemmas and the user's exchanges.

Every item is asked in a context of its own, or all of them on one sheet; item order and the
direction of the answer options vary by trial and are recorded. Further frames are a retest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from valuelex.artifacts.table import ANSWERS, DILEMMA_ANSWERS, PORTRAIT_ANSWERS
from valuelex.instruments.pvq.give import AnswerRow, Asked, give, read_reply
from valuelex.instruments.pvq.requests import Respondent
from valuelex.records import Reply, Request
from valuelex.stages.asking import ask, reply_columns, revision
from valuelex.stages.context import Context
from valuelex.stages.dilemma_questions import dilemma_questions, dilemma_rows
from valuelex.stages.portrait_questions import portrait_questions, portrait_rows
from valuelex.stages.questionnaire import load_questionnaire


def run(context: Context, model: str) -> None:
    """Write ``survey/answers/<model>.parquet``."""
    asked = asked_of(context, model)
    choices, exchanges = dilemma_questions(context, model), portrait_questions(context, model)
    others = [*(one.request for one in choices), *(one.request for one in exchanges)]
    # one call, so that the model is loaded once for all that is asked here
    replies = ask(context, model, [*(one.request for one in asked), *others], "survey")
    DILEMMA_ANSWERS.write(context.root, dilemma_rows(context, model, choices, replies), model)
    PORTRAIT_ANSWERS.write(context.root, portrait_rows(context, model, exchanges, replies), model)
    questionnaire = load_questionnaire(context)
    base = context.settings.model(model).interface == "completion"
    rows = [
        answer_row(one, replies[one.request.id], found)
        for one in asked
        for found in read_reply(one, replies[one.request.id], questionnaire, continuation=base)
    ]
    ANSWERS.write(context.root, rows, model)
    answered = sum(row["answer"] is not None for row in rows)
    context.say(f"survey {model}: {answered} of {len(rows)} items answered")


def asked_of(context: Context, model: str) -> list[Asked]:
    """Return the portraits that one model is asked about, with the orders of items and options.

    Under ``survey.constrained`` every reply is held to one number of the scale; a sheet is not,
    since it has an answer a line.
    """
    settings, entry = context.settings.survey, context.settings.model(model)
    questionnaire = load_questionnaire(context)
    asked = give(
        questionnaire,
        Respondent(model, entry.id, revision(context, model, entry), entry.interface),
        mode=settings.mode,
        rounds=settings.rounds,
        sampling=settings.sampling,
        order_seed=context.settings.study.seed,
    )
    if not settings.constrained or settings.mode == "sheet":
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


def answer_row(asked: Asked, reply: Reply, found: AnswerRow) -> dict[str, Any]:
    """Return one row: the reply as it came, and the answer read from it or why there is none."""
    return {
        "reply_id": asked.request.id,
        "model": asked.request.model,
        "frame": found.frame,
        "trial": found.trial,
        "item": found.item,
        "position": found.position,
        "order": found.order,
        **reply_columns(asked.request, reply),
        "answer": found.answer,
        "reason": found.reason,
    }
