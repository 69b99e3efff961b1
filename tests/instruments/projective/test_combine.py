"""Several judges of one ending, and what stands behind their agreement."""

from __future__ import annotations

import numpy as np
import pytest

from valuelex.instruments.projective.combine import combine, judge_matrix
from valuelex.records import Rating

RATINGS = (
    Rating("r2", "b", "joy", 4.0),
    Rating("r1", "b", "joy", 5.0),
    Rating("r2", "a", "joy", 1.0),
    Rating("r1", "a", "joy", None, "not relevant"),
    Rating("r1", "c", "joy", None, "judge failed"),
    Rating("r1", "a", "order", None, "not relevant"),
    Rating("r1", "b", "order", None, "judge failed"),
    Rating("r3", "a", "joy", None, "refused"),
    Rating("r3", "b", "joy", None, "empty"),
    Rating("r3", "c", "joy", None, "refused"),
    Rating("r4", "a", "joy", None, "refused"),
    Rating("r4", "b", "joy", None, "empty"),
)


def test_judges_are_combined_by_their_mean_a_verdict_of_no_relevance_is_the_middle() -> None:
    assert combine(RATINGS) == (
        Rating("r2", "combined", "joy", 2.5),
        Rating("r1", "combined", "joy", 4.0),  # 5 and the middle; who failed does not count
        Rating("r1", "combined", "order", None, "not relevant"),
        Rating("r3", "combined", "joy", None, "refused"),  # the most frequent reason
        Rating("r4", "combined", "joy", None, "empty"),  # of two as frequent the first by name
    )


def test_means_are_rounded_to_six_places() -> None:
    three = [
        Rating("r", judge, "s", score) for judge, score in zip("abc", (1.0, 1.0, 2.0), strict=True)
    ]
    assert [r.score for r in combine(three)] == [1.333333]
    assert combine([]) == ()


@pytest.mark.parametrize("neutral", [True, False])
def test_ratings_as_judges_by_units(neutral: bool) -> None:
    judges, units, values = judge_matrix(RATINGS, neutral=neutral)
    nan, middle = np.nan, 3.0 if neutral else np.nan
    assert judges == ("a", "b", "c")
    assert units == (("r1", "joy"), ("r1", "order"), ("r2", "joy"), ("r3", "joy"), ("r4", "joy"))
    np.testing.assert_array_equal(
        values,
        [[middle, middle, 1.0, nan, nan], [5.0, nan, 4.0, nan, nan], [nan] * 5],
    )
    if neutral:
        np.testing.assert_array_equal(judge_matrix(RATINGS)[2], values)
