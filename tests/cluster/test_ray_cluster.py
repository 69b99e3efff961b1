"""A real Ray cluster: 8 pretended GPUs on 4 nodes, 35 models, one node killed in the middle.

Beside the 35 simulated models stands one judge, in a stand-in for vLLM: its engine's subprocess
runs below an actor.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.closures import ROOT
from tests.cluster import on_cluster
from tests.pipeline.project import environment, make_project, outputs, shipped, start_straight

from valuelex.artifacts.table import ARTIFACTS, FORM, RATINGS, TAXONOMY
from valuelex.backends.store import ReplyStore
from valuelex.settings import load_settings

pytestmark = [pytest.mark.slow]

RELEASED = ROOT / "lexicon" / "taxonomies" / "simulated-v1"
STUB = ROOT / "tests" / "backends" / "stub"
JUDGE = {
    "backend": "vllm",
    "id": "judges",
    "revision": "main",
    "developer": "nobody",
    "family": "judge",
    "parameters_b": None,
    "training": "unknown",
    "data_source": "unknown",
    "interface": "chat",
    "licence": "none",
}
STEMS, CONTROLS = 20, 10
BIG = 60  # billions of parameters from which a model needs two GPUs


def smaller(content: dict[str, Any]) -> None:
    """Keep all 35 models, ask less of each, and say what GPUs they need."""
    content["models"] = {
        key: entry | {"num_gpus": 2 if entry["parameters_b"] > BIG else 1}
        for key, entry in shipped()["models"].items()
    }
    content["models"]["judge"] = JUDGE
    content["score"] |= {"judges": ["judge"]}
    content["elicit"] |= {"temperatures": [0.7], "top_ps": [0.95]}
    content["survey"] |= {"trials": 1}
    content["dilemmas"] |= {"trials": 1}
    content["administer"] |= {"draws": 1}


def project(folder: Path) -> Path:
    make_project(folder, smaller)
    form = json.loads((RELEASED / "form.json").read_text(encoding="utf-8"))
    form["stems"], form["controls"] = form["stems"][:STEMS], form["controls"][:CONTROLS]
    FORM.write(folder, form)
    taxonomy = TAXONOMY.file(folder)
    taxonomy.parent.mkdir(parents=True)
    shutil.copy2(RELEASED / "taxonomy.json", taxonomy)
    return folder


def with_stub(folder: Path) -> dict[str, str]:
    """Return the environment in which the stand-in for vLLM is found."""
    return {"PYTHONPATH": os.pathsep.join([str(STUB), environment(folder)["PYTHONPATH"]])}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the study as one process on one machine asks it."""
    folder = project(tmp_path_factory.mktemp("alone") / "study")
    export(folder)
    return folder


def export(folder: Path) -> None:
    process = start_straight(folder, *on_cluster.STAGES, "score", **with_stub(folder))
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, out + err


@pytest.fixture(scope="module")
def clustered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return the same study as a cluster asked it, and what happened."""
    folder = project(tmp_path_factory.mktemp("clustered") / "study")
    done = subprocess.run(
        [sys.executable, on_cluster.__file__, str(folder)],
        env=environment(folder, **with_stub(folder)),
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return folder, found


def test_a_killed_node_leaves_the_artifacts_as_they_would_have_been(
    alone: Path, clustered: tuple[Path, dict[str, Any]]
) -> None:
    folder, found = clustered
    assert found["killed_before_the_end"]
    assert any(" was lost" in line for line in found["said"])
    export(folder)
    with ReplyStore(folder / ".valuelex" / "replies.sqlite") as store:
        assert store.verify() == found["rows"]  # the export asked nothing
    assert found["before_judging"] == found["requests"] < found["rows"]
    ours, theirs = outputs(folder), outputs(alone)
    asked = [artifact for artifact in ARTIFACTS if not artifact.stage.startswith("basis")]
    per_model = sum("{model}" in artifact.path for artifact in asked)
    assert len(ours) == per_model * len(load_settings(folder).models) + 2 + 3
    assert ours == theirs
    scores = [row["score"] for row in RATINGS.read(folder)]
    assert sum(score is not None for score in scores) > len(scores) / 2


def test_progress_is_told_per_model(clustered: tuple[Path, dict[str, Any]]) -> None:
    folder, found = clustered
    done = {line.partition(":")[0] for line in found["said"] if " done after " in line}
    assert done == set(load_settings(folder).models)


def test_what_cannot_be_asked_costs_itself_alone(clustered: tuple[Path, dict[str, Any]]) -> None:
    _, found = clustered
    outcomes, details = found["faults"]["outcomes"], found["faults"]["details"]
    assert set(outcomes["fine"].values()) == {"answered"}
    assert len(outcomes["fine"]) == 12
    # one request kills every actor that is asked it: its chunk is lost three times, then failed
    failed = {prompt for prompt, outcome in outcomes["deadly"].items() if outcome == "failed"}
    assert failed == {"p4", "p5", "p6", "p7"}
    assert len(outcomes["deadly"]) == 12
    # an engine that always breaks is given up, and what it never answered is not called failed
    assert set(outcomes["breaks"].values()) <= {"answered", "failed"}
    assert outcomes["unloadable"] == outcomes["huge"] == {}
    problem = found["faults"]["problem"]
    assert "'unloadable': no such folder" in problem
    assert "'huge': it needs 16 GPUs on one machine; the largest of" in problem
    assert details["deadly"].startswith("lost 3 times: the actor or its node was lost")
