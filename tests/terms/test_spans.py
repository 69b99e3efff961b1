"""Cutting text without losing the place: edges, separators, the words around a list."""

from __future__ import annotations

import pytest

from tests.terms.tables import normalizer
from valuelex.terms.spans import Candidate, ranked, shorter_than, split_list, trim, words


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in split_list(text, 0, len(text))]


@pytest.mark.parametrize(
    "joint",
    [
        *(" and ", " AND ", " or ", " & ", " as well as ", " along with ", " together with "),
        *(" plus ", ", ", "; ", " | ", "\n", " • ", " · ", "、", "，", "；", " / ", "/"),
        *(", and ", ", but also ", ", as well as ", ", along with ", ", finally ", ", Lastly "),
        *(", then ", ", also ", ", or also ", ", & "),
    ],
)
def test_every_joint_of_a_list(joint: str) -> None:
    assert split(f"honesty{joint}care") == ["honesty", "care"]


@pytest.mark.parametrize("tail", [" and", " OR", " &", " as well as", " and "])
def test_a_joint_without_a_second_part_is_no_part_of_the_name(tail: str) -> None:
    assert split(f"honesty{tail}") == ["honesty"]
    assert split(f"honesty, care{tail}") == ["honesty", "care"]


def test_what_stands_in_brackets_is_not_cut() -> None:
    assert split("honesty (with me, with you), care [a; b]") == [
        "honesty (with me, with you",  # the bracket at the edge comes off later
        "care [a; b",
    ]
    assert split("honesty (with me, with you), care") == ["honesty (with me, with you", "care"]
    assert split("honesty (being open and true), care [a or b] and wit") == [
        *("honesty (being open and true", "care [a or b", "wit"),
    ]
    assert split("honesty (open and care") == ["honesty (open", "care"]  # it never closes
    assert split("honesty (with me, care") == ["honesty (with me", "care"]
    assert split("24/7 care") == ["24/7 care"]
    assert split(", ,; honesty ,") == ["honesty"]
    assert split("android, order, sandy shore") == ["android", "order", "sandy shore"]


def test_edges_come_off_from_both_ends() -> None:
    for edge in " \t\r\n\f\v\u00a0\u200b\u2060\ufeff*_`~#\"'“”„‟‘’«»‹›.,;:!?…|·•–—-<>()[]{}=+":
        text = f"{edge}honesty{edge}{edge}"
        assert trim(text, 0, len(text)) == (1, 8), repr(edge)
    assert trim(" . ", 0, 3)[0] == trim(" . ", 0, 3)[1]
    assert trim("a honesty b", 1, 9) == (2, 9)


def test_words_are_counted_with_their_hyphens_and_apostrophes() -> None:
    assert words("self-control, people's care: 3 x") == 4
    assert words("self‑control o’clock 12") == 2
    assert shorter_than("a b c", 3)
    assert not shorter_than("a b c d", 3)
    assert not shorter_than("12 !", 3)


def test_candidates_are_ranked_once_each() -> None:
    text = "honesty, care"
    spans = [(0, 8), (9, 13), (0, 7), (7, 8)]
    assert ranked(text, spans, "list") == (
        Candidate("honesty", 0, 7, 1, "list"),
        Candidate("care", 9, 13, 2, "list"),
    )


def test_a_phrase_of_things_is_a_thing_and_one_with_another_word_is_not() -> None:
    def dropped(surface: str) -> str:
        return normalizer().normalize(surface).dropped

    assert dropped("coffee mug") == "thing"
    assert dropped("blorf mug") == dropped("moral compass") == dropped("blorf") == ""
