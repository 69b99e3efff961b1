"""Fuzz every reader of the project, and print what was found.

    python benchmarks/fuzz/run.py --seconds 60                 # all readers, a minute in all
    python benchmarks/fuzz/run.py --parser "likert: pvq" --seconds 600 --seed 7
    python benchmarks/fuzz/run.py --engine atheris --parser "elicit: parse" --seconds 300

The targets, and what must hold of them, are those of the test suite (``tests/fuzz``). An input
fails a target when it ends in an error that is not the package's own, when something was returned
that it does not say, or when it took more than a second of processor time. Failures are written to
``--found`` (one file each, by reader and kind) and printed; the exit code is 1 when there is one.

The engine ``making`` glues, cuts, bends and repeats good inputs (``tests/fuzz/making.py``);
``atheris`` is libFuzzer, led by the coverage of the package's code (``pip install atheris``). A
quarter of a reader's time goes to long inputs (100 kB of repeated words), where backtracking shows.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import mmap
import multiprocessing
import signal
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType, FunctionType

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "pipeline")]

from tests.fuzz.making import inputs, long_inputs  # noqa: E402
from tests.fuzz.target import Target  # noqa: E402
from tests.fuzz.targets import TARGETS  # noqa: E402

LIMIT = 1.0  # seconds of processor time for one input


class HangError(BaseException):
    """An input took too long; no reader's ``except Exception`` may swallow it."""


@dataclass
class Result:
    """What became of one reader."""

    parser: str
    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """How long one reader is fuzzed: so many seconds, or inputs if these are fewer."""

    seconds: float
    inputs: int
    seed: int
    long_share: float


class Judge:
    """Runs one target on inputs and keeps what fails, each kind of failure once."""

    def __init__(self, target: Target, found: Path, last: mmap.mmap | None = None) -> None:
        self.target, self.found, self.last = target, found, last
        self.result = Result(target.name)
        signal.signal(signal.SIGPROF, _too_long)

    def one(self, data: bytes) -> None:
        """Judge one input."""
        if self.last is not None:
            self.last.seek(0)
            self.last.write(len(data).to_bytes(4, "big") + data)
        start = time.thread_time()
        try:
            signal.setitimer(signal.ITIMER_PROF, LIMIT)
            try:
                self.target.run(data)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
        except HangError:
            self.keep("hang", "more than a second", data)
        except Exception as error:  # noqa: BLE001 - any error but the package's own is a finding
            self.keep(_kind(error), f"{type(error).__name__}: {error}"[:300], data)
        took = time.thread_time() - start
        self.result.slowest = max(self.result.slowest, took)
        self.result.inputs += 1

    def keep(self, kind: str, why: str, data: bytes) -> None:
        """Write a failing input down, unless one of its kind was."""
        if kind in self.result.failures:
            return
        self.result.failures[kind] = why
        self.found.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(f"{self.target.name}{kind}".encode()).hexdigest()[:10]
        plain = "".join(c if c.isalnum() else "-" for c in self.target.name)
        (self.found / f"{plain}.{name}.bin").write_bytes(data)
        (self.found / f"{plain}.{name}.txt").write_text(f"{kind}\n{why}\n", encoding="utf-8")


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise HangError


def _kind(error: Exception) -> str:
    """Name a failure by its type and the last place of ours: one finding a place."""
    frames = traceback.extract_tb(error.__traceback__)
    places = ("valuelex", "tests/fuzz")
    ours = [
        f for f in frames if any(p in f.filename for p in places) and f.name not in ("must", "run")
    ]
    last = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} {Path(last.filename).name}:{last.lineno}"


def run_making(target: Target, plan: Plan, found: Path) -> Result:
    """Run one target on made inputs, in a process that it may end."""
    last = mmap.mmap(-1, 4 * target.longest + 4096)
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def work() -> None:
        theirs.send(_making(target, plan, Judge(target, found, last)))

    process = context.Process(target=work)
    process.start()
    theirs.close()
    try:
        result: Result = ours.recv()
    except EOFError:
        result = Result(target.name, seconds=plan.seconds)
    process.join()
    if process.exitcode:
        size = int.from_bytes(last[:4], "big")
        judge = Judge(target, found)
        judge.result = result
        judge.keep("crash", f"the process ended with {process.exitcode}", last[4 : 4 + size])
    return result


def _making(target: Target, plan: Plan, judge: Judge) -> Result:
    warnings.simplefilter("ignore")  # a warning is an error in the tests, and is looked for there
    for data in target.good:  # and load what is loaded once, untimed
        _quietly(target, data)
    start = time.monotonic()
    if target.kind != "bytes" and plan.long_share:
        _until(start + plan.seconds * plan.long_share, plan.inputs, long_inputs(target), judge)
    _until(start + plan.seconds, plan.inputs, inputs(target, plan.seed), judge)
    judge.result.seconds = time.monotonic() - start
    return judge.result


