from __future__ import annotations

from dataclasses import replace

import pytest

from valuelex.instruments.pvq.answers import answer_scale, count_reasons, read_answer
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.records import Outcome, Reply


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


def test_the_six_point_scale_alone_reads_the_older_labels(questionnaire: Questionnaire) -> None:
    six = answer_scale(questionnaire)
    assert six.aliases["somewhat like me"] == 4
    assert six.aliases.get("not at all like me", six.wordings["not at all like me"]) == 1
    labels = {point: text for point, text in questionnaire.labels.items() if point < 6}
    assert answer_scale(replace(questionnaire, labels=labels)).aliases == {}
    own = {**questionnaire.labels, 3: "Somewhat  like me"}
    assert answer_scale(replace(questionnaire, labels=own)).wordings["somewhat like me"] == 3


def test_reasons_are_counted() -> None:
    counted = count_reasons([(4, ""), (None, "refusal"), (2, ""), (None, "refusal")])
    assert counted == {"answered": 2, "refusal": 2}
