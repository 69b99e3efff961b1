"""CFA, variance components and MANOVA against lavaan, lme4 and R's own, on committed data."""

from __future__ import annotations

import csv
import functools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.psychometrics.cfa import fit_cfa
from valuelex.psychometrics.components import RESIDUAL, variance_components
from valuelex.psychometrics.manova import manova, score_tests
from valuelex.psychometrics.omega import omega_interval, omega_total
from valuelex.psychometrics.reliability import alpha, omega

FOLDER = Path(__file__).parents[1] / "reference" / "questionnaire"
FACTORS = {"a": (0, 1, 2), "b": (3, 4, 5), "c": (6, 7, 8)}


@functools.cache
def expected() -> dict[tuple[str, str], NDArray[np.float64]]:
    lines = (line.split("|") for line in (FOLDER / "expected.txt").read_text().splitlines())
    return {(case, what): np.array([float(v) for v in x.split()]) for case, what, x in lines}


@functools.cache
def items() -> NDArray[np.float64]:
    return np.loadtxt(FOLDER / "cfa.csv", delimiter=",", skiprows=1)


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def test_cfa_equals_lavaan() -> None:
    found = fit_cfa(items(), FACTORS)
    np.testing.assert_allclose(found.loadings, expected()["cfa", "loadings"], atol=2e-5)
    np.testing.assert_allclose(
        found.phi[np.triu_indices(3, 1)], expected()["cfa", "phi"], atol=5e-5
    )
    names = ("chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_lower", "rmsea_upper", "srmr")
    fit = [getattr(found, name) for name in (*names, "n_parameters")]
    np.testing.assert_allclose(fit, expected()["cfa", "fit"], atol=1e-6)
    assert found.improper == ""


def test_cfa_does_not_mind_reversed_items_or_units() -> None:
    turned = items() * np.array([-1, 1, 1, 1, 10, 1, 1, 1, 1.0])
    found, plain = fit_cfa(turned, FACTORS), fit_cfa(items(), FACTORS)
    assert found.chi2 == pytest.approx(plain.chi2, abs=1e-6)
    np.testing.assert_allclose(np.abs(found.loadings), np.abs(plain.loadings), atol=1e-4)


def test_a_wrong_structure_fits_worse() -> None:
    wrong = {"a": (0, 3, 6), "b": (1, 4, 7), "c": (2, 5, 8)}
    found, right = fit_cfa(items(), wrong), fit_cfa(items(), FACTORS)
    assert found.cfi < right.cfi - 0.2
    assert found.srmr > right.srmr + 0.02


def test_what_cannot_be_fitted_is_said() -> None:
    x = items()
    with pytest.raises(DataError, match="9 rows for 9 items"):
        fit_cfa(x[:9], FACTORS)
    with pytest.raises(DataError, match="needs 2 items"):
        fit_cfa(x, {"a": range(8), "b": (8,)})
    with pytest.raises(DataError, match="needs 3 items"):
        fit_cfa(x[:, :2], {"a": (0, 1)})
    with pytest.raises(DataError, match="load on one factor"):
        fit_cfa(x, {"a": (0, 1, 2), "b": (2, 3, 4, 5, 6, 7)})
    with pytest.raises(DataError, match=r"never vary.*\[0\]"):
        fit_cfa(np.column_stack([np.ones(180), x[:, 1:]]), FACTORS)
    with pytest.raises(DataError, match="combinations of others"):
        fit_cfa(x - x.mean(axis=1, keepdims=True), FACTORS)


def test_an_inadmissible_solution_is_named() -> None:
    rng = np.random.default_rng(4)
    one = rng.normal(size=(60, 1))
    x = np.column_stack([one + 0.05 * rng.normal(size=(60, 1)), one + rng.normal(size=(60, 3))])
    found = fit_cfa(x, {"a": (0, 1), "b": (2, 3)})
    assert "Heywood" in found.improper or "beyond 1" in found.improper


