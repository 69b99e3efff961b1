from __future__ import annotations

from pathlib import Path

import pytest
from tests.scoring.material import RoughReader, write_release

from valuelex.stages import scoring
from valuelex.stages.released import Release, read_release


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release and nothing else of a project."""
    root = tmp_path_factory.mktemp("released")
    write_release(root)
    return root


@pytest.fixture(scope="session")
def release(released: Path) -> Release:
    return read_release(released.resolve(), "hand-v1")


@pytest.fixture
def elsewhere(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder below the release's, as current folder; its store lies in it."""
    folder = released / tmp_path.name
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VALUELEX_STORE", str(folder / "replies.sqlite"))
    return folder


@pytest.fixture
def fast_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge on vectors without meaning: for tests of everything but its verdicts."""

    monkeypatch.setattr(scoring, "SentenceReader", RoughReader)
