"""One miniature study, run twice from nothing: by DVC, and stage by stage in a single process."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.pipeline.project import make_project, start, start_straight


@dataclass(frozen=True)
class Twins:
    """Two projects with the same study; ``said`` is what DVC printed. Read them, or copy them."""

    by_dvc: Path
    by_hand: Path
    said: str


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """Run the miniature study in two fresh folders, at the same time, with other hash seeds."""
    by_dvc = make_project(tmp_path_factory.mktemp("by-dvc") / "study")
    by_hand = make_project(tmp_path_factory.mktemp("by-hand") / "study")
    runs = {
        "dvc repro": start(by_dvc, "dvc", "repro", PYTHONHASHSEED="1"),
        "stage by stage": start_straight(by_hand, PYTHONHASHSEED="2"),
    }
    said = {name: ended(name, process) for name, process in runs.items()}
    return Twins(by_dvc, by_hand, said["dvc repro"])


def ended(name: str, process: subprocess.Popen[str]) -> str:
    """Wait for a run and return what it printed; a failed run fails every test that needs it."""
    out, err = process.communicate(timeout=900)
    assert process.returncode == 0, (
        f"{name} ended {process.returncode}:\n{out[-2000:]}{err[-4000:]}"
    )
    return out + err


@pytest.fixture(scope="session")
def study(twins: Twins) -> Path:
    """Return the folder of the study that DVC ran; read it only."""
    return twins.by_dvc
