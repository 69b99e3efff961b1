"""The offline judge: what a completion is about by embedding, which way it points by cue and core.

A score on 0-6 is built from three parts that are calibrated on anchor sentences alone::

    score = 3 + relevance * stance * firmness

*relevance* in [0, 1] says how surely the completion is about the sub-dimension, *stance* in
[-1, 1] whether it affirms or rejects, *firmness* is 1 (weak), 2 (plain) or 3 (strong). The judge
sees the completion and never the stem, the stem's key or the model's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError, PromptError
from valuelex.instruments.projective.anchors import (
    SubDimension,
    anchor_sentences,
    sub_dimensions,
)
from valuelex.instruments.projective.calibration import Array
from valuelex.instruments.projective.completions import (
    NOT_RELEVANT,
    Completion,
    Unanswered,
    readable,
)
from valuelex.instruments.projective.fence import ONLY_INSTRUCTIONS, disarm
from valuelex.instruments.projective.polarity import CueReader, split_clauses
from valuelex.instruments.projective.relevance import Examples, Relevance
from valuelex.instruments.projective.stance import POLES, Stance
from valuelex.instruments.projective.terms_chosen import representative
from valuelex.instruments.projective.themes import Themes, centroid, groups, match, read_themes
from valuelex.instruments.projective.worth import faults, worths
from valuelex.records import Rating

Embed = Callable[[Sequence[str]], NDArray[Any]]

JUDGE = "embedding"
MIDPOINT, LOW, HIGH = 3.0, 0.0, 6.0
REFERENCE = 0.25
PROSE = 9
"""Clauses from which on a completion is prose; a sentence that was asked for has one to four."""
SHOWN, UNNAMED = 0.1, 0.3
"""In prose: the weight of a clause that is about none of the sub-dimensions, and how far a text in
which a sub-dimension is never named is about it all the same."""
GRADED_TERMS = 2  # terms of a sub-dimension in the frames that stance is learned from
PARTS = ("frames", "everyday", "conduct", "cues", "unanswered")


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """Settings of the offline judge.

    ``floor`` in [0, 1): relevance below it leaves a completion unscored ("not relevant").
    ``taken_up`` in (0, 1): the share of endings expected to take up some sub-dimension, to which
    the odds of the balanced calibration are moved.
    ``affirming`` in (0, 1): the share of completions about a value that are expected to affirm it;
    it decides doubtful cases only. ``terms`` is how many of a sub-dimension's terms are anchored,
    ``nearest`` how many of them the similarity of a completion is averaged over, ``penalty`` the
    ridge of the valence, ``specific`` how much more sentences on the same topic count for it.
    """

    floor: float = 0.15
    taken_up: float = 0.8
    affirming: float = 0.6
    terms: int = 12
    nearest: int = 3
    penalty: float = 0.3
    specific: float = 1.0


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Parts of the verdicts on n completions and k sub-dimensions; NaN where there is none.

    ``relevance``, ``stance``, ``score`` (n, k); ``reason`` n texts, "" where answered.
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
        The structure of ``prompts/anchors.v3.yaml``.
    embed
        Gives n texts as unit vectors (n, d).
    settings
        See `JudgeSettings`.
    tone
        Gives n texts as vectors (n, e) in which attitude shows better than in those of meaning;
        ``embed`` when absent.

    Raises
    ------
    DataError
        When the taxonomy has no sub-dimension, or ``embed`` gives another number of vectors.
    PromptError
        When a part of ``content`` is missing.
    """

    def __init__(
        self,
        taxonomy: Mapping[str, Any],
        content: Mapping[str, Any],
        embed: Embed,
        settings: JudgeSettings | None = None,
        tone: Embed | None = None,
    ) -> None:
        missing = [
            f for f in ("frames", "everyday", "conduct", "cues", "unanswered") if f not in content
        ]
        if missing:
            raise PromptError(f"anchors must have the fields {missing}, has: {sorted(content)}")
        self.settings = s = settings or JudgeSettings()
        self.subs: tuple[SubDimension, ...] = sub_dimensions(taxonomy)
        self._embed, self._tone = embed, tone or embed
        self._unanswered = Unanswered(content["unanswered"])
        self._reader = CueReader(content["cues"])
        themes = read_themes(content)
        known = self._vectors(sorted({w for sub in self.subs for w in sub.words}))
        self.subs = representative(self.subs, known, s.terms)
        terms = sorted({w for sub in self.subs for w in sub.words})
        names = [w for words in themes.words for w in words]
        bad = faults(content)
        single = [*terms, *names, *bad]
        bare = dict(zip(single, self._vectors(single), strict=True))
        subs = np.array([_topic(bare, sub.words) for sub in self.subs])
        topics = np.array([_topic(bare, words) for words in themes.words])
        topics = topics.reshape(len(themes.words), subs.shape[1])
        self._relevance = self._about(content, themes, bare, match(subs, topics))
        graded = anchor_sentences(self.subs, content, terms_per_sub_dimension=GRADED_TERMS)
        self._stance = Stance(
            [a for a in graded if a.sub_dimension],
            content["conduct"],
            themes,
            self._reader,
            lambda texts: self._vectors(texts, self._tone),
            subs=subs,
            theme_topics=topics,
            names=[sub.id for sub in self.subs],
            worth=_worth(bare, names, bad, [sub.words for sub in self.subs]),
            terms=terms,
            penalty=s.penalty,
            specific=s.specific,
            affirming=s.affirming,
        )

    def _about(
        self,
        content: Mapping[str, Any],
        themes: Themes,
        bare: dict[str, Array],
        borrowed: Array,
    ) -> Relevance:
        """Calibrate what a clause is about, on a quarter of the frames: they are much alike."""
        s = self.settings
        few = {form: frames[::4] for form, frames in content["frames"].items()}
        anchors = anchor_sentences(
            self.subs, {**content, "frames": few}, terms_per_sub_dimension=s.terms
        )
        vectors = self._vectors([*(a.text for a in anchors), *themes.texts])
        return Relevance(
            self.subs,
            anchors,
            vectors[: len(anchors)],
            bare,
            self._vectors([t for kind in POLES for t in content["conduct"][kind]]),
            examples=Examples(
                vectors[len(anchors) :], groups(themes.theme, len(themes.words)), borrowed
            ),
            terms=s.terms,
            nearest=s.nearest,
            taken_up=s.taken_up,
        )

    def rate(self, completions: Sequence[Completion]) -> tuple[Rating, ...]:
        """Rate every completion on every sub-dimension, in the order given.

        A rating without a score says why: the outcome (``refused``, ``truncated``, ``failed``),
        ``empty``, ``declines``, ``other language``, ``only instructions``, or ``not relevant``.
        """
        verdicts = self.verdicts(completions)
        ratings = []
        for i, completion in enumerate(completions):
            for j, sub in enumerate(self.subs):
                score = float(verdicts.score[i, j])
                scored = bool(np.isfinite(score))
                reason = "" if scored else verdicts.reason[i] or NOT_RELEVANT
                value = round(score, 4) if scored else None
                ratings.append(Rating(completion.reply_id, JUDGE, sub.id, value, reason))
        return tuple(ratings)

    def verdicts(self, completions: Sequence[Completion]) -> Verdicts:
        """Give relevance, stance and score of every completion on every sub-dimension."""
        n, k = len(completions), len(self.subs)
        read = [self._clauses(c) for c in completions]
        relevance, stance, score = (np.full((n, k), np.nan) for _ in range(3))
        texts = sorted({clause for _, clauses in read for clause in clauses})
        if texts:
            row = {text: i for i, text in enumerate(texts)}
            about = self._relevance(self._vectors(texts))
            readings = [self._reader.read(text) for text in texts]
            pull = self._stance(texts, readings)
            firmness = np.array([r.firmness for r in readings], dtype=np.float64)
            spoken = np.array([r.spoken for r in readings])
            for i, (_, clauses) in enumerate(read):
                if clauses:
                    rows = [row[c] for c in clauses]
                    parts = _together(about[rows], pull[rows], firmness[rows], spoken[rows])
                    relevance[i], stance[i], score[i] = parts
        score = np.where(relevance >= self.settings.floor, score, np.nan)
        ids, reasons = tuple(s.id for s in self.subs), tuple(reason for reason, _ in read)
        return Verdicts(ids, relevance, stance, score, reasons)

    def _clauses(self, completion: Completion) -> tuple[str, tuple[str, ...]]:
        """Give the reason why a completion cannot be scored, or its clauses."""
        reason = self._unanswered.reason(completion)
        if reason:
            return reason, ()
        # disarmed before it is cut: half an instruction at the cut would not be known for one
        whole = disarm(self._unanswered.english_part(completion.text)).text
        clauses = split_clauses(readable(whole))
        return ("", clauses) if clauses else (ONLY_INSTRUCTIONS, ())

    def _vectors(self, texts: Sequence[str], embed: Embed | None = None) -> Array:
        vectors = np.asarray((embed or self._embed)(list(texts)), dtype=np.float64)
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise DataError(f"embed must give {len(texts)} vectors, gave shape {vectors.shape}")
        return vectors


