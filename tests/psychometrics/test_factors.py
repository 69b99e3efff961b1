"""Factor analysis: closed forms, consistency, guards."""

from importlib import metadata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.psychometrics.reference import data

from valuelex.errors import DataError
from valuelex.psychometrics.cross_check import cross_check
from valuelex.psychometrics.extraction import extract, start_uniquenesses
from valuelex.psychometrics.factorability import bartlett, kmo
from valuelex.psychometrics.factors import factor_analysis, order_and_sign
from valuelex.psychometrics.fit import degrees_of_freedom
from valuelex.psychometrics.matrix import correlation
from valuelex.psychometrics.rotation import quartimin, rotate, varimax
from valuelex.psychometrics.scores import factor_scores


def model(seed: int, p: int, k: int, r: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An exact simple structure: loadings, phi, and the correlations they imply."""
    rng = np.random.default_rng(seed)
    L = np.zeros((p, k))
    L[np.arange(p), np.arange(p) % k] = rng.uniform(0.5, 0.9, p)
    phi = np.full((k, k), r) + (1 - r) * np.eye(k)
    R = L @ phi @ L.T
    np.fill_diagonal(R, 1.0)
    return L, phi, R


@given(seed=st.integers(0, 10_000), k=st.integers(1, 4), r=st.sampled_from([0.0, 0.3, 0.6]))
@settings(max_examples=20, deadline=None)
def test_an_exact_model_is_recovered(seed: int, k: int, r: float) -> None:
    L, phi, R = model(seed, 6 * k, k, r)
    for method in ("minres", "ml"):
        found = factor_analysis(R, 500, k, method, "oblimin")
        order = np.argsort(-np.diag(phi @ L.T @ L), kind="stable")
        np.testing.assert_allclose(found.loadings, L[:, order], atol=1e-4)
        np.testing.assert_allclose(found.phi, phi, atol=1e-4)
        assert found.rmsr < 1e-5
        assert found.converged


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_parts_agree_with_each_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(120, 4)) @ rng.normal(size=(4, 14)) + 1.5 * rng.normal(size=(120, 14))
    R = correlation(X)
    for rotation in ("oblimin", "promax", "varimax", "none"):
        found = factor_analysis(R, 120, 3, "minres", rotation)
        np.testing.assert_allclose(found.structure, found.loadings @ found.phi, atol=1e-12)
        common = np.diag(found.loadings @ found.phi @ found.loadings.T)
        np.testing.assert_allclose(found.communalities, common, atol=1e-12)
        np.testing.assert_allclose(found.communalities + found.uniquenesses, 1, atol=1e-12)
        np.testing.assert_allclose(found.variance.sum(), common.sum(), atol=1e-10)
        assert (np.diff(found.variance) <= 1e-9).all()
        assert (found.loadings.sum(axis=0) > -1e-12).all()
        np.testing.assert_allclose(found.phi, found.phi.T, atol=1e-12)
        if rotation in ("varimax", "none"):
            np.testing.assert_allclose(found.phi, np.eye(3), atol=1e-12)
        # T leads from the unrotated loadings to the pattern
        np.testing.assert_allclose(found.T.T @ found.T, found.phi, atol=1e-10)


def test_sign_and_order_by_rule() -> None:
    pattern = np.array([[0.1, -0.9], [0.2, -0.8], [0.7, 0.0], [0.3, -0.1]])
    phi = np.array([[1.0, -0.4], [-0.4, 1.0]])
    arranged, turned, order, sign = order_and_sign(pattern, phi)
    assert list(order) == [1, 0]
    assert list(sign) == [-1, 1]
    np.testing.assert_allclose(arranged[:, 0], [0.9, 0.8, 0.0, 0.1])
    np.testing.assert_allclose(turned, [[1, 0.4], [0.4, 1]])
    # loadings that sum to zero: the largest points upwards
    bipolar = np.array([[-0.8], [0.4], [0.4]])
    assert order_and_sign(bipolar, np.eye(1))[0][0, 0] == 0.8


def test_one_factor_by_hand() -> None:
    # three variables, one factor: loadings solve r12 = l1 l2, r13 = l1 l3, r23 = l2 l3
    R = np.array([[1, 0.48, 0.40], [0.48, 1, 0.30], [0.40, 0.30, 1]])
    found = factor_analysis(R, 100, 1)
    np.testing.assert_allclose(found.loadings.ravel(), [0.8, 0.6, 0.5], atol=1e-6)
    assert found.dof == 0 == degrees_of_freedom(3, 1)
    assert isinstance(degrees_of_freedom(3, 1), int)
    assert degrees_of_freedom(10, 3) == 18
    assert found.chi2 is None


def test_scores_keep_the_promise_of_each_method() -> None:
    X = data("oblique")
    R = correlation(X)
    found = factor_analysis(R, len(X), 3)
    berge = factor_scores(X, R, found.loadings, found.phi, "tenberge")
    np.testing.assert_allclose(np.corrcoef(berge.scores.T), found.phi, atol=1e-10)
    thurstone = factor_scores(X, R, found.loadings, found.phi, "regression")
    np.testing.assert_allclose(thurstone.scores.var(axis=0, ddof=1), thurstone.r2, atol=1e-10)
    with pytest.raises(DataError, match="shrink"):
        factor_scores(X, np.ones((12, 12)), found.loadings, found.phi)
    with pytest.raises(DataError, match="regression or tenberge"):
        factor_scores(X, R, found.loadings, found.phi, "bartlett")  # type: ignore[arg-type]


def test_random_starts_never_do_worse() -> None:
    R = correlation(data("binary_sparse"))

    def criterion(starts: int) -> float:
        squares = factor_analysis(R, 260, 3, rotation_starts=starts, seed=4).loadings ** 2
        return float((squares.sum(axis=1) ** 2).sum() - (squares**2).sum())

    assert criterion(8) <= criterion(1) + 1e-9


def test_a_second_start_finds_the_better_of_two_optima() -> None:
    # loadings with a general factor, drawn so that oblimin's identity start ends in the worse one
    rng = np.random.default_rng(157)
    A = rng.normal(size=(13, 4)) * 0.3
    A[:, 0] += 0.5
    R = 0.36 * A @ A.T
    np.fill_diagonal(R, 1.0)
    reached = [
        quartimin(factor_analysis(R, 300, 4, rotation_starts=starts).loadings)[0]
        for starts in (1, 2, 3)
    ]
    np.testing.assert_allclose(reached, [0.05912, 0.05674, 0.05674], atol=2e-5)


def test_guards() -> None:
    R = correlation(data("clean"))
    with pytest.raises(DataError, match="between 1 and 11"):
        extract(R, 0)
    with pytest.raises(DataError, match="no degrees of freedom"):
        extract(R, 9)
    with pytest.raises(DataError, match="minres, ml or pca"):
        extract(R, 2, "paf")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="oblimin, promax, varimax or none"):
        rotate(np.eye(3), "quartimax")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="not symmetric"):
        extract(np.triu(R), 2)
    with pytest.raises(DataError, match="covariance"):
        extract(2 * R, 2)
    with pytest.raises(DataError, match="square"):
        extract(R[:3], 2)
    singular = correlation(np.random.default_rng(0).normal(size=(8, 12)))
    with pytest.raises(DataError, match="singular"):
        extract(singular, 2, "ml")
    with pytest.raises(DataError, match="singular"):
        kmo(singular)
    test = bartlett(singular, 8)
    assert test.p is None
    assert "8 rows for 12" in test.note
    assert bartlett(np.ones((3, 3)), 50).chi2 is None
    # minres still has an answer there, and says no more than it knows
    found = factor_analysis(singular, 8, 2)
    assert found.chi2 is None
    assert found.rmsea is None
    np.testing.assert_allclose(start_uniquenesses(np.ones((3, 3))), 0.5)


def test_nothing_in_common_is_no_adequacy() -> None:
    found = kmo(np.eye(3))
    assert found.overall == 0
    assert list(found.per_variable) == [0, 0, 0]


@pytest.mark.parametrize("how", ["varimax", "oblimin", "promax"])
def test_a_symmetric_start_is_no_trap(how: str) -> None:
    # unrotated loadings (a, b), (a, -b): by symmetry a stationary point of every criterion here
    A = np.array([[0.6, 0.4], [0.6, 0.4], [0.6, 0.4], [0.6, -0.4], [0.6, -0.4], [0.6, -0.4]])
    turned = rotate(A, how)  # type: ignore[arg-type]
    small = np.abs(turned.pattern).min(axis=1)
    assert small.max() < (0.2 if how == "varimax" else 0.02)


def test_varimax_reports_when_it_gives_up() -> None:
    A = extract(correlation(data("clean")), 3).loadings
    assert not varimax(A, limit=1)[1]


def test_factor_analyzer_agrees() -> None:
    R = correlation(data("clean"))
    found = factor_analysis(R, 150, 3)
    check = cross_check(R, 3, found.communalities, limit=10)
    assert check.agrees
    assert check.max_difference is not None
    assert check.max_difference < 1e-4
    assert len(check.variables) == 10
    assert check.library == "factor_analyzer"
    assert check.version == metadata.version("factor-analyzer")
    assert check.note == ""
    few = cross_check(R, 3, found.communalities, limit=4)
    assert (few.max_difference, few.agrees) == (None, False)
    assert few.library == "factor_analyzer"
    assert few.note.startswith("no fit: 3 factors of 4 variables")
    # the best explained are compared, in the order of the variables
    best = np.argsort(-found.communalities)[:4]
    assert few.variables == tuple(sorted(int(i) for i in best))
