"""The graph reruns what a change reaches, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.pipeline.conftest import Twins
from tests.pipeline.project import change_params, copy_project, left_out, mini, outputs, run

from valuelex.cli.dispatch import STAGES

pytestmark = [pytest.mark.slow]

RAN = re.compile(r"^Running stage '([^']+)'", re.MULTILINE)
ROSTER = sorted(mini()["models"])


def stages(models: list[str]) -> set[str]:
    """Return the stage names of a study as DVC writes them."""
    alone = {stage for stage, per_model in STAGES.items() if not per_model}
    return alone | {f"{s}@{key}" for s, per in STAGES.items() if per for key in models}


def changed(folder: Path) -> set[str]:
    """Return the stages that DVC would run for a change of their own inputs."""
    done = run(folder, "dvc", "status", "--json")
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_one_command_runs_every_stage_once(twins: Twins) -> None:
    ran = RAN.findall(twins.said)
    assert sorted(ran) == sorted(stages(ROSTER))


def test_the_same_command_again_does_nothing(study: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in (study / "outputs").rglob("*")}
    assert changed(study) == set()
    again = run(study, "dvc", "repro")
    assert again.returncode == 0
    assert RAN.findall(again.stdout) == []
    assert {p: p.stat().st_mtime_ns for p in (study / "outputs").rglob("*")} == before


def test_another_model_runs_its_own_stages_and_what_follows(study: Path, tmp_path: Path) -> None:
    folder = copy_project(study, tmp_path / "study")
    before = outputs(folder)
    key, entry = left_out()
    change_params(folder, lambda content: content["models"].update({key: entry}))

    # The cheap half of what follows, for real; DVC says the rest by what that half has changed.
    done = run(folder, "dvc", "repro", "normalize", "survey-score")
    assert done.returncode == 0, done.stdout + done.stderr
    signing = ["basis", "basis-elicit", "basis-survey"]
    ran = [*signing, f"elicit@{key}", f"survey@{key}", "normalize", "survey-score"]
    assert sorted(RAN.findall(done.stdout)) == sorted(ran)
    after = outputs(folder)
    kept = [path for path in before if path.startswith(("elicit/", "survey/answers/"))]
    assert all(after[path] == before[path] for path in kept)
    assert after["normalize/terms.csv"] != before["normalize/terms.csv"]

    found = changed(folder)
    asking = {stage for stage, per_model in STAGES.items() if per_model}
    assert {one for one in found if one.partition("@")[0] in asking} == {f"administer@{key}"}
    assert {"embed", "factor", "taxonomy", "validate", "score", "compare", "report"} <= found


@pytest.mark.parametrize(
    ("section", "name", "value", "expected"),
    [
        ("validate", "bootstraps", 21, {"basis", "validate", "report"}),
        ("cluster", "n_neighbors", 11, {"basis", "cluster", "report"}),
        ("survey", "trials", 3, {"basis", "basis-survey", "survey-score", "compare", "report"}),
    ],
)
def test_a_setting_reaches_its_own_stage(
    section: str, name: str, value: int, expected: set[str], study: Path, tmp_path: Path
) -> None:
    folder = copy_project(study, tmp_path / "study")
    change_params(folder, lambda content: content[section].update({name: value}))
    assert changed(folder) == expected


@pytest.mark.parametrize(
    ("module", "reached", "spared"),
    [
        ("reporting/figures/rings.py", {"report"}, {"compare", "score"}),
        ("psychometrics/discriminant.py", {"survey-score"}, {"factor", "report"}),
        ("instruments/pvq/parse.py", {"basis-survey", "portrait"}, {"basis-elicit", "score"}),
    ],
)
def test_an_edit_of_code_reaches_the_stages_that_import_it(
    module: str, reached: set[str], spared: set[str], study: Path, tmp_path: Path
) -> None:
    folder = copy_project(study, tmp_path / "study")
    with (folder / "pipeline" / "valuelex" / module).open("a", encoding="utf-8") as file:
        file.write("# an edit\n")
    assert changed(folder) == {"basis"}
    done = run(folder, "dvc", "repro", "basis")
    assert done.returncode == 0, done.stderr
    found = changed(folder)
    assert reached <= found
    assert not spared & found
    signatures = (folder / "outputs" / "basis" / "code").glob("*.json")
    signed = {path.stem for path in signatures if module in path.read_text(encoding="utf-8")}
    assert found == {f"basis-{name}" if STAGES[name] else name for name in signed}
