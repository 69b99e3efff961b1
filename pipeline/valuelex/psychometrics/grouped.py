"""Sums over groups of rows, when the groups are few and when there are thousands of them.

With few groups the cross products of each are kept, and a resample costs one weighted sum of them.
With many those would not fit into memory (6,000 models and 1,000 terms: 48 GB), and each resample
goes over the rows again, a piece at a time: linear in rows either way.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from valuelex.psychometrics.types import Floats, Ints

KEPT = 16_000_000  # numbers of all groups' cross products that are kept: 128 MB
PIECE = 8_192  # rows that are gone over at once


def group_rows(index: Ints, count: int) -> list[Ints]:
    """Return the rows of each of ``count`` groups, in their order: n log n, however many groups."""
    order = np.argsort(index, kind="stable")
    return np.split(order, np.cumsum(np.bincount(index, minlength=count))[:-1])


class GroupedRows:
    """Rows Z (n, p) in ``count`` groups.

    Parameters
    ----------
    index
        (n,) the group of each row, from 0.
    """

    def __init__(self, Z: Floats, index: Ints, count: int) -> None:
        self._Z, self._index, self.count = Z, index, count
        self.n, self.p = Z.shape
        self._parts: Floats | None = None
        if count * self.p * self.p <= KEPT:
            # two selections, not one: a product of an array with itself takes another routine,
            # with other last bits
            self._parts = np.array([Z[rows].T @ Z[rows] for rows in group_rows(index, count)])

    def flipped(self, signs: Floats) -> Floats:
        """Return the cross products (p, p) after each group's columns took signs (count, p)."""
        total = np.zeros((self.p, self.p))
        if self._parts is not None:
            for part, sign in zip(self._parts, signs, strict=True):
                total += (part * sign) * sign[:, None]
            return total
        for rows in self._pieces():
            W = self._Z[rows] * signs[self._index[rows]]
            total += W.T @ W
        return total

    def weighted(self, weight: Floats) -> Floats:
        """Return the cross products (p, p) with each group counted ``weight`` (count,) times."""
        if self._parts is not None:
            flat = self._parts.reshape(self.count, -1)
            return np.asarray((weight @ flat).reshape(self.p, self.p))
        total = np.zeros((self.p, self.p))
        for rows in self._pieces():
            Z = self._Z[rows]
            total += (Z * weight[self._index[rows], None]).T @ Z
        return total

    def sums(self) -> Floats:
        """Return the column sums (count, p) of each group."""
        return np.array([self._Z[r].sum(axis=0) for r in group_rows(self._index, self.count)])

    def _pieces(self) -> Iterator[slice]:
        return (slice(start, start + PIECE) for start in range(0, self.n, PIECE))
