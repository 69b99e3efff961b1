from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.score import (
    answer_matrix,
    centred_items,
    mean_profiles,
    pooled,
    profile,
    score,
)
from valuelex.records import reverse

ANSWERS = arrays(
    float, (3, 57), elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, float("nan")])
)


def by_hand(key: Key) -> NDArray[np.float64]:
    """All items 3, but the hedonism items 6, 5, missing; 54 x 3 + 11 = 173 over 56 answers."""
    answers = np.full((1, 57), 3.0)
    for item, answer in zip(key.scales("nineteen")["hedonism"], (6, 5, np.nan), strict=True):
        answers[0, item - 1] = answer
    return answers


def test_scores_by_hand(key: Key) -> None:
    scores = score(by_hand(key), key, "nineteen")
    place = scores.values.index("hedonism")
    assert scores.mean_rating[0] == pytest.approx(173 / 56, abs=1e-12)
    assert scores.raw[0, place] == pytest.approx(5.5, abs=1e-12)
    assert scores.centred[0, place] == pytest.approx(5.5 - 173 / 56, abs=1e-12)
    assert scores.answered[0, place] == 2
    four = score(by_hand(key), key, "four")
    openness = four.values.index("openness-to-change")
    # 9 items at 3, then 6 and 5: pooled over 11 answered items
    assert four.raw[0, openness] == pytest.approx(38 / 11, abs=1e-12)


def test_profile_over_trials_by_hand(key: Key) -> None:
    one, other = by_hand(key), np.full((1, 57), 3.0)
    answers = np.vstack([one, other])
    found = {value.value: value for value in profile(answers, key, "nineteen")}
    hedonism = found["hedonism"]
    a, b = 5.5 - 173 / 56, 0.0
    assert hedonism.centred == pytest.approx((a + b) / 2, abs=1e-12)
    assert hedonism.se == pytest.approx(abs(a - b) / 2, abs=1e-12)  # sd = |a-b|/sqrt 2, n = 2
    assert (hedonism.n_answered, hedonism.n_missing, hedonism.n_trials) == (5, 1, 2)


def test_pooling_weighs_answers_and_profiles_weigh_trials(key: Key) -> None:
    answers = np.vstack([by_hand(key), np.full((1, 57), 3.0)])
    assert pooled(answers, key, "nineteen")["hedonism"] == pytest.approx(
        20 / 5 - (173 + 171) / 113, abs=1e-12
    )


def test_nothing_answered_is_none_and_not_zero(key: Key) -> None:
    answers = np.full((2, 57), np.nan)
    for value in profile(answers, key, "ten"):
        assert value.raw is None
        assert value.centred is None
        assert value.se is None
        assert value.n_answered == 0
        assert value.n_missing >= 6
    with pytest.raises(DataError, match="at least one answer"):
        pooled(answers, key, "ten")


def test_one_trial_has_no_standard_error(key: Key) -> None:
    assert {value.se for value in profile(by_hand(key), key, "nineteen")} == {None}


@given(ANSWERS)
def test_centred_items_sum_to_zero(answers: NDArray[np.float64]) -> None:
    sums = np.nansum(centred_items(answers), axis=1)
    assert np.allclose(sums, 0, atol=1e-10)


@given(ANSWERS, st.integers(0, 2**31))
def test_the_order_of_items_changes_nothing(answers: NDArray[np.float64], seed: int) -> None:
    rows = [
        (trial, item + 1, None if np.isnan(answers[trial, item]) else float(answers[trial, item]))
        for trial in range(3)
        for item in range(57)
    ]
    shuffled = [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))]
    same = answer_matrix(shuffled, trials=3, n_items=57)
    assert np.array_equal(same, answers, equal_nan=True)


@given(ANSWERS, st.integers(1, 2))
def test_a_constant_shift_leaves_centred_scores(answers: NDArray[np.float64], shift: int) -> None:
    from pathlib import Path

    from valuelex.instruments.pvq.key import read_key
    from valuelex.lexica import read_yaml

    key = read_key(read_yaml(Path(__file__).parents[3], "norms/pvq-rr-key.yaml"))
    here, there = score(answers, key, "ten"), score(answers + shift, key, "ten")
    assert np.allclose(here.centred, there.centred, equal_nan=True)


@given(ANSWERS)
def test_reversing_twice_is_the_identity(answers: NDArray[np.float64]) -> None:
    twice = np.vectorize(lambda x: reverse(reverse(x, 1, 6), 1, 6))(answers)
    assert np.array_equal(twice, answers, equal_nan=True)


def test_means_of_several_models(key: Key) -> None:
    models, values, means = mean_profiles(
        {"a": by_hand(key), "b": np.full((1, 57), np.nan)}, key, "nineteen"
    )
    assert models == ["a", "b"]
    assert means.shape == (2, 19)
    assert means[0, values.index("hedonism")] == pytest.approx(5.5 - 173 / 56)
    assert np.isnan(means[1]).all()


def test_bad_matrices_are_refused(key: Key) -> None:
    with pytest.raises(DataError, match=r"\(n, 57\), was: \(2, 56\)"):
        score(np.ones((2, 56)), key, "ten")
    with pytest.raises(DataError, match="infinite"):
        score(np.full((1, 57), np.inf), key, "ten")
    with pytest.raises(DataError, match="twice"):
        answer_matrix([(0, 1, 3), (0, 1, 3)], trials=1, n_items=57)
    with pytest.raises(DataError, match=r"0\.\.0 and item in 1\.\.57"):
        answer_matrix([(1, 1, 3)], trials=1, n_items=57)
