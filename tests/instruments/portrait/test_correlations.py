from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from valuelex.errors import DataError
from valuelex.instruments.portrait.correlations import (
    chance_tags,
    correlate,
    false_discovery,
)
from valuelex.instruments.portrait.ratings import read_ratings


def option(number: int, *pairs: tuple[int, str]) -> dict[str, Any]:
    return {"option_id": number, "data": [list(pair) for pair in pairs]}


SCORES = {
    "a": {"x": 1.0, "y": 4.0},
    "b": {"x": 2.0, "y": 4.0},
    "c": {"x": 3.0, "y": 1.0},
    "d": {"x": 4.0, "y": 0.0},
}
PEOPLE = "abcd"


def test_spearman_by_hand_whatever_the_order_of_raters() -> None:
    group = {"10": [option(1, (2, "d"), (1, "a"), (4, "c"), (3, "b"))]}
    found = correlate(read_ratings([group]), SCORES, ["x", "y"])
    # ratings a..d: 1 3 4 2 against x ranks 1 2 3 4: r = 1 - 6 * (0 + 1 + 1 + 4) / (4 * 15) = .4
    assert found.r[0, 0] == pytest.approx(0.4, abs=1e-12)
    # against y with a tie: midranks 3.5 3.5 2 1
    expected = stats.spearmanr([1, 3, 4, 2], [4, 4, 1, 0])
    assert found.r[0, 1] == pytest.approx(expected.statistic, abs=1e-12)
    assert found.p[0, 1] == pytest.approx(expected.pvalue, abs=1e-12)
    assert found.items == (("10", 1),)
    assert found.n.tolist() == [4]


def test_raters_without_scores_are_left_out_and_few_are_refused() -> None:
    pairs = [(i, person) for i, person in enumerate("abcdz")]
    found = correlate(read_ratings([{"1": [option(1, *pairs)]}]), SCORES, ["x"])
    assert found.n.tolist() == [4]
    with pytest.raises(DataError, match="4 raters with value scores, have 3"):
        correlate(read_ratings([{"1": [option(1, *pairs[:3])]}]), SCORES, ["x"])


def test_a_rating_without_variance_has_no_correlation_and_no_tag() -> None:
    ratings = read_ratings([{"1": [option(1, *((3, p) for p in PEOPLE))]}])
    found = correlate(ratings, SCORES, ["x"])
    assert np.isnan(found.r).all()
    assert np.isnan(found.p).all()
    assert np.isnan(false_discovery(found)).all()
    assert chance_tags(ratings, SCORES, ["x"]).observed == 0
    assert chance_tags(ratings, SCORES, ["x"]).expected_false_share is None


def test_a_person_in_two_groups_is_reported_and_does_not_crash() -> None:
    one = {"1": [option(1, *((i, p) for i, p in enumerate(PEOPLE)))]}
    two = {"2": [option(1, *((i, p) for i, p in enumerate(["a", "e", "f", "g"])))]}
    ratings = read_ratings([one, two])
    assert ratings.in_several_groups == {"a": (0, 1)}


def test_doubled_items_and_ratings_are_refused() -> None:
    full = option(1, *((i, p) for i, p in enumerate(PEOPLE)))
    with pytest.raises(DataError, match="stands twice"):
        read_ratings([{"1": [full]}, {"1": [full]}])
    with pytest.raises(DataError, match=r"twice: \['a'\]"):
        read_ratings([{"1": [option(1, (1, "a"), (2, "a"))]}])


def simulated(seed: int, link: float) -> tuple[list[dict[str, Any]], dict[str, dict[str, float]]]:
    rng = np.random.default_rng(seed)
    people = [f"p{i}" for i in range(40)]
    scores = {p: {v: float(rng.normal()) for v in "uvw"} for p in people}
    group = {}
    for portrait in range(30):
        base = np.array([scores[p]["uvw"[portrait % 3]] for p in people])
        ratings = link * base + rng.normal(size=40)
        group[str(portrait)] = [
            {"option_id": 1, "data": [[float(r), p] for r, p in zip(ratings, people, strict=True)]}
        ]
    return [group], scores


def test_chance_tags_are_the_observed_ones_when_nothing_is_there() -> None:
    groups, scores = simulated(0, link=0)
    found = chance_tags(read_ratings(groups), scores, list("uvw"), permutations=200)
    # P(r > .3) with 40 raters is about .03: some three of 90
    assert 1 < found.chance_mean < 5
    assert abs(found.observed - found.chance_mean) < 4 * found.chance_sd


def test_planted_tags_stand_out_and_survive_the_false_discovery_rate() -> None:
    groups, scores = simulated(1, link=1.0)
    ratings = read_ratings(groups)
    found = chance_tags(ratings, scores, list("uvw"), permutations=100)
    assert found.observed > 25
    assert found.expected_false_share is not None
    assert found.expected_false_share < 0.2
    correlations = correlate(ratings, scores, list("uvw"))
    right = sum(
        false_discovery(correlations)[place, int(item[0]) % 3] < 0.05
        for place, item in enumerate(correlations.items)
    )
    assert right > 25
    again = chance_tags(ratings, scores, list("uvw"), permutations=100)
    assert again == found