def components() -> tuple[NDArray[np.float64], dict[str, NDArray[np.str_]]]:
    rows = table("components")
    y = np.array([float(row["y"]) for row in rows])
    m, i, t = (np.array([row[name] for row in rows]) for name in ("model", "item", "trial"))

    def joined(a: NDArray[np.str_], b: NDArray[np.str_]) -> NDArray[np.str_]:
        return np.array([f"{x}:{z}" for x, z in zip(a, b, strict=True)])

    return y, {"model": m, "item": i, "mi": joined(m, i), "mt": joined(m, t)}


def test_components_equal_reml_on_balanced_data() -> None:
    found = variance_components(*components())
    assert [one.source for one in found] == ["model", "item", "mi", "mt", RESIDUAL]
    # lme4's optimiser stops at about 1e-6
    np.testing.assert_allclose(
        [one.variance for one in found], expected()["components", "reml"], atol=5e-6
    )
    assert sum(one.share for one in found) == pytest.approx(1)


def test_components_come_back_with_a_tenth_of_the_answers_missing() -> None:
    rng = np.random.default_rng(0)
    m, i, t = (a.ravel() for a in np.meshgrid(range(40), range(57), range(6), indexing="ij"))
    y = (
        rng.normal(0, 0.5, 40)[m]
        + rng.normal(0, 1.0, 57)[i]
        + rng.normal(0, 0.8, (40, 57))[m, i]
        + rng.normal(0, 0.3, (40, 6))[m, t]
        + rng.normal(0, 0.6, m.size)
    )
    keep = rng.random(m.size) > 0.1
    factors = {"model": m, "item": i, "own": m * 100 + i, "trial": m * 10 + t}
    found = variance_components(
        y[keep], {name: code[keep] for name, code in factors.items()}, m[keep] // 4
    )
    planted = {"model": 0.25, "item": 1.0, "own": 0.64, "trial": 0.09, RESIDUAL: 0.36}
    total = sum(planted.values())
    for one in found:
        assert one.lower is not None
        assert one.upper is not None
        assert one.lower <= one.share <= one.upper
        assert one.share == pytest.approx(planted[one.source] / total, abs=0.08)


def test_the_interval_of_a_share_is_the_jackknife_over_groups() -> None:
    y, factors = components()
    groups = np.array([sorted(set(factors["model"])).index(m) % 3 for m in factors["model"]])
    without = [
        variance_components(y[groups != g], {k: v[groups != g] for k, v in factors.items()})
        for g in range(3)
    ]
    found = variance_components(y, factors, groups)  # three groups are enough
    for place, one in enumerate(found):
        shares = np.array([part[place].share for part in without])
        # t of 2 degrees of freedom: 4.303
        half = 4.302653 * np.sqrt(2 / 3 * ((shares - shares.mean()) ** 2).sum())
        assert one.lower == pytest.approx(max(one.share - half, 0), abs=1e-6)
        assert one.upper == pytest.approx(min(one.share + half, 1), abs=1e-6)
    assert [one.levels for one in found[:2]] == [len(set(factors[f])) for f in ("model", "item")]
    assert found[-1].levels == y.size
    two = variance_components(y, factors, groups % 2)
    assert {(one.lower, one.upper) for one in two} == {(None, None)}
    # without the last group only level a is left: no share, so no interval
    left = variance_components(
        np.array([1.0, 2, 1, 3, 5, 7]),
        {"x": np.array(list("aaaabb"))},
        np.array([0, 0, 1, 1, 2, 2]),
    )
    assert [one.lower for one in left] == [None, None]
    with pytest.raises(DataError, match=f"one entry for each of {y.size}"):
        variance_components(y, factors, groups[1:])


def test_components_below_zero_are_shown_and_share_nothing() -> None:
    # two groups with equal means and spread inside: the group variance comes out below zero.
    # between squares 0, within 4 x 1 over 2 df = 2: group variance (0 - 2) / 2 = -1
    found = variance_components(np.array([-1.0, 1, -1, 1]), {"group": np.array(list("aabb"))})
    assert [one.variance for one in found] == pytest.approx([-1, 2])
    assert [one.share for one in found] == [0, 1]


def test_components_that_cannot_be_told_apart_are_refused() -> None:
    y, factors = components()
    with pytest.raises(DataError, match="cannot be told apart"):
        variance_components(y, {**factors, "again": factors["item"]})
    with pytest.raises(DataError, match="at least two levels"):
        variance_components(y, {"model": np.ones(y.size)})
    with pytest.raises(DataError, match="one level for each"):
        variance_components(y, {"model": np.ones(3)})


