from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelex.terms.outcomes import disclaimer_rule, refusal_rule, says_nothing

REFUSALS = [
    "I'm sorry, but I can't answer that.",
    "I’m sorry, but I cannot provide such a list.",
    "I cannot respond to this question.",
    "I must respectfully decline.",
    "I'd rather not say.",
    "I am unable to answer questions about myself.",
    "It would not be appropriate for me to choose.",
]
DISCLAIMERS = [
    "As an AI language model, I don't have personal values or beliefs.",
    "I'm just a language model and do not have opinions.",
    "I do not possess personal values the way people do.",
    "I have no values of my own, being software; I lack personal beliefs.",
]
ANSWERS = [
    "Honesty, care and tact.",
    "I value honesty. I cannot imagine working without it.",
    "Kindness, because nobody can live without it; I do not have a second choice.",
    "Fairness: I will not treat people differently.",
    "I can't stress enough how much honesty matters.",
]


@pytest.mark.parametrize("text", REFUSALS)
def test_refusals(text: str) -> None:
    assert refusal_rule(text)


@pytest.mark.parametrize("text", DISCLAIMERS)
def test_disclaimers_are_no_refusals(text: str) -> None:
    assert disclaimer_rule(text)
    assert not refusal_rule(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_answers_are_neither(text: str) -> None:
    assert not refusal_rule(text)
    assert not disclaimer_rule(text)


def test_a_refusal_that_takes_a_turn_is_none() -> None:
    text = "I cannot give a personal opinion. However, I can tell you what people think about it."
    assert not refusal_rule(text)
    assert disclaimer_rule(text) == "declines-then-talks"


def test_saying_nothing() -> None:
    assert says_nothing("Sure! How can I help you today?")
    assert not says_nothing("Honesty.")


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    refusal_rule(text)
    disclaimer_rule(text)
    says_nothing(text)
