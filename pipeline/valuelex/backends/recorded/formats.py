"""From one JSON object to recorded replies: four formats, told apart by their keys.

* *plain row*: ``model``, ``prompt`` and ``output`` (or ``response``, ``completion``, ``answer``,
  ``text``), optionally ``temperature``, ``top_p``, ``max_tokens``, ``draw``, ``outcome``,
  ``finish_reason``; the prompt is a text or a list of messages;
* *chat line*: ``model`` and ``messages``, the last of them the assistant's;
* *completion object*: ``model`` and ``choices``, as a server returns it (it does not hold the
  prompt; ``messages`` or ``prompt`` beside it are taken when they are there);
* *batch output line*: ``custom_id`` with ``response`` or ``error``; the line of the batch *input*
  file with the same ``custom_id``, read along, tells what was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from valuelex.backends.completions import (
    Choice,
    MalformedBodyError,
    judge,
    kind,
    read_choices,
    read_error,
    read_usage,
    text_of,
)
from valuelex.errors import near_miss
from valuelex.records import OUTCOMES, Message, Role

OUTPUT_NAMES = ("output", "response", "completion", "answer", "text")
PROMPT_NAMES = ("prompt", "instruction", "question", "query", "input")
MAX_NAME = 200
_MOST = 10**9  # whole numbers beyond it are no draw and no token limit
_ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
}
_EXPECTED = (
    "a plain row (model, prompt, output), a chat line (model, messages), a completion object"
    " (model, choices) or a batch line (custom_id, response)"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as far as the recording tells; ``model`` may come with the reply instead."""

    model: str = ""
    messages: tuple[Message, ...] = ()
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    custom_id: str = ""


@dataclass(frozen=True, slots=True)
class RecordedReply:
    """One recorded reply. ``draw`` is ``None`` where the recording does not number repeats."""

    asked: Asked
    choice: Choice
    draw: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None


def parse(row: Mapping[str, Any]) -> Asked | list[RecordedReply]:
    """Return what a line holds: a batch *input* line is a question, every other holds replies.

    Raises
    ------
    MalformedBodyError
        When it is none of the formats, or a field is missing or of the wrong type.
    """
    if "custom_id" in row and "body" in row and "response" not in row:
        return _batch_input(row)
    if "custom_id" in row and ("response" in row or "error" in row):
        return _batch_output(row)
    if "choices" in row:
        return _completion(row, _asked(row, need_model=True, need_prompt=False))
    if "messages" in row and not any(name in row for name in OUTPUT_NAMES):
        return [_chat_line(row)]
    return [_plain(row)]


def _batch_input(row: Mapping[str, Any]) -> Asked:
    body = row["body"]
    if not isinstance(body, Mapping):
        raise MalformedBodyError(f"expected an object 'body', was: {kind(body)}")
    return replace(_asked(body, need_model=True), custom_id=_name(row, "custom_id"))


def _batch_output(row: Mapping[str, Any]) -> list[RecordedReply]:
    asked = Asked(custom_id=_name(row, "custom_id"))
    response = row.get("response")
    if row.get("error") or not isinstance(response, Mapping):
        if not row.get("error"):
            raise MalformedBodyError(f"expected 'response' or 'error', was: {kind(response)}")
        return [RecordedReply(asked, read_error(row["error"]))]
    status, body = response.get("status_code", 200), response.get("body")
    if status != 200 or (isinstance(body, Mapping) and "error" in body and "choices" not in body):
        return [RecordedReply(asked, read_error(body))]
    if not isinstance(body, Mapping):
        raise MalformedBodyError(f"expected an object 'response.body', was: {kind(body)}")
    return _completion(body, replace(asked, model=_name(body, "model")))


def _completion(body: Mapping[str, Any], asked: Asked) -> list[RecordedReply]:
    tokens_in, tokens_out = read_usage(body)
    choices = read_choices(body)
    if len(choices) > 1:  # the usage counts all choices together: no one's own
        tokens_out = None
    return [
        RecordedReply(asked, choice, tokens_in=tokens_in, tokens_out=tokens_out)
        for choice in choices
    ]


