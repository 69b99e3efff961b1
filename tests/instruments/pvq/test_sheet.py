"""A whole sheet in one reply: every way of writing it down, and nothing that was not written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelex.instruments.pvq.answers import answer_scale
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.parse import Answer, Scale
from valuelex.instruments.pvq.sheet import read_sheet

ITEMS = (7, 3, 9, 1)
SCALE = Scale(
    {
        1: "not like me at all",
        2: "not like me",
        3: "a little like me",
        4: "moderately like me",
        5: "like me",
        6: "very much like me",
    }
)
WHOLE = {1: (2, ""), 3: (5, ""), 7: (4, ""), 9: (6, "")}


@pytest.mark.parametrize(
    "text",
    [
        "1: 4\n2: 5\n3: 6\n4: 2",
        "1. 4\n2. 5\n3. 6\n4. 2",
        "Here are my numbers:\n\n1) 4\n2) like me\n3) very much like me\n4) not like me",
        "**1**: 4\n**2**: 5\n**3**: 6\n**4**: 2",
        "Description 1: 4\nDescription 2: 5\nDescription 3: 6\nDescription 4: 2",
        "1: 4, 2: 5, 3: 6, 4: 2",
        "1=4; 2=5; 3=6; 4=2",
        "| No | Answer |\n|---|---|\n| 1 | 4 |\n| 2 | 5 |\n| 3 | 6 |\n| 4 | 2 |",
        "4, 5, 6, 2",
        "[4, 5, 6, 2]",
        '{"1": 4, "2": 5, "3": 6, "4": 2}',
        '```json\n{"1": "4", "2": "like me", "3": 6, "4": 2}\n```',
        '{"answers": {"1": 4, "2": 5, "3": 6, "4": 2}}',
        '[{"description": 1, "answer": 4}, {"description": 2, "answer": 5},'
        ' {"description": 3, "answer": 6}, {"description": 4, "answer": 2}]',
        "<think>1: 6\n2: 6</think>\n1: 4\n2: 5\n3: 6\n4: 2",
        "4: 2\n3: 6\n2: 5\n1: 4",
        "1: 4\n2: 5\n3: 6\n4: 2\n1: 4",
    ],
)
def test_every_way_of_writing_a_sheet_is_read(text: str) -> None:
    assert read_sheet(text, ITEMS, SCALE) == WHOLE


@pytest.mark.parametrize(
    ("text", "item", "answer"),
    [
        ("1: 4", 9, (None, "missing")),
        ("1: 9", 7, (None, "out of range")),
        ("1: 4\n1: 5", 7, (None, "several answers")),
        ("1: not really like me", 7, (None, "negated")),
        ("1: 4 or 5", 7, (None, "several answers")),
        ("5: 4", 7, (None, "missing")),  # no fifth description
        ("0: 4", 7, (None, "missing")),
        ("4, 5, 6", 7, (None, "missing")),  # short by one: whose are they?
        ("4, 5, 6, 2, 1", 7, (None, "missing")),
        ("1, 2, 3, 4, 5, 6", 7, (None, "missing")),
        ("4, 5, 9, 2", 7, (None, "missing")),
        ('{"1": true}', 7, (None, "no answer")),
        ('{"1": [4, 5]}', 7, (None, "missing")),
        ('[{"description": 1, "answer": 4, "rating": 5}]', 7, (None, "missing")),
        ("", 7, (None, "missing")),
        ("I cannot fill this in.", 7, (None, "missing")),
        ("<think>1: 6\n2: 6", 7, (None, "missing")),
    ],
)
def test_what_is_not_clear_is_no_answer(text: str, item: int, answer: Answer) -> None:
    assert read_sheet(text, ITEMS, SCALE)[item] == answer


def test_a_base_model_goes_on_with_the_first_number_and_its_inventions_are_left() -> None:
    text = " 4\n2: 5\n3: 6\n4: 2\n\nThere are 4 descriptions.\n1: 1\n2: 1\n3: 1"
    assert read_sheet(text, ITEMS, SCALE, continuation=True) == WHOLE


def test_a_hostile_sheet_is_read_in_time() -> None:
    for text in ("{" * 60_000, "[" * 60_000, "9:" * 30_000, "1, " * 30_000, "|" * 60_000):
        assert set(read_sheet(text, ITEMS, SCALE).values()) == {(None, "missing")}


@given(st.text(max_size=200))
def test_any_text_gives_each_item_an_answer_or_a_reason(text: str) -> None:
    found = read_sheet(text, ITEMS, SCALE)
    assert sorted(found) == sorted(ITEMS)
    for point, reason in found.values():
        assert (point is None) == bool(reason)
        assert point is None or str(point) in _plain(text) or "like me" in _plain(text)


def _plain(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKC", text).casefold()


@given(
    answers=st.lists(st.integers(1, 6), min_size=57, max_size=57),
    order=st.permutations(range(1, 58)),
    form=st.sampled_from(["lines", "json", "list", "pairs"]),
)
def test_any_order_of_items_comes_back(answers: list[int], order: list[int], form: str) -> None:
    shown = {place: answers[item - 1] for place, item in enumerate(order, 1)}
    text = {
        "lines": "\n".join(f"{place}: {point}" for place, point in shown.items()),
        "json": json.dumps(shown),
        "list": ", ".join(str(point) for point in shown.values()),
        "pairs": ", ".join(f"{place}: {point}" for place, point in shown.items()),
    }[form]
    found = read_sheet(text, order, SCALE)
    assert [found[item] for item in range(1, 58)] == [(point, "") for point in answers]


def test_the_shipped_scale_reads_sheets(questionnaire: Questionnaire) -> None:
    assert read_sheet("1: like me", (12,), answer_scale(questionnaire)) == {12: (5, "")}
