"""A miniature of the project in a folder of its own: real DVC, real store, real processes.

The code that runs is the installed package; the copy of its source is there for DVC to watch.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from tests.closures import ROOT
from tests.pipeline import straight
from tests.portrait_set.made import write_set

from valuelex.stages.portrait_folder import checksum

BIN = Path(sys.executable).parent
COPIED = ("pipeline", "prompts", "lexicon")
FAMILIES, PER_FAMILY = 3, 2
ITEM_SET = "item-set"

Change = Callable[[dict[str, Any]], object]


def shipped() -> dict[str, Any]:
    """Return the shipped params.yaml."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    return content


def mini() -> dict[str, Any]:
    """Return the settings of a study that is as small as the statistics allow."""
    content = shipped()
    families: dict[str, list[str]] = {}
    for key, entry in content["models"].items():
        families.setdefault(entry["family"], []).append(key)
    chosen = [key for keys in list(families.values())[:FAMILIES] for key in keys[:PER_FAMILY]]
    content["models"] = {key: content["models"][key] for key in chosen}
    smaller: dict[str, dict[str, Any]] = {
        "elicit": {"temperatures": [0.3, 0.7, 1.1], "top_ps": [0.7, 0.95]},
        "normalize": {"min_models": 3, "min_families": 2, "min_respondent_share": 0.1},
        "cluster": {"method": "agglomerative-ward", "resamples": 0},
        # two, whatever the tests of so small a sample say: one dimension would try too little
        "factor": {"n_factors": 2, "permutations": 19},
        "validate": {"bootstraps": 20, "null_draws": 19},
        "compose": {"stems_per_sub_dimension": 2},
        "administer": {"draws": 1},
        "survey": {"trials": 2, "permutations": 19},
        "dilemmas": {"trials": 1, "permutations": 19},
        "portrait": {"personas": ["religious"], "permutations": 19},
    }
    for section, values in smaller.items():
        content[section] |= values
    return content


def left_out() -> tuple[str, dict[str, Any]]:
    """Return a model of the shipped roster that the miniature leaves out."""
    inside = mini()["models"]
    return next((k, entry) for k, entry in shipped()["models"].items() if k not in inside)


def make_project(folder: Path, change: Change | None = None) -> Path:
    """Lay out the project in ``folder`` with the miniature's settings, changed by ``change``."""
    folder.mkdir(parents=True, exist_ok=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("dvc.yaml", ".dvcignore"):
        shutil.copy2(ROOT / name, folder / name)
    config = (ROOT / ".dvc" / "config").read_text(encoding="ascii")
    (folder / ".dvc").mkdir()
    shutil.copy2(ROOT / ".dvc" / "plots.html", folder / ".dvc")
    (folder / ".dvc" / "config").write_text(config.replace("[core]", "[core]\n    no_scm = true"))
    content = mini()
    items = write_set(folder / ITEM_SET, n=4, groups=True)
    content["portrait"]["items"] = {"folder": ITEM_SET, "sha256": checksum(items)}
    if change is not None:
        change(content)
    write_params(folder, content)
    return folder


def write_params(folder: Path, content: Mapping[str, Any]) -> None:
    """Write params.yaml."""
    text = yaml.safe_dump(dict(content), sort_keys=False)
    (folder / "params.yaml").write_text(text, encoding="utf-8")


def change_params(folder: Path, change: Change) -> None:
    """Edit params.yaml in place."""
    content = yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8"))
    change(content)
    write_params(folder, content)


def copy_project(source: Path, folder: Path) -> Path:
    """Copy a project with its outputs, its store and DVC's cache."""
    return Path(shutil.copytree(source, folder))


def environment(folder: Path, **extra: str) -> dict[str, str]:
    """Return the environment of a user in ``folder``, with this interpreter's package."""
    outside = ("VALUELEX_STORE", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED")
    return {
        **{name: value for name, value in os.environ.items() if name not in outside},
        "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "DVC_NO_ANALYTICS": "1",
        "DVC_SITE_CACHE_DIR": str(folder / ".dvc" / "site"),
        "HF_HUB_OFFLINE": "1",
        **extra,
    }


def start(folder: Path, *command: str, **extra: str) -> subprocess.Popen[str]:
    """Start a command of this environment's ``bin`` (or a path) in ``folder``."""
    program = shutil.which(command[0], path=str(BIN)) or command[0]
    return subprocess.Popen(
        [program, *command[1:]],
        cwd=folder,
        env=environment(folder, **extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    process = start(folder, *command, **extra)
    out, err = process.communicate(timeout=600)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def start_straight(folder: Path, *stages: str, **extra: str) -> subprocess.Popen[str]:
    """Start stages (default: all) one after the other in a single process, without DVC."""
    return start(folder, sys.executable, straight.__file__, str(folder), *stages, **extra)


def outputs(folder: Path) -> dict[str, bytes]:
    """Return every file under ``outputs/`` by its path there."""
    root = folder / "outputs"
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def record(path: Path, outputs_of: Callable[[str, int], str], models: int = 4) -> Path:
    """Write a recording of ``models`` models with 10 replies each."""
    rows = [
        {
            "model": f"acme-{m}-7b",
            "prompt": f"What matters, case {n}?",
            "output": outputs_of(f"{m}", n),
        }
        for m in range(models)
        for n in range(10)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
