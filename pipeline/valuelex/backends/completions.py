"""From the body of an OpenAI-style completion to a text and its outcome.

One function for live servers and for recorded bodies, so that a filter block or a truncation means
the same wherever it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from valuelex.records import Outcome

_CUT = ("length", "max_tokens")
_FILTERED = ("content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation")


class MalformedBodyError(ValueError):
    """The body is not that of a completion; the message says what was expected and what came."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One completion: its text, what became of it, and why when it is not ``answered``."""

    text: str
    outcome: Outcome
    detail: str = ""
    finish_reason: str = ""


def judge(text: str, finish_reason: str = "", refusal: str = "") -> Choice:
    """Return the outcome of one completion.

    In this order: a filter block or a ``refusal`` field is ``refused``; a text cut at the token
    limit is ``truncated``; no text at all is ``failed`` with detail ``empty``; the rest is
    ``answered``. Whether an answer refuses in words is not decided here.
    """
    if refusal:
        return Choice(text or refusal, "refused", "refusal field", finish_reason)
    if finish_reason in _FILTERED:
        return Choice(text, "refused", "content filter", finish_reason)
    if finish_reason in _CUT:
        return Choice(text, "truncated", "token limit", finish_reason)
    if not text.strip():
        return Choice(text, "failed", "empty", finish_reason)
    return Choice(text, "answered", "", finish_reason)


def read_choices(body: Any) -> list[Choice]:
    """Return the choices of a chat or text completion body; at least one.

    Raises
    ------
    MalformedBodyError
        When the body has no list of choices, or a choice no text.
    """
    if not isinstance(body, Mapping):
        raise MalformedBodyError(f"expected a completion object, was: {kind(body)}")
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices:
        raise MalformedBodyError(f"expected a list 'choices' with an entry, was: {kind(choices)}")
    return [_choice(choice) for choice in choices]


def read_usage(body: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Return (prompt tokens, completion tokens) of a body, ``None`` where it does not say."""
    usage = body.get("usage")
    if not isinstance(usage, Mapping):
        return None, None
    return _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))


def read_error(error: Any) -> Choice:
    """Return what an error object means: a filter block is ``refused``, the rest ``failed``."""
    if isinstance(error, Mapping) and isinstance(error.get("error"), Mapping):
        error = error["error"]
    if not isinstance(error, Mapping):
        return Choice("", "failed", f"error: {error!s:.200}")
    code, message = error.get("code"), str(error.get("message") or "")
    if code in _FILTERED:
        return Choice("", "refused", "content filter", "content_filter")
    named = " ".join(str(part) for part in (code or error.get("type"), message) if part)
    return Choice("", "failed", f"error: {named:.200}".rstrip())


def text_of(content: Any, *, what: str = "content") -> str:
    """Return message content as text; a list of parts is joined, ``None`` is no text.

    Raises
    ------
    MalformedBodyError
        When there is something else than text in it.
    """
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_part(part, what) for part in content)
    raise MalformedBodyError(f"expected text as '{what}', was: {kind(content)}")


def kind(value: Any) -> str:
    """Name what came, for a message: ``a list of 0 entries``, ``null``, ``the number 3``."""
    if value is None:
        return "null or nothing"
    if isinstance(value, Mapping):
        return f"an object with the keys {sorted(map(str, value))[:12]}"
    if isinstance(value, list):
        return f"a list of {len(value)} entries"
    return f"{type(value).__name__} {value!r:.60}"


def _choice(choice: Any) -> Choice:
    if not isinstance(choice, Mapping):
        raise MalformedBodyError(f"expected a choice object, was: {kind(choice)}")
    finish = choice.get("finish_reason")
    reason = finish if isinstance(finish, str) else ""
    message = choice.get("message")
    if isinstance(message, Mapping):
        refusal = message.get("refusal")
        found = judge(
            text_of(message.get("content")), reason, refusal if isinstance(refusal, str) else ""
        )
        if found.detail == "empty" and message.get("tool_calls"):
            return Choice("", "failed", "tool call instead of text", reason)
        return found
    if "text" in choice:
        return judge(text_of(choice["text"], what="text"), reason)
    raise MalformedBodyError(f"expected 'message' or 'text' in a choice, was: {kind(choice)}")


def _part(part: Any, what: str) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Mapping) and isinstance(part.get("text"), str):
        return str(part["text"])
    raise MalformedBodyError(f"expected parts of text in '{what}', was: {kind(part)}")


def _count(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < 2**63 else None  # SQLite's integers end there
