from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.closures import ROOT
from tests.portrait_set.made import write_set

from valuelex.stages.portrait_folder import checksum


@pytest.fixture
def items(tmp_path: Path) -> Path:
    return write_set(tmp_path / "set", groups=True)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is no project, as current folder; its store lies in it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VALUELEX_STORE", str(folder / "replies.sqlite"))
    return folder


@pytest.fixture
def project(tmp_path: Path, items: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with every simulated model, whose settings name the item set; nothing has run."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("prompts", "lexicon"):
        shutil.copytree(ROOT / name, root / name)
    content: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text("utf-8"))
    content["survey"] |= {"trials": 1}
    content["dilemmas"] |= {"trials": 1, "permutations": 19}
    content["portrait"] |= {
        "items": {"folder": str(items), "sha256": checksum(items)},
        "personas": ["religious"],
        "permutations": 50,
    }
    (root / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.chdir(root)
    monkeypatch.delenv("VALUELEX_STORE", raising=False)
    return root
