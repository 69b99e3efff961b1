"""Agreement with gaps, by hand, against the complete formulas, and against other packages."""

from __future__ import annotations

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuelex.psychometrics.agreement import icc
from valuelex.psychometrics.halo import first_share, halo_share
from valuelex.psychometrics.raters import (
    agreement,
    alpha_interval,
    alpha_ordinal,
    correlations,
    estimate,
    resamples,
    rest_correlations,
    severity,
)
from valuelex.psychometrics.rating_components import coefficients, one_way, two_way

# Shrout and Fleiss (1979, Psychological Bulletin 86, 420-428), table 2: four judges, six targets
SHROUT = np.array(
    [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]], dtype=float
)
ONES = np.ones((1, 6))


def gappy(seed: int = 0, judges: int = 5, targets: int = 60, share: float = 0.3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=targets) + rng.normal(0, 0.4, (judges, 1))
    x = np.round(5 + 2 * (x + rng.normal(0, 0.6, (judges, targets))))
    x[rng.random(x.shape) < share] = np.nan
    return x


def test_published_coefficients() -> None:
    # their table 4, printed to two decimals
    found = coefficients(SHROUT, ONES)[0]
    assert found.round(2).tolist() == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]


def test_without_gaps_the_coefficients_are_those_of_the_complete_formulas() -> None:
    x = gappy(share=0.0)
    table = icc(x.T)
    want = [table.icc1, table.icc2, table.icc3, table.icc1k, table.icc2k, table.icc3k]
    found = coefficients(x, np.ones((1, x.shape[1])))[0]
    assert found == pytest.approx([one.value for one in want], abs=1e-12)


def test_components_by_hand() -> None:
    # two judges, two targets, one gap left: 1 2 / 3 and nothing; totals over three ratings.
    # sums of squares about the mean 2: all 2, targets (1+3)^2/2 + 4 - 12 = 0,
    # judges (1+2)^2/2 + 9 - 12 = 1.5; three unknowns cannot be told from three ratings
    assert np.isnan(two_way(np.array([[1.0, 2.0], [3.0, np.nan]]), np.ones((1, 2)))[0]).all()
    # one way, groups {1, 3} and {6}: within (1 + 1) / 1 = 2; between: total mean 10/3,
    # 16/2 + 36 - 100/3 = 10.667 over 1; n0 = (3 - 5/3) / 1 = 1.333; (10.667 - 2) / 1.333 = 6.5
    found = one_way(np.array([2.0, 1]), np.array([4.0, 6]), np.array([10.0, 36]), np.ones((1, 2)))
    assert (found.between[0], found.within[0]) == pytest.approx((6.5, 2.0), abs=1e-12)


def test_the_components_are_unbiased_with_gaps() -> None:
    rng = np.random.default_rng(1)
    mask = rng.random((8, 40)) < 0.4
    found = []
    for _ in range(400):
        x = rng.normal(0, 1.5, 40) + rng.normal(0, 0.7, (8, 1)) + rng.normal(0, 1.0, (8, 40))
        found.append([part[0] for part in two_way(np.where(mask, np.nan, x), np.ones((1, 40)))])
    error = np.std(found, axis=0) / 20
    assert (np.abs(np.mean(found, axis=0) - [2.25, 0.49, 1.0]) < 3.5 * error).all()


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_alpha_is_that_of_the_package(seed: int) -> None:
    x = gappy(seed, judges=2 + seed % 4, targets=5 + seed % 40)
    if (np.isfinite(x).sum(axis=0) >= 2).sum() < 2:
        return
    paired = x[:, np.isfinite(x).sum(axis=0) >= 2]
    if np.ptp(paired[np.isfinite(paired)]) == 0:
        return
    ones = np.ones((1, x.shape[1]))
    interval = krippendorff.alpha(x, level_of_measurement="interval")
    ordinal = krippendorff.alpha(x, level_of_measurement="ordinal")
    assert alpha_interval(x, ones)[0] == pytest.approx(interval, abs=1e-9)
    assert alpha_ordinal(x, ones)[0] == pytest.approx(ordinal, abs=1e-9)


