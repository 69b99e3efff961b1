"""What does the space take for likeness? Probes for a known fault: opposites embed close together.

Words that occur in the same places get like vectors, and opposites do (honest, dishonest). Where
antonyms lie as close as synonyms, a cluster says "about the same thing", not "the same value".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError


@dataclass(frozen=True)
class PairProbe:
    """Cosines of opposite, like and random pairs.

    ``auc`` is the chance that a like pair is closer than an opposite one: 1 is a space that tells
    them apart, .5 one that does not; ``auc_low`` and ``auc_high`` are its bootstrap 95 % interval.
    ``above_random`` is the share of opposite pairs that are closer than 95 % of random pairs.
    """

    n_opposite: int
    n_like: int
    opposite_mean: float
    like_mean: float
    random_mean: float
    above_random: float
    auc: float
    auc_low: float
    auc_high: float


@dataclass(frozen=True)
class ParentProbe:
    """Whether the own parent is the nearest of all parents.

    ``hit`` is the share of children for which it is, ``chance`` that share under guessing,
    ``reciprocal_rank`` the mean of 1 / (rank of the own parent); ``hit_low`` and ``hit_high`` are
    the bootstrap 95 % interval of ``hit``.
    """

    n_children: int
    n_parents: int
    hit: float
    hit_low: float
    hit_high: float
    chance: float
    reciprocal_rank: float


def antonym_probe(
    opposite: tuple[NDArray[np.floating], NDArray[np.floating]],
    like: tuple[NDArray[np.floating], NDArray[np.floating]],
    *,
    n_bootstrap: int = 1000,
    seed: int = 0,
) -> PairProbe:
    """Compare the cosines of opposite pairs with those of like pairs.

    Parameters
    ----------
    opposite, like
        Two arrays each of shape (m, d): row i of the first and row i of the second are a pair.
    n_bootstrap
        Resamples of pairs for the interval.
    seed
        Seed of the resamples and of the random pairs.

    Raises
    ------
    DataError
        Fewer than two pairs of a kind, or arrays that do not match.
    """
    far = _pair_cosines(*opposite, kind="opposite")
    near = _pair_cosines(*like, kind="like")
    rng = np.random.default_rng(seed)
    everything = _unit(np.vstack([*opposite, *like]))
    picked = rng.integers(0, len(everything), (2, 4000))
    random = np.einsum("ij,ij->i", everything[picked[0]], everything[picked[1]])
    random = random[picked[0] != picked[1]]
    wins = (near[:, None] > far[None, :]) + 0.5 * (near[:, None] == far[None, :])
    samples = [
        wins[np.ix_(rng.integers(0, len(near), len(near)), rng.integers(0, len(far), len(far)))]
        for _ in range(n_bootstrap)
    ]
    low, high = _interval([float(s.mean()) for s in samples])
    return PairProbe(
        n_opposite=len(far),
        n_like=len(near),
        opposite_mean=float(far.mean()),
        like_mean=float(near.mean()),
        random_mean=float(random.mean()),
        above_random=float((far > np.quantile(random, 0.95)).mean()),
        auc=float(wins.mean()),
        auc_low=low,
        auc_high=high,
    )


def hypernym_probe(
    children: NDArray[np.floating],
    parent: NDArray[np.integer],
    parents: NDArray[np.floating],
    *,
    n_bootstrap: int = 1000,
    seed: int = 0,
) -> ParentProbe:
    """Ask of each child whether its own parent is the nearest of all parents by cosine.

    Parameters
    ----------
    children
        (m, d) vectors.
    parent
        (m,) row of the own parent in ``parents``.
    parents
        (q, d) vectors, q >= 2.
    n_bootstrap, seed
        Resamples of children for the interval, and their seed.
    """
    own = np.asarray(parent, dtype=np.int64)
    if len(children) == 0 or len(children) != len(own):
        raise DataError(f"{len(own)} parents named for {len(children)} children")
    if len(parents) < 2 or own.min() < 0 or own.max() >= len(parents):
        raise DataError(f"parents must be rows 0..{len(parents) - 1} of at least two parents")
    cosine = _unit(children) @ _unit(parents).T
    mine = cosine[np.arange(len(own)), own]
    rank = 1 + (cosine > mine[:, None]).sum(axis=1)
    hits = (rank == 1).astype(np.float64)
    rng = np.random.default_rng(seed)
    low, high = _interval(
        hits[rng.integers(0, len(hits), (n_bootstrap, len(hits)))].mean(axis=1).tolist()
    )
    return ParentProbe(
        n_children=len(own),
        n_parents=len(parents),
        hit=float(hits.mean()),
        hit_low=low,
        hit_high=high,
        chance=1.0 / len(parents),
        reciprocal_rank=float((1.0 / rank).mean()),
    )


def _pair_cosines(
    a: NDArray[np.floating], b: NDArray[np.floating], *, kind: str
) -> NDArray[np.float64]:
    if np.shape(a) != np.shape(b):
        raise DataError(f"{kind} pairs: two arrays of shapes {np.shape(a)} and {np.shape(b)}")
    if len(a) < 2:
        raise DataError(f"{kind} pairs: expected at least two, got {len(a)}")
    out: NDArray[np.float64] = np.einsum("ij,ij->i", _unit(a), _unit(b))
    return out


def _interval(values: list[float]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def _unit(X: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = np.asarray(X, dtype=np.float64)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    out: NDArray[np.float64] = rows / np.where(length > 0, length, 1.0)
    return out
