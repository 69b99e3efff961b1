"""Published means of three models, recomputed from their answers with the shipped key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from valuelex.cli.app import run_app
from valuelex.instruments.pvq.key import Key, read_key
from valuelex.instruments.pvq.norms import read_norms
from valuelex.instruments.pvq.people import beside_people
from valuelex.instruments.pvq.score import Matrix, pooled, score
from valuelex.lexica import read_table, read_yaml
from valuelex.psychometrics.cfa import fit_cfa
from valuelex.psychometrics.reliability import alpha

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


def test_one_sample_comparison_with_the_human_means(external_data: Find, key: Key) -> None:
    """Each model's personas against the human mean of each value, as ``t.test(x, mu = human)``."""
    table = read_table(ROOT, "norms/pvq-rr-human.csv", ("value", "mean"))
    norms = read_norms(table, key, "nineteen")
    above: dict[str, set[str]] = {}
    for model, of_model in answers(external_data).groupby("model"):
        scores = score(matrix(of_model), key, "nineteen")
        found = beside_people(scores.centred, scores.values, norms)
        for row, column in zip(found.values, scores.centred.T, strict=True):
            theirs = stats.ttest_1samp(column[np.isfinite(column)], row.human)
            low, high = theirs.confidence_interval()
            assert (row.lower, row.upper) == pytest.approx(
                (low - row.human, high - row.human), abs=1e-9
            )
            if row.lower is not None and row.lower > 0:
                above.setdefault(row.value, set()).add(str(model))
        assert found.lower is not None
        assert found.pearson is not None
        assert found.lower < found.pearson < found.upper  # type: ignore[operator]
    # tradition is the one value that all three put higher than people do
    assert [value for value, models in above.items() if len(models) == 3] == ["tradition"]


def test_alphas_per_model_with_intervals(external_data: Find, key: Key) -> None:
    """Alphas of LLM answers are reported as they are: some are near zero or negative."""
    found = {}
    for model, of_model in answers(external_data).groupby("model"):
        for value, numbers in key.scales("nineteen").items():
            items = matrix(of_model)[:, np.array(numbers) - 1]
            items = items[np.isfinite(items).all(axis=1)]
            one = alpha(items)
            k = items.shape[1]
            by_hand = items.var(axis=0, ddof=1).sum() / items.sum(axis=1).var(ddof=1)
            assert one.alpha == pytest.approx(k / (k - 1) * (1 - by_hand), abs=1e-12)
            assert one.lower < one.alpha < one.upper
            assert one.n <= 75
            found[model, value] = one
    assert len(found) == 3 * 19
    alphas = [one.alpha for one in found.values()]
    assert min(alphas) < 0.2
    assert max(alphas) > 0.7
    # an interval that reaches below zero is shown as such
    assert min(one.lower for one in found.values()) < 0


def test_cfa_of_personas_is_estimable_and_poor(external_data: Find, key: Key) -> None:
    """225 personas are enough for the openness model; that it fits is another matter."""
    items = matrix(answers(external_data))
    scales = [key.scales("nineteen")[value] for value in key.parts("four")["openness-to-change"]]
    columns = [item - 1 for numbers in scales for item in numbers]
    complete = items[:, columns]
    complete = complete[np.isfinite(complete).all(axis=1)]
    factors = {str(f): range(3 * f, 3 * f + 3) for f in range(len(scales))}
    found = fit_cfa(complete, factors)
    assert found.n == len(complete) > 180
    assert 0 < found.cfi < 1
    assert found.rmsea_lower < found.rmsea < found.rmsea_upper


def test_the_command_gives_the_same_scores(
    external_data: Find, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = external_data("llm-pvq-rr/answers_57_items.csv")
    model = "command-r-plus"
    assert run_app(["survey", "pvq", "--answers", str(path), "--model", model]) == 0
    card = json.loads((tmp_path / "surveys" / model / "profile.json").read_text())
    data = answers(external_data)
    mine = matrix(data[data["model"] == model])
    expected = score(mine, key, "ten").centred.mean(axis=0)
    found = [row["centred"] for row in card["profile"] if row["level"] == "ten"]
    assert found == pytest.approx(expected.tolist(), abs=1e-9)
    assert card["n_answered"] == int(np.isfinite(mine).sum())
