"""Turning the questionnaire into requests: trials, item order and option order.

Each trial is one administration. Its item order is a permutation and the options of each item are
listed upwards or downwards; both come from the seed and are recorded beside the request. Over the
trials of one item the two directions are balanced, so that option order is not confounded with the
item. The numbers keep their meaning in both directions: only the listing is turned round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from valuelex.errors import DataError
from valuelex.instruments.pvq.items import Portrait, Questionnaire
from valuelex.records import Message, Request, Sampling

OptionOrder = Literal["ascending", "descending"]
ORDERS: tuple[OptionOrder, ...] = ("ascending", "descending")
CUE = "\n\n1:"
"""What a base model goes on from when it is given a sheet: the number of the first answer."""


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who is asked: roster key, what is loaded, and whether it chats or continues text."""

    model: str
    model_id: str
    revision: str
    interface: Literal["chat", "completion"] = "chat"


@dataclass(frozen=True, slots=True)
class Administration:
    """One item put to one model once: ``position`` counts from 1 in the order of this trial."""

    request: Request
    trial: int
    item: int
    position: int
    order: OptionOrder


@dataclass(frozen=True, slots=True)
class Sheet:
    """All items put at once: ``items[i]`` is the official number of the description i + 1."""

    request: Request
    trial: int
    items: tuple[int, ...]
    order: OptionOrder


@dataclass(frozen=True, slots=True)
class Plan:
    """The orders of all trials, the same for every model.

    ``items`` is (trials, items): official numbers in the order asked. ``descending`` is
    (trials, items), true where the options of item ``column + 1`` are listed downwards.
    """

    items: np.ndarray
    descending: np.ndarray


def plan_orders(n_items: int, trials: int, order_seed: int) -> Plan:
    """Draw item and option orders from ``order_seed``; the same seed gives the same plan.

    Raises
    ------
    DataError
        When ``trials`` or ``n_items`` is below 1.
    """
    if trials < 1 or n_items < 1:
        raise DataError(f"trials and items must be >= 1, were: {trials}, {n_items}")
    items = np.empty((trials, n_items), dtype=int)
    for trial in range(trials):
        # a generator for each trial: more trials later leave the earlier ones as they were
        items[trial] = np.random.default_rng([order_seed, 0, trial]).permutation(n_items) + 1
    start = np.random.default_rng([order_seed, 1]).integers(0, 2, size=n_items)
    descending = (start[None, :] + np.arange(trials)[:, None]) % 2 == 1
    return Plan(items, descending)


def survey_requests(
    questionnaire: Questionnaire,
    respondent: Respondent,
    *,
    sampling: Sampling,
    trials: int,
    order_seed: int,
    frame: str,
) -> list[Administration]:
    """Return every item in every trial as a request of its own, in the order asked.

    The prompt id is ``<questionnaire id>/<item>``; the draw is the trial.

    Raises
    ------
    PromptError
        When ``frame`` is unknown.
    DataError
        When ``trials`` is below 1.
    """
    said = questionnaire.frame(frame)
    plan = plan_orders(len(questionnaire.portraits), trials, order_seed)
    portraits = {portrait.item: portrait for portrait in questionnaire.portraits}
    found = []
    for trial in range(trials):
        for position, item in enumerate(plan.items[trial].tolist(), start=1):
            order = ORDERS[int(plan.descending[trial, item - 1])]
            text = _item_text(questionnaire, portraits[item], said, order, respondent.interface)
            prompt = f"{questionnaire.id}/{item:02d}"
            request = _request(respondent, prompt, text, sampling, trial)
            found.append(Administration(request, trial, item, position, order))
    return found


def sheet_requests(
    questionnaire: Questionnaire,
    respondent: Respondent,
    *,
    sampling: Sampling,
    trials: int,
    order_seed: int,
    frame: str,
) -> list[Sheet]:
    """Return each trial as one request with all items, numbered by their place on the sheet.

    Raises
    ------
    PromptError
        When ``frame`` is unknown.
    DataError
        When ``trials`` is below 1.
    """
    said = questionnaire.frame(frame)
    plan = plan_orders(len(questionnaire.portraits), trials, order_seed)
    texts = {portrait.item: portrait.text for portrait in questionnaire.portraits}
    found = []
    for trial in range(trials):
        items = tuple(plan.items[trial].tolist())
        order = ORDERS[int(plan.descending[trial, 0])]
        lines = [f"{place}. {texts[item]}" for place, item in enumerate(items, start=1)]
        text = _fill(
            questionnaire.sheet,
            {
                "frame": said,
                "portraits": "\n".join(lines),
                "options": options_text(questionnaire.labels, order),
                "count": str(len(items)),
            },
        )
        if respondent.interface == "completion":
            text = text.rstrip() + CUE
        request = _request(respondent, f"{questionnaire.id}/sheet", text, sampling, trial)
        found.append(Sheet(request, trial, items, order))
    return found


def options_text(labels: Mapping[int, str], order: OptionOrder) -> str:
    """Return the options, one a line, e.g. ``1 = not like me at all``."""
    points: Sequence[int] = sorted(labels, reverse=order == "descending")
    return "\n".join(f"{point} = {labels[point]}" for point in points)


def _item_text(
    questionnaire: Questionnaire,
    portrait: Portrait,
    frame: str,
    order: OptionOrder,
    interface: str,
) -> str:
    low, high = questionnaire.low, questionnaire.high
    ends = (low, high) if order == "ascending" else (high, low)
    return _fill(
        questionnaire.chat if interface == "chat" else questionnaire.completion,
        {
            "frame": frame,
            "portrait": portrait.text,
            "options": options_text(questionnaire.labels, order),
            "numbers": f"{ends[0]} to {ends[1]}",
        },
    )


def _fill(template: str, parts: Mapping[str, str]) -> str:
    # one pass, and no str.format: a portrait may hold braces, or the name of a hole, of its own
    return re.sub(r"\{(\w+)\}", lambda hole: parts.get(hole[1], hole[0]), template)


def _request(
    respondent: Respondent, prompt: str, text: str, sampling: Sampling, draw: int
) -> Request:
    return Request(
        model=respondent.model,
        model_id=respondent.model_id,
        revision=respondent.revision,
        prompt=prompt,
        messages=(Message("user", text),),
        sampling=sampling,
        draw=draw,
    )
