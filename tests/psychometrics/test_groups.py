from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from valuelex.errors import DataError
from valuelex.psychometrics.groups import (
    SLOPE,
    benjamini_hochberg,
    clustered,
    compare_groups,
)


def test_single_case_clusters_give_welch_error_and_bell_mccaffrey_df() -> None:
    rng = np.random.default_rng(0)
    x = np.array([0.0] * 6 + [1.0] * 9)
    y = rng.normal(size=15) + x
    found = clustered(y, x, np.array([f"f{i}" for i in range(15)]))
    a, b = y[x == 0], y[x == 1]
    assert found.estimate == pytest.approx(b.mean() - a.mean(), abs=1e-12)
    assert found.se == pytest.approx(np.sqrt(a.var(ddof=1) / 6 + b.var(ddof=1) / 9), abs=1e-12)
    # Imbens & Kolesar (2016), the Bell-McCaffrey degrees of freedom of two groups
    n0, n1 = 6, 9
    df = (n0 + n1) ** 2 * (n0 - 1) * (n1 - 1) / (n1**2 * (n1 - 1) + n0**2 * (n0 - 1))
    assert found.df == pytest.approx(df, abs=1e-9)
    assert found.p == pytest.approx(2 * stats.t.sf(abs(found.estimate / found.se), df))


def test_single_case_clusters_give_hc2_of_statsmodels() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(1)
    x, noise = rng.normal(size=20), rng.normal(size=20)
    y = 0.3 * x + noise * (1 + x**2)
    theirs = sm.OLS(y, sm.add_constant(x)).fit(cov_type="HC2")
    found = clustered(y, x, np.array([f"f{i:02d}" for i in range(20)]))
    assert found.se == pytest.approx(theirs.bse[1], abs=1e-10)


def test_the_variance_is_unbiased_under_independence() -> None:
    """The defining property of CR2: summed over unit responses, se^2 is the true variance."""
    rng = np.random.default_rng(2)
    clusters = np.array(["a"] * 3 + ["b"] * 5 + ["c"] * 2 + ["d"] * 4)
    x = rng.normal(size=14)
    total = sum(clustered(np.eye(14)[i], x, clusters).se ** 2 for i in range(14))
    assert total == pytest.approx(1 / ((x - x.mean()) ** 2).sum(), abs=1e-10)


def test_a_family_effect_is_not_called_a_group_effect() -> None:
    """Null data with strong families and the group between them: the level holds."""
    rng = np.random.default_rng(3)
    families = np.repeat([f"f{i:02d}" for i in range(12)], 3)
    x = np.repeat([0.0, 1.0] * 6, 3)
    called = naive = 0
    for _ in range(200):
        y = np.repeat(rng.normal(size=12), 3) + rng.normal(size=36) * 0.3
        called += clustered(y, x, families).p < 0.05
        naive += stats.ttest_ind(y[x == 0], y[x == 1]).pvalue < 0.05
    assert called / 200 < 0.09
    assert naive / 200 > 0.15  # what ignoring the families would do


def test_benjamini_hochberg_is_r_p_adjust() -> None:
    # R: p.adjust(c(.01, .04, .03, .5, .02), "BH")
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.5, 0.02]) == pytest.approx(
        [0.05, 0.05, 0.05, 0.5, 0.05]
    )
    assert benjamini_hochberg([]) == []


def study(seed: int = 4) -> tuple[list[str], list[float], list[str], np.ndarray]:
    rng = np.random.default_rng(seed)
    families = [f"f{i // 3}" for i in range(30)]
    size = (10 ** rng.uniform(0, 2, size=30)).tolist()
    training = ["pretrained" if i % 3 == 0 else "aligned" for i in range(30)]
    return families, size, training, rng.normal(size=30)


def test_planted_effects_are_found_with_their_size() -> None:
    families, size, training, noise = study()
    y = 0.8 * np.log10(size) + 0.5 * noise
    rows = compare_groups(
        {"competence": y.tolist(), "nothing": noise.tolist()},
        families,
        numbers={"size": size},
        labels={"training": (training, "pretrained")},
    )
    assert [(row.score, row.grouping, row.contrast) for row in rows] == [
        ("competence", "size", SLOPE),
        ("competence", "training", "aligned - pretrained"),
        ("nothing", "size", SLOPE),
        ("nothing", "training", "aligned - pretrained"),
    ]
    slope = rows[0]
    assert slope.lower is not None
    assert slope.upper is not None
    assert slope.lower < 0.8 < slope.upper
    assert slope.p_adjusted is not None
    assert slope.p_adjusted < 0.05
    assert slope.effect_size == pytest.approx(np.corrcoef(np.log10(size), y)[0, 1])
    assert (slope.n_models, slope.n_families) == (30, 10)
    assert rows[2].p_adjusted is not None
    assert rows[2].p_adjusted > 0.05


