"""Dilemmas as the survey stage asks them, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from valuelex.instruments.pvq.dilemmas import (
    DilemmaRequest,
    dilemma_requests,
    read_choice,
    read_dilemmas,
)
from valuelex.instruments.pvq.requests import Respondent
from valuelex.prompts import load_prompt
from valuelex.records import Reply
from valuelex.stages.asking import reply_columns, revision
from valuelex.stages.context import Context
from valuelex.stages.questionnaire import load_key

_PARTS = ("chat", "completion", "dilemmas")


def dilemma_questions(context: Context, model: str) -> list[DilemmaRequest]:
    """Return every dilemma in both orders, as often as the settings say.

    Raises
    ------
    PromptError
        When the file is missing or malformed, or names a value that the theory does not have.
    """
    settings, entry = context.settings.dilemmas, context.settings.model(model)
    content = load_prompt(context.root, settings.prompts, _PARTS)
    return dilemma_requests(
        content,
        read_dilemmas(content, list(load_key(context.root).scales("ten"))),
        Respondent(model, entry.id, revision(context, model, entry), entry.interface),
        sampling=settings.sampling,
        trials=settings.trials,
    )


def dilemma_rows(
    context: Context, model: str, asked: Sequence[DilemmaRequest], replies: Mapping[str, Reply]
) -> list[dict[str, Any]]:
    """Return one row per answer: the reply as it came, and the choice or why there is none."""
    continuation = context.settings.model(model).interface == "completion"
    return [_row(one, replies[one.request.id], continuation) for one in asked]


def _row(asked: DilemmaRequest, reply: Reply, continuation: bool) -> dict[str, Any]:
    values = asked.dilemma.values
    if reply.outcome in ("refused", "failed"):
        choice, reason = None, str(reply.outcome)
    else:
        choice, reason = read_choice(reply.text, asked, continuation=continuation)
    return {
        "reply_id": asked.request.id,
        "model": asked.request.model,
        "dilemma": asked.dilemma.id,
        "first": values[asked.first],
        "second": values[1 - asked.first],
        "order": "ba" if asked.first else "ab",
        "trial": asked.trial,
        **reply_columns(asked.request, reply),
        "choice": choice,
        "reason": reason,
    }
