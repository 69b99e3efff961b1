"""The offline judge on stories it was not made on: what is truly so, and no more.

Models are those of the half that nobody looked at while the judge was made; the numbers of all
models, with floors and ceilings: ``benchmarks/bench_judge.py``.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.external import real_texts as real

from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.embedding_judge import HIGH, LOW, Verdicts

pytestmark = [pytest.mark.external, pytest.mark.slow]
MODELS, OPENINGS = 40, 5
REASONS = {"declines", "empty", "other language", "only instructions"}
LEAST_NO_VIRTUES, LEAST_AHEAD = 0.0, 0.0
Read = tuple[list[Completion], Verdicts]


@pytest.fixture(scope="module")
def folder() -> Path:
    root = os.environ.get("VALUELEX_EXTERNAL_DATA")
    if not root:
        pytest.skip("VALUELEX_EXTERNAL_DATA is not set: real data sets are not part of the project")
    return Path(root) / "story-continuations"


@pytest.fixture(scope="module")
def read(folder: Path) -> Read:
    every = real.stories(folder)
    models = sorted({c.model for c in every if not real.looked_at(c.model)})[:MODELS]
    openings = sorted({c.stem for c in every})[:OPENINGS]
    some = [c for c in every if c.model in models and c.stem in openings]
    return some, real.offline_judge(real.TRAITS, real.reader()).verdicts(some)


@pytest.fixture(scope="module")
def agreement(folder: Path, read: Read) -> pd.DataFrame:
    """Correlations over models with the mean of the nine judges: of the scores, and of length."""
    completions, verdicts = read
    ours = real.by_model(completions, verdicts.score).set_axis(list(real.TRAITS), axis=1)
    length = pd.Series([len(c.text) for c in completions]).groupby([c.model for c in completions])
    nine = real.ratings(folder).groupby("model").mean().loc[ours.index]
    return pd.DataFrame({"judge": ours.corrwith(nine), "length": nine.corrwith(length.mean())})


def test_every_story_has_all_scores_or_a_reason(read: Read) -> None:
    completions, verdicts = read
    assert len(completions) == MODELS * OPENINGS
    reasons = Counter(verdicts.reason)
    for reason, scores in zip(verdicts.reason, verdicts.score, strict=True):
        assert reason in REASONS if reason else True
        assert np.isfinite(scores).any() == (not reason)
    scored = verdicts.score[np.isfinite(verdicts.score)]
    assert ((scored >= LOW) & (scored <= HIGH)).all()
    assert reasons[""] >= 0.98 * len(completions), reasons


def test_traits_that_are_no_virtues_are_not_reversed(agreement: pd.DataFrame) -> None:
    assert agreement.loc[list(real.NO_VIRTUES), "judge"].mean() > LEAST_NO_VIRTUES


def test_says_more_than_the_length_of_a_story(agreement: pd.DataFrame) -> None:
    """Creativity is left out: the nine judges find dark stories creative, and it is reversed."""
    means = agreement.drop(index="Creativity").mean()
    assert means["judge"] > means["length"] + LEAST_AHEAD
