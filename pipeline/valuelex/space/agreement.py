"""How far two partitions of the same terms agree: adjusted Rand index and Jaccard per cluster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError

NOISE = -1


def contingency(
    a: Sequence[int] | NDArray[np.integer], b: Sequence[int] | NDArray[np.integer]
) -> NDArray[np.int64]:
    """Cross-table of two labellings of the same n items: distinct labels of a x those of b."""
    if len(a) != len(b):
        raise DataError(f"two labellings of the same terms differ in length: {len(a)} and {len(b)}")
    if len(a) == 0:
        raise DataError("two labellings of no terms cannot be compared")
    _, rows = np.unique(np.asarray(a), return_inverse=True)
    _, columns = np.unique(np.asarray(b), return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1), dtype=np.int64)
    np.add.at(table, (rows, columns), 1)
    return table


def adjusted_rand(
    a: Sequence[int] | NDArray[np.integer], b: Sequence[int] | NDArray[np.integer]
) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985): 1 if equal, about 0 by chance.

    Equals ``sklearn.metrics.adjusted_rand_score`` and R's ``mclust::adjustedRandIndex``. Two
    partitions that are trivial in the same way (all alone, or all together) agree fully.
    """
    table = contingency(a, b).astype(np.float64)
    n = table.sum()
    together = (table * (table - 1)).sum() / 2
    in_a = (table.sum(axis=1) * (table.sum(axis=1) - 1)).sum() / 2
    in_b = (table.sum(axis=0) * (table.sum(axis=0) - 1)).sum() / 2
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
    found = sorted(set(np.asarray(other).tolist()) - {NOISE})
    out: dict[int, float] = {}
    for label in sorted(set(np.asarray(reference).tolist()) - {NOISE}):
        mine = reference == label
        scores = [float((mine & (other == o)).sum() / (mine | (other == o)).sum()) for o in found]
        out[int(label)] = max(scores, default=0.0)
    return out
