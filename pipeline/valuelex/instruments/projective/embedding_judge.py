"""The offline judge: what a completion is about by embedding, which way it points by cue and core.

A score on 0-6 is built from three parts that are calibrated on anchor sentences alone::

    score = 3 + relevance * stance * firmness

*relevance* in [0, 1] says how surely the completion is about the sub-dimension: similarity to its
terms against the same frames around everyday topics. *stance* in [-1, 1] says whether it affirms or
rejects. *firmness* is 1 (weak), 2 (plain) or 3 (strong). The judge sees the completion and never
the stem, the model's name or the key of the stem.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.instruments.projective.anchors import (
    Anchor,
    SubDimension,
    anchor_sentences,
    sub_dimensions,
)
from valuelex.instruments.projective.calibration import (
    Array,
    Linear,
    fit_logistic,
    fit_ridge,
    sigmoid,
)
from valuelex.instruments.projective.completions import Completion, Unanswered, readable
from valuelex.instruments.projective.polarity import CueReader, Reading, split_clauses
from valuelex.records import Rating

Embed = Callable[[Sequence[str]], NDArray[Any]]

JUDGE = "embedding"
MIDPOINT = 3.0
FOLDS = 5
NOT_RELEVANT = "not relevant"


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """Settings of the offline judge.

    ``floor`` in [0, 1): relevance below it leaves a completion unscored ("not relevant").
    ``affirming`` in (0, 1): the share of completions about a value that are expected to affirm it.
    The anchors are half and half; people and models mostly speak of what they hold dear, so the
    calibrated odds are moved to this share (Saerens et al. 2002). It decides doubtful cases only.
    ``terms`` is how many of a sub-dimension's terms are anchored. ``nearest`` is how many of them
    the similarity of a completion is averaged over. ``penalty`` is the ridge of the core's valence.
    """

    floor: float = 0.5
    affirming: float = 0.5
    terms: int = 12
    nearest: int = 3
    penalty: float = 1.0


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Parts of the verdicts on n completions and k sub-dimensions; NaN where there is none.

    ``relevance``, ``score`` (n, k); ``stance`` (n, k); ``reason`` n texts, "" where answered.
    """

    sub_dimensions: tuple[str, ...]
    relevance: Array
    stance: Array
    score: Array
    reason: tuple[str, ...]


