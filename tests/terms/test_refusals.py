"""Refusals told from what looks like one, on texts of our own in many wordings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms import refusal_corpus as corpus
from valuelex.terms.outcomes import disclaimer_rule, disclaims, refusal_rule
from valuelex.terms.refusal_languages import foreign_refusal
from valuelex.terms.refusals import READ, Reading, read_refusal

REFUSALS = (
    *corpus.REFUSALS,
    *corpus.HELD_OUT_REFUSALS,
    *corpus.FINAL_REFUSALS,
    *(text for text in corpus.ODD_REFUSALS if text not in corpus.KNOWN_MISSES),
    *(text for text in corpus.FRESH_REFUSALS if text not in corpus.KNOWN_MISSES),
)
OTHERS = (
    *corpus.OTHERS,
    *corpus.HELD_OUT_OTHERS,
    *corpus.FINAL_OTHERS,
    *(text for text in corpus.ODD_OTHERS if text not in corpus.KNOWN_ALARMS),
    *(text for text in corpus.FRESH_OTHERS if text not in corpus.KNOWN_ALARMS),
)


FOREIGN = {
    "de": "Das kann ich nicht beantworten.",
    "fr": "Je ne peux pas répondre.",
    "es": "No puedo responder.",
    "it": "Non posso rispondere.",
    "pt": "Não posso responder.",
    "nl": "Ik kan dat niet beantwoorden.",
    "pl": "Nie mogę odpowiedzieć.",
    "ru": "Не могу ответить.",
    "tr": "Cevap veremem.",
    "zh": "我无法回答。",
    "ja": "お答えできません。",
    "ko": "답변할 수 없습니다.",
    "ar": "لا أستطيع الإجابة.",
    "hi": "उत्तर नहीं दे सकता।",
}


def test_the_texts_are_many_and_different() -> None:
    assert len(set(REFUSALS)) == len(REFUSALS) > 250
    assert len(set(OTHERS)) == len(OTHERS) > 220
    assert not set(REFUSALS) & set(OTHERS)


@pytest.mark.parametrize("text", REFUSALS)
def test_refusals(text: str) -> None:
    assert refusal_rule(text)


@pytest.mark.parametrize("text", OTHERS)
def test_answers_disclaimers_and_stories_are_no_refusals(text: str) -> None:
    assert not refusal_rule(text)


def test_what_is_known_to_be_misread_is_still_misread() -> None:
    """Strict on purpose: whoever mends one of these takes it off the list."""
    assert not any(refusal_rule(text) for text in corpus.KNOWN_MISSES)
    assert all(refusal_rule(text) for text in corpus.KNOWN_ALARMS)


def test_an_apology_that_then_complies_is_none() -> None:
    apology = "I'm sorry, but I can't give a personal opinion on this."
    assert refusal_rule(apology)
    answer = " ".join(
        ["Courage means that one does what is right although it costs something."] * 4
    )
    assert not refusal_rule(f"{apology} {answer}")
    assert disclaimer_rule(f"{apology} {answer}") == "declines-then-talks"
    assert not refusal_rule(f"{apology} Here are some thoughts: courage, care.")


def test_a_refusal_may_be_long_when_it_only_moralises() -> None:
    lesson = "It is important to treat each other with respect, and threats are never acceptable."
    text = " ".join(["I cannot answer this question.", *[lesson] * 12, "Feel free to ask me more."])
    assert len(text.split()) > 150
    assert refusal_rule(text) == "cannot-answer"


def test_a_refusal_begins_the_reply() -> None:
    story = "The old bridge was closed, and the boats lay on the shore for weeks. " * 12
    assert not refusal_rule(f"{story} I can't answer this question.")


def test_what_is_quoted_or_thought_is_not_said() -> None:
    assert not refusal_rule('He told the judge: "I will not answer that question."')
    assert not refusal_rule("<think>I cannot answer that question.</think> Honesty and care.")
    assert refusal_rule('"I will not answer that question."')


def test_reading_counts_what_a_reply_is_made_of() -> None:
    text = "I can't answer that. It is a sensitive topic. Cats sleep all day."
    found = read_refusal(text, disclaims)
    assert (found.rule, found.turns, found.denies) == ("cannot-answer", False, False)
    assert (found.content, found.total) == (4, 13)
    assert found.refuses


def test_nothing_is_read_where_nothing_declines() -> None:
    for text in ("Honesty.", "I do not lie.", ""):
        found = read_refusal(text, disclaims)
        assert (found.rule, found.turns, found.denies, found.content, found.total) == (
            *("", False, False, 0, 0),
        )
        assert not found.refuses


@pytest.mark.parametrize(
    ("content", "total", "refuses"),
    [(9, 9, True), (10, 20, False), (10, 25, True), (45, 200, True), (46, 200, False)],
)
def test_a_little_content_leaves_a_refusal_one(content: int, total: int, refuses: bool) -> None:
    assert Reading("declines", False, False, content, total).refuses == refuses
    assert not Reading("declines", True, False, content, total).refuses
    assert not Reading("", False, False, content, total).refuses


def test_other_languages_name_themselves() -> None:
    assert foreign_refusal("Ich kann diese Frage nicht beantworten.") == "declines-de"
    assert foreign_refusal("很抱歉，我无法回答这个问题。") == "declines-zh"
    for code, text in FOREIGN.items():
        assert foreign_refusal(text) == f"declines-{code}", text
        assert foreign_refusal(text.upper()) == f"declines-{code}", text
    assert not foreign_refusal("Ich kann diese Frage nicht beantworten. " + "Mut ist gut. " * 40)


@given(st.text(max_size=600))
def test_any_text_is_read(text: str) -> None:
    refusal_rule(text)
    refusal_rule(text * 20)


def test_a_very_long_text_takes_no_time() -> None:
    # what is beyond the limit is not read: a text of ten million letters is as one of four thousand
    text = "I can't " + "a " * 5_000_000
    assert read_refusal(text, disclaims) == read_refusal(text[:READ], disclaims)
