"""Published means of three models, recomputed from their answers with the shipped key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from valuelex.instruments.pvq.key import Key, read_key
from valuelex.instruments.pvq.people import beside_people, read_norms
from valuelex.instruments.pvq.score import Matrix, pooled, score
from valuelex.lexica import read_table, read_yaml

ROOT = Path(__file__).parents[2]
Find = Callable[[str], Path]
SHORT = {"openness to change": "openness-to-change"}

pytestmark = pytest.mark.external


@pytest.fixture
def key() -> Key:
    return read_key(read_yaml(ROOT, "norms/pvq-rr-key.yaml"))


def answers(external_data: Find) -> pd.DataFrame:
    return pd.read_csv(external_data("llm-pvq-rr/answers_57_items.csv"))


def matrix(rows: pd.DataFrame) -> Matrix:
    return rows[[f"q{item}" for item in range(1, 58)]].to_numpy(dtype=float)


def test_the_shipped_key_and_norms_are_the_facts(external_data: Find, key: Key) -> None:
    facts = json.loads(
        external_data("llm-pvq-rr/scoring_key_and_human_means.json").read_text("utf-8")
    )
    names = {name: name.casefold().replace(" ", "-") for name in facts["scoring_key_19"]}
    ours = key.scales("nineteen")
    assert {names[name]: tuple(items) for name, items in facts["scoring_key_19"].items()} == ours
    means = next(value for name, value in facts.items() if "human" in name)
    norms = read_norms(
        read_table(ROOT, "norms/pvq-rr-human.csv", ("value", "mean")), key, "nineteen"
    )
    assert norms.mean == pytest.approx(
        {names[name]: mean for name, mean in means.items()}, abs=1e-12
    )


def test_published_means_to_four_decimals(external_data: Find, key: Key) -> None:
    data = answers(external_data)
    published = pd.read_csv(external_data("llm-pvq-rr/published_means.csv"))
    checked = 0
    for model, of_model in data.groupby("model"):
        runs = [matrix(run) for _, run in of_model.groupby("seed")]
        ours: dict[str, float] = {}
        for level in ("ten", "four"):
            per_run = [pooled(run, key, level) for run in runs]
            ours |= {v: float(np.mean([run[v] for run in per_run])) for v in per_run[0]}
        for row in published[published["model"] == model].itertuples():
            value = str(row.value).casefold()
            assert f"{ours[SHORT.get(value, value)]:.4f}" == f"{row.mean_of_3_seeds:.4f}", row
            checked += 1
    assert checked == len(published)


def test_models_beside_people(external_data: Find, key: Key) -> None:
    norms = read_norms(
        read_table(ROOT, "norms/pvq-rr-human.csv", ("value", "mean")), key, "nineteen"
    )
    for _, of_model in answers(external_data).groupby("model"):
        scores = score(matrix(of_model), key, "nineteen")
        found = beside_people(scores.centred, scores.values, norms)
        assert found.n_values == 19
        assert found.pearson is not None
        # all three models order values much as people do, and put power last
        assert 0.5 < found.pearson < 1
        assert all(row.lower is not None and row.lower < row.upper for row in found.values)  # type: ignore[operator]


def _alpha(items: Matrix) -> float:
    items = items[np.isfinite(items).all(axis=1)]
    k = items.shape[1]
    return float(
        k / (k - 1) * (1 - items.var(axis=0, ddof=1).sum() / items.sum(axis=1).var(ddof=1))
    )


def test_alphas_of_real_answers_reach_down_to_zero(external_data: Find, key: Key) -> None:
    """Alphas of LLM answers are reported as they are: some are near zero or negative."""
    alphas = [
        _alpha(matrix(of_model)[:, np.array(items) - 1])
        for _, of_model in answers(external_data).groupby("model")
        for items in key.scales("nineteen").values()
    ]
    assert min(alphas) < 0.2
    assert max(alphas) > 0.7
