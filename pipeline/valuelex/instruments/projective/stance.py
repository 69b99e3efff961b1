"""Which way a clause points: what its cues say and the valence of its core, weighed on anchors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from valuelex.instruments.projective.anchors import Anchor
from valuelex.instruments.projective.calibration import (
    Array,
    Linear,
    fit_logistic,
    fit_ridge,
    sigmoid,
)
from valuelex.instruments.projective.polarity import CueReader, Reading
from valuelex.instruments.projective.screen import word_root

_WORD = re.compile(r"[^\W\d_]+")

FOLDS = 5
POLES = {"affirms": 1.0, "rejects": -1.0, "affirms_turned": 1.0, "rejects_turned": -1.0}
MIDDLE = 3
CONDUCT_WEIGHT = 3.0
"""Sentences of conduct weigh together as much as this many times all filled frames: frames are many
and alike, conduct is what completions look like."""


class Stance:
    """Stance in [-1, 1] of clauses: twice the probability of affirming, minus one.

    The *core* of a clause (negations and attitudes cut out) has a valence by ridge regression on
    its embedding; one that names a term speaks of something good besides, since the taxonomy is
    one of values. Valence and cues enter a logistic model without intercept whose
    every term changes sign when the clause is turned round. The valence that it sees while it is
    fitted is predicted from other frames, or it would be believed too much.

    Parameters
    ----------
    anchors
        Graded anchors; those at the middle of the scale are left out.
    conduct
        Lists ``affirms``, ``rejects``, ``affirms_turned``, ``rejects_turned``.
    reader
        Reads the cues.
    vectors
        Gives texts as unit vectors (n, d).
    terms
        The terms of all sub-dimensions.
    penalty
        Ridge of the valence, > 0.
    affirming
        Share of completions expected to affirm, in (0, 1); the fit itself is balanced, and the
        odds are moved to this share (Saerens, Latinne & Decaestecker 2002).
    """

    def __init__(
        self,
        anchors: Sequence[Anchor],
        conduct: Mapping[str, Sequence[str]],
        reader: CueReader,
        vectors: Callable[[Sequence[str]], Array],
        *,
        terms: Sequence[str],
        penalty: float,
        affirming: float,
    ) -> None:
        self._vectors = vectors
        self._terms = frozenset(_roots(t) for t in terms)
        self._longest = max((len(t) for t in self._terms), default=0)
        self._prior = float(np.log(affirming / (1.0 - affirming)))
        graded = [a for a in anchors if a.level != MIDDLE]
        spoken = [(text, sign) for kind, sign in POLES.items() for text in conduct[kind]]
        readings = [reader.read(t) for t in [a.text for a in graded] + [t for t, _ in spoken]]
        pull = np.array([(a.level - MIDDLE) / MIDDLE for a in graded] + [s for _, s in spoken])
        weight = np.concatenate(
            [
                np.full(len(graded), 1.0 / max(len(graded), 1)),
                np.full(len(spoken), CONDUCT_WEIGHT / len(spoken)),
            ]
        )
        fold = np.array([a.frame for a in graded] + list(range(len(spoken)))) % FOLDS
        plain = np.array([not (r.indifference or r.wholehearted) for r in readings])
        turn = np.array([r.turn for r in readings], dtype=np.float64)
        cores = vectors([r.core for r in readings])
        self._valence, predicted = _cross_fitted(cores, pull * turn, weight * plain, penalty, fold)
        self._weights = fit_logistic(
            _features(
                readings,
                predicted,
                np.array([a.term != "" for a in graded] + [False] * len(spoken)),
            ),
            (pull > 0).astype(np.float64),
            weight=weight,
            intercept=False,
        )

    def __call__(self, readings: Sequence[Reading]) -> Array:
        """Return the stance (n,) of clauses that were read."""
        valence = self._valence(self._vectors([r.core for r in readings]))
        named = np.array([self._names_a_term(r.core) for r in readings])
        logit = self._weights(_features(readings, valence, named)) + self._prior
        return np.asarray(2.0 * sigmoid(logit) - 1.0, dtype=np.float64)

    def _names_a_term(self, text: str) -> bool:
        roots = _roots(text)
        return any(
            roots[i : i + n] in self._terms
            for n in range(1, self._longest + 1)
            for i in range(len(roots) - n + 1)
        )


def _roots(text: str) -> tuple[str, ...]:
    return tuple(word_root(w) for w in _WORD.findall(text))


def _cross_fitted(
    x: Array, y: Array, weight: Array, penalty: float, fold: NDArray[np.int_]
) -> tuple[Linear, Array]:
    """Ridge on all rows, and its predictions for each fold from the others.

    A frame lies whole in one fold.
    """
    predicted = np.zeros(len(x))
    for f in range(FOLDS):
        rest, here = fold != f, fold == f
        predicted[here] = fit_ridge(x[rest], y[rest], penalty=penalty, weight=weight[rest])(x[here])
    return fit_ridge(x, y, penalty=penalty, weight=weight), predicted


def _features(readings: Sequence[Reading], valence: Array, named: NDArray[np.bool_]) -> Array:
    """Features (n, 7): named, valence, ill, favour, mention, turned; indifference; wholehearted."""
    rows = []
    for reading, core, term in zip(readings, valence, named, strict=True):
        plain = not (reading.indifference or reading.wholehearted)
        turn = reading.turn if plain else 0
        rows.append(
            (
                turn * int(term),
                turn * float(core),
                turn * reading.ill,
                turn * int(reading.favour),
                turn,
                -int(reading.indifference),
                int(reading.wholehearted and not reading.indifference),
            )
        )
    return np.array(rows, dtype=np.float64)
