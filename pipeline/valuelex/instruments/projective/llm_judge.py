"""Judge completions by a language model: blind, one completion a call, fenced, strictly parsed.

The judge is shown the ending alone, as the offline judge is. A stem would be read along with it,
and the keying of stems of aversion is applied when scores are made, for all judges alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valuelex.errors import PromptError
from valuelex.instruments.projective.anchors import SubDimension
from valuelex.instruments.projective.completions import (
    NOT_RELEVANT,
    Completion,
    Unanswered,
    readable,
)
from valuelex.instruments.projective.fence import ONLY_INSTRUCTIONS, blind, disarm, nonce
from valuelex.records import Message, Rating, Reply, Request, Sampling

PROMPT = "judge.v1"
LOW, HIGH = 0, 6

Ask = Callable[[Sequence[Request]], Iterable[Reply]]


class VerdictError(ValueError):
    """A judge's reply is not the one JSON object that was asked for; the text says why."""


@dataclass(frozen=True, slots=True)
class JudgeCall:
    """One call: the request, whose completion it judges, and the code that must come back."""

    request: Request
    reply_id: str
    nonce: str
    attempt: int


class LlmJudge:
    """Words calls to one judge and reads its verdicts.

    Parameters
    ----------
    subs
        The sub-dimensions to score, each with its name and terms.
    judge
        A roster entry: ``key``, ``id``, ``revision``.
    sampling
        The judge's decoding setting.
    prompt
        The structure of ``prompts/judge.v1.yaml``.
    unanswered
        How completions that are no answer are told (`Unanswered`).
    names
        Names of models, families and developers to be masked, so that the judge stays blind.
    """

    def __init__(
        self,
        subs: Sequence[SubDimension],
        judge: Mapping[str, Any],
        sampling: Sampling,
        prompt: Mapping[str, Any],
        *,
        unanswered: Mapping[str, Sequence[str]],
        names: Sequence[str] = (),
    ) -> None:
        for field in ("system", "rubric", "examples", "user"):
            if not prompt.get(field):
                raise PromptError(f"{prompt.get('id', PROMPT)} must have the field {field!r}")
        self.subs = tuple(subs)
        self.key = str(judge["key"])
        self._judge, self._sampling, self._prompt = judge, sampling, prompt
        self._unanswered = Unanswered(unanswered)
        self._names = tuple(names)

    def unscorable(self, completion: Completion) -> str:
        """Return why a completion is not put to the judge at all, or ""."""
        reason = self._unanswered.reason(completion)
        if not reason and not _has_letter(self._shown(completion)):
            return ONLY_INSTRUCTIONS
        return reason

    def _shown(self, completion: Completion) -> str:
        return readable(disarm(self._unanswered.english_part(completion.text)).text)

    def call(self, completion: Completion, attempt: int = 0) -> JudgeCall:
        """Word the call for one completion; each attempt has a code of its own."""
        text = blind(self._shown(completion), self._names)
        code = nonce(PROMPT, self.key, completion.reply_id, completion.text, str(attempt))
        themes = "\n".join(f'- "{s.id}": {s.name} ({", ".join(s.words[:8])})' for s in self.subs)
        values = {
            "rubric": self._prompt["rubric"],
            "examples": self._prompt["examples"],
            "themes": themes,
            "nonce": code,
            "keys": ", ".join(f'"{s.id}": ...' for s in self.subs),
            "text": text,
        }
        request = Request(
            model=self.key,
            model_id=str(self._judge["id"]),
            revision=str(self._judge.get("revision", "")),
            prompt=f"{PROMPT}/{completion.reply_id}",
            messages=(
                Message("system", self._prompt["system"]),
                Message("user", _fill(self._prompt["user"], values)),
            ),
            sampling=self._sampling,
            draw=attempt,
        )
        return JudgeCall(request, completion.reply_id, code, attempt)

    def read(self, call: JudgeCall, reply: Reply) -> tuple[Rating, ...]:
        """Turn a reply into one rating a sub-dimension; unscored with a reason when it fails."""
        if reply.outcome != "answered":
            return self.unscored(call.reply_id, f"judge {reply.outcome}")
        try:
            scores = parse_verdict(reply.text, call.nonce, [s.id for s in self.subs])
        except VerdictError as error:
            return self.unscored(call.reply_id, f"unparsable: {error}")
        return tuple(
            Rating(
                call.reply_id,
                self.key,
                sub,
                None if score is None else float(score),
                NOT_RELEVANT if score is None else "",
            )
            for sub, score in scores.items()
        )

    def unscored(self, reply_id: str, reason: str) -> tuple[Rating, ...]:
        """Return a rating without a score for every sub-dimension."""
        return tuple(Rating(reply_id, self.key, s.id, None, reason) for s in self.subs)

    def rate(
        self, completions: Sequence[Completion], ask: Ask, *, attempts: int = 3
    ) -> tuple[Rating, ...]:
        """Judge completions through ``ask``; unreadable verdicts are asked for again.

        Parameters
        ----------
        completions
            In the order in which the ratings come back.
        ask
            Takes a batch of requests and gives replies in any order; a missing one is a failure.
        attempts
            Calls for one completion at most, >= 1.
        """
        done: dict[str, tuple[Rating, ...]] = {}
        left = []
        for c in completions:
            reason = self.unscorable(c)
            if reason:
                done[c.reply_id] = self.unscored(c.reply_id, reason)
            else:
                left.append(c)
        for attempt in range(attempts):
            if not left:
                break
            calls = [self.call(c, attempt) for c in left]
            replies = {r.request_id: r for r in ask([call.request for call in calls])}
            for call in calls:
                reply = replies.get(call.request.id) or Reply(call.request.id, "", "failed")
                done[call.reply_id] = self.read(call, reply)
            left = [c for c in left if _failed(done[c.reply_id])]
        return tuple(r for c in completions for r in done[c.reply_id])


