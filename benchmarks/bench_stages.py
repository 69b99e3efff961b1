"""What each stage of the default study costs: wall time, processor time, peak memory, DVC's share.

    python benchmarks/bench_stages.py            # about ten minutes

A copy of the project in a temporary folder, without outputs, replies or DVC's cache:

cold    34 of the 35 models, from nothing to the report
no-op   the same command again
model   the 35th model joins the roster
warm    outputs and DVC's cache are gone, the replies are still in the store

A program named ``valuelex`` stands first in the path, measures the real one and adds a line to a
table. What is left of the wall time is DVC's own: starting, reading and writing its lock file.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("pipeline", "prompts", "lexicon", "dvc.yaml", "params.yaml", ".dvcignore")
REAL = Path(sys.executable).parent / "valuelex"
MEASURE = """#!{python}
import json, os, resource, subprocess, sys, time
start = time.time()
code = subprocess.call([{real!r}, *sys.argv[1:]])
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
line = {{"stage": sys.argv[2], "wall": time.time() - start, "cpu": spent.ru_utime + spent.ru_stime,
        "mib": spent.ru_maxrss / 1024}}
with open({table!r}, "a") as file:
    file.write(json.dumps(line) + "\\n")
sys.exit(code)
"""


def project(folder: Path) -> dict[str, Any]:
    """Copy the project without what it has computed; return its settings."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    (folder / ".dvc").mkdir()
    config = (ROOT / ".dvc" / "config").read_text(encoding="ascii")
    (folder / ".dvc" / "config").write_text(config.replace("[core]", "[core]\n    no_scm = true"))
    shutil.copy2(ROOT / ".dvc" / "plots.html", folder / ".dvc")
    settings: dict[str, Any] = yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8"))
    return settings


def repro(folder: Path, bin_: Path, table: Path) -> tuple[float, float, list[dict[str, Any]]]:
    """Run ``dvc repro``; return its wall time, all processor time, and the lines of the stages."""
    table.unlink(missing_ok=True)
    path = os.pathsep.join([str(bin_), str(REAL.parent), os.environ["PATH"]])
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(
        [REAL.parent / "dvc", "repro"],
        cwd=folder,
        env=os.environ | {"PATH": path, "DVC_SITE_CACHE_DIR": str(folder / ".dvc" / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    wall, after = time.perf_counter() - start, os.times()
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    lines = table.read_text(encoding="utf-8").splitlines() if table.exists() else []
    return wall, cpu, [json.loads(line) for line in lines]


def show(name: str, wall: float, cpu: float, lines: Sequence[dict[str, Any]]) -> None:
    """Print one run, stage by stage."""
    print(f"\n{name}: {wall:.1f} s wall, {cpu:.1f} s processor, {len(lines)} stages run\n")
    if not lines:
        return
    print("| stage | times | wall s | processor s | peak MiB |")
    print("|---|---|---|---|---|")
    for stage in dict.fromkeys(line["stage"] for line in lines):
        own = [line for line in lines if line["stage"] == stage]
        print(
            f"| {stage} | {len(own)} | {sum(o['wall'] for o in own):.1f} |"
            f" {sum(o['cpu'] for o in own):.1f} | {max(o['mib'] for o in own):.0f} |"
        )
    rest = wall - sum(line["wall"] for line in lines), cpu - sum(line["cpu"] for line in lines)
    print(f"| DVC itself | | {rest[0]:.1f} | {rest[1]:.1f} | |")


def main() -> None:
    """Run the four, in one folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, help="at most so many models, to try the script out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, bin_ = Path(temporary) / "study", Path(temporary) / "bin"
        folder.mkdir()
        bin_.mkdir()
        table = Path(temporary) / "table.jsonl"
        program = bin_ / "valuelex"
        program.write_text(MEASURE.format(python=sys.executable, real=str(REAL), table=str(table)))
        program.chmod(0o755)
        settings = project(folder)
        roster = dict(list(settings["models"].items())[: options.models])
        last = list(roster)[-1]
        for name in ("cold", "no-op", "model", "warm"):
            models = {k: v for k, v in roster.items() if k != last or name in {"model", "warm"}}
            text = yaml.safe_dump(settings | {"models": models}, sort_keys=False)
            if text != (folder / "params.yaml").read_text(encoding="utf-8"):
                (folder / "params.yaml").write_text(text, encoding="utf-8")
            if name == "warm":
                for gone in ("outputs", ".dvc/cache", ".dvc/tmp", "dvc.lock"):
                    path = folder / gone
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            show(name, *repro(folder, bin_, table))


if __name__ == "__main__":
    main()
