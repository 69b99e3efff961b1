"""The planted structure is in the lists: a plain analysis of the true terms finds it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from valuelex.backends.simulated import ModelTraits, SimulatedBackend, World
from valuelex.backends.simulated.truth import planted_truth
from valuelex.records import Message, Request, Sampling

ROOT = Path(__file__).parents[2]
ROSTER = yaml.safe_load((ROOT / "pipeline" / "rosters" / "simulated.yaml").read_bytes())["models"]
MODELS = {
    key: ModelTraits(
        m["family"], m["developer"], m["parameters_b"], m["training"], m["data_source"]
    )
    for key, m in ROSTER.items()
}
GRID = [Sampling(t, p, 160) for t in (0.3, 0.5, 0.7, 0.9, 1.1) for p in (0.7, 0.9, 0.95)]
SEED = 11

Floats = NDArray[np.float64]


def presence(world: World) -> Floats:
    """Which respondent named which term in fifteen lists: 0/1, shape (525, terms)."""
    writer = SimulatedBackend(world, SEED, MODELS)._lists
    n = len(world.vocabulary.terms)
    rows = []
    for model in MODELS:
        for sampling in GRID:
            row = np.zeros(n)
            for number in range(15):
                message = (Message("user", "Which words?"),)
                prompt = f"elicit.v1/p{number:02d}"
                drawn = writer.draw(Request(model, model, "r", prompt, message, sampling))
                row[[i for i in drawn if i < n]] = 1
            rows.append(row)
    return np.array(rows)


def factors(table: Floats) -> int:
    """Parallel analysis that permutes whole models, so that model idiom makes no factor."""
    rng = np.random.default_rng(1)
    found = np.linalg.eigvalsh(np.corrcoef(table.T))[::-1]
    blocks = table.reshape(len(MODELS), len(GRID), -1)
    chance = []
    for _ in range(10):
        mixed = np.stack(
            [blocks[rng.permutation(len(MODELS)), :, j] for j in range(blocks.shape[2])], axis=2
        )
        chance.append(np.linalg.eigvalsh(np.corrcoef(mixed.reshape(table.shape).T))[::-1])
    above = found > np.max(chance, axis=0)
    return int(np.argmin(above))


@pytest.fixture(scope="module")
def world() -> World:
    path = ROOT / "lexicon" / "planted" / "world.v1.yaml"
    return World.from_mapping(yaml.safe_load(path.read_bytes()))


@pytest.fixture(scope="module")
def table(world: World) -> Floats:
    return presence(world)


def test_parallel_analysis_finds_the_planted_number_of_dimensions(table: Floats) -> None:
    assert factors(table) == 4


def test_nothing_is_found_where_nothing_is_planted(world: World) -> None:
    assert factors(presence(world.with_structure("none"))) == 0


def test_every_term_is_named_and_none_by_everybody(table: Floats) -> None:
    share = table.mean(axis=0)
    assert share.min() > 0.03
    assert share.max() < 0.9


def test_presence_of_a_dimension_s_terms_follows_its_profile(world: World, table: Floats) -> None:
    truth = planted_truth(world, SEED, MODELS, GRID)
    for d, name in enumerate(truth.dimensions):
        columns = [i for i, term in enumerate(truth.terms) if term.dimension == name]
        r = np.corrcoef(table[:, columns].mean(axis=1), truth.respondent_profiles[:, d])[0, 1]
        assert r > 0.85, name
