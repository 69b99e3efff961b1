from __future__ import annotations

import numpy as np
import pytest

from valuelex.errors import DataError
from valuelex.instruments.pvq.style import response_style

PLACES = np.array([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]])
UP = np.zeros((2, 5), dtype=bool)


def test_style_by_hand() -> None:
    answers = np.array([[1.0, 1, 1, 6, np.nan], [4, 4, 4, 4, 4]])
    down = np.array([[False] * 5, [True] * 5])
    found = response_style(answers, PLACES, down, low=1, high=6)
    assert found.mean == pytest.approx(29 / 9)
    assert found.extreme == pytest.approx(4 / 9)
    assert found.middle == pytest.approx(5 / 9)
    assert found.modal == pytest.approx(5 / 9)
    assert found.longest_run == pytest.approx((3 / 4 + 1) / 2)
    assert found.straight_lined == 1
    assert found.order_shift == pytest.approx(9 / 4 - 4)
    assert (found.n_trials, found.n_answered, found.n_missing) == (2, 9, 1)


def test_runs_follow_the_order_asked_not_the_items() -> None:
    answers = np.array([[1.0, 2, 1, 2, 1]])
    straight = response_style(answers, PLACES[:1], UP[:1], low=1, high=6)
    sorted_ = response_style(answers, np.array([[1, 4, 2, 5, 3]]), UP[:1], low=1, high=6)
    assert straight.longest_run == pytest.approx(1 / 5)
    assert sorted_.longest_run == pytest.approx(3 / 5)


def test_few_answers_and_scales_with_one_middle() -> None:
    answers = np.array([[2.0, np.nan, np.nan, np.nan, np.nan], [3, 3, np.nan, np.nan, np.nan]])
    found = response_style(answers, PLACES, UP, low=1, high=5)
    assert found.middle == pytest.approx(2 / 3)  # of five points the third alone
    assert found.longest_run == 1  # one answer alone is no run
    assert found.straight_lined == 1
    assert found.sd == pytest.approx(np.sqrt(1 / 3))
    assert found.order_shift is None
    assert response_style(answers[:1], PLACES[:1], UP[:1], low=1, high=5).sd is None
    ends = response_style(np.array([[1.0, 5, 5, 2, 4]]), PLACES[:1], UP[:1], low=1, high=5)
    assert ends.extreme == pytest.approx(3 / 5)
    assert ends.middle == 0


def test_nothing_answered_has_no_style() -> None:
    found = response_style(np.full((2, 5), np.nan), PLACES, UP, low=1, high=6)
    assert (found.mean, found.sd, found.extreme, found.longest_run) == (None,) * 4
    assert found.n_missing == 10
    assert (found.modal, found.middle, found.straight_lined) == (None, None, 0)


def test_bad_answers_are_refused() -> None:
    with pytest.raises(DataError, match=r"1\.\.6"):
        response_style(np.full((2, 5), 7.0), PLACES, UP, low=1, high=6)
    with pytest.raises(DataError, match="one shape"):
        response_style(np.ones((1, 5)), PLACES, UP, low=1, high=6)
