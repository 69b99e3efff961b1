"""What a taxonomy is built from, checked once: terms, loadings, vectors, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError


@dataclass(frozen=True, slots=True)
class LexiconTerm:
    """A term with its counts (>= 0), its salience (Smith's S, in [0, 1]) and its mention ids."""

    term: str
    mentions: int
    respondents: int
    models: int
    families: int
    salience: float
    evidence: tuple[str, ...] = ()


class Material:
    """Everything known of n terms; row i of each array is term i of the lexicon.

    Parameters
    ----------
    lexicon
        n distinct terms with counts and evidence.
    loadings
        (n, k) pattern loadings; rows of NaN for terms outside the factor analysis.
    phi
        (k, k) factor correlations.
    vectors
        (n, d) vectors of meaning; they are brought to length 1.
    clusters
        (n,) semantic clusters of the whole lexicon, -1 for noise, or ``None``.
    residual
        (n, n) residual correlations (:func:`valuelex.taxonomy.subdivide.residual_correlation`),
        NaN for terms outside the analysis, or ``None``.
    factors
        k names, ``F1 ...`` when ``None``.

    Raises
    ------
    DataError
        Shapes that do not match, a term twice, no term, or a vector that is not finite.
    """

    def __init__(
        self,
        lexicon: Sequence[LexiconTerm],
        loadings: NDArray[np.floating],
        phi: NDArray[np.floating],
        vectors: NDArray[np.floating],
        *,
        clusters: NDArray[np.integer] | None = None,
        residual: NDArray[np.floating] | None = None,
        factors: Sequence[str] | None = None,
    ) -> None:
        self.lexicon = tuple(lexicon)
        self.loadings = np.asarray(loadings, dtype=np.float64)
        self.phi = np.asarray(phi, dtype=np.float64)
        rows = np.asarray(vectors, dtype=np.float64)
        self.clusters = None if clusters is None else np.asarray(clusters, dtype=np.int64)
        self.residual = None if residual is None else np.asarray(residual, dtype=np.float64)
        _check_terms(self.lexicon)
        n = len(self.lexicon)
        _check_shape("loadings", self.loadings, (n, None))
        k = self.loadings.shape[1]
        _check_shape("factor correlations", self.phi, (k, k))
        _check_shape("vectors", rows, (n, None))
        if not np.isfinite(rows).all():
            raise DataError("a term's vector holds a value that is not finite")
        if self.clusters is not None:
            _check_shape("cluster labels", self.clusters, (n,))
        if self.residual is not None:
            _check_shape("residual correlations", self.residual, (n, n))
        self.vectors = unit(rows)
        self.factors = tuple(factors) if factors else tuple(f"F{j + 1}" for j in range(k))
        if len(self.factors) != k:
            raise DataError(f"{len(self.factors)} factor names for {k} factors")

    def weights(self, rows: NDArray[np.int64], column: int) -> NDArray[np.float64]:
        """Claim of each row on a name: |loading| x salience, 0 outside the analysis."""
        loading = np.nan_to_num(np.abs(self.loadings[rows, column]))
        salience = np.array([self.lexicon[int(i)].salience for i in rows], dtype=np.float64)
        return np.asarray(loading * salience)


def unit(X: NDArray[np.floating]) -> NDArray[np.float64]:
    """Bring vectors (..., d) to length 1; a vector of zeros stays."""
    length = np.linalg.norm(X, axis=-1, keepdims=True)
    return np.asarray(X / np.where(length > 0, length, 1.0), dtype=np.float64)


def _check_terms(lexicon: Sequence[LexiconTerm]) -> None:
    if not lexicon:
        raise DataError("the lexicon is empty: there is nothing to build a taxonomy of")
    counts = Counter(known.term for known in lexicon)
    for term, count in counts.items():
        if count > 1:
            raise DataError(f"the term {term!r} occurs {count} times in the lexicon")


def _check_shape(what: str, array: NDArray[np.generic], expected: tuple[int | None, ...]) -> None:
    fits = array.ndim == len(expected) and all(
        wanted is None or wanted == got for wanted, got in zip(expected, array.shape, strict=True)
    )
    if not fits:
        shape = ", ".join("any" if wanted is None else str(wanted) for wanted in expected)
        raise DataError(f"{what}: expected an array of shape ({shape}), was: {array.shape}")
