"""Is what was planted found again, and is nothing found where nothing was planted?

    export OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1
    python benchmarks/bench_recovery.py RESULTS.jsonl --kind planted --seeds 1-20
    python benchmarks/bench_recovery.py RESULTS.jsonl --kind none --seeds 1-20
    python benchmarks/bench_recovery.py RESULTS.jsonl --kind half --seeds 1-6
    python benchmarks/bench_recovery.py RESULTS.jsonl            # only the table of what is there

Each seed is a fresh sample of models and of texts of the default simulated study. The real stages
run in this process, from elicitation to the verdict, in a folder of their own. One line of JSON a
seed is appended to RESULTS when it is done; seeds that are there already are not run again, so a
stopped run goes on with the same command. ``none`` plants no taxonomy; ``half`` keeps a random
half of the models.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from valuelex.artifacts.table import DIAGNOSTICS, RECOVERY, STABILITY
from valuelex.stages import cluster, elicit, embed, factor, normalize, taxonomy, validate
from valuelex.stages.context import Context, open_context

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("planted", "none", "half")
ORDER: tuple[tuple[str, Callable[[Context], None]], ...] = (
    ("normalize", normalize.run),
    ("embed", embed.run),
    ("cluster", cluster.run),
    ("factor", factor.run),
    ("taxonomy", taxonomy.run),
    ("validate", validate.run),
)


def lay_out(folder: Path, kind: str, seed: int) -> Context:
    """Make the default study of another seed in ``folder``."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    params["study"]["seed"] = seed
    params["study"]["structure"] = "none" if kind == "none" else "planted"
    if kind == "half":
        keys = sorted(params["models"])
        draw = random.Random(seed)  # noqa: S311 - a sample of models, no secret
        chosen = set(draw.sample(keys, (len(keys) + 1) // 2))
        params["models"] = {k: v for k, v in params["models"].items() if k in chosen}
    for name in ("prompts", "lexicon"):
        link = folder / name
        if not link.exists():
            link.symlink_to(ROOT / name)
    text = yaml.safe_dump(params, sort_keys=False)
    (folder / "params.yaml").write_text(text, encoding="utf-8")
    return open_context(folder)


def run_seed(folder: Path, kind: str, seed: int) -> dict[str, Any]:
    """Run one study and return what its own checks say."""
    context = lay_out(folder, kind, seed)
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    for model in sorted(context.settings.models):
        elicit.run(context, model)
    seconds["elicit"] = time.perf_counter() - start
    for name, stage in ORDER:
        start = time.perf_counter()
        stage(context)
        seconds[name] = time.perf_counter() - start
    return {"kind": kind, "seed": seed} | findings(context) | cost(seconds)


def findings(context: Context) -> dict[str, Any]:
    """Collect the verdict and the distance from the planted truth."""
    found, stability = RECOVERY.read(context.root), STABILITY.read(context.root)
    dimensions, terms = found["dimensions"], found["terms"]
    phis = [one["phi"] for one in dimensions["tucker"]]
    return {
        "models": len(context.settings.models),
        "planted": dimensions["planted"],
        "found": dimensions["found"],
        "correct": dimensions["correct"],
        "phi": phis,
        "ari": found["sub_dimensions"]["ari"],
        "subs": found["sub_dimensions"]["found"],
        "recall": terms["recall"],
        "precision": terms["precision"],
        "terms": terms["found"],
        "missed": terms["missed"],
        "extra": terms["extra"],
        "level": stability["verdict"]["level"],
        "reasons": stability["verdict"]["reasons"],
        "why": DIAGNOSTICS.read(context.root)["why"],
        "bootstrap_phi": [one["phi"] for one in stability["bootstrap"]["factors"]],
    }


def cost(seconds: dict[str, float]) -> dict[str, Any]:
    """Return seconds per stage and the peak memory of the process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": {k: round(v, 1) for k, v in seconds.items()}, "peak_mib": peak}


def done(path: Path) -> list[dict[str, Any]]:
    """Return the finished seeds; a last line that was cut by a kill is no finished seed."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in lines]


def append(path: Path, row: dict[str, Any]) -> None:
    """Append one line durably, after cutting off a half line that a kill left."""
    data = path.read_bytes() if path.exists() else b""
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        path.write_bytes(whole)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
        file.flush()
        os.fsync(file.fileno())


def seeds(text: str) -> Iterator[int]:
    """Read ``1-20`` or ``3,5,9``."""
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def summary(rows: list[dict[str, Any]]) -> None:
    """Print one line a seed, and a line of means for each kind."""
    head = "kind     seed  dims  mean phi  least   ARI  recall  precision  terms  verdict"
    print(head)
    for kind in KINDS:
        mine = sorted((r for r in rows if r["kind"] == kind), key=lambda r: r["seed"])
        for r in mine:
            ari = f"{r['ari']:.2f}" if r["ari"] is not None else "-"
            print(
                f"{kind:8} {r['seed']:4}  {r['found']}/{r['planted']}"
                f"  {statistics.mean(r['phi']):8.3f}  {min(r['phi']):5.2f}  {ari:>4}"
                f"  {r['recall']:6.3f}  {r['precision']:9.3f}  {r['terms']:5}  {r['level']}"
            )
        if mine:
            print(means(kind, mine))


def means(kind: str, rows: list[dict[str, Any]]) -> str:
    """Return the line that the acceptance asks for."""
    levels = {name: sum(r["level"] == name for r in rows) for name in {r["level"] for r in rows}}
    verdicts = ", ".join(f"{n} x {name}" for name, n in sorted(levels.items()))
    right = sum(r["correct"] for r in rows)
    mean = statistics.mean
    aris = [r["ari"] for r in rows if r["ari"] is not None]
    seconds = mean(sum(r["seconds"].values()) for r in rows)
    return (
        f"== {kind}: {len(rows)} seeds, right number {right}/{len(rows)},"
        f" mean phi {mean(mean(r['phi']) for r in rows):.3f},"
        f" ARI {mean(aris) if aris else float('nan'):.3f} (least {min(aris, default=0):.2f}),"
        f" recall {mean(r['recall'] for r in rows):.3f},"
        f" precision {mean(r['precision'] for r in rows):.3f}; {verdicts};"
        f" {seconds:.0f} s a seed\n"
    )


def main() -> None:
    """Run what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("--kind", choices=KINDS, default="planted")
    parser.add_argument("--seeds", default="")
    parser.add_argument("--keep", type=Path, help="keep each seed's outputs in this folder")
    options = parser.parse_args()
    there = {(r["kind"], r["seed"]) for r in done(options.results)}
    for seed in seeds(options.seeds) if options.seeds else ():
        if (options.kind, seed) in there:
            continue
        if options.keep:
            folder = options.keep / f"{options.kind}-{seed}"
            folder.mkdir(parents=True, exist_ok=True)
            append(options.results, run_seed(folder, options.kind, seed))
            shutil.rmtree(folder / ".valuelex", ignore_errors=True)
        else:
            with tempfile.TemporaryDirectory() as name:
                append(options.results, run_seed(Path(name), options.kind, seed))
    summary(done(options.results))


if __name__ == "__main__":
    main()
