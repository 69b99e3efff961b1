"""One size of the growth of DVC: the real graph for N models, with stages that do nothing.

    python benchmarks/growth_models.py MODELS

The project's own dvc.yaml and a roster of N models; `valuelex` is a shell script that writes each
stage's outputs and nothing else, but for the stages that sign code and settings, which are real.
What is left is what DVC costs by itself: the first run of all stages, a run that finds nothing to
do, and a run after one more model. The whole pipeline's time is that plus the stages' own
(docs/hard-ground), which are linear in models.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml
from measured import piece

ROOT = Path(__file__).resolve().parents[1]
REAL = Path(sys.executable).parent / "valuelex"
SHELL = f"""#!/bin/sh
stage=$2; key=$4
case $stage in basis*) exec {REAL} "$@";; esac  # what wakes the others: half a second each
for out in $(cat .fake/$stage); do
  file=$(echo "$out" | sed "s/@KEY@/$key/")
  mkdir -p "$(dirname "$file")"
  echo "$stage $key" > "$file"
done
"""


def outputs(stage: dict[str, Any]) -> list[str]:
    """Return the paths that a stage writes, `@KEY@` for the model's key."""
    listed = [*stage.get("outs", []), *stage.get("metrics", []), *stage.get("plots", [])]
    paths = [path if isinstance(path, str) else next(iter(path)) for path in listed]
    return [path.replace("${key}", "@KEY@") for path in paths]


def lay_out(folder: Path, models: int) -> None:
    """Make a project with N models whose commands only write their outputs."""
    for name in ("dvc.yaml", "params.yaml", ".dvcignore"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("pipeline", "prompts", "lexicon"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    roster(folder, models)
    (folder / ".fake").mkdir()
    for name, stage in yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"].items():
        wrote = outputs(stage.get("do", stage))
        (folder / ".fake" / name).write_text("\n".join(wrote))
    command = folder / "bin" / "valuelex"
    command.parent.mkdir()
    command.write_text(SHELL)
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["dvc", "init", "-q"], cwd=folder, check=True)
    for option in ("analytics", "check_update", "autostage"):
        subprocess.run(["dvc", "config", f"core.{option}", "false"], cwd=folder, check=True)


def roster(folder: Path, models: int) -> None:
    """Put N models into the project's settings."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    known = list(params["models"].values())
    params["models"] = {
        f"m{i:04d}": known[i % len(known)] | {"id": f"m{i:04d}"} for i in range(models)
    }
    (folder / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))


def repro(folder: Path) -> None:
    """Run DVC, and nothing but DVC: the stages write their outputs by a shell script."""
    env = os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "DVC_NO_ANALYTICS": "1"}
    subprocess.run(["dvc", "repro", "-q"], cwd=folder, env=env, check=True)


def main(models: int) -> None:
    """Measure the three runs."""
    with tempfile.TemporaryDirectory(prefix="growth-models-") as name:
        folder = Path(name)
        lay_out(folder, models)
        with piece("DVC, all stages", models) as found:
            repro(folder)
            found["lock_kib"] = round((folder / "dvc.lock").stat().st_size / 1024)
        with piece("DVC, nothing to do", models):
            repro(folder)
        roster(folder, models + 1)
        with piece("DVC, one more model", models):
            repro(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]))
