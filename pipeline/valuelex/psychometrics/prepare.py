"""Making a matrix fit for a factor analysis, by remedies that are said aloud.

Nothing is mended silently: :func:`prepare` returns what it dropped and why, and raises
:class:`~valuelex.errors.DataError` for what only the user can decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.psychometrics.checks import Problem, check_matrix, chosen, fill_means
from valuelex.psychometrics.matrix import correlation, shrink
from valuelex.psychometrics.types import Floats, Labels

Missing = Literal["error", "mean", "drop_rows"]
TOLERANCE = 1e-10  # an eigenvalue of a correlation matrix below this, times p, counts as zero


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


@dataclass(frozen=True)
class Tidy:
    """A matrix without missing cells or idle columns; attributes as in :class:`Prepared`."""

    X: Floats
    names: tuple[str, ...]
    rows: tuple[int, ...]
    dropped: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def tidy(
    X: Floats,
    names: Sequence[str],
    blocks: Labels | None = None,
    missing: Missing = "error",
    min_rows: int = 2,
) -> Tidy:
    """Fill or drop missing cells of X (n, p) as asked, and drop columns that say nothing.

    Constant columns, columns that move in fewer than ``min_rows`` rows, and exact duplicates are
    dropped with their reason.

    Raises
    ------
    DataError
        Missing cells with ``missing='error'``, rows of one model only, or fewer than three usable
        columns.
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
    return Tidy(
        X=X[:, keep],
        names=chosen(names, keep),
        rows=tuple(int(i) for i in rows),
        dropped=tuple((str(n), reasons[n]) for n in names if n in reasons),
        warnings=tuple(warnings),
    )


def prepare(
    X: Floats,
    names: Sequence[str],
    blocks: Labels | None = None,
    missing: Missing = "error",
    singular: Literal["error", "shrink"] = "shrink",
    min_rows: int = 2,
) -> Prepared:
    """Make X (n, p) fit for a factor analysis by named remedies, or raise.

    What :func:`tidy` does; besides, a singular matrix is shrunk where an inverse is needed.

    Raises
    ------
    DataError
        As :func:`tidy`, or a singular matrix with ``singular='error'``.
    """
    clean = tidy(X, names, blocks, missing, min_rows)
    R = correlation(clean.X)
    warnings = list(clean.warnings)
    regular, intensity = _regular(clean.X, R, singular, warnings)
    return Prepared(
        X=clean.X,
        names=clean.names,
        rows=clean.rows,
        R=R,
        R_regular=regular,
        shrinkage=intensity,
        dropped=clean.dropped,
        warnings=tuple(warnings),
    )


def _treat_missing(
    X: Floats, problem: Problem, missing: Missing
) -> tuple[Floats, NDArray[np.int64]]:
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
    return fill_means(X), rows


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
