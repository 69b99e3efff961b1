"""What a clause is about: likeness to a sub-dimension's terms, calibrated on everyday talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.instruments.projective.anchors import Anchor, SubDimension
from valuelex.instruments.projective.calibration import Array, fit_shares, shares
from valuelex.instruments.projective.themes import unit as _unit

NEAREST_EXAMPLES = 4
"""Over how many sentences of a theme the likeness of a clause is averaged."""
MATCHED, UNMATCHED = 0.5, 0.1
"""A theme's sentences are examples of the sub-dimension that borrows at least the first share of
them, and of none when no sub-dimension borrows the second."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Sentences of conduct: ``vectors`` (m, d), ``rows`` of each theme, ``match`` (k, themes)."""

    vectors: Array
    rows: tuple[NDArray[np.int_], ...]
    match: Array


class Relevance:
    """Share in [0, 1] of a clause that is about each sub-dimension; the rest is about none.

    A term's topic is the sum of its bare embedding and of the mean of its anchor sentences. The
    similarity of a clause to a sub-dimension is its mean cosine with the nearest terms, in standard
    deviations above that of background talk, so that a sub-dimension that lies near to everything
    has no advantage. Likeness to the conduct of matching themes, standardised alike, is added: a
    completion shows conduct and names no value. The sub-dimensions and "none" then compete in a
    multinomial logistic model with one slope and one threshold, fitted on anchors with each
    anchor's own term left out and on the conduct of themes, each sentence's own likeness left out:
    an ending that is about one value is not counted for all of its neighbours, which is where a
    judge's halo comes from.

    Parameters
    ----------
    subs
        The sub-dimensions, with at least one word each.
    anchors, vectors
        Anchor sentences and their unit vectors (n, d); those of no sub-dimension are examples of
        "none".
    bare
        Term -> unit vector (d,).
    background
        Unit vectors (b, d) of talk on all kinds of conduct, beside the everyday anchors.
    terms, nearest
        How many terms of a sub-dimension are used, and over how many similarity is averaged.
    examples
        Vectors (m, d) of sentences of conduct and what they are examples of, see `Examples`.
    taken_up
        Share of clauses expected to be about some sub-dimension, in (0, 1).
    """

    def __init__(
        self,
        subs: Sequence[SubDimension],
        anchors: Sequence[Anchor],
        vectors: Array,
        bare: dict[str, Array],
        background: Array,
        *,
        examples: Examples,
        terms: int,
        nearest: int,
        taken_up: float,
    ) -> None:
        self._nearest, self._examples = nearest, examples
        words = [s.words[:terms] for s in subs]
        rows: dict[tuple[str, str], list[int]] = {}
        for i, anchor in enumerate(anchors):
            rows.setdefault((anchor.sub_dimension, anchor.term), []).append(i)
        own_rows = [[rows[s.id, t] for t in w] for s, w in zip(subs, words, strict=True)]
        self._topics = [
            _unit(
                np.array(
                    [bare[t] + _unit(vectors[r].mean(axis=0)) for t, r in zip(w, own, strict=True)]
                )
            )
            for w, own in zip(words, own_rows, strict=True)
        ]
        everyday = np.array([a.sub_dimension == "" for a in anchors])
        talk = [
            np.concatenate([self._similarity(v, t) for v in (vectors[everyday], background)])
            for t in self._topics
        ]
        weight = np.concatenate(
            [
                np.full(everyday.sum(), 1 / everyday.sum()),
                np.full(len(background), 1 / len(background)),
            ]
        )
        self._centre = np.array([np.average(t, weights=weight) for t in talk])
        self._spread = np.array(
            [
                max(float(np.sqrt(np.average((t - c) ** 2, weights=weight))), 1e-6)
                for t, c in zip(talk, self._centre, strict=True)
            ]
        )
        both = (vectors[everyday], background)
        self._scale = [
            _moments([_nearest(v, examples.vectors[r], None) for v in both], weight)
            for r in examples.rows
        ]
        self._slope, balanced = self._calibrate(vectors, own_rows, everyday)
        self._threshold = balanced - float(np.log(taken_up / (1.0 - taken_up)))

    def __call__(self, vectors: Array) -> Array:
        """Return the shares (n, k) of clauses with unit vectors (n, d); rows sum to at most 1."""
        return shares(self._standard(vectors), self._slope, self._threshold)

    def _similarity(self, vectors: Array, topics: Array) -> Array:
        """Mean cosine (n,) with the nearest topics."""
        similarity = np.sort(vectors @ topics.T, axis=1)[:, ::-1]
        return np.asarray(similarity[:, : self._nearest].mean(axis=1), dtype=np.float64)

    def _standard(self, vectors: Array) -> Array:
        similarity = np.column_stack([self._similarity(vectors, t) for t in self._topics])
        own = (similarity - self._centre) / self._spread
        return np.asarray(own + self._borrowed(vectors, None), dtype=np.float64)

    def _borrowed(self, vectors: Array, left_out: NDArray[np.int_] | None) -> Array:
        """Standardised likeness to themes, as the sub-dimensions borrow them, (n, k).

        ``left_out`` (n,) names the example that each clause itself is.
        """
        e = self._examples
        if not e.rows:
            return np.zeros((len(vectors), len(self._topics)))
        found = []
        for rows, (centre, spread) in zip(e.rows, self._scale, strict=True):
            skip = None if left_out is None else left_out[:, None] == rows[None, :]
            found.append((_nearest(vectors, e.vectors[rows], skip) - centre) / spread)
        return np.asarray(np.column_stack(found) @ e.match.T, dtype=np.float64)

    def _calibrate(
        self, vectors: Array, own_rows: list[list[list[int]]], everyday: NDArray[np.bool_]
    ) -> tuple[float, float]:
        z = self._standard(vectors)
        parts, labels = [z[everyday]], [np.full(int(everyday.sum()), -1)]
        for j, blocks in enumerate(own_rows):
            for m, rows in enumerate(blocks):
                left_out = z[rows].copy()
                rest = np.delete(self._topics[j], m, axis=0)
                if len(rest):  # else its only term: nothing to compare it with but itself
                    now = self._similarity(vectors[rows], rest)
                    before = self._similarity(vectors[rows], self._topics[j])
                    left_out[:, j] += (now - before) / self._spread[j]
                parts.append(left_out)
                labels.append(np.full(len(rows), j))
        parts_of_themes, labels_of_themes = self._calibrated_themes()
        return fit_shares(
            np.vstack([*parts, parts_of_themes]), np.concatenate([*labels, labels_of_themes])
        )

    def _calibrated_themes(self) -> tuple[Array, NDArray[np.int_]]:
        """Return the sentences of themes that belong to one sub-dimension, or clearly to none."""
        e = self._examples
        label = np.full(len(e.vectors), -2)
        for t, rows in enumerate(e.rows):
            best = int(e.match[:, t].argmax())
            share = float(e.match[best, t])
            label[rows] = best if share >= MATCHED else -1 if share <= UNMATCHED else -2
        use = np.flatnonzero(label > -2)
        vectors = e.vectors[use]
        similarity = [self._similarity(vectors, t) for t in self._topics]
        own = (np.column_stack(similarity) - self._centre) / self._spread
        return own + self._borrowed(vectors, use), label[use]


def _nearest(vectors: Array, examples: Array, skip: NDArray[np.bool_] | None) -> Array:
    """Mean cosine (n,) with the nearest examples, those to be skipped left out."""
    similarity = vectors @ examples.T
    if skip is not None:
        similarity = np.where(skip, -1.0, similarity)
    top = np.sort(similarity, axis=1)[:, ::-1][:, :NEAREST_EXAMPLES]
    return np.asarray(top.mean(axis=1), dtype=np.float64)


def _moments(parts: Sequence[Array], weight: Array) -> tuple[float, float]:
    values = np.concatenate(parts)
    centre = float(np.average(values, weights=weight))
    spread = float(np.sqrt(np.average((values - centre) ** 2, weights=weight)))
    return centre, max(spread, 1e-6)
