"""How time and memory grow: runs each size in a process of its own and fits the exponents.

    python benchmarks/growth.py                         # all series, the sizes that take minutes
    python benchmarks/growth.py replies --sizes 10000 100000 1000000 10000000 --out replies.jsonl
    python benchmarks/growth.py --read *.jsonl          # tables of what was measured before
    python benchmarks/growth.py --read *.jsonl --svg docs/images/growth.svg

Series: `replies` (normalize), `terms` (embed, UMAP, HDBSCAN), `respondents` (50 terms) and
`factored-terms` (3,000 respondents) of the factor analysis, `models` (DVC). The exponent is the
slope of log value on log size over all sizes, with its 95 % interval; `last step` is the slope
between the two largest, where a fixed cost weighs least. Memory is the peak of the whole process
while the piece ran, libraries included.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from measured import growth_row, run, script

SERIES: dict[str, tuple[str, tuple[tuple[int, ...], ...]]] = {
    "replies": ("growth_replies.py", ((10_000,), (30_000,), (100_000,))),
    "terms": ("growth_terms.py", ((1_000,), (3_000,), (10_000,))),
    "respondents": (
        "growth_respondents.py",
        tuple((n, 50) for n in (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)),
    ),
    "factored-terms": ("growth_respondents.py", ((3_000, 50), (3_000, 100), (3_000, 300))),
    "models": ("growth_models.py", ((35,), (70,), (140,))),
}
Rows = list[dict[str, Any]]


def measure(name: str, sizes: list[int], out: Path | None) -> Rows:
    """Run one series; each line is kept as soon as it is there."""
    program, usual = SERIES[name]
    chosen = [(size,) for size in sizes] or list(usual)
    if sizes and name == "respondents":
        chosen = [(n, 50) for n in sizes]
    if sizes and name == "factored-terms":
        chosen = [(3_000, p) for p in sizes]
    found: Rows = []
    for arguments in chosen:
        lines, _, _ = run(script(program, *arguments))
        for line in lines:
            line["series"] = name
            if name == "factored-terms":
                line["size"] = line["terms"]
            found.append(line)
            if out:
                with out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
    return found


def tables(rows: Rows) -> None:
    """Print one table a series: the pieces down, the sizes across, the exponents last."""
    for name in SERIES:
        mine = [row for row in rows if row["series"] == name]
        if not mine:
            continue
        sizes = sorted({row["size"] for row in mine})
        print(f"\n## {name}\n")
        print("| piece | | " + " | ".join(f"{size:,}" for size in sizes) + " | grows with |")
        print("|---|---|" + "---|" * (len(sizes) + 1))
        for part in dict.fromkeys(row["part"] for row in mine):
            of = {row["size"]: row for row in mine if row["part"] == part}
            cells = [f"{of[size]['seconds']:.3g}" if size in of else "" for size in sizes]
            slope = growth_row(list(of.values()), "seconds")
            print(f"| {part} | CPU s | {' | '.join(cells)} | {slope} |")
            cells = [f"{of[size]['peak']:.0f}" if size in of else "" for size in sizes]
            print(f"| | peak MiB | {' | '.join(cells)} | {growth_row(list(of.values()), 'peak')} |")


def draw(rows: Rows, path: Path) -> None:
    """Draw seconds and memory against size, one pair of panels a series."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "growth"
    from matplotlib import pyplot

    names = [name for name in SERIES if any(row["series"] == name for row in rows)]
    figure, axes = pyplot.subplots(2, len(names), figsize=(3.2 * len(names), 6), squeeze=False)
    for column, name in enumerate(names):
        mine = [row for row in rows if row["series"] == name]
        for line, (key, unit) in enumerate((("seconds", "CPU seconds"), ("peak", "peak MiB"))):
            panel = axes[line][column]
            for part in dict.fromkeys(row["part"] for row in mine):
                of = sorted((row["size"], row[key]) for row in mine if row["part"] == part)
                panel.loglog(*zip(*of, strict=True), marker=".", label=part)
            panel.set_ylabel(unit)
            panel.set_title(name if line == 0 else "")
            panel.grid(visible=True, alpha=0.3)
        axes[0][column].legend(fontsize=6)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure or read, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series", nargs="*", help=f"of {', '.join(SERIES)}; all when absent")
    parser.add_argument("--sizes", nargs="*", type=int, default=[])
    parser.add_argument("--out", type=Path, help="append each line to this file")
    parser.add_argument("--read", nargs="*", type=Path, help="measure nothing")
    parser.add_argument("--svg", type=Path)
    given = parser.parse_args()
    if unknown := set(given.series) - set(SERIES):
        sys.exit(f"no such series: {', '.join(sorted(unknown))}; there are {', '.join(SERIES)}")
    rows: Rows = []
    if given.read:
        lines = [line for path in given.read for line in path.read_text().splitlines()]
        rows = [json.loads(line) for line in lines]
    else:
        for name in given.series or SERIES:
            rows += measure(name, given.sizes, given.out)
    tables(rows)
    if given.svg:
        draw(rows, given.svg)


if __name__ == "__main__":
    main()
