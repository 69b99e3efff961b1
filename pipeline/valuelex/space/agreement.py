"""How far two partitions of the same terms agree: adjusted Rand index and Jaccard per cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError

NOISE = -1


@dataclass(frozen=True)
class Contingency:
    """Cross-table of two labellings of the same n items; only cells that are not empty are held.

    Attributes
    ----------
    a, b
        Distinct labels of either side, sorted.
    in_a, in_b
        Items of each label.
    rows, columns, counts
        One entry a cell: its place in ``a`` and ``b``, and the items there, >= 1.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    in_a: NDArray[np.int64]
    in_b: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    counts: NDArray[np.int64]


Labelling = Sequence[int] | NDArray[np.integer]


def contingency(a: Labelling, b: Labelling) -> Contingency:
    """Count how often each label of a meets each label of b: n log n, whatever the labels."""
    if len(a) != len(b):
        raise DataError(f"two labellings of the same terms differ in length: {len(a)} and {len(b)}")
    if len(a) == 0:
        raise DataError("two labellings of no terms cannot be compared")
    names_a, rows, in_a = np.unique(np.asarray(a), return_inverse=True, return_counts=True)
    names_b, columns, in_b = np.unique(np.asarray(b), return_inverse=True, return_counts=True)
    cells, counts = np.unique(rows * len(names_b) + columns, return_counts=True)
    return Contingency(
        a=names_a,
        b=names_b,
        in_a=in_a,
        in_b=in_b,
        rows=cells // len(names_b),
        columns=cells % len(names_b),
        counts=counts,
    )


def adjusted_rand(a: Labelling, b: Labelling) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985): 1 if equal, about 0 by chance.

    Equals ``sklearn.metrics.adjusted_rand_score`` and R's ``mclust::adjustedRandIndex``. Two
    partitions that are trivial in the same way (all alone, or all together) agree fully.
    """
    table = contingency(a, b)
    n = float(len(a))
    together, in_a, in_b = (_pairs(x) for x in (table.counts, table.in_a, table.in_b))
    pairs = n * (n - 1) / 2
    expected = in_a * in_b / pairs if pairs else 0.0
    largest = (in_a + in_b) / 2
    if largest == expected:
        return 1.0
    return float((together - expected) / (largest - expected))


def best_jaccard(reference: NDArray[np.integer], other: NDArray[np.integer]) -> dict[int, float]:
    """For each cluster of ``reference``, the Jaccard index with its best match in ``other``.

    Both label the same n terms, -1 is noise and is no cluster. A cluster without any counterpart
    gets 0. Hennig (2007): a cluster is stable from about .75 on, dissolved below .5.
    """
    table = contingency(reference, other)
    cell = (table.a[table.rows] != NOISE) & (table.b[table.columns] != NOISE)
    rows, shared = table.rows[cell], table.counts[cell]
    union = table.in_a[rows] + table.in_b[table.columns[cell]] - shared
    best = np.zeros(len(table.a))
    np.maximum.at(best, rows, shared / union)
    return {int(a): float(x) for a, x in zip(table.a, best, strict=True) if a != NOISE}


def _pairs(counts: NDArray[np.int64]) -> float:
    """Return how many pairs of items share a group of these sizes."""
    sizes = counts.astype(np.float64)
    return float((sizes * (sizes - 1)).sum() / 2)
