"""Reads the committed data sets and the numbers that R gave for them."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from valuelex.psychometrics.types import Floats

FOLDER = Path(__file__).parent.parent / "reference" / "psychometrics"
FACTORS = {
    "clean": 3,
    "near_singular": 2,
    "heywood": 3,
    "binary_sparse": 3,
    "oblique": 3,
    "small_n": 2,
}


@functools.cache
def data(name: str) -> Floats:
    """One data set (n, p)."""
    return np.loadtxt(FOLDER / f"{name}.csv", delimiter=",", skiprows=1)


@functools.cache
def _lines() -> dict[tuple[str, str, str], Floats]:
    found = {}
    for line in (FOLDER / "expected.txt").read_text().splitlines():
        name, case, what, values = line.split("|")
        numbers = [float("nan") if v in ("NA", "NaN") else float(v) for v in values.split()]
        found[name, case, what] = np.array(numbers)
    return found


def expected(name: str, case: str, what: str, columns: int | None = None) -> Floats:
    """The numbers R gave; as a matrix with so many columns if asked."""
    values = _lines()[name, case, what]
    return values if columns is None else values.reshape(columns, -1).T
