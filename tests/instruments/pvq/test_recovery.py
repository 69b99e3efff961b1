"""Planted profiles come back through requests, text, parser and scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from valuelex.instruments.pvq.answers import answer_scale, read_answer
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.requests import Respondent, survey_requests
from valuelex.instruments.pvq.score import answer_matrix, profile
from valuelex.records import Reply, Sampling

FORMS = ("{n}", "{n}.", "Answer: {n}", "{label}", "I'd say {n} ({label}).", '{{"answer": {n}}}')


def simulate(
    questionnaire: Questionnaire, key: Key, planted: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    """Ten trials of one respondent who answers by value plus noise, and now and then not at all."""
    rng = np.random.default_rng(seed)
    level = dict(zip(key.scales("nineteen"), planted, strict=True))
    scale = answer_scale(questionnaire)
    asked = survey_requests(
        questionnaire,
        Respondent("sim", "sim", "r"),
        sampling=Sampling(0.7, 0.95, 24),
        trials=10,
        order_seed=1,
        frame="person",
    )
    rows = []
    for one in asked:
        point = round(
            float(np.clip(3.8 + level[key.value_of(one.item)] + rng.normal(0, 0.7), 1, 6))
        )
        label = questionnaire.labels[point]
        text = FORMS[int(rng.integers(len(FORMS)))].format(n=point, label=label)
        if rng.random() < 0.05:
            text = "As an AI I have no such likeness."
        answer, reason = read_answer(Reply(one.request.id, text, "answered"), scale)
        assert answer == point or reason == "refusal"
        rows.append((one.trial, one.item, answer))
    return answer_matrix(rows, trials=10, n_items=57)


def test_planted_profiles_are_recovered(questionnaire: Questionnaire, key: Key) -> None:
    rng = np.random.default_rng(0)
    for seed in range(3):
        planted = rng.permutation(np.linspace(-1.2, 1.2, 19))  # spread as among people: sd .7
        found = profile(simulate(questionnaire, key, planted, seed), key, "nineteen")
        centred = [value.centred for value in found]
        assert None not in centred
        assert np.corrcoef(np.array(centred, dtype=float), planted)[0, 1] >= 0.95
        assert sum(value.n_missing for value in found) > 0