class EmbeddingJudge:
    """Scores completions on the sub-dimensions of one taxonomy.

    Parameters
    ----------
    taxonomy
        The structure of ``taxonomy.json``.
    content
        The structure of ``prompts/anchors.v1.yaml``.
    embed
        Gives n texts as unit vectors (n, d).
    settings
        See `JudgeSettings`.

    Raises
    ------
    DataError
        When the taxonomy has no sub-dimension.
    """

    def __init__(
        self,
        taxonomy: Mapping[str, Any],
        content: Mapping[str, Any],
        embed: Embed,
        settings: JudgeSettings = JudgeSettings(),  # noqa: B008 - frozen
    ) -> None:
        self.subs: tuple[SubDimension, ...] = sub_dimensions(taxonomy)
        self.settings = settings
        self._unanswered = Unanswered(content["declines"])
        self._reader = CueReader(content["cues"])
        self._embed = embed
        anchors = anchor_sentences(self.subs, content, terms_per_sub_dimension=settings.terms)
        vectors = self._vectors([a.text for a in anchors])
        self._fit_topics(anchors, vectors)
        self._fit_relevance(anchors, vectors)
        self._fit_stance(anchors, content["conduct"])

    def rate(self, completions: Sequence[Completion]) -> tuple[Rating, ...]:
        """Rate every completion on every sub-dimension, in the order given.

        A rating without a score says why: the outcome (``refused``, ``truncated``, ``failed``),
        ``empty``, ``declines``, ``other language``, or ``not relevant``.
        """
        verdicts = self.verdicts(completions)
        ratings = []
        for i, completion in enumerate(completions):
            for j, sub in enumerate(self.subs):
                score = verdicts.score[i, j]
                scored = bool(np.isfinite(score))
                reason = "" if scored else verdicts.reason[i] or NOT_RELEVANT
                value = round(float(score), 4) if scored else None
                ratings.append(Rating(completion.reply_id, JUDGE, sub.id, value, reason))
        return tuple(ratings)

    def verdicts(self, completions: Sequence[Completion]) -> Verdicts:
        """Give relevance, stance and score of every completion on every sub-dimension."""
        n, k = len(completions), len(self.subs)
        reasons = tuple(self._unanswered.reason(c) for c in completions)
        parts = [() if r else _clauses(c.text) for c, r in zip(completions, reasons, strict=True)]
        texts = sorted({clause for p in parts for clause in p})
        relevance, stance = np.full((n, k), np.nan), np.full((n, k), np.nan)
        score = np.full((n, k), np.nan)
        if texts:
            row = {text: i for i, text in enumerate(texts)}
            by_clause = self._relevance(self._vectors(texts))
            readings = [self._reader.read(text) for text in texts]
            pull = self._stance(readings)
            firmness = np.array([r.firmness for r in readings], dtype=np.float64)
            for i, clauses in enumerate(parts):
                if clauses:
                    rows = [row[c] for c in clauses]
                    relevance[i], stance[i], score[i] = _combine(
                        by_clause[rows], pull[rows], firmness[rows]
                    )
        score = np.where(relevance >= self.settings.floor, score, np.nan)
        return Verdicts(tuple(s.id for s in self.subs), relevance, stance, score, reasons)

    # -- what it is about ------------------------------------------------------------------------

    def _vectors(self, texts: Sequence[str]) -> Array:
        vectors = np.asarray(self._embed(list(texts)), dtype=np.float64)
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise DataError(f"embed must give {len(texts)} vectors, gave shape {vectors.shape}")
        return vectors

    def _fit_topics(self, anchors: Sequence[Anchor], vectors: Array) -> None:
        """One vector a term: its bare embedding and the mean of its anchor sentences."""
        terms = [t for s in self.subs for t in s.words[: self.settings.terms]]
        bare = dict(zip(terms, self._vectors(terms), strict=True))
        rows: dict[tuple[str, str], list[int]] = {}
        for i, a in enumerate(anchors):
            rows.setdefault((a.sub_dimension, a.term), []).append(i)
        self._topics = [
            _unit(
                np.array(
                    [
                        bare[t] + _unit(vectors[rows[s.id, t]].mean(axis=0))
                        for t in s.words[: self.settings.terms]
                    ]
                )
            )
            for s in self.subs
        ]

    def _similarity(self, vectors: Array, topics: Array) -> Array:
        """Mean similarity (n,) to the nearest terms."""
        similarity = np.sort(vectors @ topics.T, axis=1)[:, ::-1]
        return np.asarray(similarity[:, : self.settings.nearest].mean(axis=1), dtype=np.float64)

    def _fit_relevance(self, anchors: Sequence[Anchor], vectors: Array) -> None:
        """Calibrate on terms left out: an anchor is compared with the *other* terms of its own."""
        everyday = np.array([a.sub_dimension == "" for a in anchors])
        background = [self._similarity(vectors[everyday], t) for t in self._topics]
        self._centre = np.array([b.mean() for b in background])
        self._spread = np.array([max(float(b.std()), 1e-6) for b in background])
        z = self._standard(vectors)
        own, other = [], []
        for j, sub in enumerate(self.subs):
            for m, term in enumerate(sub.words[: self.settings.terms]):
                rows = np.array([a.sub_dimension == sub.id and a.term == term for a in anchors])
                rest = np.delete(self._topics[j], m, axis=0)
                if len(rest):
                    left_out = z[rows].copy()
                    similarity = self._similarity(vectors[rows], rest)
                    left_out[:, j] = (similarity - self._centre[j]) / self._spread[j]
                    own.append(_contrast(left_out)[:, j])
                elif len(self.subs) == 1 or all(len(s.words) == 1 for s in self.subs):
                    own.append(_contrast(z[rows])[:, j])
                rivals = np.delete(_contrast(z[rows]), j, axis=1)
                other.append(rivals.reshape(-1, 2))
        nothing = _contrast(z[everyday]).reshape(-1, 2)
        self._relevance_fit = _balanced_logistic(np.vstack(own), np.vstack(other), nothing)

    def _standard(self, vectors: Array) -> Array:
        similarity = np.column_stack([self._similarity(vectors, t) for t in self._topics])
        return (similarity - self._centre) / self._spread

    def _relevance(self, vectors: Array) -> Array:
        """Relevance (n, k) in [0, 1]."""
        features = _contrast(self._standard(vectors))
        n, k, _ = features.shape
        return sigmoid(self._relevance_fit(features.reshape(n * k, 2))).reshape(n, k)

    # -- which way it points ---------------------------------------------------------------------

    def _fit_stance(self, anchors: Sequence[Anchor], conduct: Mapping[str, Sequence[str]]) -> None:
        """Fit the valence of cores, then how far cues and cores are believed."""
        pole = {"affirms": 1.0, "rejects": -1.0, "affirms_turned": 1.0, "rejects_turned": -1.0}
        texts = [a.text for a in anchors if a.level != MIDPOINT]
        target = [(a.level - MIDPOINT) / MIDPOINT for a in anchors if a.level != MIDPOINT]
        weight = [1.0 / len(texts)] * len(texts)
        frames = [a.frame for a in anchors if a.level != MIDPOINT]
        spoken = [(text, pole[kind]) for kind in pole for text in conduct[kind]]
        texts += [text for text, _ in spoken]
        target += [sign for _, sign in spoken]
        weight += [3.0 / len(spoken)] * len(spoken)
        readings = [self._reader.read(text) for text in texts]
        turn = np.array([r.turn for r in readings], dtype=np.float64)
        keep = np.array([not (r.indifference or r.wholehearted) for r in readings])
        y, w = np.array(target), np.array(weight)
        cores = self._vectors([r.core for r in readings])
        fold = np.array(frames + list(range(len(spoken)))) % FOLDS
        self._valence, valence = _cross_fitted(
            cores, y * turn, w * keep, self.settings.penalty, fold
        )
        features = _stance_features(readings, valence)
        self._stance_fit = fit_logistic(
            features, (y > 0).astype(np.float64), weight=w, intercept=False
        )

    def _stance(self, readings: Sequence[Reading]) -> Array:
        """Stance (n,) in [-1, 1] of clauses: 2p - 1."""
        cores = self._vectors([r.core for r in readings])
        features = _stance_features(readings, self._valence(cores))
        prior = np.log(self.settings.affirming / (1.0 - self.settings.affirming))
        return 2.0 * sigmoid(self._stance_fit(features) + prior) - 1.0


