"""Resampling whole families; the nulls; recovery."""

import numpy as np
import pytest
from tests.psychometrics.lists import Lists

from valuelex.errors import DataError
from valuelex.psychometrics.congruence import arrange, tucker
from valuelex.psychometrics.factors import factor_analysis
from valuelex.psychometrics.matrix import correlation, standardise
from valuelex.psychometrics.nulls import (
    frequency_link,
    pseudo_factors,
    shuffled_null,
    trade_once,
)
from valuelex.psychometrics.recovery import (
    adjusted_rand,
    planted_loadings,
    recover_factors,
    recover_groups,
    recover_profiles,
    recover_terms,
)
from valuelex.psychometrics.refit import Reference, refit, tame_correlation
from valuelex.psychometrics.retention import halve
from valuelex.psychometrics.stability import (
    cluster_bootstrap,
    leave_one_group_out,
    leave_out,
    reference_solution,
    split_halves,
)


@pytest.fixture(scope="module")
def reference(study: Lists) -> Reference:
    return reference_solution(study.X, 3)


def test_planted_factors_survive(study: Lists, reference: Reference) -> None:
    found = cluster_bootstrap(study.X, study.families, reference, samples=40, seed=1)
    assert found.failed == 0
    assert found.clusters == 12
    for factor in found.factors:
        assert factor.lower <= factor.phi <= factor.upper
        assert factor.phi > 0.9
        assert factor.free > 0.85
    assert (found.loadings_lower <= found.loadings_upper).all()
    again = cluster_bootstrap(study.X, study.families, reference, samples=40, seed=1)
    np.testing.assert_array_equal(found.loadings_lower, again.loadings_lower)


def test_tastes_do_not_survive(nothing: Lists) -> None:
    reference = reference_solution(nothing.X, 2)
    found = split_halves(nothing.X, nothing.families, nothing.models, reference, splits=6)
    assert min(factor.phi for factor in found.factors) < 0.4


def test_halves_are_compared_by_the_congruence_of_their_factors(
    study: Lists, reference: Reference
) -> None:
    found = split_halves(study.X, study.families, study.models, reference, splits=3, seed=5)
    rng = np.random.default_rng(5)
    want = []
    for _ in range(3):
        half = halve(study.families, study.models, rng)
        sides = [factor_analysis(correlation(study.X[s]), 9, 3).loadings for s in (half, ~half)]
        first, second = (arrange(reference.solution.loadings, side) for side in sides)
        want.append(np.diag(tucker(first, second)))
    got = [[one.phi, one.lower, one.upper, one.free] for one in found.factors]
    low, high = np.percentile(want, [2.5, 97.5], axis=0)
    mean = np.mean(want, axis=0)
    np.testing.assert_allclose(got, np.column_stack([mean, low, high, mean]), atol=1e-3)
    assert [one.factor for one in found.factors] == [0, 1, 2]
    assert found.n == 3


@pytest.mark.parametrize("rotation", ["oblimin", "promax", "varimax"])
def test_refitting_the_same_data_changes_nothing(study: Lists, rotation: str) -> None:
    reference = reference_solution(study.X, 3, rotation=rotation)  # type: ignore[arg-type]
    again = refit(correlation(study.X), reference)
    np.testing.assert_allclose(again.phi, 1, atol=1e-6)
    np.testing.assert_allclose(again.free, 1, atol=1e-5)


def test_one_factor_can_be_refitted(study: Lists) -> None:
    reference = reference_solution(study.X, 1)
    np.testing.assert_allclose(refit(correlation(study.X), reference).phi, 1, atol=1e-6)


