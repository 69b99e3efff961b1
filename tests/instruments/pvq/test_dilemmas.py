from __future__ import annotations

import copy
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelex.errors import PromptError
from valuelex.instruments.pvq.dilemmas import (
    Dilemma,
    DilemmaRequest,
    dilemma_requests,
    read_choice,
    read_dilemmas,
)
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.requests import Respondent
from valuelex.prompts import load_prompt
from valuelex.records import Request, Sampling

ROOT = Path(__file__).parents[3]


def content() -> dict[str, Any]:
    return copy.deepcopy(dict(load_prompt(ROOT, "dilemmas.v1")))


def test_shipped_dilemmas_cover_all_ten_values(key: Key) -> None:
    dilemmas = read_dilemmas(content(), list(key.scales("ten")))
    assert len(dilemmas) >= 20
    counts = Counter(value for dilemma in dilemmas for value in dilemma.values)
    assert set(counts) == set(key.scales("ten"))
    assert min(counts.values()) >= 3
    pairs = [frozenset(dilemma.values) for dilemma in dilemmas]
    assert len(set(pairs)) >= 20


def test_both_orders_are_asked_and_choices_lead_back_to_values(key: Key) -> None:
    dilemmas = read_dilemmas(content(), list(key.scales("ten")))
    asked = dilemma_requests(
        content(),
        dilemmas[:1],
        Respondent("m", "m", "r"),
        sampling=Sampling(0.7, 0.95, 60),
        trials=2,
    )
    assert len({one.request.id for one in asked}) == 4
    straight, turned = asked[0], asked[1]
    assert f"A) {dilemmas[0].options[0]}" in straight.request.messages[0].content
    assert f"A) {dilemmas[0].options[1]}" in turned.request.messages[0].content
    assert f"B) {dilemmas[0].options[1]}" in straight.request.messages[0].content
    for one in asked:
        assert dilemmas[0].case in one.request.messages[0].content
        assert one.request.messages[0].role == "user"
        assert one.request.sampling == Sampling(0.7, 0.95, 60)
    assert [(one.first, one.trial, one.request.draw) for one in asked] == [
        *((0, 0, 0), (1, 0, 0), (0, 1, 1), (1, 1, 1)),
    ]
    assert read_choice("A. Because it is theirs.", straight) == ("self-direction", "")
    assert read_choice("A. Because it is theirs.", turned) == ("conformity", "")
    assert turned.request.prompt == "dilemmas.v1/d01-ba"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B", "conformity"),
        ("(b) The parents pay.", "conformity"),
        ("**Answer: A**\n\nB would hurt.", "self-direction"),
        ("My choice is A, because B is worse.", "self-direction"),
        ("A because it is their life", "self-direction"),
        ("A or B", None),
        ("A/B", None),
        ("A, B", None),
        ("A and B", None),
        ("B: A life that others chose does not hold.", "conformity"),
        ("I'd go with B. It is theirs.", "conformity"),
        ("I choose option A.", "self-direction"),
        ("I would not choose A.", None),
        ("Let me weigh both.\nMy choice is B.", "conformity"),
        ("A\nFinal answer: B", None),
        ("A. Good.\nA student decides.", "self-direction"),
        ("<think>A is tempting</think>B", "conformity"),
        ("<think>A is tempting", None),
        ("A student must decide alone.", None),
        ("Both can be defended.", None),
        ("I cannot choose.", None),
        ("", None),
    ],
)
def test_choices_are_read_strictly(key: Key, text: str, expected: str | None) -> None:
    dilemmas = read_dilemmas(content(), list(key.scales("ten")))
    asked = dilemma_requests(
        content(), dilemmas[:1], Respondent("m", "m", "r"), sampling=Sampling(0, 1, 9), trials=1
    )[0]
    choice, reason = read_choice(text, asked)
    assert choice == expected
    assert (choice is None) == bool(reason)


def test_of_a_continuation_the_first_line_alone_counts(key: Key) -> None:
    dilemmas = read_dilemmas(content(), list(key.scales("ten")))
    asked = dilemma_requests(
        content(), dilemmas[:1], Respondent("m", "m", "r"), sampling=Sampling(0, 1, 9), trials=1
    )[0]
    text = " A\n\nCase: another one.\nAnswer: B"
    assert read_choice(text, asked, continuation=True) == ("self-direction", "")
    assert read_choice(text, asked) == (None, "several answers")
    assert read_choice("\nA\nAnswer: B", asked, continuation=True) == ("self-direction", "")


@given(st.text(max_size=200))
def test_a_choice_is_never_invented(text: str) -> None:
    dilemma = Dilemma("d", "case", ("security", "power"), ("one", "two"))
    request = Request("m", "m", "r", "p", (), Sampling(0, 1, 9))
    choice, reason = read_choice(text, DilemmaRequest(request, dilemma, 0, 0))
    assert (choice is None) == bool(reason)
    letter = "A" if choice == "security" else "B"
    assert choice is None or re.search(
        rf"(?<!\w){letter}(?!\w)", unicodedata.normalize("NFKC", text), re.I
    )


def _same_value(data: dict[str, Any]) -> None:
    data["dilemmas"][0]["options"][1]["value"] = "self-direction"


def _unknown_value(data: dict[str, Any]) -> None:
    data["dilemmas"][0]["options"][1]["value"] = "conformitty"


def _doubled(data: dict[str, Any]) -> None:
    data["dilemmas"][1]["id"] = "d01"


def _one_option(data: dict[str, Any]) -> None:
    data["dilemmas"][0]["options"].pop()


def _no_case(data: dict[str, Any]) -> None:
    del data["dilemmas"][0]["case"]


def _three_options(data: dict[str, Any]) -> None:
    data["dilemmas"][0]["options"] *= 2


def _no_text(data: dict[str, Any]) -> None:
    del data["dilemmas"][0]["options"][1]["text"]


def _no_row(data: dict[str, Any]) -> None:
    data["dilemmas"][0] = "d01"


def _no_hole_for_a_base_model(data: dict[str, Any]) -> None:
    data["completion"] = "{case} {second}"


def _no_hole(data: dict[str, Any]) -> None:
    data["chat"] = "{case}"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_same_value, "two different values"),
        (_unknown_value, "did you mean 'conformity'"),
        (_doubled, "stands twice"),
        (_one_option, "two options"),
        (_no_case, "id, case and options"),
        (_three_options, "'d01' must have two options"),
        (_no_text, "'d01' must have two options"),
        (_no_row, "id, case and options, was: 'd01'"),
        (_no_hole, r"'chat' must contain \['\{first\}', '\{second\}'\]"),
        (_no_hole_for_a_base_model, r"'completion' must contain \['\{first\}'\]"),
    ],
)
def test_a_spoilt_file_is_one_clear_error(spoil: Any, message: str, key: Key) -> None:
    data = content()
    spoil(data)
    with pytest.raises(PromptError, match=f"^dilemmas.v1: .*{message}"):
        read_dilemmas(data, list(key.scales("ten")))
