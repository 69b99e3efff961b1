from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.backends.recorded.files import body, plain

from valuelex.backends.completions import MalformedBodyError
from valuelex.backends.recorded.formats import OUTPUT_NAMES, Asked, RecordedReply, parse
from valuelex.records import Message


def one(row: dict[str, Any]) -> RecordedReply:
    found = parse(row)
    assert isinstance(found, list)
    (reply,) = found
    return reply


@pytest.mark.parametrize("name", OUTPUT_NAMES)
def test_plain_rows_by_any_name_of_the_text(name: str) -> None:
    reply = one({"model": " a model ", "prompt": "Why?", name: "because"})
    assert reply.asked == Asked("a model", (Message("user", "Why?"),))
    assert (reply.choice.text, reply.choice.outcome) == ("because", "answered")


def test_plain_rows_may_tell_more() -> None:
    row = plain(temperature=1, top_p=0.9, max_tokens=64, draw=2, finish_reason="length")
    reply = one(row)
    assert (reply.asked.temperature, reply.asked.top_p, reply.asked.max_tokens) == (1.0, 0.9, 64)
    assert reply.draw == 2
    assert reply.choice.outcome == "truncated"
    assert one(plain(outcome="refused", detail="said no")).choice.detail == "said no"
    turns = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
    assert one(plain(prompt=turns)).asked.messages == (
        Message("system", "Be brief."),
        Message("user", "Why?"),
    )


@pytest.mark.parametrize("output", ["", " \n ", None])
def test_no_text_is_a_failure(output: str | None) -> None:
    choice = one(plain(output=output)).choice
    assert (choice.outcome, choice.detail) == ("failed", "empty")


def test_chat_lines() -> None:
    turns = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "because"}]
    reply = one({"model": "m", "messages": turns, "temperature": 0.5})
    assert reply.asked.messages == (Message("user", "Why?"),)
    assert reply.choice.text == "because"
    refused = [*turns[:1], {"role": "assistant", "content": None, "refusal": "No."}]
    assert one({"model": "m", "messages": refused}).choice.outcome == "refused"
    with pytest.raises(MalformedBodyError, match="the assistant's turn as the last"):
        parse({"model": "m", "messages": turns[:1]})


def test_completion_objects_with_several_choices() -> None:
    two = body()["choices"] * 2
    found = parse(body(choices=two, messages=[{"role": "user", "content": "Why?"}]))
    assert isinstance(found, list)
    assert [r.asked.messages for r in found] == [(Message("user", "Why?"),)] * 2
    assert [(r.tokens_in, r.tokens_out) for r in found] == [(7, None)] * 2
    assert one(body()).asked == Asked("served-model")
    assert one(body()).tokens_out == 2


def test_batch_lines() -> None:
    question = {"custom_id": "q1", "method": "POST", "url": "/v1/chat/completions"}
    asked = parse(
        {
            **question,
            "body": {
                "model": "m",
                "messages": [{"role": "user", "content": "Why?"}],
                "temperature": 0.3,
            },
        }
    )
    assert asked == Asked("m", (Message("user", "Why?"),), 0.3, custom_id="q1")
    said = {"status_code": 200, "body": body()}
    good = one({"id": "b", "custom_id": "q1", "response": said, "error": None})
    assert good.asked == Asked("served-model", custom_id="q1")
    assert good.choice.text == "care"
    broken = {"status_code": 400, "body": {"error": {"code": "content_filter", "message": "x"}}}
    assert one({"custom_id": "q1", "response": broken, "error": None}).choice.outcome == "refused"
    expired = {"code": "batch_expired", "message": "too late"}
    failed = one({"custom_id": "q1", "response": None, "error": expired}).choice
    assert (failed.outcome, failed.detail) == ("failed", "error: batch_expired too late")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({}, "expected a plain row"),
        ({"model": "m", "prompt": "p", "outputs": "x"}, "did you mean 'output'"),
        (plain(model=""), "expected 'model' as a printable name"),
        (plain(model="a\nb"), "expected 'model' as a printable name"),
        (plain(model=7), "was: int 7"),
        (plain(model="x" * 201), "1 to 200"),
        ({"model": "m", "output": "x"}, "expected 'prompt' or 'messages'"),
        (plain(prompt=7), "expected a text or a list of messages, was: int 7"),
        (plain(prompt=[7]), "expected a message object"),
        (plain(prompt=[{"role": "narrator", "content": "x"}]), "expected a role in"),
        (plain(output=7), "expected text as 'output', was: int 7"),
        (plain(temperature=True), "expected 'temperature' in 0..2"),
        (plain(temperature=3), "expected 'temperature' in 0..2, was: int 3"),
        (plain(top_p="high"), "expected 'top_p' in 0..1"),
        (plain(draw=-1), "expected 'draw' as a whole number"),
        (plain(draw=10**30), "expected 'draw' as a whole number"),
        (plain(outcome="fine"), "expected 'outcome' in"),
        (plain(outcome="answered", output=""), "expected a text for the outcome 'answered'"),
        ({"custom_id": "q", "response": None}, "expected 'response' or 'error'"),
        ({"custom_id": "q", "response": {"body": "x"}}, "expected an object 'response.body'"),
        ({"custom_id": "q", "body": []}, "expected an object 'body'"),
        ({"custom_id": "q", "body": {"model": "m"}}, "expected 'prompt' or 'messages'"),
        (
            {"custom_id": 5, "body": {"model": "m", "prompt": "p"}},
            "expected 'custom_id' as a printable name",
        ),
        ({"model": "m", "messages": []}, "expected a list 'messages'"),
    ],
)
def test_what_does_not_fit_is_named(row: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedBodyError, match=message):
        parse(row)


NAMES = [
    *("model", "prompt", "output", "messages", "role", "content", "choices", "message", "text"),
    *("custom_id", "response", "body", "error", "finish_reason", "draw"),
]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["model", "prompt", "messages", "choices"]), _JSON), _JSON)
def test_whatever_comes_is_a_reply_or_one_clear_error(row: dict[str, Any], more: Any) -> None:
    if isinstance(more, dict):
        row = {**row, **more}
    try:
        found = parse(row)
    except MalformedBodyError as error:
        assert "expected" in str(error)  # noqa: PT017 - both ways are right
    else:
        assert isinstance(found, Asked) or found
