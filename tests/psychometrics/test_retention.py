"""How many factors: right on planted structures, none where nothing is planted."""

import numpy as np
import pytest
from tests.psychometrics.lists import Lists, simulate

from valuelex.errors import DataError
from valuelex.psychometrics.matrix import standardise
from valuelex.psychometrics.parallel import (
    deflated_test,
    leading,
    minimum_average_partial,
    parallel_analysis,
)
from valuelex.psychometrics.retention import comparability, halve, n_factors, without_length
from valuelex.psychometrics.row_retention import n_factors_of_rows


def decide(study: Lists, seed: int = 0) -> int:
    return n_factors(
        study.X, study.models, study.families, permutations=39, splits=3, limit=7, seed=seed
    ).n_factors


@pytest.mark.parametrize("k", [0, 2, 3, 4, 5])
def test_the_planted_number_comes_out(k: int) -> None:
    assert decide(simulate(100 + k, k)) == k


def test_single_rows_mistake_tastes_for_factors(nothing: Lists) -> None:
    found = n_factors(nothing.X, nothing.models, nothing.families, permutations=59, splits=4)
    assert found.n_factors == 0
    assert "No factor is supported" in found.text
    assert found.rows.n_factors > 0  # what the naive analysis would have said
    assert "single rows" in found.agreement


def test_a_talkative_general_factor_is_no_value() -> None:
    study = simulate(31, 0, verbosity=0.4)
    assert parallel_analysis(study.X, study.models, 39).n_factors >= 1
    assert decide(study) == 0


def test_half_the_models() -> None:
    assert decide(simulate(41, 3, models=18, families=8)) == 3


def test_the_sentence_tells_why(study: Lists) -> None:
    found = n_factors(study.X, study.models, study.families, permutations=39, splits=3, limit=4)
    assert found.text.startswith("3 factors:")
    assert found.bound.n_factors >= 3
    assert dict(found.comparability)[3] > 0.8
    assert found.blocked.scheme == "permute"
    assert found.blocked.blocks == 35
    again = n_factors(study.X, study.models, study.families, permutations=39, splits=3, limit=4)
    assert again.text == found.text
    assert again.comparability == found.comparability


def test_every_part_of_the_rule_is_drawn_from_the_seed(study: Lists) -> None:
    found = n_factors(study.X, study.models, study.families, None, 19, 90.0, 2, 4, seed=6)
    Z = standardise(study.X)
    level = without_length(study.X)
    assert found.structure == deflated_test(level, study.families, 19, limit=0, seed=7)
    assert found.bound == deflated_test(Z, study.families, 19, limit=4, seed=8)
    assert found.structure.percentile == 99
    numbers = range(1, found.bound.n_factors + 1)
    assert found.comparability == comparability(Z, study.families, study.models, numbers, 2, 9)
    for part, blocks, seed in ((found.rows, None, 10), (found.blocked, study.models, 11)):
        same = parallel_analysis(study.X, blocks, 19, 90.0, seed)
        np.testing.assert_array_equal(part.thresholds, same.thresholds)
        assert (part.n_factors, part.percentile, part.permutations) == (same.n_factors, 90.0, 19)
    assert found.kaiser == int((np.linalg.eigvalsh(np.corrcoef(study.X.T)) > 1).sum())
    assert len(found.map.squared) == 9  # after none and up to twice the limit
    assert found.phi_needed == 0.35  # four over the root of 160 words is less


def test_a_component_is_taken_out_before_the_next_is_tested(study: Lists) -> None:
    Z = standardise(study.X)
    found = deflated_test(Z, study.families, 19, limit=1)
    assert (found.n_factors, len(found.observed), len(found.thresholds)) == (1, 2, 2)
    values = np.sort(np.linalg.eigvalsh(np.corrcoef(study.X.T)))[::-1]
    np.testing.assert_allclose(found.observed, values[:2])


def test_a_word_that_only_one_half_names_is_left_out_of_the_comparison(study: Lists) -> None:
    X = np.column_stack([study.X, study.families == 0])
    with_it = comparability(standardise(X), study.families, study.models, [2], 2, 1)
    without = comparability(standardise(study.X), study.families, study.models, [2], 2, 1)
    assert dict(with_it) == pytest.approx(dict(without))


