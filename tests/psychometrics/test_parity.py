"""Every number equals R's, on six data sets and every extraction x rotation.

Tight cases: R's own functions driven to convergence, to 1e-6. Shipped cases: psych::fa as it is
called, whose optimiser and whose varimax stop early, to the tolerance that this leaves.
"""

import itertools

import numpy as np
import pytest
from tests.psychometrics.reference import FACTORS, data, expected

from valuelex.psychometrics.agreement import icc
from valuelex.psychometrics.congruence import tucker
from valuelex.psychometrics.extraction import Method, extract
from valuelex.psychometrics.factorability import bartlett, kmo
from valuelex.psychometrics.factors import FactorSolution, factor_analysis
from valuelex.psychometrics.matrix import correlation, smooth
from valuelex.psychometrics.parallel import minimum_average_partial, parallel_analysis
from valuelex.psychometrics.reliability import alpha, omega
from valuelex.psychometrics.rotation import Rotation, rotate
from valuelex.psychometrics.scores import factor_scores

SETS = list(FACTORS)
METHODS: list[Method] = ["minres", "ml", "pca"]
ROTATIONS: list[Rotation] = ["none", "varimax", "oblimin", "promax"]


def fit(name: str, method: Method, rotation: Rotation) -> FactorSolution:
    X = data(name)
    return factor_analysis(correlation(X), len(X), FACTORS[name], method, rotation)


def fit_numbers(found: FactorSolution) -> list[float | None]:
    return [
        found.rmsr,
        found.chi2,
        found.dof,
        found.p_value,
        found.rmsea,
        found.rmsea_lower,
        found.rmsea_upper,
        found.tli,
    ]


