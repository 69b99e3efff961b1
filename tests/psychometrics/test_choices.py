from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

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
    assert cluster_ratio(part, np.zeros(4), np.array(list("abcd"))) == (None, None, None)
