"""Building the matrix, and every guard rail before the analysis."""

import numpy as np
import pytest

from valuelex.errors import DataError
from valuelex.psychometrics.checks import check_matrix, fill_means
from valuelex.psychometrics.ipsatise import ipsatise
from valuelex.psychometrics.matrix import (
    correlation,
    covariance,
    respondent_term_matrix,
    shrink,
    standardise,
)
from valuelex.psychometrics.prepare import prepare

RNG = np.random.default_rng(0)
GOOD = RNG.normal(size=(60, 6))
NAMES = [f"w{j}" for j in range(6)]


def kinds(X: np.ndarray, blocks: np.ndarray | None = None) -> list[str]:
    names = [f"w{j}" for j in range(X.shape[1])]
    return [problem.kind for problem in check_matrix(X, names, blocks)]


def test_codings_by_hand() -> None:
    mentions = [("a", "x"), ("a", "x"), ("a", "y"), ("b", "z")]
    args = (["a", "b"], ["x", "y", "z"], mentions)
    np.testing.assert_array_equal(
        respondent_term_matrix(*args, coding="counts"), [[2, 1, 0], [0, 0, 1]]
    )
    np.testing.assert_array_equal(respondent_term_matrix(*args), [[1, 1, 0], [0, 0, 1]])
    clr = respondent_term_matrix(*args, coding="clr")
    np.testing.assert_allclose(clr.sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(clr[0, 0] - clr[0, 1], np.log(2.5 / 1.5))


def test_unknown_names_are_named() -> None:
    with pytest.raises(DataError, match="did you mean 'honesty'"):
        respondent_term_matrix(["a"], ["honesty"], [("a", "honestly")])
    with pytest.raises(DataError, match="respondent 'c'"):
        respondent_term_matrix(["a"], ["x"], [("c", "x")])
    with pytest.raises(DataError, match="'x' is given twice"):
        respondent_term_matrix(["a"], ["x", "x"], [])
    with pytest.raises(DataError, match="presence, counts, clr"):
        respondent_term_matrix(["a"], ["x"], [], coding="tfidf")  # type: ignore[arg-type]


def test_correlation_and_covariance() -> None:
    np.testing.assert_allclose(correlation(GOOD), np.corrcoef(GOOD.T), atol=1e-12)
    np.testing.assert_allclose(covariance(GOOD), np.cov(GOOD.T), atol=1e-12)
    with pytest.raises(DataError, match="column 2 is constant"):
        correlation(np.column_stack([GOOD[:, 0], np.ones(60)]))
    with pytest.raises(DataError, match="column 1 holds a missing"):
        standardise(np.array([[np.nan, 1.0], [2.0, 3.0]]))
    with pytest.raises(DataError, match="two rows"):
        standardise(np.ones((1, 3)))


def test_shrink_against_its_definition() -> None:
    X = np.random.default_rng(5).normal(size=(20, 5))
    n, p = X.shape
    Z = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
    # Schafer and Strimmer (2005), equation for the variance of a correlation, written out
    top = bottom = 0.0
    for i in range(p):
        for j in range(p):
            if i != j:
                w = Z[:, i] * Z[:, j]
                top += n / (n - 1) ** 3 * float(((w - w.mean()) ** 2).sum())
                bottom += float(n / (n - 1) * w.mean()) ** 2
    assert shrink(X).intensity == pytest.approx(min(1.0, top / bottom), rel=1e-9)
    wide = shrink(np.random.default_rng(6).normal(size=(10, 30)))
    assert np.linalg.eigvalsh(wide.R)[0] > 0


def test_each_fault_has_its_name() -> None:
    assert kinds(GOOD) == []
    assert kinds(RNG.normal(size=(6, 6))) == ["wide"]
    assert kinds(np.column_stack([GOOD, np.ones(60)])) == ["constant"]
    once = np.zeros(60)
    once[3] = 1
    assert kinds(np.column_stack([GOOD, once])) == ["rare"]
    assert kinds(np.column_stack([GOOD, GOOD[:, 2]])) == ["duplicate"]
    assert kinds(GOOD, np.array(["m"] * 60)) == ["one_block"]
    holes = GOOD.copy()
    holes[::20, 1] = np.nan
    assert kinds(holes) == ["missing"]
    with pytest.raises(DataError, match="6 named columns"):
        check_matrix(GOOD[:, :2], NAMES)


def test_each_fault_is_told_with_its_names_and_remedy() -> None:
    once = np.zeros(60)
    once[3] = 1
    flat = np.ones((60, 7))
    X = np.column_stack([GOOD[:, :3], GOOD[:, 0], once, flat])
    names = ["a", "b", "c", "twin", "once", *(f"f{j}" for j in range(7))]
    found = {one.kind: one for one in check_matrix(X, names, np.array(["m"] * 60))}
    assert found["constant"].names == tuple(f"f{j}" for j in range(7))
    assert found["constant"].text == "7 of 12 columns never vary: f0, f1, f2, f3, f4 and 2 more"
    assert found["rare"].text == "1 columns vary in fewer than 2 rows: once"
    assert found["duplicate"].names == ("twin",)
    assert found["duplicate"].text == "1 columns repeat another exactly: twin = a"
    assert found["one_block"].text.startswith("all 60 rows come from one model (m)")
    assert found["one_block"].remedy == "add models to the roster"
    for kind in ("constant", "rare", "duplicate"):
        assert found[kind].remedy == "dropped, with this reason"
    (wide,) = check_matrix(GOOD[:6], NAMES)
    assert wide.text.startswith("6 rows for 6 columns")
    assert wide.remedy.startswith("use fewer terms, more respondents")
    assert check_matrix(GOOD[:7], NAMES) == ()
    assert check_matrix(np.column_stack([GOOD, once]), [*NAMES, "once"], min_rows=1) == ()
    holes = GOOD.copy()
    holes[:6, 1] = np.nan
    holes[0, 2] = np.inf
    (missing,) = check_matrix(holes, NAMES)
    assert missing.names == ("w1", "w2")
    assert missing.text == "1.9% of the cells are missing, in 2 of 6 columns and 6 of 60 rows"
    assert missing.remedy.startswith("choose missing='mean'")


def test_holes_are_filled_with_what_is_known_of_the_column() -> None:
    X = np.array([[1.0, np.nan, np.nan], [np.inf, np.nan, 4], [3, np.nan, 6]])
    np.testing.assert_array_equal(fill_means(X), [[1, 0, 5], [2, 0, 4], [3, 0, 6]])


def test_remedies_are_said_aloud() -> None:
    once = np.zeros(60)
    once[3] = 1
    X = np.column_stack([GOOD, np.ones(60), once, GOOD[:, 0]])
    ready = prepare(X, [*NAMES, "flat", "once", "twin"])
    assert ready.names == tuple(NAMES)
    assert [name for name, _ in ready.dropped] == ["flat", "once", "twin"]
    assert len(ready.warnings) == 3
    assert ready.shrinkage == 0
    np.testing.assert_array_equal(ready.X, GOOD)


def test_missing_cells_need_a_decision() -> None:
    holes = GOOD.copy()
    holes[RNG.random(GOOD.shape) < 0.03] = np.nan
    with pytest.raises(DataError, match=r"cells are missing.*missing='mean'"):
        prepare(holes, NAMES)
    filled = prepare(holes, NAMES, missing="mean")
    assert np.isfinite(filled.X).all()
    assert "remedy: mean" in filled.warnings[0]
    fewer = prepare(holes, NAMES, missing="drop_rows")
    assert len(fewer.rows) == len(fewer.X) < 60
    np.testing.assert_array_equal(fewer.X, GOOD[list(fewer.rows)])
    empty = GOOD.copy()
    empty[:, 0] = np.nan
    with pytest.raises(DataError, match="rows are complete"):
        prepare(empty, NAMES, missing="drop_rows")


def test_wide_and_singular() -> None:
    X = np.random.default_rng(7).normal(size=(12, 20))
    names = [f"v{j}" for j in range(20)]
    with pytest.raises(DataError, match="rank 11 for 20 columns"):
        prepare(X, names, singular="error")
    ready = prepare(X, names)
    assert ready.shrinkage > 0
    assert np.linalg.eigvalsh(ready.R_regular)[0] > 0
    assert any("shrunk" in text for text in ready.warnings)


def test_too_little_to_factor() -> None:
    with pytest.raises(DataError, match="same words"):
        prepare(np.ones((10, 4)), ["a", "b", "c", "d"])
    with pytest.raises(DataError, match="one model"):
        prepare(GOOD, NAMES, blocks=np.array(["m"] * 60))


def test_ipsatising() -> None:
    X = np.array([[5.0, 1.0, 4.0, 2.0], [9.0, 8.0, 9.0, 1.0]])
    np.testing.assert_allclose(ipsatise(X).sum(axis=1), 0, atol=1e-12)
    unit = ipsatise(X, "standardise")
    np.testing.assert_allclose(unit.std(axis=1, ddof=1), 1)
    np.testing.assert_allclose(unit.mean(axis=1), 0, atol=1e-12)
    # column means 7, 4.5, 6.5, 1.5: the first and the third lie at or above 5
    level = np.array([(4.5 + 1.5) / 2, (9 + 4.5) / 2])
    want = (X - level[:, None]) / X.std(axis=1, ddof=1, keepdims=True)
    np.testing.assert_allclose(ipsatise(X, "balanced", 5.0), want)
    np.testing.assert_array_equal(ipsatise(X, "none"), X)
    with pytest.raises(DataError, match="midpoint"):
        ipsatise(X, "balanced")
    with pytest.raises(DataError, match="one side"):
        ipsatise(X, "balanced", 0.0)
    with pytest.raises(DataError, match="row 2 gives the same answer"):
        ipsatise(np.array([[0.1, 0.2, 0.3], [1, 1, 1], [1, 1, 1]]), "standardise")
    with pytest.raises(DataError, match="none, centre"):
        ipsatise(X, "halve")  # type: ignore[arg-type]
