"""Is a matrix fit for a factor analysis? Every fault gets a name, and a remedy that can be named.

:func:`check_matrix` only looks; :mod:`~valuelex.psychometrics.prepare` mends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats, Labels


@dataclass(frozen=True)
class Problem:
    """One fault: ``kind``, the columns concerned, what was found, and what can be done."""

    kind: str
    names: tuple[str, ...]
    text: str
    remedy: str


def _duplicates(X: Floats, names: Sequence[str]) -> list[tuple[str, str]]:
    first: dict[bytes, str] = {}
    found = []
    for name, column in zip(names, np.ascontiguousarray(X.T), strict=True):
        key = column.tobytes()
        if key in first:
            found.append((name, first[key]))
        else:
            first[key] = name
    return found


def check_matrix(
    X: Floats, names: Sequence[str], blocks: Labels | None = None, min_rows: int = 2
) -> tuple[Problem, ...]:
    """List what stands against a factor analysis of X (n, p); empty when nothing does.

    Parameters
    ----------
    X
        Respondents x terms.
    names
        Names of the p columns.
    blocks
        For each row the model it comes from (length n), when rows are not independent.
    min_rows
        A column must differ from its commonest value in at least so many rows.
    """
    X = np.asarray(X, dtype=np.float64)
    if X.ndim != 2 or X.shape[1] != len(names):
        raise DataError(f"expected a matrix with {len(names)} named columns; came: {X.shape}")
    n, p = X.shape
    problems: list[Problem] = []
    bad: NDArray[np.bool_] = ~np.isfinite(X)
    if bool(bad.any()):
        problems.append(
            Problem(
                "missing",
                chosen(names, np.asarray(bad.any(axis=0))),
                f"{bad.mean():.1%} of the cells are missing, in {int(bad.any(axis=0).sum())} of "
                f"{p} columns and {int(bad.any(axis=1).sum())} of {n} rows",
                "choose missing='mean' (column means) or missing='drop_rows'",
            )
        )
        X = fill_means(X)
    moving = _moving_rows(X)
    problems += _column_problems(X, names, moving, min_rows)
    if blocks is not None and len(np.unique(blocks)) < 2:
        problems.append(
            Problem(
                "one_block",
                (),
                f"all {n} rows come from one model ({np.asarray(blocks)[0]}): its settings are "
                "repeats of one respondent, not a sample",
                "add models to the roster",
            )
        )
    left = int((moving >= min_rows).sum())
    if n <= left:
        problems.append(
            Problem(
                "wide",
                (),
                f"{n} rows for {left} columns: with no more rows than columns the correlation "
                "matrix is singular, and KMO, Bartlett's test and maximum likelihood are undefined",
                "use fewer terms, more respondents, or allow shrinking (singular='shrink')",
            )
        )
    return tuple(problems)


def chosen(names: Sequence[str], mask: NDArray[Any]) -> tuple[str, ...]:
    """Return the names at which the mask is true."""
    return tuple(str(name) for name, yes in zip(names, mask, strict=True) if yes)


def _moving_rows(X: Floats) -> NDArray[Any]:
    """For each column the number of rows that differ from its commonest value."""
    moving = np.empty(X.shape[1], dtype=np.int64)
    for j, column in enumerate(X.T):
        _, counts = np.unique(column, return_counts=True)
        moving[j] = len(column) - counts.max()
    return moving


def _column_problems(
    X: Floats, names: Sequence[str], moving: NDArray[Any], min_rows: int
) -> list[Problem]:
    problems = []
    flat = moving == 0
    if flat.any():
        found = chosen(names, flat)
        problems.append(
            Problem(
                "constant",
                found,
                f"{len(found)} of {len(names)} columns never vary: {some(found)}",
                "dropped, with this reason",
            )
        )
    rare = (moving > 0) & (moving < min_rows)
    if rare.any():
        found = chosen(names, rare)
        problems.append(
            Problem(
                "rare",
                found,
                f"{len(found)} columns vary in fewer than {min_rows} rows: {some(found)}",
                "dropped, with this reason",
            )
        )
    use = moving >= min_rows
    twins = _duplicates(X[:, use], chosen(names, use))
    if twins:
        problems.append(
            Problem(
                "duplicate",
                tuple(a for a, _ in twins),
                f"{len(twins)} columns repeat another exactly: "
                + some(tuple(f"{a} = {b}" for a, b in twins)),
                "dropped, with this reason",
            )
        )
    return problems


def some(names: Sequence[str], limit: int = 5) -> str:
    """Return the first few names as text, and how many more there are."""
    shown = ", ".join(names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"


def fill_means(X: Floats) -> Floats:
    """Return X (n, p) with missing and infinite cells set to their column's mean, 0 if all are."""
    bad = ~np.isfinite(X)
    known = (~bad).sum(axis=0)
    means = np.where(bad, 0.0, X).sum(axis=0) / np.maximum(known, 1)
    return np.asarray(np.where(bad, means, X))