def test_hedges_g_by_hand() -> None:
    # groups 1,2,3 and 3,4,5: difference 2, pooled sd 1, correction 1 - 3/(4*4 - 1) = .8
    rows = compare_groups(
        {"s": [1, 2, 3, 3, 4, 5]},
        ["a", "b", "c", "d", "e", "f"],
        numbers={},
        labels={"training": (["x", "x", "x", "y", "y", "y"], "x")},
    )
    assert rows[0].estimate == pytest.approx(2)
    assert rows[0].effect_size == pytest.approx(1.6)
    assert rows[0].effect == "hedges_g"


def test_one_family_on_a_side_is_shown_and_not_tested() -> None:
    rows = compare_groups(
        {"s": [1, 2, 3, 4, 5, 6]},
        ["a", "a", "a", "b", "c", "d"],
        numbers={},
        labels={"data": (["code", "code", "code", "web", "web", "web"], "web")},
    )
    assert rows[0].estimate == pytest.approx(-3)
    assert rows[0].p is None
    assert rows[0].p_adjusted is None
    assert "single family" in rows[0].note


@pytest.mark.parametrize("lone", ["code", "web"])
def test_a_single_family_on_either_side_is_not_tested(lone: str) -> None:
    sides = ["code", "code", "code", "web", "web", "web"]
    families = [f"{i}" if side != lone else "one" for i, side in enumerate(sides)]
    (row,) = compare_groups(
        {"s": [1, 2, 3, 4, 5, 7]}, families, numbers={}, labels={"data": (sides, "web")}
    )
    assert (row.p, row.se, row.df, row.effect_lower) == (None, None, None, None)
    assert "single family" in row.note
    assert row.effect_size is not None
    pairs = [f"{i // 2}" for i in range(6)]  # two families a side are enough
    (row,) = compare_groups(
        {"s": [1, 2, 3, 4, 5, 7]}, pairs, numbers={}, labels={"data": (sides, "web")}
    )
    assert row.p is not None


def test_few_families_are_flagged() -> None:
    _, size, _, noise = study()
    few = [f"f{i % 4}" for i in range(30)]
    row = compare_groups({"s": noise.tolist()}, few, numbers={"size": size}, labels={})[0]
    assert row.df is not None
    assert row.df < 4
    assert "too few" in row.note
    row = compare_groups({"s": noise.tolist()}, ["a", "b"] * 15, numbers={"size": size}, labels={})[
        0
    ]
    assert row.note == "fewer than 3 families"


def test_missing_scores_and_unknown_groups_leave_the_contrast() -> None:
    rows = compare_groups(
        {"s": [1.0, 2.0, float("nan"), 3.0, 4.0, 9.0]},
        ["a", "b", "c", "d", "e", "f"],
        numbers={"size": [1, 10, 100, float("nan"), 5, 7]},
        labels={"training": (["x", "x", "x", "y", "y", ""], "x")},
    )
    assert [row.n_models for row in rows] == [4, 4]
    constant = compare_groups(
        {"s": [2.0] * 6}, list("abcdef"), numbers={}, labels={"g": (list("xxxyyy"), "x")}
    )
    assert constant[0].effect_size is None
    assert constant[0].note == "the score does not vary within the groups"


def test_what_cannot_be_compared_is_said() -> None:
    with pytest.raises(DataError, match="one entry for each of 2 models"):
        compare_groups({"s": [1.0]}, ["a", "b"], numbers={}, labels={})
    with pytest.raises(DataError, match="positive"):
        compare_groups({"s": [1.0, 2, 3]}, ["a", "b", "c"], numbers={"size": [0, 1, 2]}, labels={})
    with pytest.raises(DataError, match="2 clusters"):
        clustered(np.arange(4.0), np.arange(4.0), np.array(["a"] * 4))
