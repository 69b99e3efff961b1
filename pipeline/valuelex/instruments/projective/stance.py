"""Which way a clause points: what its cues say and the valence of its words, weighed on anchors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.instruments.projective.anchors import Anchor
from valuelex.instruments.projective.calibration import Array, fit_logistic, sigmoid
from valuelex.instruments.projective.polarity import CueReader, Reading
from valuelex.instruments.projective.screen import word_root
from valuelex.instruments.projective.themes import Themes
from valuelex.instruments.projective.valence import fit_valence

_WORD = re.compile(r"[^\W\d_]+")

FOLDS = 4
POLES = {"affirms": 1.0, "rejects": -1.0, "affirms_turned": 1.0, "rejects_turned": -1.0}
MIDDLE = 3
ILL = 1
"""Column of the ills among the cues."""
FRAME_WEIGHT = 0.3
"""All filled frames weigh together this much of all sentences of conduct: frames are many and
alike, conduct is what completions look like."""


@dataclass(frozen=True, slots=True)
class _Graded:
    """A sentence with a known pull (-1 to 1), its topic (row of the topics, -1 none) and fold."""

    text: str
    pull: float
    topic: int
    fold: int
    named: bool
    worth: float = 1.0


class Stance:
    """Stance of clauses on each sub-dimension, -1 to 1: twice the chance that it affirms, less 1.

    The valence of a clause (`valence`) is read twice: from the whole clause, and from its *core*
    (negations and attitudes cut out), which is turned round where the cues say so. A core that
    names a term speaks of something good besides, since the taxonomy is one of values. Valences and
    cues enter a logistic model without intercept. The valences that it sees while it is fitted are
    predicted from other themes and frames, or it would believe them too much.

    Parameters
    ----------
    anchors
        Graded anchors; those at the middle of the scale are left out.
    conduct
        Lists ``affirms``, ``rejects``, ``affirms_turned``, ``rejects_turned``.
    themes
        Sentences of conduct by theme.
    reader
        Reads the cues.
    tones
        Gives texts as vectors (n, d) in which attitude shows.
    subs, theme_topics
        Unit topics of the sub-dimensions (k, e) and of the themes (t, e).
    worth
        How good the sub-dimensions are, (k,), -1 to 1: see `worth.worths`.
    terms
        The terms of all sub-dimensions.
    penalty
        Ridge of the valence, > 0.
    specific
        See `fit_valence`.
    affirming
        Share of completions expected to affirm, in (0, 1); the fit itself is balanced, and the
        odds are moved to this share (Saerens, Latinne & Decaestecker 2002).
    """

    def __init__(
        self,
        anchors: Sequence[Anchor],
        conduct: Mapping[str, Sequence[str]],
        themes: Themes,
        reader: CueReader,
        tones: Callable[[Sequence[str]], Array],
        *,
        subs: Array,
        theme_topics: Array,
        names: Sequence[str],
        worth: Array,
        terms: Sequence[str],
        penalty: float,
        specific: float,
        affirming: float,
    ) -> None:
        self._tones, self._subs, self._worth = tones, subs, worth
        self._terms = frozenset(_roots(t) for t in terms)
        self._longest = max((len(t) for t in self._terms), default=0)
        self._prior = float(np.log(affirming / (1.0 - affirming)))
        graded = _graded(anchors, conduct, themes, dict(zip(names, worth, strict=True)))
        readings = [reader.read(g.text.rstrip(" .")) for g in graded]
        topics = np.vstack([theme_topics, subs, np.zeros((1, subs.shape[1]))])
        topic = topics[[g.topic for g in graded]]
        pull, fold = np.array([g.pull for g in graded]), np.array([g.fold for g in graded])
        named = np.array([g.named for g in graded])
        good = np.array([g.worth for g in graded])
        weight = np.where(named, FRAME_WEIGHT * (~named).sum() / max(named.sum(), 1), 1.0)
        plain = np.array([not (r.indifference or r.wholehearted) for r in readings])
        turn = np.array([r.turn for r in readings], dtype=np.float64)
        whole = tones([g.text.rstrip(" .") for g in graded])
        cores = tones([r.core for r in readings])
        how = {"penalty": penalty, "specific": specific}
        self._whole, first = fit_valence(whole, topic, pull * good, weight, fold, **how)
        self._core, second = fit_valence(
            cores, topic, pull * turn * good, weight * plain, fold, **how
        )
        self._weights = fit_logistic(
            np.column_stack(
                [good * first, good * turn * plain * second, _cues(readings, named, good)]
            ),
            (pull > 0).astype(np.float64),
            weight=weight,
            intercept=False,
        )

    def __call__(self, texts: Sequence[str], readings: Sequence[Reading]) -> Array:
        """Return the stance (n, k) of clauses that were read."""
        named = np.array([self._names_a_term(r.core) for r in readings])
        whole = self._whole(self._tones(texts), self._subs)
        core = self._core(self._tones([r.core for r in readings]), self._subs)
        turn = np.array([r.turn * (not (r.indifference or r.wholehearted)) for r in readings])
        w = self._weights.weights
        cues = _cues(readings, named, np.ones(len(readings)))
        ill = cues[:, [ILL]] * w[2 + ILL]
        logit = self._worth * (w[0] * whole + w[1] * turn[:, None] * core + ill + self._prior)
        logit += np.delete(cues, ILL, axis=1) @ np.delete(w[2:], ILL)[:, None]
        return np.asarray(2.0 * sigmoid(logit) - 1.0, dtype=np.float64)

    def _names_a_term(self, text: str) -> bool:
        roots = _roots(text)
        return any(
            roots[i : i + n] in self._terms
            for n in range(1, self._longest + 1)
            for i in range(len(roots) - n + 1)
        )


def _graded(
    anchors: Sequence[Anchor],
    conduct: Mapping[str, Sequence[str]],
    themes: Themes,
    worth: Mapping[str, float],
) -> list[_Graded]:
    """List all graded sentences; a theme, and a frame, lies whole in one fold."""
    n = len(themes.words)
    place = {name: n + j for j, name in enumerate(worth)}
    rows = [
        _Graded(text, float(pole), int(k), int(k) % FOLDS, named=False)
        for text, k, pole in zip(themes.texts, themes.theme, themes.pole, strict=True)
    ]
    rows += [
        _Graded(text, float(pole), int(k), int(k) % FOLDS, named=False)
        for text, k, pole in zip(themes.framed, themes.theme, themes.framed_pole, strict=True)
        if text
    ]
    for kind, sign in POLES.items():
        rows += [
            _Graded(text, sign, -1, i % FOLDS, named=False) for i, text in enumerate(conduct[kind])
        ]
    rows += [
        _Graded(
            a.text,
            (a.level - MIDDLE) / MIDDLE,
            place.get(a.sub_dimension, -1),
            a.frame % FOLDS,
            named=a.term != "",
            worth=worth.get(a.sub_dimension, 1.0),
        )
        for a in anchors
        if a.level != MIDDLE
    ]
    return rows


def _roots(text: str) -> tuple[str, ...]:
    return tuple(word_root(w) for w in _WORD.findall(text))


def _cues(readings: Sequence[Reading], named: NDArray[np.bool_], good: Array) -> Array:
    """Features (n, 6): named, ill, favour, turned; indifference; wholehearted.

    An ill counts by how good its topic is (``good``, (n,)); the others are attitudes to the topic.
    """
    rows = []
    for reading, term, worth in zip(readings, named, good, strict=True):
        plain = not (reading.indifference or reading.wholehearted)
        turn = reading.turn if plain else 0
        rows.append(
            (
                turn * int(term),
                turn * reading.ill * worth,
                turn * int(reading.favour),
                turn,
                -int(reading.indifference),
                int(reading.wholehearted and not reading.indifference),
            )
        )
    return np.array(rows, dtype=np.float64).reshape(len(rows), 6)
