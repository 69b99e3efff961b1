"""The planted world: what it holds, and how strictly it is read."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from valuelex.backends.simulated import ModelTraits, World
from valuelex.backends.simulated.truth import planted_truth
from valuelex.errors import LexiconError
from valuelex.records import Sampling

ROOT = Path(__file__).parents[2]
DATA = yaml.safe_load((ROOT / "lexicon" / "planted" / "world.v1.yaml").read_bytes())
MODELS = {
    "sim-a": ModelTraits("a", "Lab A", 7.0, "instruct", "web"),
    "sim-b": ModelTraits("a", "Lab A", 70.0, "aligned", "curated"),
    "sim-c": ModelTraits("c", "Lab C", None, "pretrained", "code"),
}
GRID = [Sampling(0.3, 0.7, 160), Sampling(1.1, 0.95, 160)]


@pytest.fixture(scope="module")
def world() -> World:
    return World.from_mapping(DATA)


@pytest.fixture
def data() -> dict[str, Any]:
    return copy.deepcopy(DATA)


def test_the_planted_taxonomy_has_the_size_that_the_study_promises(world: World) -> None:
    words = world.vocabulary
    assert len(words.dimensions) == 4
    assert len(words.subs) == 12
    assert len(words.terms) == 200
    assert {term.sub for term in words.terms} == set(range(-1, 12))
    assert sorted(term.rank for term in words.terms) == list(range(200))


def test_no_word_belongs_to_two_terms(world: World) -> None:
    truth = planted_truth(world, 1, MODELS, GRID)
    spellings = [variant for term in truth.terms for variant in term.variants]
    assert len(spellings) == len(set(spellings)) == len(truth.by_variant())
    assert truth.by_variant()["being honest"].term == "honesty"


def test_no_phrase_of_either_pole_is_doubled(world: World) -> None:
    phrases = [phrase for sub in world.vocabulary.subs for phrase in (*sub.high, *sub.low)]
    assert len(phrases) == len(set(phrases)) >= 240


def test_frequency_and_loading_are_unrelated(world: World) -> None:
    base, loaded = world.base, world.loadings > 0
    assert abs(np.corrcoef(base, loaded)[0, 1]) < 0.1


def test_the_truth_has_a_row_per_model_and_a_column_per_dimension(world: World) -> None:
    truth = planted_truth(world, 1, MODELS, GRID)
    assert truth.n_dimensions == 4
    assert truth.models == tuple(MODELS)
    assert truth.dimension_profiles.shape == (3, 4)
    assert truth.sub_dimension_profiles.shape == (3, 12)
    assert truth.value_profiles.shape == (3, 19)
    assert truth.respondents[:2] == ("sim-a@t0.3-p0.7", "sim-a@t1.1-p0.95")
    assert truth.respondent_profiles.shape == (6, 4)
    assert 1 <= truth.value_profiles.min() <= truth.value_profiles.max() <= 6
    signs = {term.dimension != "": term.sign for term in truth.terms}
    assert signs == {True: 1, False: 0}


def test_a_world_without_structure_has_nothing_to_find(world: World) -> None:
    truth = planted_truth(world.with_structure("none"), 1, MODELS, GRID)
    assert truth.n_dimensions == 0
    assert not truth.respondent_profiles.any()
    assert not truth.sub_dimension_profiles.any()
    assert all(term.loading == 0 for term in truth.terms)
    assert (truth.value_profiles == truth.value_profiles[0]).all()


def test_the_profile_follows_the_stated_formula(world: World) -> None:
    # same family, seed and key: only the size differs, so the difference is size * log10(ratio)
    small = {"sim-x": ModelTraits("f", "L", 7.0, "instruct", "web")}
    large = {"sim-x": ModelTraits("f", "L", 700.0, "instruct", "web")}
    difference = (
        planted_truth(world, 3, large, []).dimension_profiles
        - planted_truth(world, 3, small, []).dimension_profiles
    )
    expected = [2 * d.size for d in world.vocabulary.dimensions]
    np.testing.assert_allclose(difference[0], expected, atol=1e-12)


def test_another_seed_is_another_sample_of_models(world: World) -> None:
    first, second = (planted_truth(world, seed, MODELS, []).dimension_profiles for seed in (1, 2))
    assert not np.allclose(first, second)


def test_another_model_changes_no_other(world: World) -> None:
    more = {**MODELS, "sim-d": ModelTraits("a", "Lab A", 1.0, "instruct", "web")}
    np.testing.assert_array_equal(
        planted_truth(world, 1, more, GRID).sub_dimension_profiles[:3],
        planted_truth(world, 1, MODELS, GRID).sub_dimension_profiles,
    )


def _set(data: dict[str, Any], path: str, value: object) -> None:
    *parents, last = path.split(".")
    node: Any = data
    for name in parents:
        node = node[int(name)] if name.isdigit() else node[name]
    node[last] = value


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("struture", "none", r"world\.v1: unknown key 'struture' \(did you mean 'structure'\?\)"),
        ("structure", "partly", r"structure must be 'planted' or 'none', was: 'partly'"),
        ("effects.lists.zipf", "steep", r"world\.v1\.effects\.lists\.zipf must be a number"),
        ("effects.lists.zpf", 1.0, r"unknown key 'zpf' \(did you mean 'zipf'\?\)"),
        ("style.rates.aligned.refusal", 1.5, r"aligned\.refusal must be in \[0, 1\]: 1\.5"),
        ("style.forms.noun", -1, r"weights must be >= 0"),
        ("dimensions.0.training", {"instruct": 0.0}, r"'kinship' must give an effect for each"),
        ("unloaded.honesty", [], r"the word 'honesty' stands twice"),
        ("dimensions.1.id", "kinship", r"the id 'kinship' stands twice"),
        ("dimensions.0.sub_dimensions", [], r"sub_dimensions must be a list"),
        ("values.SDT.weights", {"creativty": 1.0}, r"did you mean 'creativity'\?"),
        ("values.SDT.items", [1, 23], r"each item must be keyed once"),
        ("labels", ["no", "yes"], r"labels must be 6 texts"),
        ("translations.honesty", ["a"], r"translations\.honesty must be a term of this world"),
        ("wording.prose", [], r"wording\.prose needs at least 1 texts"),
    ],
)
def test_a_malformed_world_is_one_clear_error(
    data: dict[str, Any], path: str, value: object, message: str
) -> None:
    _set(data, path, value)
    with pytest.raises(LexiconError, match=message):
        World.from_mapping(data)


def test_a_missing_block_is_named(data: dict[str, Any]) -> None:
    del data["fillers"]
    with pytest.raises(LexiconError, match=r"misses the keys \['fillers'\]"):
        World.from_mapping(data)


def test_metadata_outside_the_world_is_refused(world: World) -> None:
    odd = {"sim-a": ModelTraits("a", "L", 7.0, "alligned", "web")}
    with pytest.raises(LexiconError, match=r"'alligned' \(did you mean 'aligned'\?\)"):
        planted_truth(world, 1, odd, [])
    odd = {"sim-a": ModelTraits("a", "L", -7.0, "aligned", "web")}
    with pytest.raises(LexiconError, match=r"parameters_b must be > 0, was: -7"):
        planted_truth(world, 1, odd, [])
