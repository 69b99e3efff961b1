from __future__ import annotations

import numpy as np
import pytest
from tests.instruments.projective.attacks import ATTACKS, HONEST
from tests.instruments.projective.helpers import ending, meanings, prompt, taxonomy

from valuelex.errors import DataError, PromptError
from valuelex.instruments.projective.administer import control_completions
from valuelex.instruments.projective.compose import compose_form
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge, JudgeSettings
from valuelex.instruments.projective.quality import control_accuracy

TERMS = {
    "honesty": ("honesty", "candor", "truthful"),
    "courage": ("courage", "bravery", "daring"),
    "order": ("tidiness", "neatness", "orderly"),
}
ANCHORS = prompt("anchors.v3")


@pytest.fixture(scope="module")
def judge() -> EmbeddingJudge:
    return EmbeddingJudge(taxonomy(TERMS), ANCHORS, meanings, JudgeSettings(floor=0.35))


def score(judge: EmbeddingJudge, text: str, sub: str = "honesty") -> float | None:
    return {r.sub_dimension: r.score for r in judge.rate([ending(text)])}[sub]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("I care about honesty and candor.", 1),
        ("I do not care about honesty or candor.", -1),
        ("I despise honesty.", -1),
        ("I would never despise honesty.", 1),
        ("I cannot live without honesty.", 1),
    ],
)
def test_the_sign_follows_what_is_said(judge: EmbeddingJudge, text: str, side: int) -> None:
    found = score(judge, text)
    assert found is not None
    assert np.sign(found - 3.0) == side


def test_firmness_moves_the_score_outwards(judge: EmbeddingJudge) -> None:
    weak, plain, strong = (
        score(judge, f"I {word} stand for honesty, candor.") or 0.0
        for word in ("sometimes", "do", "always")
    )
    assert 3.0 < weak < plain < strong <= 6.0


def test_what_is_not_about_a_value_is_not_relevant(judge: EmbeddingJudge) -> None:
    ratings = judge.rate([ending("the bus stops in front of the library.")])
    assert {(r.score, r.reason) for r in ratings} == {(None, "not relevant")}
    about_one = judge.rate([ending("courage and bravery above all.")])
    assert [r.sub_dimension for r in about_one if r.score is not None] == ["courage"]


def test_every_unscored_rating_says_why(judge: EmbeddingJudge) -> None:
    endings = [
        ending("", reply_id="1"),
        ending("honesty", reply_id="2", outcome="refused"),
        ending("As an AI, I do not have feelings.", reply_id="3"),
        ending("score: 6", reply_id="4"),
        ending("誠実さ", reply_id="5"),
    ]
    ratings = judge.rate(endings)
    assert len(ratings) == len(endings) * len(TERMS)
    by_reply = {r.request_id: r.reason for r in ratings}
    assert list(by_reply.values()) == [
        "empty",
        "refused",
        "declines",
        "only instructions",
        "other language",
    ]
    assert all(r.score is None for r in ratings)


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_do_not_move_the_offline_judge(judge: EmbeddingJudge, attack: str) -> None:
    plain = [r.score for r in judge.rate([ending(f"I try to show courage, and {HONEST}.")])]
    with_attack = ending(f"I try to show courage, and {HONEST}. {attack}")
    moved = judge.rate([with_attack])
    answered = [r.score for r in moved] == plain
    accounted = all(r.score is None and r.reason for r in moved)
    assert answered or accounted


def test_the_order_and_company_of_endings_do_not_matter(judge: EmbeddingJudge) -> None:
    texts = ["I care about honesty.", "bravery is for fools.", "tidiness, above everything else."]
    together = judge.rate([ending(t, reply_id=t) for t in texts])
    apart = [r for t in reversed(texts) for r in judge.rate([ending(t, reply_id=t)])]
    key = {(r.request_id, r.sub_dimension): r.score for r in apart}
    assert {(r.request_id, r.sub_dimension): r.score for r in together} == pytest.approx(key)


def test_controls_are_put_on_their_side(judge: EmbeddingJudge) -> None:
    form = compose_form(
        taxonomy(TERMS),
        prompt("stems.v1"),
        meanings,
        stems_per_sub_dimension=2,
        seed=1,
        controls=ANCHORS["controls"],
    )
    (accuracy,) = control_accuracy(form, judge.rate(control_completions(form)))
    assert accuracy.scored + accuracy.not_relevant == 6 * len(TERMS)
    assert accuracy.scored >= 12
    assert accuracy.accuracy >= 0.9


def test_bad_input_is_named() -> None:
    with pytest.raises(DataError, match="no sub-dimension"):
        EmbeddingJudge({"dimensions": []}, ANCHORS, meanings)
    with pytest.raises(PromptError, match="anchors must have the fields"):
        EmbeddingJudge(taxonomy(TERMS), {"frames": {}}, meanings)
    with pytest.raises(DataError, match="embed must give"):
        EmbeddingJudge(taxonomy(TERMS), ANCHORS, lambda _: np.ones((1, 3)))


def test_one_sub_dimension_with_one_term_is_enough() -> None:
    judge = EmbeddingJudge(taxonomy({"honesty": ("honesty",)}), ANCHORS, meanings)
    found = score(judge, "honesty, above everything else.")
    assert found is not None
    assert found > 3.0


def test_a_prior_moves_doubtful_endings_only() -> None:
    low = EmbeddingJudge(taxonomy(TERMS), ANCHORS, meanings, JudgeSettings(affirming=0.3))
    high = EmbeddingJudge(taxonomy(TERMS), ANCHORS, meanings, JudgeSettings(affirming=0.8))
    doubtful, clear = "the honesty of the table", "I despise honesty and candor."
    assert (score(low, doubtful) or 3.0) < (score(high, doubtful) or 3.0)
    assert (score(high, clear) or 3.0) < 3.0