def _together(
    relevance: Array, stance: Array, firmness: Array, spoken: NDArray[np.bool_]
) -> tuple[Array, Array, Array]:
    """Put clauses together: (c, k), (c, k), (c,), (c,) -> relevance, stance, score, each (k,).

    The most relevant clause decides how relevant the whole is. Stance and firmness are means
    weighted by relevance; a clause with a cue of direction gets a quarter of the greatest weight
    besides, for what it may say of "it" without naming it. Prose shows and seldom names, so there
    every clause has some weight, and the whole is about everything a little.
    """
    if len(relevance) >= PROSE:
        weight = relevance + SHOWN
        weight = weight / weight.sum(axis=0)
        about = UNNAMED + (1.0 - UNNAMED) * (1.0 - np.prod(1.0 - relevance, axis=0))
        force = (weight * stance * firmness[:, None]).sum(axis=0)
        score = np.clip(MIDPOINT + about * force, LOW, HIGH)
        return about, (weight * stance).sum(axis=0), score
    top = relevance.max(axis=0)
    weight = relevance + REFERENCE * top * spoken[:, None]
    weight = weight / np.maximum(weight.sum(axis=0), 1e-12)
    pull = (weight * stance).sum(axis=0)
    force = (weight * stance * firmness[:, None]).sum(axis=0)
    return top, pull, np.clip(MIDPOINT + top * force, LOW, HIGH)


def _worth(
    bare: Mapping[str, Array], good: Sequence[str], bad: Sequence[str], own: Sequence[Sequence[str]]
) -> Array:
    """Worth (k,) of sub-dimensions by their words; a word of theirs is no example beside."""
    taken = {word for words in own for word in words}

    def rows(words: Sequence[str]) -> Array:
        return np.array([bare[word] for word in words])

    examples = [rows([w for w in dict.fromkeys(words) if w not in taken]) for words in (good, bad)]
    return worths(examples[0], examples[1], [rows(words) for words in own])


def _topic(bare: Mapping[str, Array], words: Sequence[str]) -> Array:
    return centroid(np.array([bare[word] for word in words]))
