"""`kill -9` of every stage of the miniature study, and of DVC above them; prints a table.

Each stage is killed by the clock, at a file event of its own, and (where strace is installed) on
entering a system call that makes something durable. Each life is a fork of a process that has
imported what the stage needs, so that the kills hit the stage and not its imports; DVC's are real
processes. After every kill files and replies are looked
at, after every fifth the same command runs to its end and its files are compared with those of an
undisturbed run.

As `make repro` does, DVC is preceded by `valuelex check`, which takes away what a killed DVC left.

Usage: PYTHONPATH=.:pipeline python benchmarks/bench_stage_kills.py [KILLS_A_STAGE] [KILLS_OF_DVC]
[STAGE,STAGE]
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.pipeline.project import (
    copy_project,
    environment,
    make_project,
    outputs,
    run,
    start_straight,
)
from tests.pipeline.stage_kills import STORE, WAYS, Seen, Victim, replies

from valuelex.cli.dispatch import STAGES
from valuelex.settings import load_settings

SEED = 20268
_HEAD = (
    *("stage", "kills", *WAYS, "too late", "temp. files", "reruns"),
    *("lost", "doubled", "changed", "half-written", "other files", "stale", "bytes differ"),
)


def main(per_stage: int, of_dvc: int, only: str = "") -> int:
    started, draw = time.monotonic(), random.Random(SEED)  # noqa: S311 - moments of killing, no secret
    with tempfile.TemporaryDirectory() as name:
        undisturbed = make_project(Path(name) / "undisturbed")
        _ended(start_straight(undisturbed))
        asked = len(replies(undisturbed / STORE))
        print(f"undisturbed: {len(outputs(undisturbed))} files, {asked} replies")
        folder = copy_project(undisturbed, Path(name) / "study")
        stages = only.split(",") if only else list(STAGES)
        rows = _stages(folder, undisturbed, stages, per_stage, draw) if per_stage else []
        total, faults = sum(s.kills.total() for s in rows), sum(s.faults for s in rows)
        if of_dvc:
            for alone in (False, True):
                killed, wrong = _dvc(Path(name), undisturbed, of_dvc // 2, draw, alone=alone)
                total, faults = total + killed, faults + wrong
    print(f"{total} kills, {faults} faults, {time.monotonic() - started:.0f} s")
    return int(faults > 0)


def _stages(
    folder: Path, undisturbed: Path, stages: list[str], kills: int, draw: random.Random
) -> list[Seen]:
    print("| " + " | ".join(_HEAD) + " |\n|" + "---|" * len(_HEAD), flush=True)
    seen = []
    models = sorted(load_settings(folder).models)
    for stage in stages:
        model = draw.choice(models) if STAGES[stage] else None
        with Victim(folder, stage, model, undisturbed) as victim:
            victim.measure()
            victim.kill(kills, draw)
        _print(victim.seen)
        seen.append(victim.seen)
    return seen


def _print(s: Seen) -> None:
    ways = [str(s.kills[way]) for way in WAYS]
    counts = [len(s.half), len(s.others), len(s.stale), len(s.differ)]
    cells = [s.stage, s.kills.total(), *ways, s.ended, s.parts, s.reruns]
    cells += [s.lost, s.doubled, s.changed, *counts]
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    for what in (s.half, s.others, s.stale, s.differ):
        if what:
            print(f"  {what}", flush=True)


def _dvc(
    home: Path, undisturbed: Path, kills: int, draw: random.Random, *, alone: bool
) -> tuple[int, int]:
    """Kill `dvc repro` with all that it started, or DVC alone and leave its stage an orphan."""
    name = "dvc-alone" if alone else "dvc-and-stage"
    wanted, faults, killed, whole, mends = outputs(undisturbed), 0, 0, 0, 0
    folder = home / name
    while killed < kills or whole == 0:
        if not folder.exists():
            make_project(folder)
        checked = run(folder, "valuelex", "check")
        mends += checked.stdout.count("mended ")
        process = subprocess.Popen(
            ["dvc", "repro"],
            cwd=folder,
            env=environment(folder),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            process.wait(2 + draw.random() * 40 if killed < kills else 1800)
        except subprocess.TimeoutExpired:
            (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        if process.returncode == 0:
            found = outputs(folder)
            faults += sum(found.get(key) != data for key, data in wanted.items())
            faults += len(found.keys() - wanted.keys())
            whole += 1
            shutil.rmtree(folder)
        elif process.returncode != -signal.SIGKILL:
            said = process.stderr.read().decode() if process.stderr else ""
            print(f"  dvc said: {said[-500:]}", flush=True)
            faults += 1
            if faults > kills:
                break
    print(f"{name}: {killed} kills, {whole} studies completed, {mends} mends, {faults} wrong")
    return killed, faults


def _ended(process: subprocess.Popen[str]) -> None:
    _, err = process.communicate(timeout=3600)
    if process.returncode:
        raise RuntimeError(err)


if __name__ == "__main__":
    given = sys.argv[1:] + ["15", "20", ""][len(sys.argv) - 1 :]
    raise SystemExit(main(int(given[0]), int(given[1]), given[2]))
