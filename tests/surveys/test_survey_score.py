"""What survey-score writes: planted effects are found, and what cannot be estimated says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from valuelex.cli.app import run_app
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.norms import Norms
from valuelex.instruments.pvq.requests import plan_orders
from valuelex.settings import load_settings
from valuelex.stages.context import Context
from valuelex.stages.questionnaire import load_norms
from valuelex.stages.survey_data import ModelAnswers, SurveyData
from valuelex.stages.survey_models import between_models
from valuelex.stages.survey_people import human_rows, people
from valuelex.stages.survey_reliability import survey_reliability
from valuelex.stages.survey_validity import survey_validity

ROOT = Path(__file__).parents[2]
TRIALS = 6
PLAN = plan_orders(57, TRIALS, 1)


@pytest.fixture(scope="module")
def context() -> Context:
    """The shipped project, with models of three kinds of training in six families."""
    settings = load_settings(ROOT)
    fewer = settings.survey.model_copy(update={"permutations": 99})
    return Context(ROOT, settings.model_copy(update={"survey": fewer}))


@pytest.fixture
def norms(key: Key) -> Norms:
    return load_norms(ROOT, "pvq-rr-human", key)


def model(answers: NDArray[np.float64], retest: float = 0.0, seed: int = 0) -> ModelAnswers:
    rng = np.random.default_rng(seed)
    other = np.clip(answers[:2] + np.round(rng.normal(0, retest, (2, 57))), 1, 6)
    position = np.argsort(PLAN.items, axis=1).astype(np.int64) + 1
    return ModelAnswers(answers, position, PLAN.descending, {"plain": other})


def study(context: Context, key: Key, *, apart: float, seed: int = 0) -> SurveyData:
    """Twelve models: a circle of values, profiles ``apart`` sd apart, and noise of .5 in trials."""
    rng = np.random.default_rng(seed)
    names = list(context.settings.models)[:12]
    angles = np.deg2rad(np.arange(19) * 360 / 19)
    wave = np.column_stack([np.cos(angles), np.sin(angles)])
    value_of = np.array([list(key.scales("nineteen")).index(key.value_of(i)) for i in range(1, 58)])
    common = rng.normal(0, 0.6, 57)
    models = {}
    for place, name in enumerate(names):
        own = apart * (wave @ rng.normal(size=2))[value_of]
        draws = 3.6 + common + own + rng.normal(0, 0.5, (TRIALS, 57))
        models[name] = model(np.clip(np.round(draws), 1, 6), seed=place)
    families = {name: context.settings.model(name).family for name in names}
    return SurveyData(models, families, {"refusal": 3})


def test_planted_circle_and_differences_are_found(context: Context, key: Key) -> None:
    data = study(context, key, apart=0.9)
    nineteen, ten = survey_validity(context, data, key)["circle"]
    assert nineteen["theory"]["congruence"] > 0.9
    assert nineteen["theory"]["p"] <= 0.01
    assert nineteen["displacement"] < 1.5
    assert ten["people"]["congruence"] > 0.7
    assert {row["value"] for row in ten["points"]} == set(key.scales("ten"))
    told = between_models(context, data, key)
    assert told["called"]
    assert told["accuracy"] > 0.7
    assert told["baseline"]["p95"] < 0.3
    assert len(told["coordinates"]) == 12 * TRIALS
    assert len(told["structure"]) == 19
    assert {row["value"] for row in told["values"]} == set(key.scales("nineteen"))
    assert max(row["p_adjusted"] for row in told["values"]) < 0.05
    assert "near-deterministic" in told["manova"]["note"]
    assert told["manova"]["tests"][0]["p"] < 1e-6
    labels = {row["label"]: row for row in told["left_one_model_out"]}
    # profiles have nothing to do with training here, however well each model is told by itself
    assert not labels["training"]["called"]


def test_models_without_differences_are_not_called(context: Context, key: Key) -> None:
    told = between_models(context, study(context, key, apart=0.0, seed=5), key)
    assert not told["called"]
    assert told["accuracy"] < 0.25
    adjusted = [row["p_adjusted"] for row in told["values"]]
    assert sum(p < 0.05 for p in adjusted) <= 2


def test_variance_goes_where_it_was_planted(context: Context, key: Key) -> None:
    data = study(context, key, apart=0.9)
    found = survey_reliability(data, key, draws=50, seed=1)
    shares = {row["source"]: row["share"] for row in found["variance"]["components"]}
    assert shares["model x item"] > 0.35
    assert shares["residual"] > 0.1
    assert shares["option order"] + shares["trial within model"] < 0.02
    for row in found["values"]:
        assert row["lower"] < row["alpha"] < row["upper"]
        assert row["omega_lower"] <= row["omega"] <= row["omega_upper"]
    facets = {row["facet"]: row for row in found["retest"]}
    assert set(facets) == {"option order", "item order", "wording: plain"}
    assert facets["wording: plain"]["agreement"] == 1.0 or facets["wording: plain"]["r"] > 0.9
    assert facets["option order"]["lower"] < 0.02


def test_a_wording_effect_is_told_from_plain_repeats(context: Context, key: Key) -> None:
    data = study(context, key, apart=0.9)
    moved = {
        name: model(one.answers, retest=1.5, seed=place)
        for place, (name, one) in enumerate(data.models.items())
    }
    found = survey_reliability(SurveyData(moved, data.families, {}), key, draws=100, seed=1)
    wording = next(row for row in found["retest"] if row["facet"].startswith("wording"))
    assert wording["gap"] > 0.05
    assert wording["lower"] > 0
    assert wording["n_models"] == 12


def test_people_are_compared_with_families_resampled(
    context: Context, key: Key, norms: Norms
) -> None:
    data = study(context, key, apart=0.9)
    found = people(data, norms, key, draws=200, seed=1)
    assert found["n_models"] == 12
    assert found["n_families"] == len(set(data.families.values()))
    for row in found["values"]:
        assert row["lower"] <= row["difference"] <= row["upper"]
        assert row["rank_shift_lower"] <= row["rank_shift"] <= row["rank_shift_upper"]
    assert found["profile_r"]["lower"] < found["profile_r"]["r"] < found["profile_r"]["upper"]
    rows = human_rows(data, norms, key)
    assert len(rows) == 12 * 19
    first = [row for row in rows if row["model"] == rows[0]["model"]]
    assert len({row["profile_r"] for row in first}) == 1
    assert first[0]["profile_r_lower"] < first[0]["profile_r"] < first[0]["profile_r_upper"]


def test_a_study_of_nothing_says_so_everywhere(context: Context, key: Key, norms: Norms) -> None:
    empty = model(np.full((TRIALS, 57), np.nan))
    names = list(context.settings.models)[:3]
    families = {name: context.settings.model(name).family for name in names}
    data = SurveyData(dict.fromkeys(names, empty), families, {"refused": 1026})
    assert between_models(context, data, key)["accuracy"] is None
    assert people(data, norms, key, draws=20, seed=1)["values"] == []
    validity = survey_validity(context, data, key)
    assert all("not estimable" in row["note"] for row in validity["circle"] + validity["cfa"])
    reliability = survey_reliability(data, key, draws=20, seed=1)
    assert reliability["values"] == reliability["retest"] == []
    assert reliability["variance"]["components"] == []
    assert all(row["centred"] is None for row in human_rows(data, norms, key))


def test_deterministic_models_are_shown_and_not_tested(context: Context, key: Key) -> None:
    rng = np.random.default_rng(3)
    names = list(context.settings.models)[:6]
    models = {
        name: model(np.tile(rng.integers(1, 7, 57).astype(float), (TRIALS, 1))) for name in names
    }
    families = {name: context.settings.model(name).family for name in names}
    data = SurveyData(models, families, {})
    told = between_models(context, data, key)
    assert told["manova"]["tests"] == []
    assert "not estimable" in told["manova"]["note"]
    assert all(row["f"] is None and "not tested" in row["note"] for row in told["values"])
    assert "repeats are no sample" in told["warning"]


def test_a_negative_alpha_stays_negative(context: Context, key: Key) -> None:
    data = study(context, key, apart=0.9)
    items = np.array(key.scales("nineteen")["face"]) - 1
    for one in data.models.values():
        one.answers[:, items[0]] = np.clip(7 - one.answers[:, items[1]], 1, 6)
    found = survey_reliability(data, key, draws=20, seed=1)["values"]
    assert next(row["alpha"] for row in found if row["value"] == "face") < 0


# the stages themselves, as sheets and with the user's text


def small_project(folder: Path, survey: Mapping[str, Any]) -> Path:
    for name in ("prompts", "lexicon"):
        (folder / name).symlink_to(ROOT / name)
    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    chosen = ["sim-aster-7b-instruct", "sim-aster-0p5b-base", "sim-fern-8b-instruct"]
    content["models"] = {key: content["models"][key] for key in chosen}
    content["survey"] |= {"trials": 3, "permutations": 19, "bootstraps": 20, **survey}
    (folder / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def run_survey(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("VALUELEX_STORE", raising=False)
    shutil.rmtree(folder / "outputs", ignore_errors=True)
    for key in load_settings(folder).models:
        assert run_app(["run", "survey", "--model", key]) == 0
    assert run_app(["run", "survey-score"]) == 0
    outputs = folder / "outputs" / "survey"
    found: dict[str, Any] = json.loads((outputs / "reliability.json").read_text())
    for name in ("validity.json", "people.json", "discriminant.json", "style.csv", "human.csv"):
        assert (outputs / name).stat().st_size > 100
    return found


def test_the_pipeline_gives_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run_survey(small_project(tmp_path, {"mode": "sheet"}), monkeypatch)
    assert found["mode"] == "sheet"
    answered = sum(row["n"] for row in found["values"])
    assert answered >= 0.6 * 19 * 9
    assert "own wording" in " ".join(found["warnings"])


def test_the_pipeline_takes_the_official_text_and_refuses_a_changed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import hashlib

    text = "item,text\n" + "".join(f"{i},Portrait {i}.\n" for i in range(1, 58))
    (tmp_path / "mine.csv").write_text(text)
    official = {"file": "mine.csv", "sha256": hashlib.sha256(text.encode()).hexdigest()}
    found = run_survey(small_project(tmp_path, {"official": official}), monkeypatch)
    assert found["official"]
    assert "own wording" not in " ".join(found["warnings"])
    (tmp_path / "mine.csv").write_text(text + "\n")
    capsys.readouterr()
    assert run_app(["run", "survey", "--model", "sim-aster-7b-instruct"]) == 2
    assert "must have the sha256 that params.yaml states" in capsys.readouterr().err
