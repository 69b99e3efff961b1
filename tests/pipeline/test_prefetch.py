"""`valuelex prefetch` on one machine: a model is loaded once, and the stages only export."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.backends import tiny_model
from tests.closures import ROOT
from tests.pipeline.project import environment, make_project, run

from valuelex.artifacts.table import ANSWERS, DILEMMA_ANSWERS, PORTRAIT_ANSWERS, REPLIES
from valuelex.backends.store import ReplyStore

pytestmark = [pytest.mark.slow]

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


def test_tiny_real_models_on_the_cpu(tmp_path: Path) -> None:
    """Ask real (random) models by transformers, as the study `small` does, and export."""
    for kind in ("chat", "base"):
        command = [sys.executable, tiny_model.__file__, str(tmp_path / kind), kind, "2048"]
        subprocess.run(command, check=True, capture_output=True)

    def change(content: dict[str, Any]) -> None:
        content["study"] = {"name": "tiny", "seed": 1}
        content["models"] = {
            kind: entry(str(tmp_path / kind))
            | {"backend": "transformers", "interface": interface, "max_model_len": 2048}
            for kind, interface in (("chat", "chat"), ("base", "completion"))
        }
        content["elicit"] |= {"temperatures": [0.7], "top_ps": [0.95], "max_tokens": 12}
        content["survey"] |= {"trials": 1, "retest_trials": 1, "max_tokens": 4}
        content["dilemmas"] |= {"trials": 1, "max_tokens": 4}
        content["portrait"] |= {"personas": [], "max_tokens": 4}

    folder = make_project(tmp_path / "study", change)
    done = run(folder, "valuelex", "prefetch")
    assert done.returncode == 0, done.stderr
    ids = set()
    for model in ("chat", "base"):
        for stage in ("elicit", "survey"):
            done = run(folder, "valuelex", "run", stage, "--model", model)
            assert done.returncode == 0, done.stderr
            assert f"{stage} {model}: 0 asked, " in done.stderr
        frames, orders = 2, 2
        for table, expected in (
            (REPLIES, 15),
            (ANSWERS, 57 * frames),
            (DILEMMA_ANSWERS, 24 * orders),
            (PORTRAIT_ANSWERS, 4 * 5 * 3 * orders),
        ):
            rows = table.read(folder, model)
            assert len(rows) == expected, table
            assert all(row["engine"].startswith("transformers ") for row in rows)
            assert all(("template:" in row["engine"]) == (model == "chat") for row in rows)
            assert {row["model_id"] for row in rows} == {str(tmp_path / model)}
            outcomes = {row["outcome"] for row in rows}
            assert outcomes <= {"answered", "truncated", "failed"}
            assert outcomes & {"answered", "truncated"}
            ids |= {row["reply_id"] for row in rows}
    with ReplyStore(folder / ".valuelex" / "replies.sqlite") as store:
        assert {request.id for request, _ in store.export()} == ids
    assert "2 models are a branch" in run(folder, "valuelex", "check").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("elict",), "no stage 'elict' that asks models (did you mean 'elicit'?)"),
        (("administer",), "run `dvc repro compose` first"),
        (("--ray", "127.0.0.1:1"), "no Ray cluster at '127.0.0.1:1'"),
        (("--ray", "ray://somewhere:1"), "must be auto, local or host:port, was: 'ray://"),
    ],
)
def test_errors_are_one_line(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    folder = make_project(tmp_path / "study")
    done = run(folder, "valuelex", "prefetch", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "outputs").exists()
