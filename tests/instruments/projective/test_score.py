from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.instruments.projective.helpers import ending

from valuelex.errors import DataError
from valuelex.instruments.projective.completions import NOT_RELEVANT, Completion
from valuelex.instruments.projective.form import Control, Form
from valuelex.instruments.projective.quality import (
    control_accuracy,
    differences,
    halo,
    holm,
    parallel_means,
    stem_matrix,
)
from valuelex.instruments.projective.score import (
    Cube,
    dimension_cubes,
    percentiles,
    profiles,
    score_cubes,
)
from valuelex.instruments.projective.variance import cell_means, components
from valuelex.records import Rating, Stem

STEMS = (
    Stem("s1", "I", "joy", "personal"),
    Stem("s2", "We", "joy", "role"),
    Stem("s3", "I never", "joy", "personal", keying=-1),
    Stem("s4", "You", "order", "role"),
)
FORM = Form("v", "t", STEMS, {"s1": "A", "s2": "B", "s3": "A", "s4": "B"}, {})


def said(stem: str, model: str = "m", draw: int = 0) -> Completion:
    return ending("x", reply_id=f"{model}/{stem}/{draw}", model=model, stem=stem, draw=draw)


def rated(c: Completion, sub: str, score: float | None, reason: str = "") -> Rating:
    return Rating(c.reply_id, "j", sub, score, reason)


def cube(values: NDArray[np.float64], name: str = "joy") -> Cube:
    models = tuple(f"m{i}" for i in range(values.shape[0]))
    stems = tuple(f"s{i}" for i in range(values.shape[1]))
    zero = np.zeros(len(models), dtype=np.int_)
    scored = np.isfinite(values).sum(axis=(1, 2))
    return Cube(name, models, stems, values, scored, zero, zero)


def test_neutral_counts_as_the_middle_and_unscored_as_nothing() -> None:
    c = [said(s) for s in ("s1", "s2", "s3", "s4")]
    joy = [
        rated(c[0], "joy", 5.0),
        rated(c[1], "joy", None, NOT_RELEVANT),
        rated(c[2], "joy", 1.0),  # keyed -1: 0 + 6 - 1 = 5
        rated(c[3], "joy", None, "refused"),
    ]
    order = [rated(x, "order", 4.0) for x in c]
    cubes = score_cubes(FORM, c, joy + order, ["joy", "order"])
    np.testing.assert_array_equal(cubes["joy"].values[0, :, 0], [5.0, 3.0, 5.0, np.nan])
    assert (cubes["joy"].scored[0], cubes["joy"].neutral[0], cubes["joy"].unscored[0]) == (3, 1, 1)
    np.testing.assert_array_equal(cubes["order"].values[0, :, 0], [4.0, 4.0, 2.0, 4.0])
    keyed = score_cubes(FORM, c, joy + order, ["joy", "order"], scope="keyed")
    assert keyed["joy"].stems == ("s1", "s2", "s3")
    np.testing.assert_array_equal(keyed["order"].values[0, :, 0], [4.0])


def test_profile_by_hand() -> None:
    # stems: draws (5, 3) -> 4 and (6, 6) -> 6: mean 5, sd sqrt 2, se sqrt 2 / sqrt 2 = 1; the
    # 97.5 % point of t with 1 df is 12.7062, so the interval is cut at both ends of the scale
    one = cube(np.array([[[5.0, 3.0], [6.0, 6.0]], [[1.0, 1.0], [1.0, np.nan]]]))
    rows = profiles({"joy": one}, {"life": ["joy"]})
    assert [(r.model, r.level, r.id) for r in rows] == [
        ("m0", "dimension", "life"),
        ("m0", "sub_dimension", "joy"),
        ("m1", "dimension", "life"),
        ("m1", "sub_dimension", "joy"),
    ]
    first, second = rows[1], rows[3]
    assert (first.mean, first.se) == pytest.approx((5.0, 1.0), abs=1e-12)
    assert (first.lower, first.upper) == (0.0, 6.0)
    assert (first.n_scored, first.percentile) == (4, 75.0)
    assert (second.mean, second.se, second.n_scored, second.percentile) == (1.0, 0.0, 3, 25.0)


def test_a_dimension_is_the_mean_over_its_sub_dimensions_stem_by_stem() -> None:
    a, b = cube(np.array([[[4.0], [2.0]]])), cube(np.array([[[6.0], [np.nan]]]), "order")
    merged = dimension_cubes({"joy": a, "order": b}, {"life": ["joy", "order", "unknown"]})
    np.testing.assert_array_equal(merged["life"].values, [[[5.0], [2.0]]])
    assert merged["life"].scored.tolist() == [3]


