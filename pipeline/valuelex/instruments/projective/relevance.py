"""What a clause is about: likeness to a sub-dimension's terms, calibrated on everyday talk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from valuelex.instruments.projective.anchors import Anchor, SubDimension
from valuelex.instruments.projective.calibration import Array, Linear, fit_logistic, sigmoid


class Relevance:
    """Probability in [0, 1] that a clause is about each sub-dimension.

    A term's topic is the sum of its bare embedding and of the mean of its anchor sentences. The
    similarity of a clause to a sub-dimension is its mean cosine with the nearest terms, in standard
    deviations above that of everyday topics in the same frames: sub-dimensions that lie near to
    everything get no advantage. A logistic curve over it, and over how far the best rival
    sub-dimension is ahead, is fitted with each anchor's own term left out.

    Parameters
    ----------
    subs
        The sub-dimensions, with at least one word each.
    anchors, vectors
        Anchor sentences and their unit vectors (n, d).
    bare
        Term -> unit vector (d,).
    terms, nearest
        How many terms of a sub-dimension are used, and over how many similarity is averaged.
    """

    def __init__(
        self,
        subs: Sequence[SubDimension],
        anchors: Sequence[Anchor],
        vectors: Array,
        bare: dict[str, Array],
        *,
        terms: int,
        nearest: int,
    ) -> None:
        self._nearest = nearest
        self._words = [s.words[:terms] for s in subs]
        rows: dict[tuple[str, str], list[int]] = {}
        for i, anchor in enumerate(anchors):
            rows.setdefault((anchor.sub_dimension, anchor.term), []).append(i)
        own_rows = [[rows[s.id, t] for t in w] for s, w in zip(subs, self._words, strict=True)]
        self._topics = [
            _unit(
                np.array(
                    [
                        bare[t] + _unit(vectors[r].mean(axis=0))
                        for t, r in zip(words, own, strict=True)
                    ]
                )
            )
            for words, own in zip(self._words, own_rows, strict=True)
        ]
        everyday = np.array([a.sub_dimension == "" for a in anchors])
        background = [self._similarity(vectors[everyday], t) for t in self._topics]
        self._centre = np.array([b.mean() for b in background])
        self._spread = np.array([max(float(b.std()), 1e-6) for b in background])
        self._curve = self._calibrate(vectors, own_rows, everyday)

    def __call__(self, vectors: Array) -> Array:
        """Return the relevance (n, k) of clauses with unit vectors (n, d)."""
        features = _contrast(self._standard(vectors))
        n, k, width = features.shape
        flat = sigmoid(self._curve(features.reshape(n * k, width)))
        return np.asarray(flat.reshape(n, k), dtype=np.float64)

    def _similarity(self, vectors: Array, topics: Array) -> Array:
        """Mean cosine (n,) with the nearest topics."""
        similarity = np.sort(vectors @ topics.T, axis=1)[:, ::-1]
        return np.asarray(similarity[:, : self._nearest].mean(axis=1), dtype=np.float64)

    def _standard(self, vectors: Array) -> Array:
        similarity = np.column_stack([self._similarity(vectors, t) for t in self._topics])
        return np.asarray((similarity - self._centre) / self._spread, dtype=np.float64)

    def _calibrate(
        self, vectors: Array, own_rows: list[list[list[int]]], everyday: NDArray[np.bool_]
    ) -> Linear:
        z = self._standard(vectors)
        own, other = [], []
        for j, blocks in enumerate(own_rows):
            for m, rows in enumerate(blocks):
                features = _contrast(z[rows])
                other.append(np.delete(features, j, axis=1).reshape(-1, 2))
                rest = np.delete(self._topics[j], m, axis=0)
                if len(rest) == 0:  # the only term: nothing to compare it with but itself
                    own.append(features[:, j])
                    continue
                left_out = z[rows].copy()
                similarity = self._similarity(vectors[rows], rest)
                left_out[:, j] = (similarity - self._centre[j]) / self._spread[j]
                own.append(_contrast(left_out)[:, j])
        nothing = _contrast(z[everyday]).reshape(-1, 2)
        return _balanced(np.vstack(own), [np.vstack(other), nothing])


def _contrast(z: Array) -> Array:
    """Features (n, k, 2): the similarity itself, and how far it lies behind the best rival."""
    n, k = z.shape
    behind = np.zeros((n, k))
    if k > 1:
        order = np.sort(z, axis=1)
        rival = np.where(z == order[:, -1:], order[:, -2:-1], order[:, -1:])
        behind = np.maximum(rival - z, 0.0)
    return np.stack([z, behind], axis=2)


def _balanced(own: Array, contrasts: list[Array]) -> Linear:
    """Logistic fit in which each kind of counter-example has the same number of rows."""
    contrasts = [c for c in contrasts if len(c)]
    size = min(len(c) for c in contrasts)
    thinned = [c[np.linspace(0, len(c) - 1, size).astype(np.intp)] for c in contrasts]
    x = np.vstack([own, *thinned])
    y = np.concatenate([np.ones(len(own)), np.zeros(len(x) - len(own))])
    return fit_logistic(x, y)


def _unit(x: Array) -> Array:
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12))
