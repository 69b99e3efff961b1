"""The array types that the statistics speak: 64-bit floats, and whole numbers for groups."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Labels = NDArray[Any]  # group labels of rows: strings or numbers, only ever compared for equality


def group_index(labels: Labels | list[str] | list[int]) -> tuple[list[str], Ints]:
    """Return the distinct labels in sorted order and, for each row, the place of its label.

    Parameters
    ----------
    labels
        One label a row (length n); compared as text.
    """
    names, index = np.unique(np.asarray(labels).astype(str), return_inverse=True)
    return [str(name) for name in names], index.astype(np.int64).ravel()
