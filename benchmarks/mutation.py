"""Mutation check: does some test fail when one line of the statistics or of a parser is changed?

    python benchmarks/mutation.py run --sample 25 --package psychometrics
    python benchmarks/mutation.py survivors      # read them; write the tests that are missing
    python benchmarks/mutation.py again          # the survivors once more

Which test runs which line is noted first (minutes, once a test file). Results lie in .mutation/,
one line a mutant; a second call goes on where the first stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import forked_tests
import pytest

if TYPE_CHECKING:  # libcst, mutmut and coverage are needed to work, not to say what can be asked
    from mutants import Mutant

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "pipeline" / "valuelex"
FOLDERS = (
    "psychometrics",
    "terms",
    "instruments",
    "surveys",
    "portrait_set",
    "cli_tables",
    "taxonomy",
    "stages",
    "scoring",
)
ALIVE = ("survived", "no tests")
BATCH = 25  # mutants of a module that are made at a time
MOST = 8.0  # seconds of tests a mutant: the files that need least, the package's own first


def test_files() -> list[str]:
    found = [p for folder in FOLDERS for p in sorted((ROOT / "tests" / folder).rglob("test_*.py"))]
    return [str(p.relative_to(ROOT)) for p in found]


def in_forks(
    jobs: Iterator[tuple[Any, forked_tests.Fork]], at_once: int
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Keep so many children running; give each job with its answer."""
    running: list[tuple[Any, forked_tests.Fork]] = []
    more = True
    while more or running:
        while more and len(running) < at_once:
            job = next(jobs, None)
            if job is None:
                more = False
            else:
                running.append(job)
        for job in list(running):
            answer = job[1].answer()
            if answer is not None:
                running.remove(job)
                yield job[0], answer
        time.sleep(0.02)


# --- which test runs which line ---


def _map_one(file: str) -> dict[str, Any]:
    from mutation_map import LineMap

    plugin = LineMap(SOURCE)
    quiet = [option for option in forked_tests.QUIET if option != "-x"]
    pytest.main([*quiet, file], plugins=[plugin])
    return plugin.found()


def _map_file(folder: Path, file: str) -> Path:
    return folder / "map" / (file.replace("/", "-") + ".json")


def _mapped(folder: Path, file: str) -> dict[str, Any]:
    path = _map_file(folder, file)
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stale(folder: Path, file: str) -> bool:
    """Say whether a test file, or a module whose lines it runs, has changed since it was mapped."""
    known = _mapped(folder, file)
    texts: dict[str, str] = known.get("modules", {})
    return known.get("text") != _digest(ROOT / file) or any(
        not (SOURCE / m).exists() or _digest(SOURCE / m) != text for m, text in texts.items()
    )


def make_map(folder: Path, files: list[str], at_once: int) -> None:
    """Map the test files that have changed since they were mapped, or whose modules have."""
    files = [f for f in files if _stale(folder, f)]
    jobs = ((f, forked_tests.Fork(partial(_map_one, f), 400)) for f in files)
    for file, answer in in_forks(jobs, at_once):
        if "lines" not in answer:
            print(f"{file}: {answer}", flush=True)
            continue
        answer["text"] = _digest(ROOT / file)
        answer["modules"] = {m: _digest(SOURCE / m) for m in answer["lines"]}
        _map_file(folder, file).write_text(json.dumps(answer))
        print(
            f"{file}: {len(answer['seconds'])} tests, {answer['cpu']} s, failed {answer['failed']}",
            flush=True,
        )


