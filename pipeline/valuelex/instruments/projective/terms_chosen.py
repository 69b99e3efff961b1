"""Which of a sub-dimension's terms stand for it, where there are more than can be anchored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from valuelex.instruments.projective.anchors import SubDimension
from valuelex.instruments.projective.calibration import Array


def representative(
    subs: Sequence[SubDimension], vectors: Array, most: int
) -> tuple[SubDimension, ...]:
    """Keep at most ``most`` terms of each sub-dimension, so that every term has a near one.

    The first terms of a list are the most typical *of the factor*; where two concerns share a
    sub-dimension they may all be of one. So terms are taken greedily by how much nearer they bring
    the chosen ones to all (facility location: Nemhauser, Wolsey & Fisher 1978), and stay in their
    old order.

    Parameters
    ----------
    subs
        The sub-dimensions, the most typical terms first.
    vectors
        Unit vectors of all their words in sorted order, (n, d).
    most
        Terms kept, at least 1.
    """
    words = sorted({word for sub in subs for word in sub.words})
    row = {word: i for i, word in enumerate(words)}
    return tuple(
        replace(sub, terms=_cover(sub.words, vectors[[row[w] for w in sub.words]], most))
        for sub in subs
    )


def _cover(words: tuple[str, ...], vectors: Array, most: int) -> tuple[str, ...]:
    if len(words) <= most:
        return words
    likeness = vectors @ vectors.T
    nearest = np.full(len(words), -1.0)
    chosen: list[int] = []
    for _ in range(most):
        gain = np.maximum(likeness, nearest[:, None]).sum(axis=0)
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
        nearest = np.maximum(nearest, likeness[:, chosen[-1]])
    return tuple(words[i] for i in sorted(chosen))
