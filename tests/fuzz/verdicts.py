"""Readers of what judges and servers return: a verdict or a name only where the form allows one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.fuzz.replies import subsequence
from tests.fuzz.target import Target, must, said, text_of
from valuelex.backends.batch_results import (
    NotDoneError,
    OtherModelError,
    read_result,
    reply_of,
)
from valuelex.backends.completions import MalformedBodyError, read_choices, read_error, read_usage
from valuelex.backends.http_client import Answer
from valuelex.backends.openai_compatible import OpenAICompatibleBackend, _read
from valuelex.backends.retrying import TransientError, retry_after
from valuelex.errors import BackendError, ValueLexError
from valuelex.instruments.projective.llm_judge import VerdictError, parse_verdict
from valuelex.records import OUTCOMES, Message, Request, Sampling
from valuelex.taxonomy.naming_judge import UnusableNameError, read_name

CODE = "0123456789abcdef"
SUBS = ("d1.s1", "d1.s2", "d2.s1")
TERMS = ("honesty", "care", "fairness", "trust")
_GOOD = {"code": CODE, "scores": {"d1.s1": 6, "d1.s2": None, "d2.s1": 0}}
VERDICTS = said(
    json.dumps(_GOOD),
    "```json\n" + json.dumps(_GOOD, indent=1) + "\n```",
    json.dumps(_GOOD).replace("6", "6.0"),
    json.dumps(_GOOD).replace("6", "true"),
    json.dumps(_GOOD) + json.dumps(_GOOD),
    f'{{"code": "{CODE}", "scores": {{"d1.s1": 6, "d1.s1": 0, "d1.s2": 1, "d2.s1": 2}}}}',
)
WORDS = (
    *('"code":', f'"{CODE}"', '"scores":', '"d1.s1":', '"d1.s2":', '"d2.s1":', "{", "}", "[", "]"),
    *(",", ":", "0", "6", "7", "-1", "6.0", "1e0", "null", "true", "NaN", "Infinity", '"6"', "```"),
    *("```json\n", "\n", " ", '"name":', '"words":', '"Honesty and care"', '"honesty"', '"care"'),
    *('"fairness"', '"\\u0036"', "// 6", "Score: 6", '"trust"', '"values"', "\ufeff", "\x00"),
)
NAMES = said(
    json.dumps({"code": CODE, "name": "Honesty & care", "words": ["honesty", "care", "trust"]}),
    "```json\n"
    + json.dumps({"code": CODE, "name": "Open trust", "words": ["Honesty", "care ", "trust"]})
    + "```",
    json.dumps({"code": CODE, "name": "Values", "words": ["honesty", "care", "trust"]}),
)


def _verdict(data: bytes) -> None:
    text = text_of(data)
    try:
        scores = parse_verdict(text, CODE, SUBS)
    except VerdictError:
        return
    must(list(scores) == list(SUBS), "a score for each theme", scores)
    body = text.strip()
    if body.startswith("`"):
        body = re.sub(r"\A```(?:json)?|```\Z", "", body)
    loaded = json.loads(body)
    must(loaded == {"code": CODE, "scores": scores}, "a verdict that was not given", text, scores)
    for name in ("code", "scores", *SUBS):
        names = re.findall(r'"((?:[^"\\]|\\.)*)"\s*:', body)
        must(sum(json.loads(f'"{n}"') == name for n in names) == 1, "each key once", name, text)
    for score in scores.values():
        must(score is None or (type(score) is int and 0 <= score <= 6), "a point 0-6", score)


def _name(data: bytes) -> None:
    text = text_of(data)
    try:
        name, words = read_name(text, CODE, TERMS, ["Power"])
    except UnusableNameError:
        return
    must(re.fullmatch(r"[A-Z][A-Za-z',& -]{0,39}", name), "a plain name", name)
    must(name.casefold() != "power", "a name in use", name)
    must(len(set(words)) == 3 and set(words) <= set(TERMS), "words of the group", words)
    must(CODE in text.encode().decode("unicode_escape", "replace") or CODE in text, "code", text)
    must(len(re.findall(r'"(?:name|words|code)"\s*:', text)) <= 3, "each key once", text)


_ASKED = Request("m", "org/m", "r", "elicit.v1/p01", (Message("user", "?"),), Sampling(1.0, 1.0, 9))
BODY = {
    "id": "x",
    "object": "chat.completion",
    "model": "m",
    "system_fingerprint": "fp",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "honesty"},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 5, "completion_tokens": 1},
}
_ERROR = {"error": {"code": "content_filter", "message": "no", "type": "x"}}
BODIES = said(
    json.dumps(BODY),
    json.dumps({**BODY, "choices": [{"text": "honesty", "finish_reason": "length"}]}),
    json.dumps({**BODY, "choices": [{"message": {"content": [{"type": "text", "text": "a"}]}}]}),
    json.dumps({**BODY, "choices": [{"message": {"content": None, "refusal": "no"}}]}),
    json.dumps(_ERROR),
    json.dumps({"error": "boom"}),
    "<html>502</html>",
)
_STATUS = (200, 200, 200, 200, 200, 400, 404, 429, 500, 503, 307, 401)
_BACKEND = OpenAICompatibleBackend(base_url="http://127.0.0.1:9/v1", key="sk-secret-key")


def _server(data: bytes) -> None:
    status = _STATUS[len(data) % len(_STATUS)] if data[:1] != b"{" else 200
    packed = "gzip" if data[:2] == b"\x1f\x8b" else "identity"
    answer = Answer(status, {"content-encoding": packed, "retry-after": text_of(data[:40])}, data)
    try:
        choice, body = _read(_BACKEND, answer)
    except TransientError as error:
        must(error.wait is None or error.wait >= 0, "a wait", error.wait)
        return
    must(isinstance(body, Mapping), "an object", body)
    must(choice.outcome in OUTCOMES, "an outcome", choice)
    _said_by(choice.text, data)
    read_usage(body)


def _said_by(text: str, data: bytes) -> None:
    """What was read must be a text of the JSON, or its parts one after another."""
    texts = "".join(_texts(json.loads(data))) if text else ""
    must(subsequence(text, texts), "a text that was not sent", text)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [t for v in value.values() for t in _texts(v)]
    return [t for v in value for t in _texts(v)] if isinstance(value, list) else []


def _wait(data: bytes) -> None:
    text = text_of(data)
    for name in ("retry-after", "retry-after-ms"):
        wait = retry_after({name: text})
        must(wait is None or 0 <= wait < float("inf"), "a wait in seconds", wait)


def _batch(data: bytes) -> None:
    row = json.loads(data)
    if not isinstance(row, dict):
        return
    result = read_result(row)
    reply = reply_of(result, _ASKED)
    must(reply.outcome in OUTCOMES, "an outcome", reply)
    _said_by(reply.text, data)


def _choices(data: bytes) -> None:
    body = json.loads(data)
    read_error(body)
    found = read_choices(body)
    must(found, "a choice", found)
    for choice in found:
        _said_by(choice.text, data)


BATCHES = said(
    json.dumps({"custom_id": "a", "response": {"status_code": 200, "body": BODY}, "error": None}),
    json.dumps({"custom_id": "a", "response": {"status_code": 429, "body": _ERROR}}),
    json.dumps({"custom_id": "a", "response": None, "error": {"code": "batch_expired"}}),
)
_JSON = (ValueError, RecursionError)  # of json.loads itself, which stands before the reader here
_WAITS = said("3", "0.5", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "nan", "1e999", "Wed, 99 Oct")
_DATES = ("Wed, ", "21 ", "Oct ", "2026 ", "07:28:00 ", "GMT", "-0000", "+9999", "99", ":", "1e5")
BODY_WORDS = (
    *('"choices":', '"message":', '"content":', '"text":', '"error":', '"code":', "{", "}", "["),
    *("]", ",", ":", '"a"', "null", "1", "1e999", "true", '"refusal":', '"usage":', '"model":'),
)

TARGETS: tuple[Target, ...] = (
    Target("judge verdicts", _verdict, VERDICTS, WORDS, kind="json"),
    Target("naming judge", _name, NAMES, WORDS, kind="json"),
    Target("server answers", _server, BODIES, BODY_WORDS, "json", (BackendError,)),
    Target("retry-after", _wait, _WAITS, _DATES),
    Target(
        "batch results",
        _batch,
        BATCHES,
        BODY_WORDS,
        "json",
        (ValueLexError, MalformedBodyError, NotDoneError, OtherModelError, *_JSON),
    ),
    Target("completion bodies", _choices, BODIES, BODY_WORDS, "json", (MalformedBodyError, *_JSON)),
)
