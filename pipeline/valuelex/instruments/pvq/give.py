"""Giving the questionnaire: item by item or as one sheet, and what the replies answer.

The same few lines serve the pipeline and the command line: what is asked, and one row for each item
of each trial, whatever the mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from valuelex.instruments.pvq.answers import answer_scale, read_answer
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.parse import Scale
from valuelex.instruments.pvq.requests import (
    OptionOrder,
    Respondent,
    sheet_requests,
    survey_requests,
)
from valuelex.instruments.pvq.sheet import read_sheet
from valuelex.records import Reply, Request, Sampling

Mode = Literal["item", "sheet"]
MODES: tuple[Mode, ...] = ("item", "sheet")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: a trial under a frame, and the items in it in the order shown.

    ``first`` is the place of the first of them in the trial's order, from 1.
    """

    request: Request
    frame: str
    trial: int
    items: tuple[int, ...]
    first: int
    order: OptionOrder


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One item of one trial: the answer, or ``None`` and why there is none."""

    frame: str
    trial: int
    item: int
    position: int
    order: OptionOrder
    answer: int | None
    reason: str


def give(
    questionnaire: Questionnaire,
    respondent: Respondent,
    *,
    mode: Mode,
    rounds: Sequence[tuple[str, int]],
    sampling: Sampling,
    order_seed: int,
) -> list[Asked]:
    """Return every request of every round, a round being a frame and its number of trials.

    All rounds take their orders from one plan: trial 3 of another frame has the item and option
    orders of trial 3 of the first, so that nothing but the wording differs.

    Raises
    ------
    PromptError
        When a frame is unknown.
    DataError
        When a number of trials is below 1.
    """
    found = []
    for frame, trials in rounds:
        if mode == "sheet":
            found += [
                Asked(one.request, frame, one.trial, one.items, 1, one.order)
                for one in sheet_requests(
                    questionnaire,
                    respondent,
                    sampling=sampling,
                    trials=trials,
                    order_seed=order_seed,
                    frame=frame,
                )
            ]
            continue
        found += [
            Asked(one.request, frame, one.trial, (one.item,), one.position, one.order)
            for one in survey_requests(
                questionnaire,
                respondent,
                sampling=sampling,
                trials=trials,
                order_seed=order_seed,
                frame=frame,
            )
        ]
    return found


def read_reply(
    asked: Asked, reply: Reply, questionnaire: Questionnaire, *, continuation: bool
) -> list[AnswerRow]:
    """Return a row for each item that was asked, in the order shown."""
    scale = answer_scale(questionnaire)
    answers = _answers(asked, reply, scale, continuation=continuation)
    return [
        AnswerRow(asked.frame, asked.trial, item, asked.first + place, asked.order, *answers[item])
        for place, item in enumerate(asked.items)
    ]


def _answers(
    asked: Asked, reply: Reply, scale: Scale, *, continuation: bool
) -> dict[int, tuple[int | None, str]]:
    if len(asked.items) == 1:
        return {asked.items[0]: read_answer(reply, scale, continuation=continuation)}
    if reply.outcome in ("refused", "failed"):
        return dict.fromkeys(asked.items, (None, reply.outcome))
    found = read_sheet(reply.text, asked.items, scale, continuation=continuation)
    if reply.outcome == "truncated":
        cut = (None, "truncated: missing")
        return {i: cut if answer == (None, "missing") else answer for i, answer in found.items()}
    return found