def _quietly(target: Target, data: bytes) -> None:
    try:
        target.run(data)
    except Exception as error:  # noqa: BLE001 - judged later
        print(f"{target.name}: a seed fails: {error!r:.200}", file=sys.stderr)


def _until(end: float, count: int, made: Iterable[bytes], judge: Judge) -> None:
    for data in made:
        judge.one(data)
        if time.monotonic() > end or judge.result.inputs >= count:
            return


def run_atheris(target: Target, plan: Plan, found: Path) -> Result:
    """Run libFuzzer on one target; ends this process, so the result is printed here."""
    import atheris

    warnings.simplefilter("ignore")
    for module in [m for name, m in sys.modules.items() if name.startswith("valuelex.")]:
        for name, value in list(vars(module).items()):
            if isinstance(value, FunctionType) and value.__module__ == module.__name__:
                setattr(module, name, atheris.instrument_func(value))
    corpus = found / "corpus" / "".join(c if c.isalnum() else "-" for c in target.name)
    corpus.mkdir(parents=True, exist_ok=True)
    for data in target.good:
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
        _quietly(target, data)
    words = corpus.with_suffix(".dict")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words if word))
    judge = Judge(target, found)
    start = time.monotonic()

    def one(data: bytes) -> None:
        judge.one(data)
        if judge.result.inputs % 1000 == 0 or time.monotonic() - start > plan.seconds:
            judge.result.seconds = time.monotonic() - start
            (found / f"{corpus.name}.atheris.json").write_text(json.dumps(asdict(judge.result)))

    options = [f"-max_total_time={plan.seconds:g}", f"-seed={plan.seed or 1}", f"-dict={words}"]
    options += ["-max_len=4096", "-rss_limit_mb=0", "-verbosity=0", "-timeout=60"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()
    return judge.result


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass"))


def table(results: list[Result]) -> str:
    """Return the results as a Markdown table."""
    lines = ["| reader | inputs | seconds | inputs/s | slowest, s | failures |"]
    lines += ["|---|---:|---:|---:|---:|---|"]
    for r in results:
        kinds = "; ".join(r.failures) or "none"
        rate = r.inputs / max(r.seconds, 1e-9)
        cells = (r.parser, f"{r.inputs:,}", f"{r.seconds:.0f}", f"{rate:,.0f}")
        lines.append(f"| {' | '.join(cells)} | {r.slowest:.2f} | {kinds} |")
    total = sum(r.inputs for r in results)
    seconds = sum(r.seconds for r in results)
    failures = sum(len(r.failures) for r in results)
    lines.append(f"| **all** | {total:,} | {seconds:.0f} | | | {failures} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="for all readers together")
    parser.add_argument("--parser", action="append", choices=sorted(TARGETS), metavar="NAME")
    parser.add_argument("--engine", choices=("making", "atheris"), default="making")
    parser.add_argument("--inputs", type=int, default=10**9, help="at most, for each reader")
    parser.add_argument("--long-share", type=float, default=0.25, help="of the time: long inputs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--found", type=Path, default=ROOT / ".fuzz")
    parser.add_argument("--list", action="store_true", help="name the readers and stop")
    given = parser.parse_args()
    if given.list:
        print("\n".join(TARGETS))
        return 0
    names = given.parser or list(TARGETS)
    share = given.seconds / len(names)
    given.found.mkdir(parents=True, exist_ok=True)
    results = []
    for name in names:
        if given.engine == "atheris" and len(names) > 1:
            results.append(_apart(name, share, given))
            continue
        run = run_atheris if given.engine == "atheris" else run_making
        plan = Plan(share, given.inputs, given.seed, given.long_share)
        results.append(run(TARGETS[name], plan, given.found))
        (given.found / "results.jsonl").open("a").write(json.dumps(asdict(results[-1])) + "\n")
    print(table(results))
    return 1 if any(r.failures for r in results) else 0


def _apart(name: str, seconds: float, given: argparse.Namespace) -> Result:
    """Run libFuzzer in a process of its own: it never returns."""
    plain = "".join(c if c.isalnum() else "-" for c in name)
    report = given.found / f"{plain}.atheris.json"
    report.unlink(missing_ok=True)
    command = [sys.executable, __file__, "--engine", "atheris", "--parser", name]
    command += ["--seconds", str(seconds), "--seed", str(given.seed), "--found", str(given.found)]
    subprocess.run(command, check=False, capture_output=True)
    return Result(**json.loads(report.read_text())) if report.exists() else Result(name)


if __name__ == "__main__":
    sys.exit(main())