def parse_verdict(text: str, code: str, subs: Sequence[str]) -> dict[str, int | None]:
    """Read ``{"code": ..., "scores": {sub-dimension: 0-6 or null}}``, and nothing else.

    A fence of backquotes around the whole object is allowed; any other text beside it, a second
    object, a repeated, missing or unknown key, another code, or a score that is no whole number
    from 0 to 6 is not.

    Raises
    ------
    VerdictError
        Saying what is wrong.
    """
    body = text.strip()
    if body.startswith("```") and body.endswith("```") and len(body) > 6:
        body = body[3:-3].removeprefix("json").strip()
    try:
        data = json.loads(body, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError) as error:
        raise VerdictError(str(error).splitlines()[0] if str(error) else "no JSON") from None
    if not isinstance(data, dict) or sorted(data) != ["code", "scores"]:
        raise VerdictError("expected the keys code and scores alone")
    if data["code"] != code:
        raise VerdictError("another code than the one that was given")
    scores = data["scores"]
    if not isinstance(scores, dict) or sorted(scores) != sorted(subs):
        raise VerdictError("expected a score for every theme and for no other")
    for sub, score in scores.items():
        whole = isinstance(score, int) and not isinstance(score, bool)
        if score is not None and not (whole and LOW <= score <= HIGH):
            raise VerdictError(f"score of {sub!r} must be a whole number 0-6 or null")
    return {sub: scores[sub] for sub in subs}


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [k for k, _ in pairs]
    if len(set(keys)) != len(keys):
        raise VerdictError("a key appears twice")
    return dict(pairs)


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Fill ``{name}`` slots in one pass, so that judged text is never itself read as a template."""
    try:
        return template.format_map(values)
    except (KeyError, ValueError, IndexError) as error:
        raise PromptError(f"{PROMPT}: `user` has a slot that is not known: {error}") from None


def _failed(ratings: Sequence[Rating]) -> bool:
    return any(r.reason.startswith(("unparsable", "judge ")) for r in ratings)


def _has_letter(text: str) -> bool:
    return any(ch.isalpha() for ch in text)
