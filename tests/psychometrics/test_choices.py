from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, logit

from valuelex.errors import DataError
from valuelex.psychometrics.choices import Choices, foretell, logistic
from valuelex.psychometrics.intervals import cluster_ratio, wilson

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "choices.json").read_text(encoding="utf-8")
)
TAKEN = np.array([3, 1, 0, 4, 2, 2, 5, 1, 3, 0, 4, 2], dtype=float)
ASKED = np.array([4, 4, 3, 5, 4, 4, 5, 4, 5, 2, 6, 4], dtype=float)
PLACE = np.tile([1.0, -1.0], 6)
X = np.array([0.9, -0.4, -1.1, 0.8, 0.1, 0.3, 1.6, -0.7, 0.2, -1.5, 0.6, -0.1])
OFFSET = np.repeat([0.2, -0.4, 0, 0.7, -0.1, 0.3], 2)


def test_regression_equals_glm_of_r() -> None:
    found = logistic(TAKEN, ASKED, np.column_stack([PLACE, X]), OFFSET)
    assert found.converged
    np.testing.assert_allclose(found.coefficients, REFERENCE["offset"], atol=1e-9)
    ones = np.column_stack([np.ones(12), PLACE, X])
    plain = logistic(TAKEN, ASKED, ones, np.zeros(12))
    np.testing.assert_allclose(plain.coefficients, REFERENCE["plain"], atol=1e-9)


def test_wilson_equals_prop_test_of_r() -> None:
    assert wilson(21, 40) == pytest.approx(tuple(REFERENCE["wilson"]), abs=1e-9)
    assert wilson(0, 0) == (None, None)


def test_a_separated_sample_stays_finite() -> None:
    taken = np.array([1.0, 1, 0, 0])
    found = logistic(taken, np.ones(4), np.array([[1.0], [2], [-1], [-2]]), np.zeros(4), 0.01)
    assert found.converged
    assert 0 < found.coefficients[0] < 10


def made(seed: int, slope: float, *, families: int = 10, cases: int = 20) -> Choices:
    """Return 30 models' choices in both orders; each case has a base rate of its own."""
    rng = np.random.default_rng(seed)
    models = 3 * families
    case = np.tile(np.repeat(np.arange(cases), 2), models)
    model = np.repeat(np.arange(models), 2 * cases)
    place = np.tile([1.0, -1.0], models * cases)
    profile = rng.normal(size=(models, cases)) + rng.normal(size=cases)
    odds = rng.normal(0, 1, cases)[case] + 0.3 * place + slope * profile[model, case]
    return Choices(
        taken=rng.binomial(3, expit(odds)),
        asked=np.full(len(case), 3),
        difference=profile[model, case],
        place=place,
        case=case,
        model=model,
        family=model // 3,
    )


def test_a_planted_slope_is_found_and_helps() -> None:
    found = foretell(made(1, 1.0), permutations=39)
    assert found.foretells
    assert found.slope == pytest.approx(1.0, abs=0.15)
    assert found.accuracy > found.base_accuracy + 0.05
    assert (found.n, found.n_models, found.n_families) == (3600, 30, 10)
    assert found.cell_gain.sum() / 3600 == pytest.approx(found.gain)
    assert foretell(made(1, 1.0), permutations=39).p == found.p


def test_each_family_is_foretold_by_the_others_alone() -> None:
    choices = made(4, 0.8, families=4, cases=6)
    found = foretell(choices, permutations=19, draws=200, seed=3)
    taken, asked = choices.taken.astype(float), choices.asked.astype(float)
    base, chance, alone = np.empty((3, len(taken)))
    slopes = []
    for left_out in range(4):
        test = choices.family == left_out
        train = ~test
        # the base rate of a case with half a choice added to either side, and its mean difference
        rates, centres = [], []
        for one in choices.case:
            same = train & (choices.case == one)
            rates.append((taken[same].sum() + 0.5) / (asked[same].sum() + 1))
            centres.append(np.average(choices.difference[same], weights=asked[same]))
        offset = logit(np.array(rates))
        both = np.column_stack([choices.place, choices.difference - centres])
        for out, design, known in (
            (base, both[:, :1], offset),
            (chance, both, offset),
            (alone, np.column_stack([np.ones(len(taken)), choices.place, choices.difference]), 0),
        ):
            known = known + np.zeros(len(taken))
            fit = logistic(taken[train], asked[train], design[train], known[train], 0.01)
            out[test] = expit(known[test] + design[test] @ fit.coefficients)
            if out is chance:
                slopes.append(fit.coefficients[1])
    np.testing.assert_allclose(found.base, base)
    np.testing.assert_allclose(found.chance, chance)
    assert found.slope == pytest.approx(np.mean(slopes))
    right = np.where(alone > 0.5, taken, asked - taken)
    assert found.alone_accuracy == pytest.approx(right.sum() / asked.sum())
    logs = [taken * np.log(p) + (asked - taken) * np.log(1 - p) for p in (chance, base)]
    np.testing.assert_allclose(found.cell_gain, logs[0] - logs[1])
    # the interval is that of the gain over families drawn with replacement
    sums = np.array([found.cell_gain[choices.family == f].sum() for f in range(4)])
    sizes = np.array([asked[choices.family == f].sum() for f in range(4)])
    rows = np.random.default_rng(3).integers(0, 4, (200, 4))
    drawn = sums[rows].sum(axis=1) / sizes[rows].sum(axis=1)
    assert (found.lower, found.upper) == pytest.approx(tuple(np.percentile(drawn, [2.5, 97.5])))


