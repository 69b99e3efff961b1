"""The plain records that travel between the parts. Imports nothing of ours but errors.

A *respondent* is a (model, decoding setting) pair; a *request* asks it one prompt once (a *draw*);
a *reply* is what came back, whatever it was. Outcomes are data: a refusal, a truncation and a
failure are counted and shown, never turned into an empty list or a zero.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["answered", "refused", "truncated", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("answered", "refused", "truncated", "failed")

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat; a completion request has a single ``user`` message."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """One decoding setting. Every field is explicit: engine defaults are never relied on.

    ``temperature`` is in [0, 2], ``top_p`` in (0, 1], ``max_tokens`` >= 1. In replies that were
    recorded elsewhere a field may be unknown: NaN, and 0 for ``max_tokens``.
    """

    temperature: float
    top_p: float
    max_tokens: int

    @property
    def name(self) -> str:
        """Short readable name, e.g. ``t0.7-p0.95``; ``recorded`` when nothing is known of it."""
        known = [
            f"{letter}{value:g}"
            for letter, value in (("t", self.temperature), ("p", self.top_p))
            if not math.isnan(value)
        ]
        return "-".join(known) or "recorded"


@dataclass(frozen=True, slots=True)
class Request:
    """Ask one model one thing once.

    ``model`` is the roster key, ``model_id`` and ``revision`` name what is really loaded,
    ``prompt`` is the versioned prompt id (``elicit.v1/p03``), ``draw`` counts from 0. ``pattern``
    is a regular expression that decoding is constrained to; empty, as a rule: constraining can
    change which answer comes.
    """

    model: str
    model_id: str
    revision: str
    prompt: str
    messages: tuple[Message, ...]
    sampling: Sampling
    draw: int = 0
    pattern: str = ""

    @property
    def respondent(self) -> str:
        """The (model, decoding setting) pair, e.g. ``qwen25-7b@t0.7-p0.95``."""
        return f"{self.model}@{self.sampling.name}"

    @property
    def id(self) -> str:
        """32 hex digits over everything that determines the reply (the roster key does not)."""
        parts = [
            self.model_id,
            self.revision,
            self.prompt,
            [[m.role, m.content] for m in self.messages],
            # float(): a temperature given as 1 is the temperature 1.0
            [
                repr(float(self.sampling.temperature)),
                repr(float(self.sampling.top_p)),
                self.sampling.max_tokens,
            ],
            self.draw,
        ]
        if self.pattern:  # free replies keep the ids that they had before there were patterns
            parts.append(self.pattern)
        text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]

    @property
    def prompt_sha256(self) -> str:
        """16 hex digits over all messages, the system message among them."""
        return _digest(self.messages)

    @property
    def system_sha256(self) -> str:
        """16 hex digits over the system message; empty when there is none."""
        system = [message for message in self.messages if message.role == "system"]
        return _digest(system) if system else ""

    @property
    def seed(self) -> int:
        """A seed of this request's own, in [0, 2**31): one shared seed would repeat the draw."""
        return int(self.id[:8], 16) & 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one request: exactly one final outcome each.

    ``text`` is what the model said (it may be partial when truncated, empty when failed), without
    the thinking of a model that thinks aloud; ``raw`` is then the whole text, and empty when it
    would be the same. ``detail`` says why the outcome is not ``answered`` or names the rule that
    recognised a refusal.
    """

    request_id: str
    text: str
    outcome: Outcome
    detail: str = ""
    finish_reason: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    engine: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """One value word or phrase as it stood in a reply.

    ``rank`` counts from 1 in the order of the reply; ``start:end`` is the half-open character span
    in the reply's text; ``source`` says how it was found. ``term`` is its normal form, or ``None``
    when it was dropped, and then ``dropped`` names the rule.
    """

    surface: str
    rank: int
    start: int
    end: int
    source: Literal["list", "json", "named", "matcher"]
    term: str | None = None
    dropped: str = ""


@dataclass(frozen=True, slots=True)
class Stem:
    """The beginning of a sentence to complete.

    ``sub_dimension`` is the id it is keyed to; ``kind`` is ``personal`` or ``role``; a ``control``
    stem has a known answer: completions of it are expected at the ``expected`` end of the scale.
    ``keying`` is +1 when a completion that affirms the value raises the score, -1 when it lowers
    it.
    """

    id: str
    text: str
    sub_dimension: str
    kind: Literal["personal", "role", "control"]
    keying: Literal[1, -1] = 1
    expected: Literal["", "high", "low"] = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """A judge's verdict on one completion for one sub-dimension.

    ``score`` is on the 0-6 scale, or ``None`` when unscored, and then ``reason`` says why.
    """

    request_id: str
    judge: str
    sub_dimension: str
    score: float | None
    reason: str = ""


def _digest(messages: Iterable[Message]) -> str:
    text = json.dumps([[m.role, m.content] for m in messages], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def reverse(x: float, low: float, high: float) -> float:
    """Reverse-key a response on the scale ``low``..``high``: ``low + high - x``.

    Both ends are written out because ``scale - x`` is right only when ``low`` is 0.
    """
    return low + high - x
