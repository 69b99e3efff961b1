"""Models that think aloud: what they say is told apart from what they think.

The marks are those that open models write: ``<think>`` and its like (DeepSeek, Qwen and others),
``[THINK]`` (Mistral). Others are not guessed. Nothing is thrown away: the whole text stays beside
the answer (:attr:`valuelex.records.Reply.raw`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from valuelex.backends.completions import Choice, judge

_NAMES = "think|thinking|thought|thoughts|reasoning|seed:think"
_OPEN = re.compile(rf"<(?:{_NAMES})>|\[THINK\]", re.IGNORECASE)
_CLOSE = re.compile(rf"</(?:{_NAMES})>|\[/THINK\]", re.IGNORECASE)
ONLY_THINKING = "only thinking"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text without its thinking.

    ``thought`` tells whether there was any, ``open`` whether it was still going on at the end.
    """

    text: str
    thought: bool = False
    open: bool = False


def without_thinking(raw: str) -> Spoken:
    """Return what a model says after its thinking.

    Thinking begins with the text (white space apart) or, where the chat template has opened it
    already, is known by its end alone. A mark later in an answer is the answer's own: a model may
    write about ``<think>``. Never raises; applied to its own result it changes nothing more unless
    the answer begins with a mark itself.
    """
    start = _OPEN.match(raw.lstrip())
    end = _CLOSE.search(raw)
    if start is None:
        inside = raw[: end.start()] if end else ""
        if end is None or _OPEN.search(inside):
            return Spoken(raw)
        return Spoken(raw[end.end() :].lstrip(), thought=True)
    if end is None:
        return Spoken("", thought=True, open=True)
    return Spoken(raw[end.end() :].lstrip(), thought=True)


def spoken_choice(raw: str, finish_reason: str) -> tuple[Choice, str]:
    """Return the completion without its thinking, and the whole text where that is another.

    A reply that is nothing but thinking is *truncated* when it was cut, else *failed* with the
    detail ``only thinking``.
    """
    return spoken(judge(raw, finish_reason))


def spoken(choice: Choice) -> tuple[Choice, str]:
    """Return a completion that was read already without its thinking, and the whole text.

    What was refused or failed stays as it is.
    """
    raw = choice.text
    found = without_thinking(raw)
    if not found.thought or choice.outcome not in ("answered", "truncated"):
        return choice, ""
    said = replace(choice, text=found.text)
    if choice.outcome == "answered" and not found.text.strip():
        said = Choice("", "failed", ONLY_THINKING, choice.finish_reason)
    return said, raw