def _clauses(text: str) -> tuple[str, ...]:
    return split_clauses(readable(text))


def _unit(x: Array) -> Array:
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12))


def _contrast(z: Array) -> Array:
    """Features (n, k, 2): the similarity itself, and how far it lies behind the best rival."""
    n, k = z.shape
    rival = np.full((n, k), 0.0)
    if k > 1:
        order = np.sort(z, axis=1)
        rival = np.where(z == order[:, -1:], order[:, -2:-1], order[:, -1:])
        rival = np.maximum(rival - z, 0.0)
    return np.stack([z, rival], axis=2)


def _balanced_logistic(own: Array, other: Array, nothing: Array) -> Linear:
    """Logistic fit in which rival and everyday examples together weigh as much as own ones."""
    blocks = [b for b in (other, nothing) if len(b)]
    size = min(len(b) for b in blocks)
    thinned = [b[np.linspace(0, len(b) - 1, size).astype(np.intp)] for b in blocks]
    x = np.vstack([own, *thinned])
    y = np.concatenate([np.ones(len(own)), np.zeros(len(x) - len(own))])
    return fit_logistic(x, y)


def _cross_fitted(
    x: Array, y: Array, weight: Array, penalty: float, fold: NDArray[np.int_]
) -> tuple[Linear, Array]:
    """Ridge on all rows, and its predictions for each fold from the others.

    A frame lies whole in one fold: a frame seen before would be believed too much.
    """
    predicted = np.zeros(len(x))
    for f in range(FOLDS):
        rest, here = fold != f, fold == f
        predicted[here] = fit_ridge(x[rest], y[rest], penalty=penalty, weight=weight[rest])(x[here])
    return fit_ridge(x, y, penalty=penalty, weight=weight), predicted


def _stance_features(readings: Sequence[Reading], valence: Array) -> Array:
    """Features (n, 6), all of which change sign when the clause is turned round."""
    rows = []
    for reading, core in zip(readings, valence, strict=True):
        plain = not (reading.indifference or reading.wholehearted)
        turn = reading.turn if plain else 0
        rows.append(
            (
                turn * float(core),
                turn * reading.ill,
                turn * int(reading.favour),
                turn,
                -int(reading.indifference),
                int(reading.wholehearted and not reading.indifference),
            )
        )
    return np.array(rows, dtype=np.float64)


def _combine(relevance: Array, stance: Array, firmness: Array) -> tuple[Array, Array, Array]:
    """Put clauses together: (c, k), (c,), (c,) -> relevance, stance and score, each (k,).

    The most relevant clause decides how relevant the whole is. Stance and firmness are means
    weighted by relevance; a quarter of the greatest weight is given to every clause, for what is
    said of "it" in the next clause.
    """
    top = relevance.max(axis=0)
    weight = relevance + 0.25 * top
    weight = weight / np.maximum(weight.sum(axis=0), 1e-12)
    pull = (weight * stance[:, None]).sum(axis=0)
    force = (weight * (stance * firmness)[:, None]).sum(axis=0)
    return top, pull, np.clip(MIDPOINT + top * force, 0.0, 6.0)
