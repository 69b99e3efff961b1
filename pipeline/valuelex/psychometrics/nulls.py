"""Could the factors be something else? Three nulls.

1. *Lists alone*: words shuffled between respondents, keeping every list's length and every word's
   frequency. Short lists force words against each other, and talkative respondents lift all of
   them; structure beyond that must beat this null.
2. *Meaning alone*: factors of the similarity of the words' embeddings, with no respondent in it
   (pseudo-factors). Congruence with the behavioural factors says how much of them meaning predicts.
3. *Frequency alone*: do the loadings follow how common the words are?
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from valuelex.errors import DataError
from valuelex.psychometrics.congruence import arrange, match, tucker
from valuelex.psychometrics.extraction import extract, top_eigen
from valuelex.psychometrics.matrix import correlation
from valuelex.psychometrics.parallel import block_null
from valuelex.psychometrics.retention import without_length
from valuelex.psychometrics.rotation import Rotation, rotate
from valuelex.psychometrics.types import Floats, Labels, group_index

_PAIRS = 4_096  # pairs of rows that trade at once


@dataclass(frozen=True)
class ShuffledNull:
    """Eigenvalues and factors against shuffled lists.

    Attributes
    ----------
    observed, threshold, mean
        (k,) leading eigenvalues; the null's percentile and mean, by rank.
    p
        (k,) share of null values at or above the observed one, the observed one counted in.
    phi
        (k,) the null's percentile of the congruence of each observed factor with its best match
        among the factors of shuffled data: what the margins alone would give. None for ``blocks``.
    strength, strength_p
        (k,) variance along each factor's own loadings (a unit vector), and the share of null data
        sets with *any* direction that varies as much, the observed one counted in. Eigenvalues go
        by rank and are not the rotated factors: with list length taken out, k factors that share
        out the lexicon leave k - 1 large eigenvalues, though each factor is there. None without
        ``loadings``, and for ``lists``.
    scheme
        ``lists``: words trade places between single lists, margins exact. ``blocks``: list length
        is taken out by regression on both sides, then each word's columns move between whole
        models, so that a model's taste for a word survives, alone.
    n
        Null data sets.
    """

    observed: Floats
    threshold: Floats
    mean: Floats
    p: Floats
    phi: Floats | None
    scheme: str
    n: int
    strength: Floats | None = None
    strength_p: Floats | None = None


def trade_once(P: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Pair the rows of P (n, p) at random and let each pair trade the words only one of them has.

    The curveball step of Strona et al. (2014), for all pairs at once. Row and column sums stay.
    """
    n, p = P.shape
    order = rng.permutation(n)
    first, second = order[: n // 2], order[n // 2 : 2 * (n // 2)]
    out = P.copy()
    for start in range(0, len(first), _PAIRS):
        these, those = first[start : start + _PAIRS], second[start : start + _PAIRS]
        A, B = P[these], P[those]
        differ = A ^ B
        mine = (A & differ).sum(axis=1)
        keys = np.where(differ, rng.random(A.shape), 2.0)
        rank = np.empty(A.shape, dtype=np.int64)
        np.put_along_axis(rank, np.argsort(keys, axis=1), np.arange(p)[None, :], axis=1)
        gets = rank < mine[:, None]
        out[these] = (A & B) | gets
        out[those] = (A & B) | (differ & ~gets)
    return out


def shuffled_lists(
    P: NDArray[np.bool_], rng: np.random.Generator, burn: int = 30, thin: int = 5
) -> Iterator[NDArray[np.bool_]]:
    """Yield presence matrices (n, p) with P's row and column sums, drawn by a chain of trades."""
    state = P.copy()
    for _ in range(burn):
        state = trade_once(state, rng)
    while True:
        yield state
        for _ in range(thin):
            state = trade_once(state, rng)


def shuffled_null(
    X: Floats,
    k: int,
    blocks: Labels | None = None,
    loadings: Floats | None = None,
    draws: int = 99,
    percentile: float = 95.0,
    seed: int = 0,
) -> ShuffledNull:
    """Compare the k leading eigenvalues of the term matrix X (n, p) with shuffled lists.

    Parameters
    ----------
    X
        Respondents x terms. Without ``blocks`` it is read as presence (above 0).
    blocks
        (n,) the model of each row, for the null that keeps models whole.
    loadings
        (p, k) the observed factors, to see whether shuffled lists bring them forth as well.
    """
    if k < 1:
        raise DataError(f"the shuffled null needs at least one factor to look at; was: {k}")
    rng = np.random.default_rng(seed)
    null = np.empty((draws, k))
    phis = []
    strength: Floats | None = None
    if blocks is None:
        P = np.asarray(X > 0)
        observed = _top(correlation(P.astype(np.float64)), k)
        chain = shuffled_lists(P, rng)
        for i in range(draws):
            R = correlation(next(chain).astype(np.float64))
            null[i] = _top(R, k)
            if loadings is not None:
                found = rotate(extract(R, loadings.shape[1]).loadings, "oblimin", tolerance=1e-4)
                phis.append(np.abs(tucker(loadings, found.pattern)).max(axis=1))
    else:
        Z = without_length(X)
        names, index = group_index(blocks)
        R = Z.T @ Z / (len(Z) - 1)
        observed = _top(R, k)
        if loadings is not None:
            strength = along(R, loadings)
        draw = block_null(Z, index, len(names))
        for i in range(draws):
            null[i] = _top(draw(rng), k)
    return ShuffledNull(
        observed=observed,
        threshold=np.asarray(np.percentile(null, percentile, axis=0)),
        mean=null.mean(axis=0),
        p=np.asarray((1 + (null >= observed).sum(axis=0)) / (draws + 1)),
        phi=np.asarray(np.percentile(phis, percentile, axis=0)) if phis else None,
        scheme="lists" if blocks is None else "blocks",
        n=draws,
        strength=strength,
        strength_p=None
        if strength is None
        else np.asarray((1 + (null[:, :1] >= strength).sum(axis=0)) / (draws + 1)),
    )


def along(R: Floats, loadings: Floats) -> Floats:
    """Return the variance (k,) of data with correlations R (p, p) along each column (p, k)."""
    length = np.sqrt((loadings**2).sum(axis=0))
    unit = loadings / np.where(length > 0, length, 1.0)
    return np.asarray(np.einsum("ij,ik,kj->j", unit, R, unit))


def _top(R: Floats, k: int) -> Floats:
    return np.asarray(top_eigen(R, k)[0])


@dataclass(frozen=True)
class PseudoFactors:
    """Behavioural factors against factors of word meaning.

    Attributes
    ----------
    phi
        (k,) congruence of each behavioural factor with its matched pseudo-factor.
    chance
        (k,) the percentile of the same when the words' meanings are shuffled.
    p
        (k,) share of shuffles that reach the observed congruence, the observed one counted in.
    r
        Correlation of the behavioural and the semantic similarities over all pairs of words.
    loadings
        (p, k) the pseudo-factors, in the order and direction of the behavioural ones.
    """

    phi: Floats
    chance: Floats
    p: Floats
    r: float
    loadings: Floats


def pseudo_factors(
    vectors: Floats,
    loadings: Floats,
    R: Floats | None = None,
    rotation: Rotation = "oblimin",
    draws: int = 199,
    percentile: float = 95.0,
    seed: int = 0,
) -> PseudoFactors:
    """Factor the cosine similarities of word vectors (p, d) and compare with ``loadings`` (p, k).

    After the deep lexical hypothesis (Cutler and Condon 2023): if meaning alone brings the same
    factors forth, respondents added nothing. The cosines are centred first (the mean vector taken
    out), so that the anisotropy of embeddings is no factor.

    Parameters
    ----------
    R
        (p, p) behavioural correlations, for the correlation over pairs; left out if None.
    """
    p, k = loadings.shape
    if len(vectors) != p:
        raise DataError(f"{len(vectors)} vectors for {p} words: they must be the same words")
    if p <= k + 1:
        raise DataError(f"{p} words are too few for {k} pseudo-factors")
    V = vectors - vectors.mean(axis=0)
    length = np.sqrt((V**2).sum(axis=1, keepdims=True))
    V = V / np.where(length > 0, length, 1.0)
    S = V @ V.T
    S = (S + S.T) / 2
    np.fill_diagonal(S, 1.0)
    pattern = rotate(extract(S, k).loadings, rotation).pattern
    rng = np.random.default_rng(seed)
    arranged = arrange(loadings, pattern)
    observed = np.abs(np.diag(tucker(loadings, arranged)))
    null = np.array([match(loadings, pattern[rng.permutation(p)]).phi for _ in range(draws)])
    off = np.triu_indices(p, 1)
    r = float(np.corrcoef(S[off], R[off])[0, 1]) if R is not None else math.nan
    return PseudoFactors(
        phi=observed,
        chance=np.asarray(np.percentile(null, percentile, axis=0)),
        p=np.asarray((1 + (null >= observed).sum(axis=0)) / (draws + 1)),
        r=r,
        loadings=arranged,
    )


@dataclass(frozen=True)
class FrequencyLink:
    """Correlation of one factor's loadings with log frequency: r, its 95 % interval, and p.

    ``r_absolute`` is the same for the size of the loadings, whatever their sign.
    """

    factor: int
    r: float
    lower: float
    upper: float
    p: float
    r_absolute: float


def frequency_link(loadings: Floats, frequency: Floats) -> tuple[FrequencyLink, ...]:
    """Correlate each factor's loadings (p, k) with the logarithm of how common its words are (p,).

    Fisher's z gives the interval; p words are taken as independent.

    Raises
    ------
    DataError
        A frequency is not positive, all are equal, or there are fewer than four words.
    """
    frequency = np.asarray(frequency, dtype=np.float64)
    if len(frequency) != len(loadings) or len(frequency) < 4:
        raise DataError("the frequency null needs one positive frequency for each of four words")
    if (frequency <= 0).any():
        raise DataError("a frequency is zero: every word of the matrix was named at least once")
    logs = np.log(frequency)
    if logs.std() <= 0:
        raise DataError("all words are equally frequent: frequency cannot explain the loadings")
    return tuple(_link(j, column, logs) for j, column in enumerate(loadings.T))


def _link(factor: int, column: Floats, logs: Floats) -> FrequencyLink:
    if column.std() <= 0:
        return FrequencyLink(factor, 0.0, 0.0, 0.0, 1.0, 0.0)
    test = stats.pearsonr(column, logs)
    interval = test.confidence_interval(0.95)
    size = np.abs(column)
    absolute = float(np.corrcoef(size, logs)[0, 1]) if size.std() > 0 else 0.0
    return FrequencyLink(
        factor,
        float(test.statistic),
        float(interval.low),
        float(interval.high),
        float(test.pvalue),
        absolute,
    )