def test_warm_start_reaches_the_cold_answer(study: Lists, reference: Reference) -> None:
    half = study.families % 2 == 0
    Z = standardise(study.X)[half]
    R = tame_correlation(Z.T @ Z, Z.sum(axis=0), float(len(Z)))
    np.testing.assert_allclose(R, correlation(study.X[half]), atol=1e-10)
    cold = factor_analysis(R, int(half.sum()), 3)
    warm = refit(R, reference)
    assert warm.phi.min() > 0.85
    unaided = arrange(reference.solution.loadings, cold.loadings)
    np.testing.assert_allclose(
        warm.free, np.diag(tucker(reference.solution.loadings, unaided)), atol=2e-3
    )
    assert recover_factors(cold.loadings, warm.loadings).phi.min() > 0.99


def test_a_column_that_does_not_vary_in_a_resample() -> None:
    X = np.random.default_rng(0).normal(size=(30, 4))
    X[:, 1] = 2.0
    R = tame_correlation(X.T @ X, X.sum(axis=0), 30.0)
    np.testing.assert_allclose(R[1], [0, 1, 0, 0])


def test_leave_one_out(study: Lists, reference: Reference) -> None:
    found = leave_one_group_out(study.X, study.families, reference)
    assert len(found) == 12
    assert min(min(one.phi) for one in found) > 0.95
    broken = leave_out([("all but one row", study.X[:1])], reference)
    assert broken[0].phi == ()
    assert broken[0].reason
    with pytest.raises(DataError, match="columns"):
        leave_out([("prompt", study.X[:, :5])], reference)
    with pytest.raises(DataError, match="two groups"):
        leave_one_group_out(study.X, np.zeros(len(study.X)), reference)
    with pytest.raises(DataError, match="three or more"):
        cluster_bootstrap(study.X, study.families > 5, reference, 5)


def test_trades_keep_both_margins(study: Lists) -> None:
    P = study.X > 0
    rng = np.random.default_rng(0)
    state = P
    for _ in range(20):
        state = trade_once(state, rng)
    np.testing.assert_array_equal(state.sum(axis=0), P.sum(axis=0))
    np.testing.assert_array_equal(state.sum(axis=1), P.sum(axis=1))
    assert (state != P).mean() > 0.1


def test_structure_beats_shuffled_lists(study: Lists, nothing: Lists, reference: Reference) -> None:
    loadings = reference.solution.loadings
    found = shuffled_null(study.X, 3, loadings=loadings, draws=19)
    assert (found.observed > found.threshold).all()
    np.testing.assert_allclose(found.p, 1 / 20)
    assert found.phi is not None
    assert found.phi.max() < 0.85
    whole = shuffled_null(study.X, 3, study.models, loadings, draws=19)
    assert whole.strength is not None
    assert whole.strength_p is not None
    assert (whole.strength > whole.threshold[0]).all()
    assert (whole.strength_p <= 0.05).all()
    noise = np.random.default_rng(0).normal(size=loadings.shape)
    none = shuffled_null(study.X, 3, study.models, noise, draws=19)
    assert none.strength_p is not None
    assert (none.strength_p > 0.05).all()  # a direction of chance is no factor
    assert whole.scheme == "blocks"
    assert whole.observed[0] > whole.threshold[0]
    # tastes alone pass the first null, whose lists are independent, and fail the second
    assert shuffled_null(nothing.X, 1, draws=19).p[0] < 0.1
    assert shuffled_null(nothing.X, 1, nothing.families, draws=99).p[0] > 0.01
    with pytest.raises(DataError, match="at least one"):
        shuffled_null(study.X, 0)


