"""The respondent x term matrix: built from mentions, and its correlations.

A *respondent* is a row, a *term* a column. Three codings are offered:

``presence``
    1 when the respondent named the term at all. Pearson correlations of such columns are phi
    coefficients, which behave better than tetrachorics at low frequencies (Collins et al. 1986).
``counts``
    How often the respondent named the term.
``clr``
    Centred log-ratio of the counts (Aitchison 1986): ``log(count + 1/2)`` minus the row's mean of
    the same, which takes list length out. Its columns sum to zero in each row, so its correlation
    matrix is always singular by one and needs :func:`shrink` wherever an inverse is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import linalg

from valuelex.errors import DataError, near_miss
from valuelex.psychometrics.types import Floats

Coding = Literal["presence", "counts", "clr"]
HALF = 0.5  # added to each count before the logarithm: Aitchison's usual replacement of zeros


def respondent_term_matrix(
    respondents: Sequence[str],
    terms: Sequence[str],
    mentions: Iterable[tuple[str, str]],
    coding: Coding = "presence",
) -> Floats:
    """Build the matrix of respondents (rows) x terms (columns).

    Parameters
    ----------
    respondents, terms
        Names of the rows and of the columns, each once.
    mentions
        One ``(respondent, term)`` pair a mention; repeats count.
    coding
        ``presence``, ``counts`` or ``clr``: see the module's text.

    Returns
    -------
    (n, p) matrix of floats.

    Raises
    ------
    DataError
        A mention names an unknown respondent or term, a name is given twice, or the coding is
        unknown.
    """
    rows = _places(respondents, "respondent")
    columns = _places(terms, "term")
    counts = np.zeros((len(rows), len(columns)))
    for respondent, term in mentions:
        if respondent not in rows:
            raise DataError(
                f"a mention belongs to respondent {respondent!r}, who is not among the "
                f"{len(rows)} rows{near_miss(respondent, rows)}"
            )
        if term not in columns:
            raise DataError(
                f"a mention has the term {term!r}, which is not among the "
                f"{len(columns)} columns{near_miss(term, columns)}"
            )
        counts[rows[respondent], columns[term]] += 1
    return code_counts(counts, coding)


def code_counts(counts: Floats, coding: Coding) -> Floats:
    """Turn an (n, p) matrix of counts into the coding asked for, shape (n, p)."""
    if coding == "presence":
        return np.asarray(counts > 0, dtype=np.float64)
    if coding == "counts":
        return np.array(counts, dtype=np.float64)
    if coding == "clr":
        logs = np.log(np.asarray(counts, dtype=np.float64) + HALF)
        return np.asarray(logs - logs.mean(axis=1, keepdims=True))
    raise DataError(f"coding must be one of presence, counts, clr; was: {coding!r}")


def _places(names: Sequence[str], what: str) -> dict[str, int]:
    places = {name: i for i, name in enumerate(names)}
    if len(places) != len(names):
        twice = next(name for i, name in enumerate(names) if places[name] != i)
        raise DataError(f"the {what} {twice!r} is given twice; each must be given once")
    return places


def standardise(X: Floats) -> Floats:
    """Return the columns of X (n, p) with mean 0 and standard deviation 1 (n - 1 in the divisor).

    Raises
    ------
    DataError
        A value is missing or infinite, a column is constant, or there are fewer than two rows.
    """
    X = np.asarray(X, dtype=np.float64)
    if X.ndim != 2 or X.shape[0] < 2:
        raise DataError(f"expected a matrix of two rows or more; came: shape {X.shape}")
    if not np.isfinite(X).all():
        column = int(np.flatnonzero(~np.isfinite(X).all(axis=0))[0])
        raise DataError(f"column {column + 1} holds a missing or infinite value")
    Z = X - X.mean(axis=0)
    spread = np.sqrt((Z**2).sum(axis=0) / (len(X) - 1))
    flat = np.flatnonzero(spread <= 1e-12 * np.maximum(1.0, np.abs(X).max(axis=0)))
    if len(flat):
        raise DataError(f"column {int(flat[0]) + 1} is constant: it correlates with nothing")
    return np.asarray(Z / spread)


def correlation(X: Floats) -> Floats:
    """Return the (p, p) Pearson correlations of the columns of X (n, p). R: ``cor(X)``."""
    Z = standardise(X)
    R = Z.T @ Z / (len(Z) - 1)
    R = (R + R.T) / 2
    np.fill_diagonal(R, 1.0)
    return np.asarray(R)


def covariance(X: Floats) -> Floats:
    """Return the (p, p) covariances of the columns of X (n, p). R: ``cov(X)``."""
    C = np.asarray(X, dtype=np.float64) - np.mean(X, axis=0)
    return np.asarray(C.T @ C / (len(C) - 1))


@dataclass(frozen=True)
class Shrunk:
    """A correlation matrix (p, p) pulled towards the identity by ``intensity`` in [0, 1]."""

    R: Floats
    intensity: float


def shrink(X: Floats) -> Shrunk:
    """Shrink the correlations of X (n, p) towards the identity: a named remedy for p >= n.

    The intensity is the one that minimises the expected squared error (Schafer and Strimmer 2005,
    target D for correlations). R: ``corpcor::cor.shrink``.
    """
    Z = standardise(X)
    n = len(Z)
    Z = Z * np.sqrt(n / (n - 1))  # the estimator is written for the mean of squares
    products = Z.T @ Z / n
    squares = (Z**2).T @ (Z**2) / n
    variance = (squares - products**2) * n / (n - 1) ** 3 * n
    R = correlation(X)
    off = ~np.eye(len(R), dtype=bool)
    total = float((R[off] ** 2).sum())
    intensity = 1.0 if total == 0 else float(np.clip(variance[off].sum() / total, 0.0, 1.0))
    S = R * (1 - intensity)
    np.fill_diagonal(S, 1.0)
    return Shrunk(S, intensity)


def smooth(R: Floats, floor: float = 1e-12) -> Floats:
    """Return the nearest usable correlation matrix: eigenvalues below ``floor`` are lifted.

    A named remedy for matrices that are not positive definite (pairwise correlations).
    R: ``psych::cor.smooth(R, eig.tol = floor)``, whose lifted eigenvalues are 100 x ``floor``.
    """
    R = np.asarray(R, dtype=np.float64)
    values, vectors = linalg.eigh(R)
    if values.min() >= floor:
        return R.copy()
    p = len(R)
    values = np.where(values < floor, 100 * floor, values)
    values *= p / values.sum()
    S = (vectors * values) @ vectors.T
    scale = np.sqrt(np.diag(S))
    S = S / np.outer(scale, scale)
    S = (S + S.T) / 2
    np.fill_diagonal(S, 1.0)
    return np.asarray(S)


def check_correlation(R: Floats) -> Floats:
    """Return R as a (p, p) float array, or say what is wrong with it.

    Raises
    ------
    DataError
        R is not square, holds missing values, is not symmetric, or has no unit diagonal.
    """
    R = np.asarray(R, dtype=np.float64)
    if R.ndim != 2 or R.shape[0] != R.shape[1]:
        raise DataError(f"expected a square correlation matrix; came: shape {R.shape}")
    if not np.isfinite(R).all():
        raise DataError("the correlation matrix holds missing values: a column is constant or NaN")
    if np.abs(R - R.T).max() > 1e-8:
        raise DataError("the correlation matrix is not symmetric")
    if np.abs(np.diag(R) - 1).max() > 1e-6:
        raise DataError("the diagonal of the correlation matrix must be 1: is this a covariance?")
    return R
