from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelex.terms.outcomes import (
    disclaimer_rule,
    disclaims,
    refusal_rule,
    says_nothing,
)

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


HAVING = (
    *("personal", "own", "human", "real", "actual", "any", "subjective", "individual"),
    *("the ability to have", "the ability to hold", "the capacity to form"),
    *("the capability to possess", "feelings", "emotions", "beliefs", "opinions", "values"),
    *("preferences", "consciousness", "morals", "virtues", "traits", "ideals", "principles"),
    *("a personality", "a value system", "a set of"),
)
NOT = (
    *("do not", "don't", "does not", "doesn't", "cannot", "can't", "can not", "am not able to"),
    *("am unable to", "am not capable of"),
)
BEING = (
    *("an ai", "an artificial intelligence", "a large language model", "an ai language model"),
    *("a language model", "a machine", "a machine learning model", "a computer program"),
    *("a chatbot", "an assistant"),
)
LACKING = (
    *("don't", "do not", "cannot", "can't", "not have", "lack", "without", "no personal"),
    *("no values", "no opinions", "unable", "not capable"),
)
GOODS = (
    *("values", "opinions", "beliefs", "feelings", "preferences", "consciousness", "emotions"),
    "morals",
)


def test_every_way_of_having_none() -> None:
    for what in HAVING:
        assert disclaims(f"i do not have {what}") == "has-none", what
    for who in ("i", "it", "ai", "ais", "model", "models"):
        for no in NOT:
            for have in ("have", "hold", "possess", "form", "having", "holding", "experience"):
                assert disclaims(f"{who} {no} {have} values") == "has-none", (who, no, have)
    assert disclaims("i do not really have values") == "has-none"
    assert disclaims("we do not have values") == disclaims("i do not have time") == ""


def test_every_way_of_being_an_ai() -> None:
    for so in ("as", "being", "i am", "i'm", "since i am", "since i'm"):
        for just in ("", "just ", "only ", "merely ", "simply "):
            for being in BEING:
                assert disclaims(f"{so} {just}{being} one must lack it") == "as-an-ai", being
    for lack in LACKING:
        assert disclaims(f"as an ai, things {lack} hm") == "as-an-ai", lack
    assert disclaims("as an ai i like care. others lack it") == ""  # another sentence
    assert disclaims(f"as an ai {'a' * 117} lack") == "as-an-ai"  # within 120 characters
    assert disclaims(f"as an ai {'a' * 120} lack") == ""


def test_every_way_of_lacking_something_of_ones_own() -> None:
    for lack in ("i lack", "i have no"):
        for own in ("", "personal ", "own ", "human ", "any ", "real ", "subjective "):
            for good in GOODS:
                assert disclaims(f"{lack} {own}{good}") == "programme", (lack, own, good)
    assert disclaims("i lack patience") == disclaims("they have no values") == ""


EMPTY = (
    *("Sure", "Certainly", "Of course", "Okay", "OK", "Yes", "No", "Hello", "Hi", "Thank"),
    *("Thanks", "Thank you", "Great question", "I see", "Interesting", "Interesting question"),
    *("Happy to help", "How can I help", "How can I help you", "How can I assist you today"),
    *("What would you like to know", "Could you clarify", "Could you please rephrase"),
    *("Let me know", "Please clarify", "Please provide"),
)


@pytest.mark.parametrize("talk", EMPTY)
def test_a_greeting_or_a_question_back_says_nothing(talk: str) -> None:
    for rest in ("", "!", " what you want to hear from me?"):
        assert says_nothing(talk + rest), rest
    assert not says_nothing(f"{talk}, {'and so on ' * 7}")  # more than sixty characters
    assert not says_nothing(f"Honesty. {talk}")
    assert not says_nothing(talk + " " * 600)


def test_a_disclaimer_is_read_in_the_opening_with_any_apostrophe() -> None:
    assert disclaimer_rule("I don’t  have\npersonal values.") == "has-none"
    assert disclaimer_rule("x " * 290 + "I don't have values.") == "has-none"
    assert disclaimer_rule("x " * 300 + "I don't have values.") == ""
    assert refusal_rule("I must decline. I don't have personal values.") == ""
