"""What a piece of work costs: processor seconds and peak memory, and how both grow with size.

Used by the benchmarks of growth and of peers. Processor seconds are those of the process and of the
children that it waited for, so that other work on the machine does not count. A peak is the
kernel's own (VmHWM), taken anew for each piece of work, so that nothing between samples is missed.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


def cpu() -> float:
    """Return the processor seconds of this process and of its finished children."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


def peak() -> float:
    """Return the peak resident memory in MiB since `forget_peak` or since the start."""
    return _status("VmHWM")


def resident() -> float:
    """Return the resident memory in MiB now."""
    return _status("VmRSS")


def forget_peak() -> None:
    """Let the peak begin anew."""
    Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


@contextmanager
def piece(part: str, size: int, **more: object) -> Iterator[dict[str, Any]]:
    """Measure the block and print it as one JSON line; the block may add to what is yielded."""
    found: dict[str, Any] = {"part": part, "size": size, **more}
    forget_peak()
    before, start = resident(), cpu()
    yield found
    found |= {"seconds": cpu() - start, "peak": peak(), "before": before}
    print(json.dumps(found), flush=True)


def run(command: Sequence[str], **variables: str) -> tuple[list[dict[str, Any]], float, float]:
    """Run a program; return the JSON lines that it printed, its processor seconds, its peak MiB.

    Raises
    ------
    SystemExit
        When it failed, with what it said.
    """
    env = os.environ | ONE_THREAD | variables
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return lines, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def exponent(sizes: Sequence[float], values: Sequence[float]) -> tuple[float, float, float]:
    """Return the slope of log value on log size, and its 95 % interval (t, n - 2)."""
    from scipy import stats

    x, y = np.log(np.asarray(sizes, float)), np.log(np.asarray(values, float))
    line = stats.linregress(x, y)
    if len(x) < 3:
        return float(line.slope), float("nan"), float("nan")
    half = float(stats.t.ppf(0.975, len(x) - 2)) * float(line.stderr)
    return float(line.slope), float(line.slope) - half, float(line.slope) + half


def growth_row(rows: Sequence[Mapping[str, Any]], key: str) -> str:
    """Say how ``key`` of one part's rows grows: the exponent with its interval, and the last."""
    ordered = sorted(rows, key=lambda row: float(row["size"]))
    sizes = [float(row["size"]) for row in ordered]
    values = [max(float(row[key]), 1e-3) for row in ordered]
    if len(sizes) < 2:
        return "-"
    slope, low, high = exponent(sizes, values)
    last = np.log(values[-1] / values[-2]) / np.log(sizes[-1] / sizes[-2])
    shown = f"{slope:.2f}" + ("" if np.isnan(low) else f" [{low:.2f}, {high:.2f}]")
    return f"{shown}, last step {last:.2f}"


def script(name: str, *arguments: object) -> list[str]:
    """Return the command that runs another program of this folder."""
    return [sys.executable, str(Path(__file__).with_name(name)), *map(str, arguments)]