def test_manova_equals_r() -> None:
    rows = table("manova")
    Y = np.array([[float(row[name]) for name in ("y1", "y2", "y3")] for row in rows])
    labels = [row["g"] for row in rows]
    found = {one.name: one for one in manova(Y, labels)}
    for name, theirs in (("pillai", "Pillai"), ("wilks", "Wilks"), ("roy", "Roy")):
        one = found[name]
        np.testing.assert_allclose(
            (one.value, one.f, one.df1, one.df2, one.p), expected()["manova", theirs], rtol=1e-8
        )
    # R and statsmodels take different F approximations of this one; the statistic is the same
    assert found["hotelling_lawley"].value == pytest.approx(
        expected()["manova", "Hotelling-Lawley"][0], rel=1e-8
    )
    tests = score_tests(Y, labels, ["y1", "y2", "y3"])
    for name in ("f", "p", "eta2", "p_adjusted"):
        np.testing.assert_allclose(
            [getattr(one, name) for one in tests], expected()["manova", name], rtol=1e-8
        )
    assert (tests[0].df1, tests[0].df2) == (3, 36)


def test_manova_guards() -> None:
    rng = np.random.default_rng(1)
    Y = rng.normal(size=(12, 3))
    labels = list("aaaabbbbcccc")
    with pytest.raises(DataError, match="at least 2 groups"):
        manova(Y, ["a"] * 12)
    with pytest.raises(DataError, match="2 degrees of freedom for 3 scores"):
        manova(Y[:4], list("aabb"))
    with pytest.raises(DataError, match="depend linearly"):
        manova(Y - Y.mean(axis=1, keepdims=True), labels)
    with pytest.raises(DataError, match="nothing within groups"):
        score_tests(Y[:3], list("abc"), ["x", "y", "z"])
    still = np.repeat([[1.0, 2.0], [3.0, 2.0]], 3, axis=0)
    rows = score_tests(still, list("aaabbb"), ["moves", "never"])
    assert [row.f for row in rows] == [None, None]
    assert rows[0].eta2 == 1.0
    assert rows[1].eta2 is None
    assert "not tested" in rows[0].note


def test_omega_of_three_items_is_that_of_a_factor_and_takes_the_key_as_given() -> None:
    x = items()[:, :3]
    value, heywood = omega_total(x)
    S = (x - x.mean(0)) / x.std(0)
    R = np.atleast_2d(np.corrcoef(x.T))
    assert omega_total(S)[0] == pytest.approx(omega(R, 180, 1).total, abs=1e-4)
    assert not heywood
    assert 0 < value < 1
    turned = x * np.array([1, 1, -1])
    assert omega_total(turned)[0] < value / 2
    assert alpha(turned).alpha < alpha(x).alpha


def test_an_item_without_error_is_a_heywood_case_whichever_way_it_points() -> None:
    rng = np.random.default_rng(5)
    common = rng.normal(size=(300, 1))
    x = common + np.column_stack([rng.normal(size=(300, 2)), np.zeros(300)])
    assert omega_total(x)[1]
    assert omega_total(x * np.array([1, 1, -1]))[1]


def test_omega_interval_resamples_clusters() -> None:
    x = np.repeat(items()[:60, :3], 3, axis=0)
    by_case = omega_interval(x, np.repeat(np.arange(60), 3), draws=200)
    as_if_independent = omega_interval(x, np.arange(180), draws=200)
    assert by_case.omega == as_if_independent.omega
    assert by_case.lower is not None
    assert by_case.upper is not None
    assert as_if_independent.lower is not None
    assert as_if_independent.upper is not None
    wide = by_case.upper - by_case.lower
    assert wide > 1.3 * (as_if_independent.upper - as_if_independent.lower)
    assert omega_interval(x, np.zeros(180)).lower is None
    with pytest.raises(DataError, match=r"never vary, columns \[1\]"):
        omega_total(np.column_stack([x[:, 0], np.ones(180), x[:, 2]]))
    with pytest.raises(DataError, match="three items"):
        omega_total(x[:, :2])
