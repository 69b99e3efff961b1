"""How clauses make up a verdict: worked out from the verdicts on each clause alone."""

from __future__ import annotations

import numpy as np
import pytest
from tests.instruments.projective.helpers import ending, meanings, prompt, taxonomy

from valuelex.instruments.projective.completions import READ_CHARACTERS
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge, JudgeSettings
from valuelex.instruments.projective.polarity import CueReader

TERMS = {
    "honesty": ("honesty", "candor", "truthful"),
    "courage": ("courage", "bravery", "daring"),
    "order": ("tidiness", "neatness", "orderly"),
}
CONTENT = prompt("anchors.v3")
READER = CueReader(CONTENT["cues"])
CLAUSES = (
    "I always care about honesty and candor",
    "I never show courage",
    "bravery is for fools",
    "the tidiness of the house",
    "we sometimes talk of candor",
    "daring people go far",
    "the bus comes late",
    "it depends on the neatness",
    "they stand for truthful words",
    "nobody sees the order",
)


@pytest.fixture(scope="module")
def judge() -> EmbeddingJudge:
    return EmbeddingJudge(taxonomy(TERMS), CONTENT, meanings, JudgeSettings(floor=0.0))


def parts(judge: EmbeddingJudge) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Relevance and stance of each clause (10, 3), firmness and whether a cue is there (10,)."""
    alone = judge.verdicts([ending(f"{text}.", reply_id=text) for text in CLAUSES])
    read = [READER.read(text) for text in CLAUSES]
    firm = np.array([r.firmness for r in read], dtype=float)
    spoken = np.array([r.spoken for r in read], dtype=float)
    assert alone.sub_dimensions == ("honesty", "courage", "order")
    assert alone.reason == ("",) * len(CLAUSES)
    assert {0.0, 1.0, 2.0, 3.0} == set(firm)
    assert {0.0, 1.0} == set(spoken)
    return alone.relevance, alone.stance, firm, spoken


def test_a_clause_alone_is_its_relevance_times_its_stance_times_its_firmness(
    judge: EmbeddingJudge,
) -> None:
    relevance, stance, firm, _ = parts(judge)
    alone = judge.verdicts([ending(f"{text}.", reply_id=text) for text in CLAUSES])
    expected = np.clip(3.0 + relevance * stance * firm[:, None], 0, 6)
    assert alone.score == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("rows", [(0, 1), (1, 3, 6), (2, 5), (0, 1, 2, 3, 4, 5, 6, 7)])
def test_the_most_relevant_clause_says_how_relevant_and_all_say_which_way(
    judge: EmbeddingJudge, rows: tuple[int, ...]
) -> None:
    relevance, stance, firm, spoken = (x[list(rows)] for x in parts(judge))
    found = judge.verdicts([ending(" ".join(f"{CLAUSES[i]}." for i in rows))])
    for j in range(3):
        top = relevance[:, j].max()
        weight = relevance[:, j] + 0.25 * top * spoken
        weight = weight / weight.sum()
        force = (weight * stance[:, j] * firm).sum()
        assert found.relevance[0, j] == pytest.approx(top, abs=1e-10)
        assert found.stance[0, j] == pytest.approx((weight * stance[:, j]).sum(), abs=1e-10)
        assert found.score[0, j] == pytest.approx(np.clip(3 + top * force, 0, 6), abs=1e-10)


@pytest.mark.parametrize("rows", [tuple(range(9)), tuple(range(10))])
def test_in_prose_every_clause_has_some_weight(
    judge: EmbeddingJudge, rows: tuple[int, ...]
) -> None:
    relevance, stance, firm, _ = (x[list(rows)] for x in parts(judge))
    found = judge.verdicts([ending(" ".join(f"{CLAUSES[i]}." for i in rows))])
    for j in range(3):
        weight = (relevance[:, j] + 0.1) / (relevance[:, j] + 0.1).sum()
        about = 0.3 + 0.7 * (1 - np.prod(1 - relevance[:, j]))
        force = (weight * stance[:, j] * firm).sum()
        assert found.relevance[0, j] == pytest.approx(about, abs=1e-10)
        assert found.stance[0, j] == pytest.approx((weight * stance[:, j]).sum(), abs=1e-10)
        assert found.score[0, j] == pytest.approx(np.clip(3 + about * force, 0, 6), abs=1e-10)


def test_below_the_floor_nothing_is_scored_and_scores_have_four_places(
    judge: EmbeddingJudge,
) -> None:
    relevance = parts(judge)[0]
    floor = float(np.median(relevance))
    strict = EmbeddingJudge(taxonomy(TERMS), CONTENT, meanings, JudgeSettings(floor=floor))
    said = [ending(f"{text}.", reply_id=text) for text in CLAUSES]
    found = strict.verdicts(said)
    assert (np.isfinite(found.score) == (relevance >= floor)).all()
    assert found.relevance == pytest.approx(relevance, abs=1e-12)
    rated = strict.rate(said)
    assert [(r.request_id, r.sub_dimension) for r in rated] == [
        (text, sub) for text in CLAUSES for sub in TERMS
    ]
    for rating, score in zip(rated, found.score.ravel(), strict=True):
        assert rating.judge == "embedding"
        if np.isfinite(score):
            assert (rating.score, rating.reason) == (round(float(score), 4), "")
        else:
            assert (rating.score, rating.reason) == (None, "not relevant")


def test_what_has_no_verdict_is_missing_and_the_others_keep_theirs(judge: EmbeddingJudge) -> None:
    said = [ending("score: 6", reply_id="a"), ending(f"{CLAUSES[0]}.", reply_id="b")]
    found = judge.verdicts(said)
    assert found.reason == ("only instructions", "")
    assert np.isnan(found.score[0]).all()
    assert np.isnan(found.relevance[0]).all()
    assert np.isnan(found.stance[0]).all()
    assert found.score[1] == pytest.approx(judge.verdicts(said[1:]).score[0], abs=1e-12)
    assert judge.verdicts([]).score.shape == (0, 3)


def test_only_the_english_part_of_what_a_judge_reads_counts(judge: EmbeddingJudge) -> None:
    plain = judge.verdicts([ending(f"{CLAUSES[0]}.")])
    foreign = judge.verdicts([ending(f"{CLAUSES[0]}. Das ist nicht die Art von Mut.")])
    assert foreign.score == pytest.approx(plain.score, abs=1e-12)
    far = " ".join(["the bus comes"] * (READ_CHARACTERS // 13))
    long = f"{far}. {CLAUSES[0]}. {far}"
    hidden = judge.verdicts([ending(long)])
    assert hidden.relevance[0, 0] < plain.relevance[0, 0]


def test_tone_is_taken_from_its_own_vectors(judge: EmbeddingJudge) -> None:
    flat = EmbeddingJudge(
        taxonomy(TERMS),
        CONTENT,
        meanings,
        JudgeSettings(floor=0.0),
        tone=lambda texts: np.eye(1, 4).repeat(len(texts), axis=0),
    )
    said = [ending(f"{CLAUSES[0]}.")]
    # vectors of tone that are all alike change no topic, and leave the direction to the cues
    one, other = judge.verdicts(said), flat.verdicts(said)
    assert other.relevance == pytest.approx(one.relevance)
    assert np.abs(other.stance - one.stance).max() > 1e-3
