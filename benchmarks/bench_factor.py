"""Factor analysis against R's psych and against factor_analyzer, on one core, in one run.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/bench_factor.py

Each line names the task, the CPU seconds of each program (user and system, so that other work on
the machine does not count), the ratios, and how far the results lie
apart. R is started once, by Rscript, and times itself, so that its start-up is not counted; without
R its columns are empty. Long loops in R are run for fewer rounds and scaled up: the number of
rounds is printed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from valuelex.psychometrics.factors import factor_analysis
from valuelex.psychometrics.matrix import correlation
from valuelex.psychometrics.parallel import parallel_analysis
from valuelex.psychometrics.stability import cluster_bootstrap, reference_solution
from valuelex.psychometrics.types import Floats

R_LOOPS, R_SHUFFLES = 20, 20
SCRIPT = """
suppressMessages({library(psych); library(GPArotation)})
d <- commandArgs(trailingOnly = TRUE)[1]
X <- as.matrix(read.csv(file.path(d, "fit.csv"), header = FALSE))
cpu <- function(work) sum(system.time(work)[c("user.self", "sys.self")])
best <- Inf
for (i in 1:5) { t <- cpu(f <- fa(X, 5, rotate = "oblimin", fm = "minres"))
  best <- min(best, t) }
write.table(unclass(f$loadings), file.path(d, "loadings.csv"), sep = ",",
            row.names = FALSE, col.names = FALSE)
quiet <- function(x) suppressWarnings(suppressMessages(x))
B <- as.matrix(read.csv(file.path(d, "boot.csv"), header = FALSE)); set.seed(1)
full <- fa(B, 5, rotate = "oblimin", fm = "minres")
boot <- cpu(for (i in 1:%d) {
  g <- quiet(fa(B[sample(nrow(B), replace = TRUE), ], 5, rotate = "oblimin", fm = "minres"))
  p <- quiet(target.rot(g$loadings, full$loadings))
  q <- factor.congruence(full$loadings, p$loadings) })
pa <- cpu({ sink(nullfile()); z <- quiet(
  fa.parallel(B, fa = "pc", sim = FALSE, n.iter = %d, plot = FALSE)); sink() })
cat(best, boot, pa, "\\n")
"""


def planted(seed: int, n: int, p: int, k: int) -> Floats:
    """Draw n rows of p variables with k correlated factors."""
    rng = np.random.default_rng(seed)
    loadings = rng.normal(0, 0.08, (p, k))
    loadings[np.arange(p), np.arange(p) % k] = rng.uniform(0.4, 0.8, p)
    phi = np.full((k, k), 0.3) + 0.7 * np.eye(k)
    unique = np.clip(1 - np.einsum("ij,jk,ik->i", loadings, phi, loadings), 0.1, None)
    scores = rng.multivariate_normal(np.zeros(k), phi, size=n)
    return np.asarray(scores @ loadings.T + rng.normal(size=(n, p)) * np.sqrt(unique))


def best(task: Callable[[], object], rounds: int = 5) -> float:
    """Return the least of some timings, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return min(times)


def time_r(X: Floats, B: Floats) -> tuple[list[float], Floats] | None:
    """Return R's seconds for fit, bootstrap and shuffles, and its loadings; None without R."""
    command = shutil.which("Rscript")
    if command is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        np.savetxt(Path(folder) / "fit.csv", X, delimiter=",")
        np.savetxt(Path(folder) / "boot.csv", B, delimiter=",")
        script = Path(folder) / "bench.R"
        script.write_text(SCRIPT % (R_LOOPS, R_SHUFFLES))
        done = subprocess.run(
            [command, str(script), folder], capture_output=True, text=True, check=True
        )
        loadings = np.loadtxt(Path(folder) / "loadings.csv", delimiter=",")
    return [float(value) for value in done.stdout.split()], loadings


def time_factor_analyzer(X: Floats) -> tuple[float, Floats]:
    """Return factor_analyzer's seconds for the same fit, and its loadings."""
    from factor_analyzer import FactorAnalyzer

    model = FactorAnalyzer(n_factors=5, rotation="oblimin", method="minres")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seconds = best(lambda: model.fit(X), rounds=1)
    return seconds, np.asarray(model.loadings_)


def apart(ours: Floats, theirs: Floats) -> float:
    """Return the greatest difference of two loading matrices after matching order and sign."""
    from valuelex.psychometrics.congruence import arrange

    return float(np.abs(ours - arrange(ours, theirs)).max())


def line(task: str, ours: float, r: float | None, other: float | None, note: str) -> None:
    """Print one row of the table."""

    def cell(value: float | None) -> str:
        return f"{value:9.3f}  {value / ours:6.1f} x" if value is not None else f"{'-':>9}  {'':>8}"

    print(f"{task:44} {ours:9.3f}  {cell(r)}  {cell(other)}  {note}")


def main() -> None:
    """Run all tasks and print the table."""
    X, B = planted(1, 700, 200, 5), planted(2, 525, 200, 5)
    clusters = np.arange(525) // 15 // 3
    factor_analysis(correlation(X), 700, 5)  # warm up
    fit = best(lambda: factor_analysis(correlation(X), 700, 5))
    ours = factor_analysis(correlation(X), 700, 5).loadings
    reference = reference_solution(B, 5)
    boot = best(lambda: cluster_bootstrap(B, clusters, reference, 1000), rounds=1)
    shuffles = best(lambda: parallel_analysis(B, permutations=1000), rounds=1)
    r = time_r(X, B)
    other_seconds, other = time_factor_analyzer(X)
    print(f"cores: OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'not set')}")
    print(f"{'':44} {'ours, s':>9}  {'psych, s':>9}  {'':>8}  {'f_a, s':>9}")
    note = f"loadings differ by {apart(ours, other):.1e} (factor_analyzer)"
    if r is not None:
        note = f"loadings differ by {apart(ours, r[1]):.1e} (psych), " + note.split("by ")[1]
    line("minres + oblimin, 700 x 200, k = 5", fit, r[0][0] if r else None, other_seconds, note)
    line(
        "1,000 bootstraps with rotation, 525 x 200",
        boot,
        r[0][1] * 1000 / R_LOOPS if r else None,
        None,
        f"R: {R_LOOPS} rounds, scaled",
    )
    line(
        "parallel analysis, 1,000 permutations",
        shuffles,
        r[0][2] * 1000 / R_SHUFFLES if r else None,
        None,
        f"R: {R_SHUFFLES} rounds, scaled",
    )


if __name__ == "__main__":
    main()