def test_the_profile_of_a_strong_effect_beats_every_deal() -> None:
    found = foretell(made(1, 1.0), permutations=39)
    assert found.p == pytest.approx(1 / 40)
    assert found.permutations == 39


def test_a_coin_is_half_right() -> None:
    # no profile, no place, and cases at even odds: every chance is one half
    choices = made(1, 0.0, families=3, cases=2)
    even = replace(
        choices,
        asked=np.full(len(choices.case), 2),
        taken=np.ones(len(choices.case), dtype=int),
        difference=np.zeros(len(choices.case)),
    )
    found = foretell(even, permutations=0)
    np.testing.assert_allclose(found.chance, 0.5)
    assert (found.accuracy, found.base_accuracy, found.alone_accuracy) == (0.5, 0.5, 0.5)
    assert found.gain == pytest.approx(0)


def test_what_foretells_has_an_interval_above_zero_and_a_small_p() -> None:
    found = foretell(made(1, 1.0), permutations=39)
    assert found.foretells
    for changed in ({"lower": 0.0}, {"lower": None}, {"p": 0.05}, {"p": None}):
        assert not replace(found, **changed).foretells


def test_a_fit_that_does_not_settle_says_so() -> None:
    # a separated sample without a penalty: the coefficient grows by at most 5 a step, for ever
    taken = np.array([1.0, 1, 0, 0])
    steep = np.array([[1e-6], [2e-6], [-1e-6], [-2e-6]])
    found = logistic(taken, np.ones(4), steep, np.zeros(4))
    assert (found.converged, found.steps) == (False, 50)
    assert found.coefficients[0] == pytest.approx(250)
    penalised = logistic(TAKEN, ASKED, X[:, None], OFFSET, 2.0)
    slope = X @ (TAKEN - ASKED * expit(OFFSET + X * penalised.coefficients[0]))
    assert slope == pytest.approx(2.0 * penalised.coefficients[0])  # where the gradient is zero


def test_profiles_of_other_models_are_not_called_predictive() -> None:
    called = 0
    for seed in range(20):
        choices = made(seed, 1.0)
        table = choices.difference.reshape(30, -1)
        dealt = table[np.random.default_rng(100 + seed).permutation(30)].ravel()
        called += foretell(replace(choices, difference=dealt), permutations=39, draws=300).foretells
    assert called <= 1


def test_what_everybody_chooses_is_no_merit_of_the_profile() -> None:
    """The profile differs between cases as the base rates do, and between models by noise."""
    choices = made(5, 0.0)
    rates = np.bincount(choices.case, choices.taken) / np.bincount(choices.case, choices.asked)
    noise = np.random.default_rng(0).normal(0, 0.3, (30, 1, 1)) * np.ones((30, 20, 2))
    tied = rates[choices.case] * 5 + noise.ravel()
    found = foretell(replace(choices, difference=tied), permutations=39)
    assert not found.foretells
    assert found.alone_accuracy > 0.55
    assert found.base_accuracy > 0.55


def test_cells_without_profile_or_choice_are_left_out() -> None:
    choices = made(2, 1.0)
    difference = choices.difference.copy()
    difference[:40] = np.nan
    asked, taken = choices.asked.copy(), choices.taken.copy()
    asked[40:50], taken[40:50] = 0, 0
    changed = replace(choices, difference=difference, asked=asked, taken=taken)
    found = foretell(changed, permutations=0)
    assert found.n == 3600 - 120 - 30
    assert found.p is None
    assert not found.foretells
    assert len(found.chance) == 1200 - 50


def test_too_few_families_and_one_answer_only_are_refused() -> None:
    with pytest.raises(DataError, match="at least 3 families"):
        foretell(made(3, 1.0, families=2))
    same = made(3, 1.0)
    with pytest.raises(DataError, match="every choice was the same"):
        foretell(replace(same, taken=same.asked))


def test_ratio_resamples_clusters() -> None:
    part, whole = np.array([1.0, 0, 3, 2]), np.array([2.0, 2, 4, 2])
    share, lower, upper = cluster_ratio(part, whole, np.array(["a", "a", "b", "c"]))
    assert share == pytest.approx(0.6)
    assert lower is not None
    assert upper is not None
    assert 0.25 <= lower <= 0.6 <= upper <= 1.0
    assert cluster_ratio(part, whole, np.array(["a", "a", "b", "b"]))[1] is None
    # two draws in a hundred hold only clusters that counted nothing: they have no ratio
    rare = np.array([1.0, 1, 1, 0, 0, 0, 0, 0])
    assert cluster_ratio(rare * [1, 0, 1, 0, 0, 0, 0, 0], rare, np.arange(8))[1] is not None
    assert cluster_ratio(part, np.zeros(4), np.array(list("abcd"))) == (None, None, None)
