"""Simulated respondents through requests, text, parser, scores and discriminant analysis.

The simulated backend is the shipped one. In a study without structure its models share one profile
and differ by how they phrase, refuse and fail; in a planted one their profiles differ.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.backends.simulated import ModelTraits, SimulatedBackend, World
from valuelex.instruments.pvq.give import give, read_reply
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.requests import Respondent
from valuelex.instruments.pvq.score import answer_matrix, profile, score
from valuelex.lexica import read_yaml
from valuelex.psychometrics.discriminant import leave_one_case_out
from valuelex.records import Sampling

ROOT = Path(__file__).parents[3]
TRIALS, CALLED = 6, 0.01
TRAINING = ("pretrained", "instruct", "aligned", "instruct")


def backend(structure: str, seed: int, n: int) -> SimulatedBackend:
    world = World.from_mapping({**read_yaml(ROOT, "planted/world.v1.yaml"), "structure": structure})
    models = {f"m{i}": ModelTraits(f"f{i}", "lab", 7.0, TRAINING[i % 4], "web") for i in range(n)}
    return SimulatedBackend(world, seed, models)


def ask(
    who: SimulatedBackend, model: str, questionnaire: Questionnaire, seed: int
) -> NDArray[np.float64]:
    base = who.population.profile(model).traits.training == "pretrained"
    asked = give(
        questionnaire,
        Respondent(model, model, "r", "completion" if base else "chat"),
        mode="item",
        rounds=(("person", TRIALS),),
        sampling=Sampling(0.7, 0.95, 24),
        order_seed=seed,
    )
    replies = {reply.request_id: reply for reply in who.run([one.request for one in asked])}
    rows = [
        (row.trial, row.item, row.answer)
        for one in asked
        for row in read_reply(one, replies[one.request.id], questionnaire, continuation=base)
    ]
    return answer_matrix(rows, trials=TRIALS, n_items=57)


def told(structure: str, seed: int, questionnaire: Questionnaire, key: Key) -> tuple[float, float]:
    who = backend(structure, seed, 4)
    scores, labels = [], []
    for model in who.population.models:
        raw = score(ask(who, model, questionnaire, seed), key, "nineteen").raw
        complete = raw[np.isfinite(raw).all(axis=1)]
        scores.append(complete)
        labels += [model] * len(complete)
    found = leave_one_case_out(np.vstack(scores), labels, permutations=199, seed=seed)
    return found.p, found.accuracy


@pytest.mark.slow
def test_models_that_share_a_profile_are_not_told_apart(
    questionnaire: Questionnaire, key: Key
) -> None:
    found = [told("none", seed, questionnaire, key) for seed in range(20)]
    assert sum(p <= CALLED for p, _ in found) <= 1
    # and they are at chance, not merely uncalled
    assert np.mean([accuracy for _, accuracy in found]) == pytest.approx(0.25, abs=0.06)


def test_models_of_different_profiles_are_told_apart(
    questionnaire: Questionnaire, key: Key
) -> None:
    for seed in range(3):
        p, accuracy = told("planted", seed, questionnaire, key)
        assert p <= CALLED
        assert accuracy > 0.8


def test_planted_profiles_of_the_shipped_world_come_back(
    questionnaire: Questionnaire, key: Key
) -> None:
    who = backend("planted", 20261, 8)
    for model in who.population.models:
        planted = who.population.profile(model).values
        found = profile(ask(who, model, questionnaire, 1), key, "nineteen")
        order = _planted_order(who, key)
        recovered = np.array([one.centred for one in found], dtype=float)
        assert np.corrcoef(recovered, planted[order])[0, 1] >= 0.95, model


def _planted_order(who: SimulatedBackend, key: Key) -> list[int]:
    """Place of each of the key's values in the planted world: matched by the items of both."""
    items = [tuple(sorted(value.items)) for value in who.population.world.values]
    return [items.index(tuple(sorted(value.items))) for value in key.values]
