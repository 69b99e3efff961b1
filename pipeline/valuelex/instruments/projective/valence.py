"""The valence of a clause by kernel ridge regression on graded sentences, in general and by topic.

"Give it all away" is good conduct where generosity is at stake and bad where prosperity is. So the
kernel of two sentences is that of their tone, times one plus the likeness of their topics: what
holds of conduct in general is learned from all sentences, what holds of a topic from those on it
(a multi-task kernel: Evgeniou, Micchelli & Pontil 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

from valuelex.instruments.projective.calibration import Array
from valuelex.instruments.projective.themes import unit

WIDTH = 0.6
"""Width of the Gaussian kernel of tones (unit vectors)."""
TOPIC_WIDTH = 0.35
"""Width of the Gaussian kernel of topics (unit centroids of words)."""


@dataclass(frozen=True, slots=True)
class Valence:
    """A fitted valence: ``tones`` (n, d) centred by ``mean`` (d,), duals (n,), topics (n, e)."""

    mean: Array
    tones: Array
    dual: Array
    topics: Array
    specific: float

    def __call__(self, tones: Array, topics: Array) -> Array:
        """Return the valence (m, k) of m clauses for k topics, about -1 to 1."""
        kernel = _gauss(unit(tones - self.mean), self.tones, WIDTH)
        weight = self.dual[:, None] * (1.0 + self.specific * _alike(self.topics, topics))
        return np.asarray(kernel @ weight, dtype=np.float64)


def fit_valence(
    tones: Array,
    topics: Array,
    target: Array,
    weight: Array,
    fold: NDArray[np.int_],
    *,
    penalty: float,
    specific: float,
) -> tuple[Valence, Array]:
    """Fit on graded sentences, and predict each fold of them from the others.

    Parameters
    ----------
    tones
        Vectors of the sentences, (n, d).
    topics
        Unit vector of each sentence's topic, (n, e); zeros where it has none.
    target
        -1 to 1, (n,).
    weight
        Positive row weights (n,); a row of weight 0 is left out of the fit.
    fold
        Fold of each row, (n,).
    penalty
        Ridge, > 0.
    specific
        How much more sentences on the same topic count than others, >= 0.
    """
    used = weight > 0
    mean = np.average(tones, axis=0, weights=weight)
    x = unit(tones - mean)
    kernel = _gauss(x, x, WIDTH) * (1.0 + specific * _alike(topics, topics))
    ridge = penalty / np.where(used, weight, 1.0)
    predicted = np.zeros(len(x))
    for f in np.unique(fold):
        rest, here = np.flatnonzero(used & (fold != f)), np.flatnonzero(fold == f)
        dual = _solve(kernel[np.ix_(rest, rest)], ridge[rest], target[rest])
        predicted[here] = kernel[np.ix_(here, rest)] @ dual
    rows = np.flatnonzero(used)
    dual = _solve(kernel[np.ix_(rows, rows)], ridge[rows], target[rows])
    return Valence(mean, x[rows], dual, topics[rows], specific), predicted


def _solve(kernel: Array, ridge: Array, target: Array) -> Array:
    system = kernel + np.diag(ridge)
    return np.asarray(solve(system, target, assume_a="pos", overwrite_a=True), dtype=np.float64)


def _gauss(a: Array, b: Array, width: float) -> Array:
    return np.asarray(np.exp((a @ b.T - 1.0) / width**2), dtype=np.float64)


def _alike(a: Array, b: Array) -> Array:
    """Likeness of topics (n, m) in [0, 1]; 0 where either has none."""
    some = np.outer((a != 0).any(axis=1), (b != 0).any(axis=1))
    return np.asarray(_gauss(a, b, TOPIC_WIDTH) * some, dtype=np.float64)
