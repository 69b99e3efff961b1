from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.tables import normalizer, vocabulary
from valuelex.terms.normalize import Normalized, cleaned

SAME = [
    ("Honesty", "honesty", "identity"),
    ("**Honesty**", "honesty", "identity"),
    ("3) “Honesty”.", "honesty", "identity"),
    ("ｈｏｎｅｓｔｙ", "honesty", "identity"),
    ("honest", "honesty", "family"),
    ("honestly", "honesty", "family"),
    ("being honest", "honesty", "frame+family"),
    ("a sense of responsibility", "responsibility", "frame"),
    ("commitment to excellence", "excellence", "frame"),
    ("the importance of fairness", "fairness", "frame"),
    ("Wellbeing", "well-being", "exception"),
    ("self control", "self-control", "spelling"),
    ("honour", "honor", "spelling"),
    ("criteria", "criterion", "inflection"),
    ("Transparancy", "transparency", "typo"),
    ("integrtiy", "integrity", "typo"),
    ("collaborating", "collaboration", "family"),
    ("human rights", "human rights", "identity"),
    ("people first", "people first", "identity"),
    ("self-direction", "self-direction", "identity"),
    ("happiness", "happiness", "identity"),
    ("ethics", "ethics", "identity"),
    ("care for the elderly", "care for the elderly", "identity"),
    ("2] Honesty", "honesty", "identity"),
    ("[12] Honesty", "honesty", "identity"),
    ("free will", "free will", "identity"),
    ("24/7 availability", "24/7 availability", "identity"),
    ("first-principles thinking", "first-principles thinking", "identity"),
]


@pytest.mark.parametrize(("surface", "term", "rule"), SAME)
def test_terms_and_rules(surface: str, term: str, rule: str) -> None:
    assert normalizer().normalize(surface) == Normalized(term, rule, "")


DROPPED = [
    ("values", "generic"),
    ("Core values", "generic"),
    ("large language model", "self-reference"),
    ("42", "number"),
    ("🙂", "no-word"),
    ("I am an assistant", "clause"),
    ("it is what matters", "clause"),
    ("care for the planet and all that lives on it", "clause"),
    ("care for the planet with all living beings", "too-long"),
    ("x", "single-letter"),
    ("the", "function-word"),
    ("p. 14", "number"),
    ("section 3.2", "number"),
    ("Fig. 2", "number"),
    ("it will be good", "clause"),
    ("1] annual report", "thing"),
    ("references", "thing"),
    ("bullet point", "thing"),
    ("Paris", "thing"),
    ("token", "self-reference"),
]


@pytest.mark.parametrize(("surface", "reason"), DROPPED)
def test_what_is_no_value_is_dropped_with_a_reason(surface: str, reason: str) -> None:
    assert normalizer().normalize(surface) == Normalized(None, "", reason)


APART = [
    ("honesty", "dishonesty"),
    ("honest", "not honest"),
    ("justice", "injustice"),
    ("harmful", "not harmful"),
    ("harmless", "harmful"),
    ("moral", "immoral"),
    ("respect", "disrespect"),
    ("biased", "unbiased"),
    ("violence", "nonviolence"),
    ("trust", "distrust"),
    ("careful", "careless"),
    ("responsible", "responsive"),
    ("truth", "truthfulness"),
    ("help", "helpfulness"),
    ("sensitivity", "sensibility"),
    ("care", "caring"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_opposites_and_neighbours_stay_apart(one: str, other: str) -> None:
    found = normalizer().normalize(one).term, normalizer().normalize(other).term
    assert found[0] != found[1]
    assert None not in found


def test_no_opposite_of_the_vocabulary_becomes_a_value() -> None:
    tables = vocabulary()
    for word, of in tables.opposites.items():
        term = normalizer().normalize(word).term
        assert term != of, word
        assert term is None or term not in tables.values, word


def test_a_negation_before_any_value_keeps_its_word() -> None:
    for head in vocabulary().values:
        for negation in ("not", "no", "lack of"):
            term = normalizer().normalize(f"{negation} {head}").term
            assert term is None or term.startswith(f"{negation} "), (head, term)


def test_heads_and_forms_end_at_their_head() -> None:
    tables = vocabulary()
    for head in tables.values:
        assert normalizer().normalize(head).term == head
    for form, (head, _) in tables.families.items():
        if head in tables.values:
            assert normalizer().normalize(form).term in (head, None), form


def test_dictionary_words_are_no_typos() -> None:
    for word in ("immorality", "patients", "relation", "conformation", "importance", "capable"):
        assert normalizer().normalize(word).rule != "typo", word


def test_short_words_are_not_corrected() -> None:
    assert normalizer().normalize("honesy").term == "honesy"


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(surface: str) -> None:
    result = normalizer().normalize(surface)
    assert (result.term is None) == bool(result.dropped)
    if result.term is not None:
        assert normalizer().normalize(result.term).term == result.term


PIECES = st.sampled_from(
    [
        "being",
        "a",
        "the",
        "honest",
        "honesty",
        "care",
        "of",
        "sense",
        "commitment",
        "to",
        "self",
        "control",
        "non-",
        "not",
        "open",
        "minded",
        "values",
        "rights",
        "well",
        "being",
        "human",
        "1.",
        "**",
        "“",
        "'",
        "-",
        "–",
        "Ethical",
        "ETHICS",
        "criteria",
        "harmless",
        "lack",
        "integrtiy",
        "is",
        "I",
        "my",
        "(x)",
        "&",
        "/",
        "é",
        "ﬁ",
    ]
)


@given(st.lists(PIECES, max_size=7).map(" ".join))
def test_mixed_phrases_are_stable_too(surface: str) -> None:
    result = normalizer().normalize(surface)
    if result.term is not None:
        assert normalizer().normalize(result.term).term == result.term


@given(st.lists(PIECES, max_size=6).map(" ".join))
def test_no_word_is_invented(surface: str) -> None:
    """Each word of a term stood in the text, or a table or the dictionary leads from it there."""
    term = normalizer().normalize(surface).term
    if term is None:
        return
    said = set(cleaned(surface).replace("-", " ").split())
    for word in term.replace("-", " ").split():
        stem = word[:3]
        assert any(w[:3] == stem for w in said), (surface, term)


@given(st.text(max_size=60))
def test_cleaning_is_stable(surface: str) -> None:
    once = cleaned(surface)
    assert cleaned(once) == once
    assert unicodedata.is_normalized("NFKC", once)
