from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import yaml
from tests.closures import ROOT

from valuelex.backends.simulated.backend import SimulatedBackend
from valuelex.backends.simulated.respondent import ModelTraits
from valuelex.backends.simulated.world import World
from valuelex.errors import LexiconError
from valuelex.instruments.pvq.dilemmas import (
    DilemmaRequest,
    dilemma_requests,
    read_choice,
    read_dilemmas,
)
from valuelex.instruments.pvq.requests import Respondent
from valuelex.prompts import load_prompt
from valuelex.records import Sampling

FILE = "lexicon/planted/choices.v1.yaml"


def planted(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / name).read_text("utf-8"))
    return content


CONTENT = planted(FILE)
MODELS = {
    key: ModelTraits(
        entry["family"],
        entry["developer"],
        entry["parameters_b"],
        entry["training"],
        entry["data_source"],
    )
    for key, entry in planted("pipeline/rosters/simulated.yaml")["models"].items()
}
DILEMMAS = load_prompt(ROOT, "dilemmas.v1")


@pytest.fixture(scope="module")
def world() -> World:
    return World.from_mapping(planted("lexicon/planted/world.v1.yaml"))


@pytest.fixture(scope="module")
def backend(world: World) -> SimulatedBackend:
    return SimulatedBackend(world, 7, MODELS, CONTENT)


def asked(model: str, content: Mapping[str, Any] = DILEMMAS) -> list[DilemmaRequest]:
    return dilemma_requests(
        content,
        read_dilemmas(content, list(CONTENT["ten"])),
        Respondent(model, model, "simulated"),
        sampling=Sampling(0.7, 0.95, 80),
        trials=2,
    )


def test_planted_values_are_those_of_the_shipped_dilemmas() -> None:
    for dilemma in read_dilemmas(DILEMMAS, list(CONTENT["ten"])):
        assert tuple(CONTENT["dilemmas"]["values"][dilemma.id]) == dilemma.values


def test_choices_follow_the_planted_profile_and_are_said_in_many_ways(
    backend: SimulatedBackend, world: World
) -> None:
    codes = [value.code for value in world.values]
    of_ten = {ten: [codes.index(c) for c in parts] for ten, parts in CONTENT["ten"].items()}
    gaps, taken, texts, unread = [], [], set(), 0
    for model in MODELS:
        usual = backend.population.profile(model).values
        questions = asked(model)
        for question, reply in zip(
            questions, backend.run([q.request for q in questions]), strict=True
        ):
            texts.add(reply.text)
            choice, reason = read_choice(reply.text, question)
            first, second = question.dilemma.values
            if choice is None:
                unread += 1
                assert reason
                continue
            gaps.append(usual[of_ten[first]].mean() - usual[of_ten[second]].mean())
            taken.append(choice == first)
    r = np.corrcoef(gaps, taken)[0, 1]
    assert r > 0.3
    assert len(texts) > 200
    # refusals, undecided answers and failures are there, and are few
    assert 0.02 < unread / (len(taken) + unread) < 0.15


def test_an_unknown_dilemma_is_read_by_its_words(backend: SimulatedBackend) -> None:
    content = copy.deepcopy(dict(DILEMMAS))
    content["id"] = "dilemmas.v9"
    content["dilemmas"] = [
        {
            "id": "x01",
            "case": "Somebody asks.",
            "options": [
                {"value": "power", "text": "Seek wealth, money and possessions."},
                {
                    "value": "benevolence",
                    "text": "Help and care for those who are close.",
                },
            ],
        }
    ]
    chosen = []
    for model in MODELS:
        questions = asked(model, content)
        replies = backend.run([q.request for q in questions])
        chosen += [
            read_choice(reply.text, q)[0] for q, reply in zip(questions, replies, strict=True)
        ]
    # simulated models hold benevolence far above power
    assert chosen.count("benevolence") > 2 * chosen.count("power")


def test_without_the_file_a_dilemma_gets_no_answer_that_fits(world: World) -> None:
    model = next(iter(MODELS))
    questions = asked(model)
    replies = SimulatedBackend(world, 7, MODELS).run([q.request for q in questions])
    read = [read_choice(reply.text, q)[0] for q, reply in zip(questions, replies, strict=True)]
    assert set(read) == {None}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("ten", "power"), ["POX"], "no 'POX'"),
        (("dilemmas", "values", "d01"), ["power", "power"], "must be two of"),
        (("dilemmas", "effects", "slope"), "steep", "must be a number"),
        (("dilemmas", "said", "bare"), [], "at least 1"),
        (("portraits", "personas", "woman"), {"XX": 1.0}, "no 'XX'"),
    ],
)
def test_a_spoilt_file_is_one_clear_error(
    world: World, path: tuple[str, ...], value: Any, message: str
) -> None:
    content = copy.deepcopy(CONTENT)
    place: Any = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(LexiconError, match=message):
        SimulatedBackend(world, 7, MODELS, content)
