from __future__ import annotations

from pathlib import Path

import pytest

from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.key import Key
from valuelex.stages.questionnaire import load_key, load_portraits

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def key() -> Key:
    return load_key(ROOT)


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return load_portraits(ROOT, "pvq.v1")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no project, as the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VALUELEX_STORE", raising=False)
    return tmp_path
