"""survey: give the portrait values questionnaire to one model, in independent trials.

Every item is asked in a context of its own, or all of them on one sheet; item order and the
direction of the answer options vary by trial and are recorded. Further frames are a retest.
"""

from __future__ import annotations

from typing import Any

from valuelex.artifacts.table import ANSWERS
from valuelex.instruments.pvq.give import AnswerRow, Asked, give, read_reply
from valuelex.instruments.pvq.requests import Respondent
from valuelex.records import Reply
from valuelex.stages.asking import ask, reply_columns, revision
from valuelex.stages.context import Context
from valuelex.stages.questionnaire import load_questionnaire


def run(context: Context, model: str) -> None:
    """Write ``survey/answers/<model>.parquet``."""
    settings, entry = context.settings.survey, context.settings.model(model)
    questionnaire = load_questionnaire(context)
    respondent = Respondent(model, entry.id, revision(context, model, entry), entry.interface)
    asked = give(
        questionnaire,
        respondent,
        mode=settings.mode,
        rounds=settings.rounds,
        sampling=settings.sampling,
        order_seed=context.settings.study.seed,
    )
    replies = ask(context, model, [one.request for one in asked], "survey")
    base = entry.interface == "completion"
    rows = [
        answer_row(one, replies[one.request.id], found)
        for one in asked
        for found in read_reply(one, replies[one.request.id], questionnaire, continuation=base)
    ]
    ANSWERS.write(context.root, rows, model)
    answered = sum(row["answer"] is not None for row in rows)
    context.say(f"survey {model}: {answered} of {len(rows)} items answered")


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
        **reply_columns(reply),
        "answer": found.answer,
        "reason": found.reason,
    }
