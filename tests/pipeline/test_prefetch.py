"""`valuelex prefetch` on one machine: a model is loaded once, and the stages only export."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.closures import ROOT
from tests.pipeline.project import environment, make_project, run

from valuelex.artifacts.table import ANSWERS, REPLIES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pipeline")]

STUB = ROOT / "tests" / "backends" / "stub"


def entry(name: str) -> dict[str, Any]:
    return {
        "backend": "vllm",
        "id": name,
        "revision": "main",
        "developer": "nobody",
        "family": name,
        "parameters_b": None,
        "training": "unknown",
        "data_source": "unknown",
        "interface": "chat",
        "licence": "none",
    }


def valuelex(folder: Path, *command: str, **extra: str) -> Any:
    path = os.pathsep.join([str(STUB), environment(folder)["PYTHONPATH"]])
    return run(folder, "valuelex", *command, PYTHONPATH=path, **extra)


def test_one_load_for_both_instruments_and_a_broken_model_stops_no_other(tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["study"] = {"name": "stand-in", "seed": 1}
        content["models"] = {"a-broken-one": entry("unknown"), "echo": entry("echo")}

    folder, loads = make_project(tmp_path / "study", change), tmp_path / "loads"
    done = valuelex(folder, "prefetch", STUB_LOADS=str(loads))
    assert done.returncode == 2
    assert "1 of 2 models could not be asked: 'a-broken-one'" in done.stderr
    assert "Traceback" not in done.stderr
    assert loads.read_text().split() == ["unknown", "echo"]

    for stage, table in (("elicit", REPLIES), ("survey", ANSWERS)):
        done = valuelex(folder, "run", stage, "--model", "echo", STUB_LOADS=str(loads))
        assert done.returncode == 0, done.stderr
        assert {row["engine"].split()[0] for row in table.read(folder, "echo")} == {"vllm"}
    assert loads.read_text().split() == ["unknown", "echo"]  # nothing was loaded for the stages


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("elict",), "no stage 'elict' that asks models (did you mean 'elicit'?)"),
        (("administer",), "run `dvc repro compose` first"),
        (("--ray", "127.0.0.1:1"), "no Ray cluster at '127.0.0.1:1'"),
    ],
)
def test_errors_are_one_line(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    folder = make_project(tmp_path / "study")
    done = run(folder, "valuelex", "prefetch", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "outputs").exists()
