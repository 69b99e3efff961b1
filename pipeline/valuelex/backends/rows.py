"""The store's row of one request and its reply, there and back without loss."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from valuelex.records import Message, Reply, Request, Sampling

REQUEST_COLUMNS = (
    *("id", "model", "model_id", "revision", "prompt", "messages"),
    *("temperature", "top_p", "max_tokens", "draw", "pattern"),
)
REPLY_COLUMNS = (
    *("text", "outcome", "detail", "finish_reason"),
    *("tokens_in", "tokens_out", "engine", "raw"),
)
COLUMNS = REQUEST_COLUMNS + REPLY_COLUMNS

_SURROGATE = re.compile("[\ud800-\udfff]")
REPLACED = "lone surrogate replaced"


def clean(reply: Reply) -> Reply:
    """Replace lone surrogates, which no UTF-8 file can hold, by U+FFFD, and say so in ``detail``.

    Cleaning twice changes nothing more.
    """
    text, detail, reason, engine, raw = (
        _SURROGATE.sub("\ufffd", value)
        for value in (reply.text, reply.detail, reply.finish_reason, reply.engine, reply.raw)
    )
    mended = replace(reply, text=text, detail=detail, finish_reason=reason, engine=engine, raw=raw)
    if mended == reply:
        return reply
    return replace(mended, detail=f"{detail}; {REPLACED}" if detail else REPLACED)


def to_row(request: Request, reply: Reply) -> tuple[Any, ...]:
    """Return the values of :data:`COLUMNS`; an unrecorded (NaN) sampling field becomes NULL."""
    sampling = request.sampling
    messages = [[message.role, message.content] for message in request.messages]
    return (
        request.id,
        request.model,
        request.model_id,
        request.revision,
        request.prompt,
        # ASCII, so that a surrogate in a prompt survives as its escape and the id still matches
        json.dumps(messages, ensure_ascii=True, separators=(",", ":")),
        _null(sampling.temperature),
        _null(sampling.top_p),
        sampling.max_tokens,
        request.draw,
        request.pattern,
        reply.text,
        reply.outcome,
        reply.detail,
        reply.finish_reason,
        reply.tokens_in,
        reply.tokens_out,
        reply.engine,
        reply.raw,
    )


def to_request(row: Sequence[Any]) -> Request:
    """Return the request of a row that begins with :data:`REQUEST_COLUMNS`.

    Raises
    ------
    ValueError
        When the messages are not what :func:`to_row` wrote.
    """
    _, model, model_id, revision, prompt, messages, *numbers, pattern = row[:11]
    temperature, top_p, max_tokens, draw = numbers
    return Request(
        model=model,
        model_id=model_id,
        revision=revision,
        prompt=prompt,
        messages=tuple(Message(role, content) for role, content in json.loads(messages)),
        sampling=Sampling(_nan(temperature), _nan(top_p), max_tokens),
        draw=draw,
        pattern=pattern,
    )


def to_reply(request_id: str, row: Sequence[Any]) -> Reply:
    """Return the reply of the values of :data:`REPLY_COLUMNS`."""
    return Reply(request_id, *row)


def _null(value: float) -> float | None:
    return None if math.isnan(value) else value


def _nan(value: float | None) -> float:
    return math.nan if value is None else float(value)