def test_pseudo_factors(study: Lists, reference: Reference) -> None:
    loadings = reference.solution.loadings
    rng = np.random.default_rng(0)
    meaning = np.eye(3)[study.dimension] @ rng.normal(size=(3, 50)) + 0.8 * rng.normal(
        size=(len(study.dimension), 50)
    )
    R = correlation(study.X)
    same = pseudo_factors(meaning, loadings, R, draws=49)
    assert same.r > 0.3
    assert np.median(same.phi) > 0.7
    np.testing.assert_allclose(same.p, 1 / 50)
    assert (same.chance < same.phi).all()
    noise = pseudo_factors(rng.normal(size=meaning.shape), loadings, R, draws=49)
    assert abs(noise.r) < 0.1
    assert noise.phi.max() < 0.4
    assert (noise.p > 0.02).all()
    assert np.isnan(pseudo_factors(meaning, loadings, draws=2).r)
    with pytest.raises(DataError, match="same words"):
        pseudo_factors(meaning[:5], loadings)
    with pytest.raises(DataError, match="too few"):
        pseudo_factors(meaning[:4], loadings[:4])


def test_frequency_link() -> None:
    frequency = np.exp(np.linspace(0, 3, 50))
    loadings = np.column_stack([np.linspace(0, 1, 50), np.tile([0.3, -0.3], 25), np.zeros(50)])
    common, none, flat = frequency_link(loadings, frequency)
    assert common.r == pytest.approx(1)
    assert abs(none.r) < 0.1
    assert none.lower < 0 < none.upper
    assert flat.p == 1
    with pytest.raises(DataError, match="zero"):
        frequency_link(loadings, np.zeros(50))
    with pytest.raises(DataError, match="equally"):
        frequency_link(loadings, np.ones(50))
    with pytest.raises(DataError, match="four words"):
        frequency_link(loadings[:3], frequency[:3])


def test_recovery() -> None:
    terms = recover_terms(["a", "b", "c", "d"], ["b", "c", "d", "e", "f"])
    assert (terms.recall, terms.precision) == (0.75, 0.6)
    assert (terms.missed, terms.extra) == (("a",), ("e", "f"))
    assert recover_terms([], []).precision == 1
    assert recover_terms(["a"], []).precision == 0
    assert adjusted_rand([0, 0, 1, 1], ["x", "x", "y", "y"]) == 1
    # Hubert and Arabie's formula by hand: pairs together 1, expected 2 x 2 / 6, most 2
    assert adjusted_rand([0, 0, 1, 1], [0, 0, 1, 2]) == pytest.approx((1 - 1 / 3) / (1.5 - 1 / 3))
    assert adjusted_rand([0, 0], [1, 1]) == 1
    assert adjusted_rand([0], [1]) == 1
    assert recover_groups({"a": "x", "b": "y"}, {"b": "1", "a": "2", "c": "1"}) == 1
    with pytest.raises(DataError, match="no planted term"):
        recover_groups({"a": "x"}, {"b": "y"})
    with pytest.raises(DataError, match="cannot be compared"):
        adjusted_rand([0], [0, 1])
    names, planted = planted_loadings(["a", "b", "c"], {"a": "x", "b": "y"}, {"a": 0.5, "b": 0.7})
    assert names == ("x", "y")
    np.testing.assert_array_equal(planted, [[0.5, 0], [0, 0.7], [0, 0]])
    factors = recover_factors(planted, planted[:, [1]])
    assert factors.factor == (-1, 0)
    assert not factors.right_number
    assert recover_factors(planted, np.zeros((3, 0))).found == 0
    profiles = recover_profiles(
        ["p", "q"],
        np.array([[1.0, 1], [2, 2], [3, np.nan], [4, 3]]),
        np.array([[2.0, 1], [4, 1], [6, 1], [8, 1]]),
    )
    assert [profile.name for profile in profiles] == ["p", "q"]
    assert profiles[0].r == pytest.approx(1)
    assert profiles[0].n == 4
    assert np.isnan(profiles[1].r)
    assert profiles[1].n == 3
    with pytest.raises(DataError, match="shapes"):
        recover_profiles(["p"], np.ones((2, 1)), np.ones((3, 1)))


def test_planted_dimensions_are_recovered(study: Lists, reference: Reference) -> None:
    planted = np.eye(3)[study.dimension]
    assert recover_factors(planted, reference.solution.loadings).phi.min() > 0.9
