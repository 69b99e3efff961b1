from __future__ import annotations

from typing import Any

import pytest

from valuelex.backends.completions import (
    Choice,
    MalformedBodyError,
    judge,
    read_choices,
    read_error,
    read_usage,
    text_of,
)


@pytest.mark.parametrize(
    ("text", "reason", "refusal", "wanted"),
    [
        ("honesty", "stop", "", Choice("honesty", "answered", "", "stop")),
        ("honesty", "", "", Choice("honesty", "answered", "", "")),
        (" \n", "stop", "", Choice(" \n", "failed", "empty", "stop")),
        ("hon", "length", "", Choice("hon", "truncated", "token limit", "length")),
        ("", "length", "", Choice("", "truncated", "token limit", "length")),
        ("", "content_filter", "", Choice("", "refused", "content filter", "content_filter")),
        ("", "stop", "No.", Choice("No.", "refused", "refusal field", "stop")),
    ],
)
def test_outcome_of_a_completion(text: str, reason: str, refusal: str, wanted: Choice) -> None:
    assert judge(text, reason, refusal) == wanted


def test_chat_and_text_choices() -> None:
    body = {
        "choices": [
            {"message": {"role": "assistant", "content": "care"}, "finish_reason": "stop"},
            {"text": "truth", "finish_reason": "length"},
            {"message": {"content": None, "refusal": "I will not"}, "finish_reason": "stop"},
            {"message": {"content": None, "tool_calls": [{}]}, "finish_reason": "tool_calls"},
            {"message": {"content": [{"type": "text", "text": "a"}, "b"]}, "finish_reason": None},
        ]
    }
    found = [(c.text, c.outcome, c.detail) for c in read_choices(body)]
    assert found == [
        ("care", "answered", ""),
        ("truth", "truncated", "token limit"),
        ("I will not", "refused", "refusal field"),
        ("", "failed", "tool call instead of text"),
        ("ab", "answered", ""),
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("oops", "expected a completion object, was: str 'oops'"),
        ({}, "expected a list 'choices' with an entry, was: null"),
        ({"choices": []}, "was: a list of 0 entries"),
        ({"choices": [3]}, "expected a choice object, was: int 3"),
        ({"choices": [{"index": 0}]}, "expected 'message' or 'text' in a choice"),
        ({"choices": [{"message": {"content": 3}}]}, "expected text as 'content', was: int 3"),
        ({"choices": [{"message": {"content": [{"type": "image_url"}]}}]}, "parts of text"),
    ],
)
def test_malformed_bodies(body: Any, message: str) -> None:
    with pytest.raises(MalformedBodyError, match=message):
        read_choices(body)


def test_errors_and_usage() -> None:
    blocked = {"error": {"code": "content_filter", "message": "blocked"}}
    assert read_error(blocked).outcome == "refused"
    assert read_error({"type": "server_error", "message": "boom"}).detail == (
        "error: server_error boom"
    )
    assert read_error("boom") == Choice("", "failed", "error: boom")
    assert read_error(None).outcome == "failed"
    assert read_usage({"usage": {"prompt_tokens": 3, "completion_tokens": True}}) == (3, None)
    assert read_usage({"usage": {"prompt_tokens": 2**63}}) == (None, None)
    assert read_usage({}) == (None, None)
    assert text_of(None) == ""
