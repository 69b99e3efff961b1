"""Sentences of the artifacts, set as the page sets its numbers."""

from __future__ import annotations

import pytest

from valuelex.reporting.figures.questionnaire import beside
from valuelex.reporting.text import share
from valuelex.reporting.wording import detail, groups_named, prose, rule


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mean r 0.58 [0.46, 0.67] and -0.12", "mean r .58 [.46, .67] and \u2212.12"),
        ("74.7% of 3137 choices", "74.7\u00a0% of 3,137 choices"),
        ("effective n 28 of 525", "effective n 28 of 525"),
        ("non-violence, 10.5 and 1.0", "non-violence, 10.5 and 1.0"),
        ("version 0.1.0", "version 0.1.0"),
    ],
)
def test_numbers_in_sentences(before: str, after: str) -> None:
    assert prose(before) == after


def test_ids_of_groups_become_names_and_unknown_ones_stay() -> None:
    names = {"d1": "Care", "d1.s2": "Kindness"}
    assert groups_named("d1.s2 with d1, not d2.s1 or ad1", names) == (
        "Kindness with Care, not d2.s1 or ad1"
    )


def test_rules_are_told_in_words_and_unknown_ones_by_name() -> None:
    assert rule("form-echo") == "the question or a label, echoed"
    assert rule("a-new-rule") == "a new rule"
    assert detail("de") == "German"
    assert detail("cannot-answer") == "cannot answer"


def test_a_few_of_many_are_never_none() -> None:
    assert share(1, 40_970) == "< 0.1 %"
    assert share(0, 40_970) == "0.0 %"
    assert share(1, 0) == "\u2013"


def test_labels_of_neighbours_stand_apart() -> None:
    assert beside([(0.5, 0.5), (0.5, 0.56)]) == ["bottom center", "top center"]
    assert beside([(0.0, 0.0)]) == ["top center"]