class LineTests:
    """The map read back: the tests of a changed line."""

    def __init__(self, folder: Path, packages: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        self.lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.importing: dict[str, set[int]] = defaultdict(set)  # lines run when a module is loaded
        self.loaded: dict[str, set[str]] = defaultdict(set)  # the test files that load a module
        self.seconds: dict[str, float] = {}
        self.libraries: dict[str, None] = {}
        for path in sorted((folder / "map").glob("*.json")):
            data = json.loads(path.read_text())
            good = {t for t in data["seconds"] if t not in data["failed"]}
            self.seconds.update({t: s for t, s in data["seconds"].items() if t in good})
            if path.name.startswith(tuple(f"tests-{package}-" for package in packages)):
                self.libraries.update(dict.fromkeys(data["libraries"]))
            for module, lines in data["lines"].items():
                self.loaded[module].update(test.partition("::")[0] for test in good)
                for line, tests in lines.items():
                    self.lines[module][int(line)].update(t for t in tests if t in good)
                    if "" in tests:
                        self.importing[module].add(int(line))
        self.by_file: dict[str, list[str]] = defaultdict(list)
        for test in sorted(self.seconds, key=self.seconds.__getitem__):
            self.by_file[test.partition("::")[0]].append(test)

    def of(self, mutant: Mutant) -> tuple[list[tuple[str, list[str]]], float, bool]:
        """Files with tests to run, their seconds, and whether some test runs the line itself."""
        lines = self.lines.get(mutant.module, {})
        changed = range(mutant.first, mutant.last + 1)
        hit = set[str]().union(*(lines.get(n, set()) for n in changed))
        found = bool(hit) or not self.importing[mutant.module].isdisjoint(changed)
        if not hit or not self.importing[mutant.module].isdisjoint(changed):
            hit = set[str]().union(*lines.values())
        if not hit and found:  # a module of tables, which no test runs and many look up
            hit = {t for t in self.seconds if t.partition("::")[0] in self.loaded[mutant.module]}
        cost: Counter[str] = Counter()
        for test in hit:
            cost[test.partition("::")[0]] += self.seconds[test]
        own = mutant.module.partition("/")[0]
        order = sorted(cost, key=lambda f: (cost[f] > 20, f"tests/{own}/" not in f, cost[f]))
        chosen, total = [], 0.0
        for file in order:
            tests = sorted(
                (t for t in self.by_file[file] if t in hit), key=self.seconds.__getitem__
            )
            if (
                f"tests/{own}/" in file
            ):  # a helper's cache may hide that the others use the line too
                tests += [t for t in self.by_file[file] if t not in hit]
            spent = sum(map(self.seconds.__getitem__, tests))
            if not chosen or total + spent < MOST:
                total += spent
                chosen.append((file, tests))
        return chosen, total, found


# --- the mutants ---


def _run_one(mutant: dict[str, Any], files: list[tuple[str, list[str]]]) -> dict[str, Any]:
    module = mutant["module"]
    name = "valuelex." + module.removesuffix(".py").replace("/", ".")
    sys.meta_path.insert(0, forked_tests.Changed(name, SOURCE / module, mutant["source"]))
    return forked_tests.run_files(files)


def drawn(folder: Path, module: str, n: int, seed: int) -> list[Mutant]:
    """The first mutants of a module in a seeded order, all if n is 0; made once a text."""
    from mutants import Mutant, mutants

    text, asked = _digest(SOURCE / module)[:16], n
    n = -(-n // BATCH) * BATCH
    kept = folder / "drawn" / f"{module.replace('/', '-')}-{text}-{n or 'all'}-{seed}.json"
    if not kept.exists():
        made = islice(mutants(SOURCE, module, seed), n or None)
        kept.write_text(json.dumps([asdict(m) for m in made]))
    return [Mutant(**m) for m in json.loads(kept.read_text())][: asked or None]


def rows(results: Path, names: list[str]) -> list[dict[str, Any]]:
    if not results.exists():
        return []
    found = [json.loads(line) for line in results.read_text().splitlines()]
    return [row for row in found if row["module"] in names]


def run(folder: Path, chosen: list[Mutant], results: Path, at_once: int) -> None:
    tests = LineTests(folder)

    def jobs() -> Iterator[tuple[Any, forked_tests.Fork]]:
        for mutant in chosen:
            files, seconds, direct = tests.of(mutant)
            work = partial(_run_one, {"module": mutant.module, "source": mutant.source}, files)
            yield (mutant, direct), forked_tests.Fork(work, 20 + 4 * seconds)

    with results.open("a") as out:
        for (mutant, direct), answer in in_forks(jobs(), at_once):
            if answer["status"] == "survived" and not direct:
                answer["status"] = "no tests"
            row = asdict(mutant) | answer
            del row["source"]
            out.write(json.dumps(row) + "\n")
            out.flush()


def sampled(folder: Path, names: list[str], n: int, seed: int, results: Path) -> list[Mutant]:
    """The sample in rounds over the modules, without what has run: any part of it is a sample."""
    done = {row["key"] for row in rows(results, names)}
    rounds = zip_longest(*(drawn(folder, name, n, seed) for name in names))
    return [m for turn in rounds for m in turn if m is not None and m.key not in done]


def survivors(folder: Path, names: list[str], n: int, seed: int, results: Path) -> list[Mutant]:
    """The mutants that lived, as they are now: tests or modules may have changed since."""
    last = {row["key"]: row for row in rows(results, names)}
    alive = {k: row for k, row in last.items() if row["status"] in ALIVE}
    found: dict[str, Mutant] = {}
    for module in sorted({row["module"] for row in alive.values()}):
        keys = {k for k, row in alive.items() if row["module"] == module}
        for size in (n, 0):  # a changed module has another order: then look through all
            if keys - set(found):
                found |= {m.key: m for m in drawn(folder, module, size, seed) if m.key in keys}
    for key in sorted(set(alive) - set(found)):
        print(f"{alive[key]['module']}: not there any more:\n{alive[key]['diff']}")
    return list(found.values())


# --- the table ---


def wilson(killed: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    share = killed / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return centre - half, centre + half


def table(found: list[dict[str, Any]]) -> None:
    """One line a package: the first result of every mutant, and its last."""
    from mutants import PACKAGES

    before = {row["key"]: row for row in reversed(found)}
    after = {row["key"]: row for row in found}
    print("| package | n | | killed | timed out | survived | no tests | killed share | 95 % |")
    print("|---|---|---|---|---|---|---|---|---|")
    for package in (*PACKAGES, ""):
        for name, results in (("before", before), ("after", after)):
            part = [r["status"] for r in results.values() if r["module"].startswith(package)]
            if part:
                seen = Counter(part)
                dead = len(part) - sum(seen[status] for status in ALIVE)
                low, high = wilson(dead, len(part))
                counts = " | ".join(str(seen[k]) for k in ("killed", "timeout", *ALIVE))
                share = f"{dead / len(part):.1%} | {low:.1%}-{high:.1%}"
                print(f"| {package or 'all'} | {len(part)} | {name} | {counts} | {share} |")


def show(found: list[dict[str, Any]]) -> None:
    """Print every mutant that lives."""
    last = {row["key"]: row for row in found}
    for row in sorted(last.values(), key=lambda r: (r["module"], r["first"])):
        if row["status"] in ALIVE:
            print(f"{row['module']}:{row['first']} {row['key']} {row['status']}\n{row['diff']}\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "what", choices=["map", "draw", "run", "again", "survivors", "table", "count"]
    )
    parser.add_argument(
        "--package", default="", help="psychometrics, instruments/pvq, terms/parse.py, ..."
    )
    parser.add_argument("--sample", type=int, default=25, help="mutants a module; 0 means all")
    parser.add_argument("--seed", type=int, default=8, help="another seed draws other mutants")
    parser.add_argument("--folder", type=Path, default=ROOT / ".mutation")
    parser.add_argument("--results", default="results.jsonl")
    parser.add_argument("--at-once", type=int, default=2)
    asked = parser.parse_args()
    from mutants import count, modules

    for part in ("map", "drawn"):
        (asked.folder / part).mkdir(parents=True, exist_ok=True)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # read when numpy is imported, which is later
    os.environ.setdefault("MUTATION_LOG", os.devnull)
    os.chdir(ROOT)
    names = [n for n in modules(SOURCE) if n.startswith(tuple(asked.package.split(",")))]
    results = asked.folder / asked.results
    if asked.what in ("map", "run", "again"):
        forked_tests.warm(LineTests(asked.folder, {n.partition("/")[0] for n in names}).libraries)
        make_map(asked.folder, test_files(), asked.at_once)
    if asked.what in ("draw", "run"):
        chosen = sampled(asked.folder, names, asked.sample, asked.seed, results)
        print(f"{len(chosen)} mutants to run", flush=True)
    if asked.what == "run":
        run(asked.folder, chosen, results, asked.at_once)
    elif asked.what == "again":
        run(
            asked.folder,
            survivors(asked.folder, names, asked.sample, asked.seed, results),
            results,
            asked.at_once,
        )
    elif asked.what == "survivors":
        show(rows(results, names))
    elif asked.what == "count":
        print(sum(count(SOURCE, n) for n in names))
    if asked.what in ("run", "again", "table"):
        table(rows(results, names))


if __name__ == "__main__":
    main()