def test_unequal_blocks_are_flipped(study: Lists) -> None:
    keep = np.ones(len(study.X), dtype=bool)
    keep[:7] = False
    found = parallel_analysis(study.X[keep], study.models[keep], 39)
    assert found.scheme == "flip"
    assert found.n_factors == 3


def test_length_is_taken_out(study: Lists) -> None:
    rest = without_length(study.X)
    length = study.X.sum(axis=1)
    z = (length - length.mean()) / length.std()
    np.testing.assert_allclose(rest.T @ z, 0, atol=1e-8)
    np.testing.assert_allclose(rest.T @ z**2, 0, atol=1e-8)
    np.testing.assert_allclose(without_length(study.X, np.zeros(525)), standardise(study.X))


def test_halves_keep_families_whole_and_balance_models(study: Lists) -> None:
    half = halve(study.families, study.models, np.random.default_rng(0))
    for family in np.unique(study.families):
        assert len(set(half[study.families == family])) == 1
    assert abs(len(set(study.models[half])) - 17.5) <= 3


def test_leading_counts_up_to_the_first_that_fails() -> None:
    assert leading(np.array([3.0, 1.0, 2.0]), np.array([2.0, 2.0, 1.0])) == 1
    assert leading(np.array([3.0, 3.0]), np.array([2.0, 2.0])) == 2


def test_map_by_hand() -> None:
    # two pairs that correlate .8: two components use the common part up
    R = np.eye(4)
    R[0, 1] = R[1, 0] = R[2, 3] = R[3, 2] = 0.8
    found = minimum_average_partial(R)
    assert found.squared[0] == pytest.approx(4 * 0.64 / 12)
    assert found.fourth[0] == pytest.approx(4 * 0.8**4 / 12)


def test_guards(study: Lists) -> None:
    with pytest.raises(DataError, match="at least four models"):
        n_factors(study.X[:30], study.models[:30])
    with pytest.raises(DataError, match="19 or more"):
        parallel_analysis(study.X, permutations=5)
    with pytest.raises(DataError, match="three or more blocks"):
        parallel_analysis(study.X, study.models > 5, 19)


def test_independent_noise_gives_nothing() -> None:
    X = np.random.default_rng(3).normal(size=(300, 20))
    assert parallel_analysis(X, permutations=99).n_factors == 0
    assert deflated_test(standardise(X), np.arange(300) // 10, 99).n_factors == 0


def test_independent_rows_are_decided_by_parallel_analysis_alone() -> None:
    rng = np.random.default_rng(8)
    X = rng.normal(size=(200, 2)) @ rng.normal(size=(2, 9)) + rng.normal(size=(200, 9))
    found = n_factors_of_rows(X, permutations=29, percentile=90.0, seed=6)
    same = parallel_analysis(X, None, 29, 90.0, 6)
    np.testing.assert_array_equal(found.parallel.thresholds, same.thresholds)
    eigenvalues = np.sort(np.linalg.eigvalsh(np.corrcoef(X.T)))[::-1]
    assert found.n_factors == 2
    assert found.kaiser == int((eigenvalues > 1).sum())
    assert found.text == (
        "2 factors: so many leading eigenvalues exceed those of permuted data (the last"
        f" {eigenvalues[1]:.2f} against {same.thresholds[1]:.2f}, percentile 90 of 29)."
    )
    assert found.agreement.startswith("MAP agrees; MAP (fourth power) agrees.")
    assert found.agreement.endswith(f"a footnote, says {found.kaiser}.")
    assert len(n_factors_of_rows(X, 19, limit=3).map.squared) == 4  # after 0, 1, 2, 3 components


def test_independent_noise_has_no_factor_of_rows() -> None:
    X = np.random.default_rng(9).normal(size=(80, 6))
    found = n_factors_of_rows(X, permutations=99)
    first, threshold = found.parallel.observed[0], found.parallel.thresholds[0]
    assert found.n_factors == 0
    assert found.text == (
        f"No factor is supported: the first eigenvalue ({first:.2f}) is no larger than that of"
        f" permuted data ({threshold:.2f}, percentile 95)."
    )
