"""Tables with a known structure, and reading what a command wrote."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

NAMES = [f"{letter}{i}" for letter in "abc" for i in range(1, 5)]


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


def planted(n: int = 240, seed: int = 5) -> np.ndarray:
    """Answers (n, 12) to four items each of three factors, loadings .7, factors uncorrelated."""
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(n, 3))
    noise = rng.normal(size=(n, 12))
    return np.asarray(0.7 * np.repeat(factors, 4, axis=1) + np.sqrt(0.51) * noise).round(4)


def write_csv(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], delimiter: str = ","
) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def read_csv(path: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Return the header, and the cells behind the key of each row."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, {row[0]: row[1:] for row in rows}
