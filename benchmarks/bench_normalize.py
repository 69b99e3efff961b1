"""Normalising a study that is larger than memory: speed, and the memory curve.

    OMP_NUM_THREADS=1 python benchmarks/bench_normalize.py --replies 1000000

Writes a study of simulated replies of the default study's 35 models (by the shipped simulated
backend, with as many draws as it takes), then runs the real stage `normalize` on it in a process of
its own and samples that process's resident memory four times a second. Printed: replies a second,
peak memory, and the memory at each tenth of the models read. The study of one tenth is run too, so
that the growth can be seen.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
STAGE = (
    "from pathlib import Path; from valuelex.stages import normalize;"
    "from valuelex.stages.context import open_context; normalize.run(open_context(Path('.')))"
)
PAGE = 4096
EVERY = 0.25


def lay_out(folder: Path, replies: int) -> int:
    """Write the replies of a study of about this size; return how many there are."""
    from valuelex.artifacts.table import REPLIES
    from valuelex.prompts import load_prompt
    from valuelex.stages.context import open_context
    from valuelex.stages.elicit import FIELDS, elicitation_requests, reply_row
    from valuelex.stages.planted import simulated_backend

    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    settings = len(params["elicit"]["temperatures"]) * len(params["elicit"]["top_ps"])
    params["elicit"]["draws"] = max(1, round(replies / (len(params["models"]) * settings * 15)))
    for name in ("prompts", "lexicon"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False), encoding="utf-8")
    context = open_context(folder)
    prompts = load_prompt(folder, context.settings.elicit.prompts, FIELDS)
    total = 0
    for key, entry in sorted(context.settings.models.items()):
        requests = elicitation_requests(
            prompts,
            model=key,
            entry=entry,
            revision="simulated",
            grid=context.settings.elicit.grid,
            draws=context.settings.elicit.draws,
        )
        answers = simulated_backend(context, key, entry).run(requests)
        rows = [reply_row(q, a) for q, a in zip(requests, answers, strict=True)]
        REPLIES.write(folder, rows, key)
        total += len(rows)
    return total


def resident(pid: int) -> float:
    """Return a process's resident memory in MiB, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 2**20
    except (OSError, IndexError):
        return 0.0


def normalise(folder: Path) -> tuple[float, list[tuple[float, float]]]:
    """Run the stage; return its seconds and (seconds, MiB) samples."""
    start, samples = time.perf_counter(), []
    process = subprocess.Popen([sys.executable, "-c", STAGE], cwd=folder, stderr=subprocess.PIPE)
    while process.poll() is None:
        samples.append((time.perf_counter() - start, resident(process.pid)))
        time.sleep(EVERY)
    if process.returncode:
        raise SystemExit(process.stderr.read().decode() if process.stderr else "failed")
    return time.perf_counter() - start, samples


def curve(samples: list[tuple[float, float]], parts: int = 10) -> str:
    """Return the most memory within each tenth of the run."""
    end = samples[-1][0]
    tenths: list[list[float]] = [[] for _ in range(parts)]
    for second, size in samples:
        tenths[min(int(parts * second / end), parts - 1)].append(size)
    return " ".join(f"{max(tenth, default=0):5.0f}" for tenth in tenths)


def main() -> None:
    """Make both studies, run the stage on each, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="folder for the studies; reused when there")
    options = parser.parse_args()
    print(f"{'replies':>9} {'s':>7} {'replies/s':>9} {'peak MiB':>8}  most MiB in each tenth")
    for size in (options.replies // 10, options.replies):
        base = options.keep or Path(tempfile.mkdtemp(prefix="bench-normalize-"))
        folder = base / str(size)
        count = base / f"{size}.txt"
        if not count.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            count.write_text(str(lay_out(folder, size)))
        replies = int(count.read_text())
        seconds, samples = normalise(folder)
        peak = max(mib for _, mib in samples)
        print(f"{replies:9} {seconds:7.1f} {replies / seconds:9.0f} {peak:8.0f}  {curve(samples)}")
        if not options.keep:
            shutil.rmtree(base)


if __name__ == "__main__":
    main()
