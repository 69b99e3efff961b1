from __future__ import annotations

import math

import pytest
from tests.instruments.projective.helpers import ending

from valuelex.instruments.projective.completions import Completion, clean_completion
from valuelex.instruments.projective.form import Form
from valuelex.instruments.projective.reading import (
    NEUTRAL_STEM,
    deal,
    keyed,
    neutral_form,
    neutral_reply,
)
from valuelex.records import Rating, Stem

STEMS = tuple(
    Stem(f"{sub}{i}", f"When it is {sub}, I", sub, "personal") for sub in "ab" for i in (0, 1)
)
FORM = Form("v", "t", STEMS, {s.id: "AB"[int(s.id[1])] for s in STEMS}, {})


def said(model: str, stem: str, about: str, score: float) -> tuple[Completion, list[Rating]]:
    reply = f"{model}-{stem}"
    one = ending(f"{about} {score}", reply_id=reply, stem=stem, model=model)
    ratings = [
        Rating(
            reply, "j", sub, score if sub == about else None, "" if sub == about else "not relevant"
        )
        for sub in "ab"
    ]
    return one, ratings


def study() -> tuple[list[Completion], list[Rating]]:
    rows = [
        said(model, stem.id, stem.sub_dimension, 3 + (1 if stem.sub_dimension == "a" else -1) * k)
        for k, model in enumerate(("m", "n", "o", "p"))
        for stem in STEMS
    ]
    return [c for c, _ in rows], [r for _, each in rows for r in each]


def test_in_place_every_ending_is_about_its_key() -> None:
    completions, ratings = study()
    found = keyed(FORM, completions, ratings)
    assert (found.taken_up, found.n) == (1.0, 16)
    assert found.distance == pytest.approx(1.5)  # |0|, |1|, |2|, |3| on both sub-dimensions
    assert found.parallel == pytest.approx(1.0)


def test_dealt_endings_keep_their_model_and_lose_their_key() -> None:
    completions, ratings = study()
    dealt = deal(completions, seed=3)
    assert sorted(c.reply_id for c in dealt) == sorted(c.reply_id for c in completions)
    assert [(c.model, c.stem, c.draw) for c in dealt] == [
        (c.model, c.stem, c.draw) for c in completions
    ]
    assert all(c.reply_id.startswith(c.model) for c in dealt)
    found = keyed(FORM, dealt, ratings)
    assert found.taken_up < 0.8
    assert found.distance < 1.2
    assert deal(completions, seed=3) == dealt


def test_an_unscored_ending_counts_nowhere_and_aversion_is_turned() -> None:
    stem = Stem("x", "I would never", "a", "personal", -1)
    form = Form("v", "t", (stem,), {"x": "A"}, {})
    two = [ending("lie", reply_id="1", stem="x"), ending("", reply_id="2", stem="x", draw=1)]
    ratings = [Rating("1", "j", "a", 1.0), Rating("2", "j", "a", None, "empty")]
    found = keyed(form, two, ratings)
    assert (found.n, found.distance) == (1, 2.0)
    assert math.isnan(found.parallel)


@pytest.mark.parametrize(
    "raw", ["When it is a, I stay.", "WHEN  it is a, I stay.", '"When it is a, I stay."', "stay."]
)
def test_a_neutral_stem_leaves_the_same_ending(raw: str) -> None:
    stem = STEMS[0].text
    neutral = neutral_form(FORM).stems[0]
    assert neutral.text == NEUTRAL_STEM
    changed = neutral_reply(raw, stem)
    assert clean_completion(changed, neutral.text) == clean_completion(raw, stem) == "stay."
