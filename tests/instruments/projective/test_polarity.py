from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.instruments.projective.helpers import prompt

from valuelex.errors import PromptError
from valuelex.instruments.projective.polarity import CueReader, split_clauses

READER = CueReader(prompt("anchors.v3")["cues"])


@pytest.mark.parametrize(
    ("clause", "turn", "ill"),
    [
        ("I tell the truth", 1, 0),
        ("I never lie", -1, -1),
        ("I can't stand people who lie", -1, -1),
        ("I admire people who never lie", -1, -1),
        ("those who deceive their friends disgust me", -1, -1),
        ("a question that nobody has answered", 1, 0),
        ("admit that I was wrong", 1, 1),
        ("I despise honesty", -1, 0),
        ("I do not despise honesty", 1, 0),
        ("keep my word, even when nobody checks it", 1, 0),
        ("more often than not I tell the truth", 1, 0),
        ("be kind only if I must", -1, 0),
        ("I see nothing wrong with it", 1, 0),
    ],
)
def test_turns_and_ills(clause: str, turn: int, ill: int) -> None:
    reading = READER.read(clause)
    assert (reading.turn, reading.ill) == (turn, ill)


@pytest.mark.parametrize(
    ("clause", "firmness"),
    [
        ("I help", 2),
        ("I always help", 3),
        ("I help now and then", 1),
        ("it depends, I help or leave", 0),
    ],
)
def test_firmness(clause: str, firmness: int) -> None:
    assert READER.read(clause).firmness == firmness


def test_indifference_and_wholeheartedness() -> None:
    assert READER.read("I couldn't care less about honesty").indifference
    assert READER.read("I do not really care about honesty").indifference
    assert READER.read("I cannot live without honesty").wholehearted
    assert READER.read("not only honesty").turn == 1


def test_clauses_are_split_where_the_statement_changes() -> None:
    assert split_clauses("I like honesty, but I lie. Really? Yes — often.") == (
        "I like honesty",
        "I lie",
        "Really",
        "Yes",
        "often",
    )
    assert split_clauses(" ... 12 !") == ()


def test_missing_cues_are_an_error() -> None:
    with pytest.raises(PromptError, match="cues must have the lists"):
        CueReader({"negators": ["not"]})


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for clause in split_clauses(text):
        reading = READER.read(clause)
        assert reading.turn in (-1, 1)
        assert 0 <= reading.firmness <= 3