def test_a_model_that_answered_nothing_has_no_score() -> None:
    (row,) = profiles({"joy": cube(np.full((1, 2, 1), np.nan))}, {})
    assert np.isnan([row.mean, row.se, row.lower, row.upper, row.percentile]).all()
    assert row.n_scored == 0


def test_broken_input_is_named() -> None:
    c = said("s1")
    with pytest.raises(DataError, match="has no rating on 'joy'"):
        score_cubes(FORM, [c], [], ["joy"])
    with pytest.raises(DataError, match="combine judges first"):
        score_cubes(FORM, [c], [rated(c, "joy", 1.0)] * 2, ["joy"])
    with pytest.raises(DataError, match="unknown stems"):
        score_cubes(FORM, [said("s9")], [], ["joy"])
    with pytest.raises(DataError, match="unknown stems"):
        score_cubes(FORM, [c], [], ["joy"], models=["other"])


def test_components_of_a_complete_table_are_those_of_the_mean_squares() -> None:
    rng = np.random.default_rng(7)
    m, s, d = 6, 5, 3
    y = (
        rng.normal(0, 1.0, (m, 1, 1))
        + rng.normal(0, 0.8, (1, s, 1))
        + rng.normal(0, 0.6, (m, s, 1))
        + rng.normal(0, 0.5, (m, s, d))
    )
    cell, grand = y.mean(axis=2), y.mean()
    ms_model = s * d * ((cell.mean(1) - grand) ** 2).sum() / (m - 1)
    ms_stem = m * d * ((cell.mean(0) - grand) ** 2).sum() / (s - 1)
    inter = cell - cell.mean(1, keepdims=True) - cell.mean(0) + grand
    ms_inter = d * (inter**2).sum() / ((m - 1) * (s - 1))
    ms_draw = ((y - cell[:, :, None]) ** 2).sum() / (m * s * (d - 1))
    found = components(y)
    v_model, v_inter = (ms_model - ms_inter) / (s * d), (ms_inter - ms_draw) / d
    assert found.draw == pytest.approx(ms_draw, abs=1e-12)
    assert found.interaction == pytest.approx(v_inter, abs=1e-12)
    assert found.model == pytest.approx(v_model, abs=1e-12)
    assert found.stem == pytest.approx((ms_stem - ms_inter) / (m * d), abs=1e-12)
    noise = v_inter / s + ms_draw / (s * d)
    assert found.relative == pytest.approx(v_model / (v_model + noise), abs=1e-12)
    assert found.absolute < found.relative


def test_components_survive_missing_cells() -> None:
    rng = np.random.default_rng(8)
    y = rng.normal(0, 1.0, (40, 1, 1)) + rng.normal(0, 0.7, (40, 30, 2))
    y[rng.random(y.shape) < 0.2] = np.nan
    found = components(y)
    assert found.model == pytest.approx(1.0, abs=0.5)
    assert found.interaction + found.draw == pytest.approx(0.49, abs=0.06)
    assert 0.9 < found.relative <= 1.0


@pytest.mark.parametrize("shape", [(1, 4, 2), (4, 1, 2), (3, 3, 1)])
def test_unidentified_components_are_nan_or_pooled(shape: tuple[int, int, int]) -> None:
    found = components(np.random.default_rng(1).normal(size=shape))
    if 1 in shape[:2]:
        assert np.isnan(found.relative)
    else:
        assert found.draw == 0.0  # one draw: counted as interaction
        assert np.isfinite(found.interaction)


def test_percentiles_are_mid_ranks() -> None:
    found = percentiles(np.array([1.0, 2.0, 2.0, np.nan, 5.0]))
    np.testing.assert_allclose(found, [12.5, 50.0, 50.0, np.nan, 87.5])


def test_holm_as_in_r() -> None:
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") gives 0.03 0.06 0.06 0.02
    found = holm(np.array([0.01, 0.04, np.nan, 0.03, 0.005]))
    np.testing.assert_allclose(found, [0.03, 0.06, np.nan, 0.06, 0.02])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_never_lowers_a_p(p: list[float]) -> None:
    found = holm(np.array(p))
    assert (found >= np.array(p) - 1e-15).all()
    assert (found <= 1).all()


