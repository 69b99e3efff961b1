from __future__ import annotations

import pytest

from valuelex.instruments.pvq.answers import answer_scale, count_reasons, read_answer, read_sheet
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.requests import Sheet
from valuelex.records import Message, Outcome, Reply, Request, Sampling


@pytest.mark.parametrize(
    ("outcome", "text", "expected"),
    [
        ("answered", "5", (5, "")),
        ("refused", "I cannot say. 5", (None, "refused")),
        ("failed", "", (None, "failed")),
        ("truncated", "5 because I", (5, "")),
        ("truncated", "This person", (None, "truncated: no answer")),
        ("answered", "Somewhat like me", (4, "")),
    ],
)
def test_the_outcome_comes_first(
    questionnaire: Questionnaire, outcome: Outcome, text: str, expected: tuple[int | None, str]
) -> None:
    assert read_answer(Reply("id", text, outcome), answer_scale(questionnaire)) == expected


def test_a_sheet_is_read_back_to_official_numbers(questionnaire: Questionnaire) -> None:
    request = Request("m", "m", "r", "pvq.v1/sheet", (Message("user", ""),), Sampling(0, 1, 9))
    sheet = Sheet(request, 0, (7, 3, 9, 1), "ascending")
    text = "Here are my numbers:\n1: 4\n2. like me\n3: 9\n3: 2\n12: 5\n"
    assert read_sheet(text, sheet, answer_scale(questionnaire)) == {
        1: (None, "missing"),
        3: (5, ""),
        7: (4, ""),
        9: (None, "several answers"),
    }


def test_reasons_are_counted() -> None:
    counted = count_reasons([(4, ""), (None, "refusal"), (2, ""), (None, "refusal")])
    assert counted == {"answered": 2, "refusal": 2}
