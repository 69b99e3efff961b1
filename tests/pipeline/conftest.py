"""One miniature study, run twice from nothing: by DVC, and stage by stage in a single process."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from tests.pipeline.project import make_project, start, start_straight


@dataclass(frozen=True)
class Twins:
    """Two projects with the same study, and what DVC printed. Read them, or copy them."""

    by_dvc: Path
    by_hand: Path
    said_in: Path

    @property
    def said(self) -> str:
        return self.said_in.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Twins:
    """Run the miniature study in two fresh folders at the same time, with other hash seeds.

    Once for all workers of a run: whoever comes second waits, and reads.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "twins"
    twins = Twins(folder / "by-dvc" / "study", folder / "by-hand" / "study", folder / "said.txt")
    with FileLock(f"{folder}.lock"):
        if not twins.said_in.exists():  # written last: a run that failed is tried, and told, again
            shutil.rmtree(folder, ignore_errors=True)
            _run(twins)
    return twins


def _run(twins: Twins) -> None:
    runs = {
        "dvc repro": start(make_project(twins.by_dvc), "dvc", "repro", PYTHONHASHSEED="1"),
        "stage by stage": start_straight(make_project(twins.by_hand), PYTHONHASHSEED="2"),
    }
    said = {name: ended(name, process) for name, process in runs.items()}
    twins.said_in.write_text(said["dvc repro"], encoding="utf-8")


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
