"""Switching the study: every roster is one that DVC can read, and a recording is one more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.closures import ROOT
from tests.pipeline.project import make_project, record, run

from valuelex.cli.app import run_app
from valuelex.cli.dispatch import STAGES
from valuelex.settings import load_settings

SHIPPED = sorted(path.stem for path in (ROOT / "pipeline" / "rosters").glob("*.yaml"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a fresh miniature project that nothing has been run in."""
    monkeypatch.delenv("VALUELEX_STORE", raising=False)
    folder = make_project(tmp_path / "study")
    monkeypatch.chdir(folder)
    return folder


def stages_to_run(folder: Path) -> set[str]:
    done = run(folder, "dvc", "status", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("name", SHIPPED)
def test_dvc_can_run_every_shipped_study(name: str, project: Path) -> None:
    assert run_app(["study", name]) == 0
    models = load_settings(project).models
    once = {stage for stage, per_model in STAGES.items() if not per_model}
    each = {f"{s}@{key}" for s, per_model in STAGES.items() if per_model for key in models}
    assert stages_to_run(project) == once | each


def test_dvc_can_run_a_recording(project: Path) -> None:
    path = record(project / "answers.jsonl", lambda *_: "1. Honesty\n2. Kindness")
    assert run_app(["replay", path.name, "--study", "mine"]) == 0
    assert {f"elicit@acme-{m}-7b" for m in range(4)} < stages_to_run(project)
    done = run(project, "dvc", "repro", "elicit")
    assert done.returncode == 0, done.stderr + done.stdout
    assert len(list((project / "outputs" / "elicit").iterdir())) == 4


def ran(*arguments: str) -> None:
    assert run_app(arguments) == 0


def test_the_same_recording_again_is_the_same_study(project: Path) -> None:
    path = record(project / "answers.jsonl", lambda m, n: f"1. Honesty\n2. Care {m}{n}")
    ran("replay", path.name, "--study", "mine")
    before = (project / "params.yaml").read_bytes()
    ran("replay", path.name, "--study", "mine")
    assert (project / "params.yaml").read_bytes() == before
    ran("study", "simulated")
    ran("study", "mine")
    assert (project / "params.yaml").read_bytes() == before