def _chat_line(row: Mapping[str, Any]) -> RecordedReply:
    messages = row["messages"]
    if not isinstance(messages, list) or not messages:
        raise MalformedBodyError(f"expected a list 'messages', was: {kind(messages)}")
    *before, last = messages
    if not isinstance(last, Mapping) or last.get("role") != "assistant":
        raise MalformedBodyError(
            f"expected the assistant's turn as the last of 'messages', was: {kind(last)}"
        )
    refusal = last.get("refusal")
    choice = judge(
        text_of(last.get("content")),
        _reason(row),
        refusal if isinstance(refusal, str) else "",
    )
    return _with_extras(row, _asked({**row, "messages": before}), choice)


def _plain(row: Mapping[str, Any]) -> RecordedReply:
    name = next((n for n in OUTPUT_NAMES if n in row), None)
    if name is None:
        hint = next((h for key in row if (h := near_miss(str(key), OUTPUT_NAMES))), "")
        raise MalformedBodyError(f"expected {_EXPECTED}, was: {kind(row)}{hint}")
    return _with_extras(row, _asked(row), judge(text_of(row[name], what=name), _reason(row)))


def _with_extras(row: Mapping[str, Any], asked: Asked, choice: Choice) -> RecordedReply:
    outcome = row.get("outcome")
    if outcome is not None:
        if outcome not in OUTCOMES:
            raise MalformedBodyError(f"expected 'outcome' in {OUTCOMES}, was: {kind(outcome)}")
        detail = str(row.get("detail") or "recorded as such") if outcome != "answered" else ""
        choice = replace(choice, outcome=outcome, detail=detail)
        if outcome == "answered" and not choice.text.strip():
            raise MalformedBodyError("expected a text for the outcome 'answered', was: no text")
    return RecordedReply(asked, choice, draw=_whole(row, "draw", 0))


def _asked(row: Mapping[str, Any], *, need_model: bool = True, need_prompt: bool = True) -> Asked:
    messages = _messages(row)
    if need_prompt and not messages:
        raise MalformedBodyError(
            f"expected 'prompt' or 'messages' with what was asked, was: {kind(row)}"
        )
    return Asked(
        model=_name(row, "model") if need_model else "",
        messages=messages,
        temperature=_number(row, "temperature", 0.0, 2.0),
        top_p=_number(row, "top_p", 0.0, 1.0),
        max_tokens=_whole(row, "max_tokens", 1),
    )


def _messages(row: Mapping[str, Any]) -> tuple[Message, ...]:
    if row.get("messages") is not None:
        turns = row["messages"]
    else:
        turns = next((row[n] for n in PROMPT_NAMES if row.get(n) is not None), [])
    if isinstance(turns, str):
        return (Message("user", turns),)
    if not isinstance(turns, list):
        raise MalformedBodyError(f"expected a text or a list of messages, was: {kind(turns)}")
    return tuple(_message(turn) for turn in turns)


def _message(turn: Any) -> Message:
    if not isinstance(turn, Mapping):
        raise MalformedBodyError(f"expected a message object, was: {kind(turn)}")
    role = _ROLES.get(str(turn.get("role")))
    if role is None:
        raise MalformedBodyError(
            f"expected a role in {sorted(_ROLES)}, was: {kind(turn.get('role'))}"
        )
    return Message(role, text_of(turn.get("content")))


def _name(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    if isinstance(value, str) and 0 < len(value.strip()) <= MAX_NAME and value.isprintable():
        return value.strip()
    raise MalformedBodyError(
        f"expected '{field}' as a printable name of 1 to {MAX_NAME} characters, was: {kind(value)}"
    )


def _reason(row: Mapping[str, Any]) -> str:
    reason = row.get("finish_reason")
    return reason if isinstance(reason, str) else ""


def _number(row: Mapping[str, Any], field: str, low: float, high: float) -> float | None:
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise MalformedBodyError(f"expected '{field}' in {low:g}..{high:g}, was: {kind(value)}")
    return float(value)


def _whole(row: Mapping[str, Any], field: str, low: int) -> int | None:
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= _MOST:
        raise MalformedBodyError(
            f"expected '{field}' as a whole number in {low}..{_MOST}, was: {kind(value)}"
        )
    return value
