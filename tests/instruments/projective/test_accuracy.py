"""How right the offline judge is with the packaged embedding, on endings that are no anchors.

The floors are a little below what was measured when the judge was finished; they guard against a
change for the worse and are no claim beyond these sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.instruments.projective import graded, heldout, measured, unseen
from tests.instruments.projective.helpers import ending, prompt, taxonomy

from valuelex.instruments.projective.administer import control_completions
from valuelex.instruments.projective.compose import compose_form
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge, Verdicts
from valuelex.instruments.projective.form import Form
from valuelex.instruments.projective.quality import control_accuracy
from valuelex.instruments.projective.score import score_cubes
from valuelex.records import Rating, Stem
from valuelex.space.embed import embed_texts

ANCHORS = prompt("anchors.v3")
CACHE: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}


def read(texts: Sequence[str]) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    new = sorted(set(texts) - set(CACHE))
    if new:
        CACHE.update(zip(new, zip(*embed_texts(new), strict=True), strict=True))
    return [CACHE[t] for t in texts]


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.array([meaning for meaning, _ in read(texts)])


def tone(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.array([tone for _, tone in read(texts)])


class Measured:
    def __init__(self, data: ModuleType) -> None:
        self.subs = list(data.TERMS)
        poles = ((1, data.HIGH), (-1, data.LOW))
        rows = [(s, sign, t) for s in self.subs for sign, texts in poles for t in texts[s]]
        rows += [("", 0, t) for t in data.IRRELEVANT]
        self.judge = EmbeddingJudge(taxonomy(data.TERMS), ANCHORS, embed, tone=tone)
        self.endings = [ending(t, reply_id=str(i)) for i, (_, _, t) in enumerate(rows)]
        self.verdicts: Verdicts = self.judge.verdicts(self.endings)
        self.about = np.array([s for s, _, _ in rows])
        self.pole = np.array([sign for _, sign, _ in rows])

    def pole_auc(self) -> float:
        found = []
        for j, sub in enumerate(self.subs):
            stance = self.verdicts.stance[:, j]
            high, low = (stance[(self.about == sub) & (self.pole == p)] for p in (1, -1))
            found.append(np.mean(high[:, None] > low[None, :]))
        return float(np.mean(found))

    def right_side(self) -> float:
        sides = []
        for j, sub in enumerate(self.subs):
            here = (self.about == sub) & np.isfinite(self.verdicts.score[:, j])
            sides += list(np.sign(self.verdicts.score[here, j] - 3) == self.pole[here])
        return float(np.mean(sides))

    def scored(self, irrelevant: bool) -> float:
        finite = np.isfinite(self.verdicts.score)
        if irrelevant:
            return float(finite[self.about == ""].mean())
        return float(np.mean([finite[self.about == s, j].mean() for j, s in enumerate(self.subs)]))


@pytest.fixture(scope="module")
def looked_at() -> Measured:
    return Measured(heldout)


@pytest.mark.parametrize(
    ("data", "auc", "side", "scored"),
    [
        (heldout, 0.92, 0.82, 0.90),
        pytest.param(measured, 0.80, 0.73, 0.85, marks=pytest.mark.slow),
        (unseen, 0.83, 0.77, 0.92),
    ],
    ids=["worked with", "seen once", "unseen"],
)
def test_poles_sides_and_relevance(
    data: ModuleType, auc: float, side: float, scored: float
) -> None:
    found = Measured(data)
    assert found.pole_auc() >= auc
    assert found.right_side() >= side
    assert found.scored(irrelevant=False) >= scored
    assert found.scored(irrelevant=True) <= 0.03


def test_graded_endings_are_ranked_as_their_writer_ranked_them() -> None:
    """Sixteen sub-dimensions, ratings 0-6: correlation with the score, nothing left out."""
    subs = list(graded.TERMS)
    rows = [(subs.index(sub), r, text) for sub, each in graded.RATED.items() for r, text in each]
    judge = EmbeddingJudge(taxonomy(graded.TERMS), ANCHORS, embed, tone=tone)
    verdicts = judge.verdicts([ending(t, reply_id=str(i)) for i, (_, _, t) in enumerate(rows)])
    own = [j for j, _, _ in rows]
    score = np.nan_to_num(verdicts.score[range(len(rows)), own], nan=3.0)
    level = np.array([r for _, r, _ in rows])
    assert np.corrcoef(score, level)[0, 1] >= 0.52
    high, low = (verdicts.stance[range(len(rows)), own][m] for m in (level > 3, level < 3))
    assert np.mean(high[:, None] > low[None, :]) >= 0.78
    aside = judge.verdicts([ending(t, reply_id=t) for t in graded.IRRELEVANT])
    assert np.isfinite(aside.score).mean() <= 0.03


def test_controls_are_right(looked_at: Measured) -> None:
    form = compose_form(
        taxonomy(heldout.TERMS),
        prompt("stems.v1"),
        embed,
        stems_per_sub_dimension=4,
        seed=1,
        controls=ANCHORS["controls"],
    )
    (found,) = control_accuracy(form, looked_at.judge.rate(control_completions(form)))
    assert found.accuracy >= 0.95
    assert found.scored >= 0.9 * 6 * len(heldout.TERMS)


def test_the_ending_is_read_and_not_the_stem(looked_at: Measured) -> None:
    """Neutral stems: the same scores. Endings dealt to other stems: keyed scores fall."""
    subs = looked_at.subs
    stems = tuple(Stem(f"{sub}-{i}", "I", sub, "personal") for sub in subs for i in range(12))
    form = Form("v", "t", stems, {s.id: "A" for s in stems}, {})
    texts = [t for sub in subs for t in heldout.HIGH[sub]]

    def keyed_mean(order: NDArray[np.int_]) -> float:
        said = [
            ending(texts[k], reply_id=s.id, stem=s.id) for s, k in zip(stems, order, strict=True)
        ]
        ratings: tuple[Rating, ...] = looked_at.judge.rate(said)
        cubes = score_cubes(form, said, ratings, subs, scope="keyed")
        return float(np.mean([np.nanmean(c.values) for c in cubes.values()]))

    in_place = keyed_mean(np.arange(len(texts)))
    dealt = keyed_mean(np.random.default_rng(1).permutation(len(texts)))
    neutral = [ending(e.text, reply_id=e.reply_id, stem="neutral") for e in looked_at.endings]
    assert looked_at.judge.rate(neutral) == looked_at.judge.rate(looked_at.endings)
    assert in_place - 3 > 0.6
    assert abs(dealt - 3) < 0.35 * (in_place - 3)
