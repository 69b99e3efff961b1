"""Is a matrix fit for a factor analysis? Every fault gets a name, and a remedy that is said aloud.

Nothing is mended silently: :func:`prepare` returns what it dropped and why, and raises
:class:`~valuelex.errors.DataError` for what only the user can decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.matrix import correlation, shrink
from valuelex.psychometrics.types import Floats, Labels, group_index

Missing = Literal["error", "mean", "drop_rows"]
TOLERANCE = 1e-10  # an eigenvalue of a correlation matrix below this counts as zero


@dataclass(frozen=True)
class Problem:
    """One fault: ``kind``, the columns concerned, what was found, and what can be done."""

    kind: str
    names: tuple[str, ...]
    text: str
    remedy: str


@dataclass(frozen=True)
class Prepared:
    """A matrix that can be analysed, and the account of how it came to be.

    Attributes
    ----------
    X
        (n, p) data that remain; ``rows`` are their places in what came.
    R
        (p, p) Pearson correlations.
    R_regular
        (p, p) a version of R that can be inverted: R itself, or R shrunk by ``shrinkage``.
    dropped
        ``(name, reason)`` of each column left out, in column order.
    warnings
        Sentences for the reader of the report.
    """

    X: Floats
    names: tuple[str, ...]
    rows: tuple[int, ...]
    R: Floats
    R_regular: Floats
    shrinkage: float
    dropped: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


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
    bad = ~np.isfinite(X)
    if bad.any():
        problems.append(
            Problem(
                "missing",
                _names(names, bad.any(axis=0)),
                f"{bad.mean():.1%} of the cells are missing, in {int(bad.any(axis=0).sum())} of "
                f"{p} columns and {int(bad.any(axis=1).sum())} of {n} rows",
                "choose missing='mean' (column means) or missing='drop_rows'",
            )
        )
        X = (
            np.where(bad, np.nanmean(np.where(np.isinf(X), np.nan, X), axis=0, keepdims=True), X)
            if not bad.all(axis=0).any()
            else np.where(bad, 0.0, X)
        )
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


def _names(names: Sequence[str], mask: np.ndarray) -> tuple[str, ...]:
    return tuple(str(name) for name, yes in zip(names, mask, strict=True) if yes)


def _moving_rows(X: Floats) -> np.ndarray:
    """For each column the number of rows that differ from its commonest value."""
    moving = np.empty(X.shape[1], dtype=np.int64)
    for j, column in enumerate(X.T):
        _, counts = np.unique(column, return_counts=True)
        moving[j] = len(column) - counts.max()
    return moving


def _column_problems(
    X: Floats, names: Sequence[str], moving: np.ndarray, min_rows: int
) -> list[Problem]:
    problems = []
    flat = moving == 0
    if flat.any():
        found = _names(names, flat)
        problems.append(
            Problem(
                "constant",
                found,
                f"{len(found)} of {len(names)} columns never vary: {_some(found)}",
                "dropped, with this reason",
            )
        )
    rare = (moving > 0) & (moving < min_rows)
    if rare.any():
        found = _names(names, rare)
        problems.append(
            Problem(
                "rare",
                found,
                f"{len(found)} columns vary in fewer than {min_rows} rows: {_some(found)}",
                "dropped, with this reason",
            )
        )
    use = moving >= min_rows
    twins = _duplicates(X[:, use], _names(names, use))
    if twins:
        problems.append(
            Problem(
                "duplicate",
                tuple(a for a, _ in twins),
                f"{len(twins)} columns repeat another exactly: "
                + _some(tuple(f"{a} = {b}" for a, b in twins)),
                "dropped, with this reason",
            )
        )
    return problems


def _some(names: Sequence[str], limit: int = 5) -> str:
    shown = ", ".join(names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"


def prepare(
    X: Floats,
    names: Sequence[str],
    blocks: Labels | None = None,
    missing: Missing = "error",
    singular: Literal["error", "shrink"] = "shrink",
    min_rows: int = 2,
) -> Prepared:
    """Make X (n, p) fit for a factor analysis by named remedies, or raise.

    Constant columns, columns that move in fewer than ``min_rows`` rows, and exact duplicates are
    dropped with their reason. A singular matrix is shrunk where an inverse is needed.

    Raises
    ------
    DataError
        Missing cells with ``missing='error'``, rows of one model only, fewer than three usable
        columns, or a singular matrix with ``singular='error'``.
    """
    X = np.array(X, dtype=np.float64)
    problems = {problem.kind: problem for problem in check_matrix(X, names, blocks, min_rows)}
    warnings: list[str] = []
    rows = np.arange(len(X))
    if "one_block" in problems:
        raise DataError(_sentence(problems["one_block"]))
    if "missing" in problems:
        X, rows = _treat_missing(X, problems["missing"], missing)
        warnings.append(f"{problems['missing'].text}; remedy: {missing}")
        problems = {q.kind: q for q in check_matrix(X, names, None, min_rows)}
    reasons: dict[str, str] = {}
    for kind, reason in (
        ("constant", "never varies"),
        ("rare", f"varies in fewer than {min_rows} rows"),
        ("duplicate", "repeats another column exactly"),
    ):
        if kind in problems:
            warnings.append(problems[kind].text + "; remedy: dropped")
            reasons.update(dict.fromkeys(problems[kind].names, reason))
    keep = np.array([name not in reasons for name in names])
    if keep.sum() < 3:
        raise DataError(
            f"a factor analysis needs three columns that vary; {int(keep.sum())} of {len(names)} "
            "do (did every reply name the same words?)"
        )
    X = X[:, keep]
    R = correlation(X)
    regular, intensity = _regular(X, R, singular, warnings)
    return Prepared(
        X=X,
        names=_names(names, keep),
        rows=tuple(int(i) for i in rows),
        R=R,
        R_regular=regular,
        shrinkage=intensity,
        dropped=tuple((str(n), reasons[n]) for n in names if n in reasons),
        warnings=tuple(warnings),
    )


def _treat_missing(X: Floats, problem: Problem, missing: Missing) -> tuple[Floats, np.ndarray]:
    rows = np.arange(len(X))
    bad = ~np.isfinite(X)
    if missing == "error":
        raise DataError(_sentence(problem))
    if missing == "drop_rows":
        keep = ~bad.any(axis=1)
        if keep.sum() < 3:
            raise DataError(
                f"{problem.text}; only {int(keep.sum())} rows are complete, too few to go on: "
                "choose missing='mean'"
            )
        return X[keep], rows[keep]
    empty = bad.all(axis=0)
    means = np.zeros(X.shape[1])
    means[~empty] = np.nanmean(np.where(bad, np.nan, X)[:, ~empty], axis=0)
    return np.where(bad, means, X), rows


def _regular(X: Floats, R: Floats, singular: str, warnings: list[str]) -> tuple[Floats, float]:
    n, p = X.shape
    values = np.linalg.eigvalsh(R)
    rank = int((values > TOLERANCE * p).sum())
    if rank == p:
        return R, 0.0
    text = f"the correlation matrix is singular: rank {rank} for {p} columns and {n} rows"
    if singular == "error":
        raise DataError(f"{text}; use fewer terms, or allow shrinking (singular='shrink')")
    shrunk = shrink(X)
    intensity = shrunk.intensity
    if intensity < 0.01:  # an estimate near zero leaves the matrix as singular as it was
        intensity = 0.01
    regular = R * (1 - intensity)
    np.fill_diagonal(regular, 1.0)
    warnings.append(f"{text}; remedy: shrunk towards the identity by {intensity:.3f}")
    return regular, intensity


def _sentence(problem: Problem) -> str:
    return f"{problem.text}; remedy: {problem.remedy}"


def group_sizes(blocks: Labels) -> dict[str, int]:
    """Return how many rows each block has, in sorted order of the labels."""
    names, index = group_index(blocks)
    return {name: int(count) for name, count in zip(names, np.bincount(index), strict=True)}