def test_weights_are_repeated_targets() -> None:
    x = gappy(2)
    drawn = np.random.default_rng(3).integers(0, 60, 60)
    weights = np.bincount(drawn, minlength=60).astype(float)[None, :]
    again, ones = x[:, drawn], np.ones((1, 60))
    for what in (coefficients, alpha_interval, alpha_ordinal, correlations, severity):
        np.testing.assert_allclose(what(x, weights), what(again, ones), atol=1e-9)


def test_correlations_are_pairwise_complete() -> None:
    x = gappy(4)
    found = agreement(x, resamples(np.arange(60), 50, 1), np.arange(60))
    frame = pd.DataFrame(x.T)
    np.testing.assert_allclose(found.pairs.pearson, frame.corr(), atol=1e-12)
    np.testing.assert_allclose(found.pairs.spearman, frame.corr("spearman"), atol=1e-12)
    assert found.pairs.shared[0, 1] == frame[[0, 1]].notna().all(axis=1).sum()
    assert found.mean_r.lower < found.mean_r.value < found.mean_r.upper
    assert found.complete == int(frame.notna().all(axis=1).sum())


def test_what_cannot_be_computed_is_nan() -> None:
    x = np.array([[1.0, 2, 3, np.nan], [4, 4, 4, 4], [np.nan, np.nan, 1, 2]])
    found = agreement(x, np.ones((1, 4)), np.arange(4))
    assert np.isnan(found.mean_r.value)  # one judge never varies, the others share too little
    assert np.isnan(found.mean_r.lower)
    alone = agreement(x[:1], np.ones((1, 4)), np.arange(4))
    assert np.isnan([alone.alpha_interval.value, alone.icc["ICC(2,1)"].value]).all()
    assert np.isnan(alpha_ordinal(np.full((2, 3), np.nan), np.ones((1, 3)))).all()


def test_severity_is_of_the_same_targets() -> None:
    # the second judge rates the harder half alone, two points above the first on what they share
    x = np.array([[1.0, 2, 7, 8], [3, 4, np.nan, np.nan], [1, 2, 7, np.nan]])
    found = severity(x, np.ones((1, 4)))[0]
    assert found == pytest.approx([-2 / 3, 4 / 3, -2 / 3], abs=1e-12)
    apart = np.array([[1.0, 2, np.nan, np.nan], [np.nan, np.nan, 3, 4]])
    assert np.isnan(severity(apart, np.ones((1, 4)))).all()


def test_rest_correlations() -> None:
    found = rest_correlations(SHROUT)
    want = [np.corrcoef(SHROUT[a], np.delete(SHROUT, a, 0).mean(0))[0, 1] for a in range(4)]
    assert found == pytest.approx(want, abs=1e-12)


def test_intervals_widen_when_targets_come_from_few_subjects() -> None:
    rng = np.random.default_rng(5)
    subjects = np.repeat(np.arange(12), 10)
    x = np.repeat(rng.normal(size=12), 10) + rng.normal(0, 0.5, (4, 120))
    by_subject = agreement(x, resamples(subjects, 300, 1), subjects).mean_r
    by_target = agreement(x, resamples(np.arange(120), 300, 1), np.arange(120)).mean_r
    assert by_subject.value == by_target.value
    assert by_subject.upper - by_subject.lower > 1.5 * (by_target.upper - by_target.lower)


def test_halo_of_one_impression_and_of_none() -> None:
    rng = np.random.default_rng(6)
    one = rng.normal(size=(300, 1)) + 0.3 * rng.normal(size=(300, 8))
    found = halo_share(one, draws=50)
    assert found.raw > 0.9
    assert found.centred < 0.25  # nothing but the general impression was there
    assert found.raw_lower < found.raw < found.raw_upper
    assert found.against == 0
    none = halo_share(rng.normal(size=(300, 8)), draws=50)
    assert none.raw == pytest.approx(none.chance_raw, abs=0.03)
    turned = one * np.array([1] * 6 + [-1] * 2)
    assert halo_share(turned, draws=0).against == 2
    assert halo_share(turned, draws=0).raw == pytest.approx(found.raw, abs=1e-12)
    assert np.isnan(halo_share(one[:2]).raw)
    assert np.isnan(first_share(np.ones((4, 3))))
    gaps = one.copy()
    gaps[:10, 0] = np.nan
    assert halo_share(gaps, draws=2).n == 290


