from __future__ import annotations

import pytest

from valuelex.errors import DataError
from valuelex.instruments.portrait.parse import portrait_scale
from valuelex.instruments.portrait.score import (
    Tag,
    average_versions,
    choose_tags,
    score_portraits,
    sensitivity,
)
from valuelex.instruments.pvq.parse import parse_answer

A, B, C = ("1", 1), ("1", 2), ("2", 1)
TAGS = (Tag(A, "pvq", "power", 0.4), Tag(B, "pvq", "power", 0.5), Tag(B, "pvq", "hedonism", 0.31))


def test_scores_by_hand() -> None:
    power, hedonism = score_portraits({A: 2.0, B: 5.0, C: 1.0}, TAGS)
    # power (2 + 5) / 2, hedonism 5; B counts once in the centre, C carries no tag: (2 + 5) / 2
    assert power.mean == pytest.approx(3.5)
    assert power.centred == pytest.approx(0)
    assert power.sd == pytest.approx(1.5)
    assert hedonism.centred == pytest.approx(1.5)
    assert (power.n_items, hedonism.n_items) == (2, 1)


def test_families_have_centres_of_their_own() -> None:
    scores = score_portraits({A: 2.0, B: 5.0}, (*TAGS, Tag(A, "bfi", "openness", 0.4)))
    assert scores[-1].centred == pytest.approx(0)


def test_missing_answers_are_counted_and_never_zero() -> None:
    power, hedonism = score_portraits({A: 2.0, B: None}, TAGS)
    assert (power.mean, power.n_items, power.n_missing) == (2.0, 1, 1)
    assert (hedonism.mean, hedonism.centred, hedonism.sd) == (None, None, None)


def test_tags_are_chosen_by_threshold_and_exclusions_are_data() -> None:
    correlations = [*TAGS, Tag(C, "pvq", "power", 0.3), Tag(C, "pvq", "hedonism", -0.9)]
    assert choose_tags(correlations) == TAGS
    assert choose_tags(correlations, exclusions=[("1", 2, "power")]) == (TAGS[0], TAGS[2])
    with pytest.raises(DataError, match=r"name none.*'tradition'"):
        choose_tags(correlations, exclusions=[("1", 2, "tradition")])


def test_versions_are_averaged_over_what_was_answered() -> None:
    averages = average_versions([(A, "v1", 2), (A, "v2", None), (A, "v3", 5), (B, "v1", None)])
    assert averages == {A: 3.5, B: None}
    answers = [(A, "v1", None), (A, "v2", 3.0), (B, "v1", 4.0)]
    assert average_versions(answers, required="v1") == {A: None, B: 4.0}
    with pytest.raises(DataError, match="stands twice"):
        average_versions([(A, "v1", 2), (A, "v1", 2)])


def test_sensitivity_by_hand() -> None:
    found = sensitivity(
        {
            (A, "v1", "up"): 1,
            (A, "v2", "up"): 3,
            (A, "v1", "down"): 1,
            (A, "v2", "down"): None,
            (B, "v1", "up"): 4,
        }
    )
    assert (found.wording, found.wording_distance, found.n_wording) == (1.0, 2.0, 1)
    assert (found.order, found.order_distance, found.n_order) == (0.0, 0.0, 1)
    # of A: v2 up with v1 down
    assert (found.both, found.both_distance, found.n_both) == (1.0, 2.0, 1)
    assert sensitivity({}).wording is None


def test_aliases_of_the_published_parse_are_a_choice() -> None:
    assert parse_answer("some like me", portrait_scale()) == (None, "no answer")
    assert parse_answer("some like me", portrait_scale(published=True)) == (5, "")
    assert parse_answer("not really like me", portrait_scale(published=True)) == (None, "negated")
