from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.backends.asked import request
from tests.backends.server import Answer, serve

from valuelex.backends.completions import Choice
from valuelex.backends.openai_compatible import OpenAICompatibleBackend
from valuelex.backends.thinking import ONLY_THINKING, spoken, spoken_choice, without_thinking


@pytest.mark.parametrize(
    ("raw", "text", "thought", "still"),
    [
        ("honesty, care", "honesty, care", False, False),
        ("<think>which ones?</think>\n\nhonesty", "honesty", True, False),
        ("  <think>\n\n</think>honesty", "honesty", True, False),
        # the template has opened it: only the end is in the text
        ("which ones?\n</think>\n\nhonesty", "honesty", True, False),
        ("[THINK]hm[/THINK]honesty", "honesty", True, False),
        ("<think>it never ends", "", True, True),
        ("<think>a</think>honesty <think>b</think> care", "honesty <think>b</think> care", True,
         False),
        # a model that writes about the mark
        ("I write <think> first and </think> after", "I write <think> first and </think> after",
         False, False),
        ("", "", False, False),
        ("</think>", "", True, False),
    ],
)  # fmt: skip
def test_what_is_said_is_told_from_what_is_thought(
    raw: str, text: str, thought: bool, still: bool
) -> None:
    spoken = without_thinking(raw)
    assert (spoken.text, spoken.thought, spoken.open) == (text, thought, still)


def test_both_texts_are_kept_and_only_thinking_is_no_answer() -> None:
    choice, raw = spoken_choice("<think>a</think>honesty", "stop")
    assert (choice.text, choice.outcome, raw) == (
        "honesty",
        "answered",
        "<think>a</think>honesty",
    )
    assert spoken_choice("honesty", "stop")[1] == ""
    cut, raw = spoken_choice("<think>it never ends", "length")
    assert (cut.text, cut.outcome, raw) == ("", "truncated", "<think>it never ends")
    nothing, _ = spoken_choice("<think>a</think>", "stop")
    assert (nothing.outcome, nothing.detail) == ("failed", ONLY_THINKING)


def test_a_server_s_thinking_is_told_apart_too() -> None:
    body = {"choices": [{"message": {"content": "<think>hm</think>care"}, "finish_reason": "stop"}]}
    with serve(lambda _: Answer(body)) as (url, _):
        (reply,) = OpenAICompatibleBackend(base_url=url).run([request()])
    assert (reply.text, reply.raw, reply.outcome) == ("care", "<think>hm</think>care", "answered")
    refused = Choice("<think>x", "refused", "content filter", "content_filter")
    assert spoken(refused) == (refused, "")


@given(st.text(alphabet="<>/think[]THINK ab\n", max_size=60))
def test_nothing_is_invented(raw: str) -> None:
    spoken = without_thinking(raw)
    assert raw.endswith(spoken.text)
    assert spoken.thought or spoken.text == raw
