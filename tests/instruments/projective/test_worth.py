"""Traits that are no virtues, terms of mixed groups, and both ends of long texts."""

from __future__ import annotations

import numpy as np
import pytest
from tests.instruments.projective.helpers import ending, prompt, taxonomy

from valuelex.instruments.projective.anchors import SubDimension
from valuelex.instruments.projective.completions import READ_CHARACTERS, readable
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge
from valuelex.instruments.projective.terms_chosen import representative
from valuelex.instruments.projective.worth import faults, worths
from valuelex.space.embed import embed_terms, embed_texts

ANCHORS = prompt("anchors.v3")


def test_a_deed_of_panic_affirms_fear_and_rejects_calm() -> None:
    terms = {
        "calm": ("calm", "serenity", "composure", "equanimity"),
        "fear": ("fearfulness", "anxiety", "panic", "nervousness"),
    }
    judge = EmbeddingJudge(
        taxonomy(terms), ANCHORS, lambda t: embed_texts(t)[0], tone=lambda t: embed_texts(t)[1]
    )
    said = ["lose my head and run around in panic.", "stay calm and breathe slowly."]
    stance = judge.verdicts([ending(t, reply_id=t) for t in said]).stance
    assert stance[0, 0] < stance[1, 0]
    assert stance[0, 1] > stance[1, 1]


def test_single_words_left_out_lie_on_their_side() -> None:
    good = [str(w) for theme in ANCHORS["themes"].values() for w in theme["words"]]
    bad = list(faults(ANCHORS))
    vectors = [embed_terms(words) for words in (good, bad)]
    right = []
    for fold in range(5):
        rest = [v[np.arange(len(v)) % 5 != fold] for v in vectors]
        here = [v[np.arange(len(v)) % 5 == fold] for v in vectors]
        found = [worths(rest[0], rest[1], [row[None] for row in part]) for part in here]
        right += [*(found[0] > 0), *(found[1] < 0)]
    assert np.mean(right) >= 0.88


def test_without_faults_everything_is_good() -> None:
    assert worths(np.eye(2), np.zeros((0, 2)), [np.eye(2), np.eye(2)]) == pytest.approx([1, 1])
    assert faults({"cues": {"ills": ["lie"]}}) == ()


def test_chosen_terms_cover_both_halves_of_a_mixed_group() -> None:
    sub = SubDimension("s", "mixed", "d", ("a1", "a2", "a3", "b1", "b2"))
    vectors = np.array([[1, 0], [0.99, 0.1], [0.98, -0.1], [0, 1], [0.1, 0.99]])
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    (kept,) = representative([sub], vectors, 2)
    assert {term[0] for term in kept.terms} == {"a", "b"}
    assert representative([sub], vectors, 5) == (sub,)


def test_both_ends_of_a_long_text_are_read() -> None:
    text = "first " + "middle " * 1000 + "last"
    read = readable(text)
    assert read.startswith("first")
    assert read.endswith("last")
    assert len(read) <= READ_CHARACTERS + 5