def test_halo_of_one_factor_is_one_and_of_noise_is_near_its_floor() -> None:
    rng = np.random.default_rng(2)
    g = rng.normal(size=(200, 1))
    assert halo(g * np.array([[1.0, 2.0, 3.0]])).raw == pytest.approx(1.0)
    noise = halo(rng.normal(size=(2000, 4)))
    assert noise.raw == pytest.approx(noise.floor, abs=0.05)
    assert np.isnan(halo(np.ones((5, 3))).raw)
    assert np.isnan(halo(np.ones((2, 3))).raw)


def test_halo_after_centring_shows_what_is_left() -> None:
    rng = np.random.default_rng(3)
    g, own = rng.normal(0, 3, (300, 1)), rng.normal(size=(300, 5))
    found = halo(g + own)
    assert found.raw > 0.85
    assert found.centred < 0.4


def test_parallel_means_and_stem_matrix() -> None:
    c = [said(s, m) for m in ("a", "b") for s in ("s1", "s2", "s3")]
    ratings = [rated(x, "joy", float(i)) for i, x in enumerate(c)]
    joy = score_cubes(FORM, c, ratings, ["joy"], scope="keyed")["joy"]
    # a: s1 = 0, s2 = 1, s3 = 6 - 2 = 4; form A holds s1 and s3
    np.testing.assert_allclose(parallel_means(joy, FORM), [[2.0, 1.0], [2.0, 4.0]])
    models, stems, values = stem_matrix(joy)
    assert (models, stems) == (("a", "b"), ("s1", "s2", "s3"))
    np.testing.assert_allclose(values, [[0.0, 1.0, 4.0], [3.0, 4.0, 1.0]])


def test_models_that_do_not_differ_are_not_called_different() -> None:
    rng = np.random.default_rng(4)
    stems = rng.normal(0, 1, (1, 40, 1))
    null = {f"d{k}": cube(3 + stems + rng.normal(0, 1, (15, 40, 2)), f"d{k}") for k in range(6)}
    calls = [not d.within_error for d in differences(null)]
    assert len(calls) == 6 * 15 * 14 / 2
    assert np.mean(calls) <= 0.05


def test_a_real_difference_is_called_and_said() -> None:
    rng = np.random.default_rng(5)
    values = 3 + rng.normal(0, 1, (1, 40, 1)) + rng.normal(0, 0.3, (3, 40, 1))
    values[0] += 1.0
    found = {(d.a, d.b): d for d in differences({"joy": cube(values)})}
    assert not found["m0", "m1"].within_error
    assert found["m1", "m2"].within_error
    assert "m0 minus m1 = +" in found["m0", "m1"].statement
    assert "is more than error" in found["m0", "m1"].statement
    assert "is within error" in found["m1", "m2"].statement


def test_differences_without_error_of_their_own_are_not_called() -> None:
    same = cube(np.array([[[3.0], [3.0]], [[3.0], [3.0]], [[4.0], [4.0]]]))
    found = {(d.a, d.b): d for d in differences({"joy": same})}
    assert found["m0", "m1"].p == 1.0
    assert np.isnan(found["m0", "m2"].p)
    assert all(d.within_error for d in found.values())
    lone = cube(np.array([[[3.0], [np.nan]], [[3.0], [3.0]]]))
    (only,) = differences({"joy": lone})
    assert only.within_error
    assert "too few stems" in only.statement


def test_control_accuracy_counts_each_outcome_apart() -> None:
    controls = tuple(Control(f"c{i}", "x", "joy", "high" if i < 2 else "low") for i in range(5))
    form = Form("v", "t", (), {}, {}, controls)
    given_scores: list[tuple[float | None, str]] = [
        (5.0, ""),
        (3.0, ""),  # the middle is on neither side
        (1.0, ""),
        (None, NOT_RELEVANT),
        (None, "judge failed"),
    ]
    ratings = [
        Rating(f"control/c{i}", "j", "joy", s, why) for i, (s, why) in enumerate(given_scores)
    ]
    (found,) = control_accuracy(form, [*ratings, Rating("other", "j", "joy", 0.0)])
    assert (found.right, found.scored, found.not_relevant, found.unscored) == (2, 3, 1, 1)
    assert found.accuracy == pytest.approx(2 / 3)


def test_cell_means_keep_missing_cells_missing() -> None:
    y = np.array([[[1.0, 3.0], [np.nan, np.nan]]])
    np.testing.assert_array_equal(cell_means(y), [[2.0, np.nan]])
