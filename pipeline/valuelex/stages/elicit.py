"""elicit: ask one model all prompts under all decoding settings, and keep every reply.

A respondent is a (model, decoding setting) pair. For a recorded model the replies are the recorded
ones, whatever they were asked; the rest of the pipeline does not know the difference.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from valuelex.artifacts.table import REPLIES
from valuelex.errors import BackendError, PromptError, well_formed
from valuelex.prompts import load_prompt
from valuelex.records import Message, Reply, Request, Sampling
from valuelex.roster import ModelEntry
from valuelex.stages.asking import ask, reply_columns, revision
from valuelex.stages.context import Context

FIELDS = ("chat", "completion", "prompts")


def run(context: Context, model: str) -> None:
    """Write ``elicit/<model>.parquet``."""
    entry = context.settings.model(model)
    if entry.backend == "recorded":
        rows = recorded_rows(context, model, entry)
    else:
        requests = requests_of(context, model)
        replies = ask(context, model, requests, "elicit")
        rows = [reply_row(r, replies[r.id]) for r in requests]
    REPLIES.write(context.root, rows, model)
    answered = sum(row["outcome"] == "answered" for row in rows)
    context.say(f"elicit {model}: {len(rows)} replies, {answered} answered")


def requests_of(context: Context, model: str) -> list[Request]:
    """Return what this stage asks one model; nothing of a recorded one."""
    entry, settings = context.settings.model(model), context.settings.elicit
    if entry.backend == "recorded":
        return []
    return elicitation_requests(
        load_prompt(context.root, settings.prompts, FIELDS),
        model=model,
        entry=entry,
        revision=revision(context, model, entry),
        grid=settings.grid,
        draws=settings.draws,
    )


@well_formed("the file of prompts", PromptError)
def elicitation_requests(
    prompts: Mapping[str, Any],
    *,
    model: str,
    entry: ModelEntry,
    revision: str,
    grid: Sequence[Sampling],
    draws: int,
) -> list[Request]:
    """Return the requests of one model: settings x prompts x draws.

    Raises
    ------
    PromptError
        When a prompt lacks ``id`` or ``text``, or two share an id.
    """
    questions = _questions(prompts)
    return [
        Request(
            model=model,
            model_id=entry.id,
            revision=revision,
            prompt=f"{prompts['id']}/{number}",
            messages=_messages(prompts, question, entry.interface),
            sampling=sampling,
            draw=draw,
        )
        for sampling in grid
        for number, question in questions
        for draw in range(draws)
    ]


def _questions(prompts: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for place, prompt in enumerate(prompts["prompts"], start=1):
        missing = [name for name in ("id", "text") if not str(dict(prompt).get(name) or "").strip()]
        if missing:
            raise PromptError(f"{prompts['id']}: prompt {place} lacks {missing}, was: {prompt}")
        if prompt["id"] in found:
            raise PromptError(f"{prompts['id']}: the id '{prompt['id']}' stands twice")
        found[prompt["id"]] = prompt["text"]
    return list(found.items())


def _messages(prompts: Mapping[str, Any], question: str, interface: str) -> tuple[Message, ...]:
    # str.replace, not str.format: a question may hold braces of its own
    text = str(prompts[interface]).replace("{question}", question)
    if interface == "chat" and prompts.get("system"):
        return Message("system", prompts["system"]), Message("user", text)
    return (Message("user", text),)


def recorded_rows(context: Context, model: str, entry: ModelEntry) -> list[dict[str, Any]]:
    """Return the rows of a recorded model, out of the reply store.

    Raises
    ------
    BackendError
        When the recording is not in the store.
    """
    from valuelex.backends.recorded.pairs import recorded_pairs
    from valuelex.backends.store import ReplyStore

    with ReplyStore(context.store) as store:
        pairs = list(recorded_pairs(store, entry.recording or "", model))
    if not pairs:
        raise BackendError(
            f"the recorded replies of '{model}' are not in {context.store}:"
            " run `valuelex replay FILE... --study NAME` with the recorded files first"
        )
    return [reply_row(request, reply) for request, reply in pairs]


def reply_row(request: Request, reply: Reply) -> dict[str, Any]:
    """Return one row of ``elicit/<model>.parquet``."""
    return {
        "reply_id": request.id,
        "model": request.model,
        "respondent": request.respondent,
        "prompt": request.prompt,
        "asked": request.messages[-1].content,
        "temperature": _recorded(request.sampling.temperature),
        "top_p": _recorded(request.sampling.top_p),
        "draw": request.draw,
        **reply_columns(request, reply),
    }


def _recorded(value: float) -> float | None:
    """Return a decoding parameter, or None where a recording does not tell it."""
    return None if math.isnan(value) else value


def outcome_counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Count rows by outcome."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
    return counts