def test_the_summary_of_an_agreement() -> None:
    x = gappy(7, judges=3, targets=30)
    x[:, 4] = np.nan  # nobody rated this one
    subjects = np.repeat(np.arange(10), 3)
    weights = resamples(subjects, 40, 2)
    found = agreement(x, weights, subjects)
    assert tuple(found.icc) == (
        *("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"),
    )
    drawn = coefficients(x, weights)
    for place, one in enumerate(found.icc.values()):
        assert one.value == drawn[0, place]
        assert (one.lower, one.upper) == tuple(np.percentile(drawn[1:, place], [2.5, 97.5]))
    off = found.pairs.pearson[np.triu_indices(3, 1)]
    assert (found.least_r, found.most_r) == (off.min(), off.max())
    assert found.mean_r.value == pytest.approx(off.mean())
    there = np.isfinite(x)
    assert (found.targets, found.clusters) == (there.any(axis=0).sum(), 10)
    assert found.complete == there.all(axis=0).sum() < found.targets < 30
    np.testing.assert_array_equal(found.pairs.shared, there.astype(int) @ there.T.astype(int))
    same = agreement(np.where(there, x, 0.0), weights, subjects)  # without gaps ranked at once
    np.testing.assert_allclose(
        same.pairs.spearman, pd.DataFrame(np.where(there, x, 0.0).T).corr("spearman"), atol=1e-12
    )


def test_subjects_are_drawn_whole() -> None:
    subjects = np.array(["b", "a", "b", "c"])
    weights = resamples(subjects, 3, 5)
    rng = np.random.default_rng(5)
    want = [np.bincount(rng.integers(0, 3, 3), minlength=3)[[1, 0, 1, 2]] for _ in range(3)]
    np.testing.assert_array_equal(weights, [[1, 1, 1, 1], *want])


def test_an_interval_needs_half_of_the_draws() -> None:
    nan = np.nan
    whole = estimate(np.array([0.5, 0.1, 0.3, nan, nan]))
    assert (whole.value, whole.lower, whole.upper) == pytest.approx((0.5, 0.105, 0.295))
    for few in ([0.5, 0.1, nan, nan, nan], [0.5, 0.1], [nan, 0.1, 0.2, 0.3]):
        one = estimate(np.array(few))
        assert np.isnan([one.lower, one.upper]).all()


def test_three_shared_targets_are_enough_to_correlate_and_two_are_not() -> None:
    x = np.array([[1.0, 2, 4, np.nan], [2, 3, 9, 1]])
    assert correlations(x, np.ones((1, 4)))[0][0, 1] == pytest.approx(
        np.corrcoef([1, 2, 4], [2, 3, 9])[0, 1]
    )
    assert np.isnan(correlations(x[:, 1:], np.ones((1, 3)))[0][0, 1])


def test_the_halo_interval_resamples_subjects_and_chance_shuffles_traits() -> None:
    rng = np.random.default_rng(8)
    scores = rng.normal(size=(30, 1)) + rng.normal(size=(30, 4))
    found = halo_share(np.column_stack([scores, np.full(30, 2.0)]), draws=25, seed=3)
    assert (found.n, found.k) == (30, 4)  # what never varies is no trait
    draws = np.random.default_rng(3)

    def shares(x: np.ndarray) -> list[float]:
        return [
            float(np.linalg.eigvalsh(np.corrcoef(part.T))[-1] / 4)
            for part in (x, x - x.mean(axis=1, keepdims=True))
        ]

    drawn = np.array([shares(scores[draws.integers(0, 30, 30)]) for _ in range(25)])
    chance = np.mean([shares(draws.permuted(scores, axis=0)) for _ in range(25)], axis=0)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    assert [found.raw, found.centred] == pytest.approx(shares(scores))
    assert [found.raw_lower, found.centred_lower] == pytest.approx(list(low))
    assert [found.raw_upper, found.centred_upper] == pytest.approx(list(high))
    assert [found.chance_raw, found.chance_centred] == pytest.approx(list(chance))
    assert np.isnan(halo_share(scores[:, :1]).raw)
    assert not np.isnan(halo_share(scores[:3, :2], draws=0).raw)
