"""Differences, controls and halo against other ways of working them out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from valuelex.instruments.projective.form import Control, Form
from valuelex.instruments.projective.quality import (
    ControlAccuracy,
    Difference,
    control_accuracy,
    differences,
    halo,
    holm,
    parallel_means,
)
from valuelex.instruments.projective.score import Cube
from valuelex.instruments.projective.variance import (
    UNIDENTIFIED,
    Components,
    components,
    judge_components,
)
from valuelex.records import Rating, Stem


def cube(values: NDArray[np.float64], stems: tuple[str, ...] = ()) -> Cube:
    models = tuple("abcdefgh"[: len(values)])
    names = stems or tuple(f"s{i}" for i in range(values.shape[1]))
    zero = np.zeros(len(models), dtype=np.int_)
    return Cube("joy", models, names, values, zero, zero, zero)


def test_a_difference_is_a_paired_t_test_over_the_stems_both_answered() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(3, 1, (3, 9, 2)) + np.array([0.9, 0.0, 0.2])[:, None, None]
    values[0, 2], values[1, 5], values[2, 0, 1] = np.nan, np.nan, np.nan
    found = differences({"joy": cube(values)})
    cells = np.array(
        [[np.nanmean(c) if np.isfinite(c).any() else np.nan for c in m] for m in values]
    )
    assert [(d.a, d.b) for d in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    tests = []
    for d in found:
        x, y = cells["abc".index(d.a)], cells["abc".index(d.b)]
        both = np.isfinite(x) & np.isfinite(y)
        test = stats.ttest_rel(x[both], y[both])
        interval = test.confidence_interval(0.95)
        tests.append(test.pvalue)
        assert d.sub_dimension == "joy"
        assert d.n_stems == both.sum() == {"ab": 7, "ac": 8, "bc": 8}[d.a + d.b]
        assert d.difference == pytest.approx((x - y)[both].mean(), abs=1e-12)
        assert (d.lower, d.upper) == pytest.approx((interval.low, interval.high), abs=1e-12)
        assert d.p == pytest.approx(test.pvalue, abs=1e-12)
    assert [d.p_adjusted for d in found] == pytest.approx(list(holm(np.array(tests))), abs=1e-12)
    assert [d.within_error for d in found] == [d.p_adjusted >= 0.05 for d in found]
    largest = max(d.p_adjusted for d in found)
    assert all(not d.within_error for d in differences({"joy": cube(values)}, alpha=largest + 1e-9))
    at_the_edge = [d for d in differences({"joy": cube(values)}, alpha=largest) if d.within_error]
    assert [d.p_adjusted for d in at_the_edge] == [largest] * len(at_the_edge) != []


def test_one_shared_stem_gives_a_difference_without_error_and_none_gives_nothing() -> None:
    nan = np.nan
    one = cube(np.array([[[2.0], [nan], [nan]], [[5.0], [1.0], [nan]], [[nan], [nan], [4.0]]]))
    ab, ac, bc = differences({"joy": one})
    assert (ab.difference, ab.n_stems, ab.within_error) == (-3.0, 1, True)
    assert np.isnan([ab.lower, ab.upper, ab.p, ab.p_adjusted]).all()
    for none in (ac, bc):
        assert none.n_stems == 0
        assert np.isnan([none.difference, none.lower, none.upper, none.p]).all()
    assert ab.statement == "a and b share too few stems on joy to compare."


def test_stems_that_differ_by_one_constant_have_an_interval_of_no_data() -> None:
    (same,) = differences({"joy": cube(np.full((2, 3, 1), 2.0))})
    assert (same.difference, same.n_stems, same.p) == (0.0, 3, 1.0)
    assert np.isnan([same.lower, same.upper]).all()


@pytest.mark.parametrize(
    ("within", "text"),
    [
        (True, "joy: a minus b = -0.25 [-0.75, +0.25] over 2 stems is within error"),
        (False, "joy: a minus b = -0.25 [-0.75, +0.25] over 2 stems is more than error"),
    ],
)
def test_a_difference_says_itself_in_one_sentence(within: bool, text: str) -> None:
    one = Difference("joy", "a", "b", -0.25, -0.75, 0.25, 2, 0.1, 0.1234, within)
    assert one.statement == f"{text} (corrected p = 0.123)."


def test_parallel_means_leave_out_what_is_missing() -> None:
    stems = tuple(Stem(f"s{i}", "I", "joy", "personal") for i in range(4))
    form = Form("v", "t", stems, {"s0": "A", "s1": "B", "s2": "A", "s3": "B"}, {})
    nan = np.nan
    values = np.array([[[1.0, 3.0], [4.0, nan], [nan, nan], [6.0, 5.0]], [[nan, nan]] * 4])
    values[1, 1, 0] = 2.0
    found = parallel_means(cube(values), form)
    np.testing.assert_array_equal(found, [[2.0, (4.0 + 5.5) / 2], [nan, 2.0]])


def test_halo_is_the_first_eigenvalue_of_the_correlations() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(9, 4)) * [1, 2, 3, 4] + rng.normal(size=(9, 1)) * 2
    with_gap = np.vstack([x, [np.nan, 1.0, 1.0, 1.0]])
    found = halo(with_gap)
    for share, scores in (
        (found.raw, x),
        (found.centred, x - x.mean(axis=1, keepdims=True)),
    ):
        roots = np.linalg.eigvalsh(np.corrcoef(scores.T))
        assert share == pytest.approx(roots[-1] / 4, abs=1e-12)
    assert (found.floor, found.n_models, found.n_scores) == (0.25, 9, 4)


def test_halo_needs_three_models_and_two_scores() -> None:
    x = np.array([[1.0, 5.0], [2.0, 3.0], [4.0, 4.0]])
    assert math.isfinite(halo(x).raw)
    assert math.isfinite(halo(x).centred)
    for few in (x[:2], x[:, :1]):
        found = halo(few)
        assert math.isnan(found.raw)
        assert math.isnan(found.centred)
    assert (halo(x[:2]).floor, halo(x[:, :1]).floor) == (0.5, 1.0)


def test_each_judge_is_checked_on_the_controls_of_its_own_sub_dimension() -> None:
    controls = (Control("c0", "x", "joy", "high"), Control("c1", "x", "order", "low"))
    form = Form("v", "t", (), {}, {}, controls)

    def rated(judge: str, control: str, sub: str, score: float | None, reason: str = "") -> Rating:
        return Rating(f"control/{control}", judge, sub, score, reason)

    found = control_accuracy(
        form,
        [
            rated("z", "c0", "joy", 4.0),
            rated("z", "c0", "order", 1.0),  # c0 says nothing of order
            rated("z", "c1", "order", 3.5),
            rated("y", "c0", "joy", None, "not relevant"),
            rated("y", "c1", "order", None, "judge failed"),
            rated("x", "c1", "order", 2.0),
        ],
    )
    assert [(f.judge, f.right, f.scored, f.not_relevant, f.unscored) for f in found] == [
        ("x", 1, 1, 0, 0),
        ("y", 0, 0, 1, 1),
        ("z", 1, 2, 0, 0),
    ]
    assert found[0] == ControlAccuracy("x", 1.0, 1, 1, 0, 0)
    assert math.isnan(found[1].accuracy)
    assert found[2].accuracy == 0.5


def test_holm_is_cut_at_one_and_rises_with_p() -> None:
    found = holm(np.array([0.5, 0.02, 0.9, 0.015]))
    assert list(found) == pytest.approx([1.0, 0.06, 1.0, 0.06])
    assert np.isnan(holm(np.array([np.nan, np.nan]))).all()
    assert len(holm(np.array([]))) == 0


def test_components_with_missing_cells_by_least_squares_of_another_kind() -> None:
    rng = np.random.default_rng(12)
    y = rng.normal(size=(5, 4, 3)) + rng.normal(0, 2, (5, 1, 1)) + rng.normal(0, 2, (1, 4, 1))
    y[0, 1] = np.nan
    y[3, 2, 1:] = np.nan
    y[4, 0, 0] = np.nan
    found = components(y)
    cells = {
        (i, j): np.nanmean(y[i, j])
        for i in range(5)
        for j in range(4)
        if np.isfinite(y[i, j]).any()
    }
    model, stem = np.zeros(5), np.zeros(4)
    for _ in range(3000):  # alternate the means until nothing moves
        for i in range(5):
            model[i] = np.mean([v - stem[j] for (a, j), v in cells.items() if a == i])
        for j in range(4):
            stem[j] = np.mean([v - model[i] for (i, b), v in cells.items() if b == j])
    left = sum((v - model[i] - stem[j]) ** 2 for (i, j), v in cells.items())
    error = left / (len(cells) - 5 - 4 + 1)
    draws = [int(np.isfinite(y[cell]).sum()) for cell in cells]
    within = sum(np.nansum((y[c] - v) ** 2) for c, v in cells.items()) / sum(n - 1 for n in draws)
    n_draws = len(draws) / sum(1 / n for n in draws)
    n_stems = 5 / sum(1 / sum(a == i for a, _ in cells) for i in range(5))
    n_models = 4 / sum(1 / sum(b == j for _, b in cells) for j in range(4))
    v_model = model.var(ddof=1) - error / n_stems
    v_stem = stem.var(ddof=1) - error / n_models
    cross = max(error - within / n_draws, 0.0)
    noise = cross / n_stems + within / (n_stems * n_draws)
    expected = Components(
        v_model,
        v_stem,
        cross,
        within,
        n_stems,
        n_draws,
        v_model / (v_model + noise),
        v_model / (v_model + noise + v_stem / n_stems),
    )
    for name in Components.__slots__:
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-9), name


def test_negative_components_are_zero_and_shares_of_nothing_are_missing() -> None:
    # the rows' and the columns' means are equal: all there is is interaction
    cross = np.array([[0.0, 4.0], [4.0, 0.0]])[:, :, None]
    found = components(cross)
    assert (found.model, found.stem, found.draw) == (0.0, 0.0, 0.0)
    assert found.interaction == pytest.approx(16.0)
    assert (found.relative, found.absolute) == (0.0, 0.0)
    nothing = components(np.full((2, 2, 2), 3.0))
    assert (nothing.model, nothing.interaction) == pytest.approx((0.0, 0.0), abs=1e-12)
    assert components(np.full((3, 3, 1), np.nan)) is UNIDENTIFIED
    assert np.isnan([getattr(UNIDENTIFIED, name) for name in Components.__slots__]).all()


def test_judges_that_only_disagree_have_no_severity() -> None:
    found = judge_components(np.array([[0.0, 4.0], [4.0, 0.0], [2.0, np.nan]]))
    assert (found.model, found.judge, found.n_models, found.n_judges) == (0.0, 0.0, 2, 2)
    assert found.interaction == pytest.approx(16.0)
    assert found.se == pytest.approx(math.sqrt(8.0))
    alone = judge_components(np.ones((5, 1)))
    assert np.isnan([alone.model, alone.judge, alone.interaction, alone.se]).all()
    assert (alone.n_models, alone.n_judges) == (5, 1)