@pytest.mark.parametrize(
    ("name", "method", "rotation"), list(itertools.product(SETS, METHODS, ROTATIONS))
)
def test_tight(name: str, method: Method, rotation: Rotation) -> None:
    found = fit(name, method, rotation)
    case, k = f"tight:{method}:{rotation}", FACTORS[name]
    assert found.converged
    np.testing.assert_allclose(found.loadings, expected(name, case, "loadings", k), atol=1e-6)
    np.testing.assert_allclose(found.phi, expected(name, case, "phi", k), atol=1e-6)
    np.testing.assert_allclose(
        np.array(fit_numbers(found), dtype=float), expected(name, case, "fit"), rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize(
    ("name", "method", "rotation"), list(itertools.product(SETS, METHODS[:2], ROTATIONS))
)
def test_as_shipped(name: str, method: Method, rotation: Rotation) -> None:
    # psych's varimax (and promax, made from it) stops at a relative gain of 1e-5: on the nearly
    # singular set that leaves .004 in the loadings; all else agrees to 2e-5
    tolerance = 5e-3 if rotation in ("varimax", "promax") else 2e-5
    found = fit(name, method, rotation)
    case, k = f"psych:{method}:{rotation}", FACTORS[name]
    np.testing.assert_allclose(found.loadings, expected(name, case, "loadings", k), atol=tolerance)
    np.testing.assert_allclose(found.phi, expected(name, case, "phi", k), atol=tolerance)
    np.testing.assert_allclose(
        np.array(fit_numbers(found), dtype=float), expected(name, case, "fit"), rtol=2e-5, atol=2e-5
    )


@pytest.mark.parametrize("name", SETS)
def test_correlation_kmo_bartlett_map(name: str) -> None:
    X = data(name)
    R = correlation(X)
    np.testing.assert_allclose(R, expected(name, "data", "R", len(R)), atol=1e-11)
    adequacy = kmo(R)
    np.testing.assert_allclose(adequacy.overall, expected(name, "kmo", "overall")[0], atol=1e-10)
    np.testing.assert_allclose(adequacy.per_variable, expected(name, "kmo", "each"), atol=1e-10)
    test = bartlett(R, len(X))
    assert test.chi2 is not None
    assert test.p is not None
    want = expected(name, "bartlett", "test")
    np.testing.assert_allclose([test.chi2, test.dof, test.p], want, rtol=1e-8, atol=1e-300)
    squared = minimum_average_partial(R, limit=6).squared
    np.testing.assert_allclose(squared[1:7], expected(name, "map", "squared"), atol=1e-10)


@pytest.mark.parametrize("name", SETS)
def test_scores(name: str) -> None:
    X = data(name)
    found = fit(name, "minres", "oblimin")
    case, k = "tight:minres:oblimin", FACTORS[name]
    for method, theirs in (("regression", "Thurstone"), ("tenberge", "tenBerge")):
        scores = factor_scores(X, correlation(X), found.loadings, found.phi, method)  # type: ignore[arg-type]
        np.testing.assert_allclose(scores.weights, expected(name, case, theirs, k), atol=2e-6)


@pytest.mark.parametrize("name", SETS)
def test_alpha_and_icc(name: str) -> None:
    X = data(name)
    found = alpha(X)
    want = expected(name, "alpha", "raw,standardised,lower,upper")
    np.testing.assert_allclose(
        [found.alpha, found.standardised, found.lower, found.upper], want, atol=1e-10
    )
    table = icc(X[:25, :4])
    rows = [table.icc1, table.icc2, table.icc3, table.icc1k, table.icc2k, table.icc3k]
    got = [[row.value, row.lower, row.upper] for row in rows]
    np.testing.assert_allclose(got, expected(name, "icc", "icc,lower,upper", 3), atol=1e-9)


@pytest.mark.parametrize("name", [name for name in SETS if FACTORS[name] >= 3])
def test_omega(name: str) -> None:
    X = data(name)
    found = omega(correlation(X), len(X), FACTORS[name])
    want = expected(name, "omega", "hierarchical,total")
    # psych's omega is made from its early-stopping fa twice over
    np.testing.assert_allclose([found.hierarchical, found.total], want, atol=2e-5)
    general = np.abs(expected(name, "omega", "general"))
    np.testing.assert_allclose(np.abs(found.general), general, atol=1e-4)


@pytest.mark.parametrize("name", SETS)
def test_congruence(name: str) -> None:
    k = FACTORS[name]
    first = fit(name, "minres", "varimax").loadings
    second = extract(correlation(data(name)), k, "pca").loadings
    want = expected(name, "congruence", "phi", k)
    np.testing.assert_allclose(np.abs(tucker(first, second)), np.abs(want), atol=1e-6)


def test_smooth() -> None:
    B = np.array([[1, 0.9, 0.2], [0.9, 1, 0.9], [0.2, 0.9, 1]])
    np.testing.assert_allclose(smooth(B), expected("closed", "smooth", "R", 3), atol=1e-10)
    np.testing.assert_allclose(smooth(np.eye(3)), np.eye(3), atol=0)


@pytest.mark.parametrize("name", ["clean", "binary_sparse"])
def test_parallel_analysis(name: str) -> None:
    draws = 800
    found = parallel_analysis(data(name), permutations=draws, seed=3)
    spread = expected(name, "parallel", "sd")
    # two independent means of 2000 and 800 shuffles differ by chance alone: five standard errors
    error = spread * np.sqrt(1 / 2000 + 1 / draws)
    np.testing.assert_array_less(
        np.abs(found.means - expected(name, "parallel", "mean")), 5 * error
    )
    # the standard error of a 95th percentile of normal values is 2.1 times that of the mean
    np.testing.assert_array_less(
        np.abs(found.thresholds - expected(name, "parallel", "p95")), 5 * 2.2 * error
    )
    assert found.n_factors == int(expected(name, "parallel", "ncomp")[0])


def test_rotation_of_given_loadings_keeps_the_model() -> None:
    A = extract(correlation(data("oblique")), 3).loadings
    for how in ROTATIONS:
        turned = rotate(A, how)
        np.testing.assert_allclose(
            turned.pattern @ turned.phi @ turned.pattern.T, A @ A.T, atol=1e-12
        )
        np.testing.assert_allclose(turned.pattern @ turned.T.T, A, atol=1e-12)
        np.testing.assert_allclose(np.diag(turned.phi), 1, atol=1e-12)
