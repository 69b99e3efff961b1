"""spaCy's tables and matcher behind our three small faces."""

from __future__ import annotations

import pytest

from valuelex.errors import LexiconError
from valuelex.terms import linguistics
from valuelex.terms.linguistics import PROFILES, English, PhraseFinder, english, stop_words

SMALL = English(
    index={
        "noun": frozenset({"goose", "ethics", "box", "us", "axis", "lie"}),
        "adj": frozenset({"calm", "anxious"}),
        "verb": frozenset({"lie", "care", "see"}),
        "adv": frozenset({"well"}),
    },
    exceptions={
        "noun": {"geese": ("gander", "goose"), "axes": ("axe", "axis")},
        "adj": {"better": ("good",)},
        "verb": {"lay": ("lie",), "saw": ("see",)},
        "adv": {},
    },
    rules={
        "noun": (("s", ""), ("xes", "x")),
        "adj": (("er", ""), ("er", "e")),
        "verb": (("ing", ""), ("ing", "e"), ("ed", "e")),
        "adv": (),
    },
)


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("ethics", "ethics"),  # a listed noun stays
        ("anxious", "anxious"),
        ("geese", "goose"),  # of its exceptions the one that is listed
        ("axes", "axis"),
        ("boxes", "box"),
        ("uses", "uses"),  # no listed word is left
        ("calmer", "calm"),
        ("better", "better"),  # "good" is not in these tables
        ("caring", "care"),
        ("cared", "care"),
        ("lay", "lie"),
        ("see", "see"),
        ("saw", "see"),
        ("well", "well"),
        ("uss", "uss"),  # two letters are no word to find
    ],
)
def test_inflection_is_undone_and_derivation_is_not(word: str, lemma: str) -> None:
    assert SMALL.lemma(word) == lemma


def test_known_words_are_listed_or_inflected() -> None:
    assert [w for w in ("well", "geese", "cared", "goose", "uses", "x") if SMALL.known(w)] == [
        "well",
        "geese",
        "cared",
        "goose",
    ]


def test_only_plurals_of_nouns_become_singular() -> None:
    words = ("geese", "boxes", "ethics", "calm", "caring", "lay", "calmer")
    assert [SMALL.plural(w) for w in words] == [
        *("goose", "box", "ethics", "calm"),
        *("caring", "lay", "calmer"),
    ]


def test_the_tables_of_english() -> None:
    tables = english()
    assert tables is english()
    assert (
        set(tables.index)
        == set(tables.exceptions)
        == set(tables.rules)
        == {
            "noun",
            "adj",
            "verb",
            "adv",
        }
    )
    lemmas = {
        "virtues": "virtue",
        "children": "child",
        "loyalties": "loyalty",
        "happiness": "happiness",
        "anxious": "anxious",
        "helped": "help",
        "kinder": "kind",
    }
    assert {word: tables.lemma(word) for word in lemmas} == lemmas
    assert tables.known("quickly")
    assert not tables.known("qwzx")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", {"und", "nicht"}),
        ("fr", {"et", "pas"}),
        ("es", {"pero", "muy"}),
        ("it", {"che", "non"}),
        ("pt", {"uma", "muito"}),
        ("nl", {"het", "niet"}),
        ("sv", {"och", "inte"}),
        ("da", {"og", "ikke"}),
        ("fi", {"ja", "ei"}),
        ("pl", {"nie", "jest"}),
        ("tr", {"ve", "ama"}),
        ("ro", {"este", "nu"}),
        ("id", {"dan", "yang"}),
        ("hu", {"nem", "hogy"}),
        ("cs", {"jsem", "ale"}),
    ],
)
def test_function_words_of_each_profile(language: str, words: set[str]) -> None:
    assert language in PROFILES
    assert words <= stop_words(language)


def test_profiles_are_those_and_no_others() -> None:
    assert len(PROFILES) == len(set(PROFILES)) == 15
    with pytest.raises((LexiconError, FileNotFoundError)):
        stop_words("xx-none")


def found(finder: PhraseFinder, text: str) -> list[str]:
    return [text[a:b] for a, b in finder.find(text)]


def test_the_longest_phrase_is_found_whatever_its_case() -> None:
    finder = PhraseFinder(["care", "health care", "Inner Peace"])
    text = "Health Care, CARE and inner peace; careful"
    assert found(finder, text) == ["Health Care", "CARE", "inner peace"]
    assert finder.find("") == []


def test_odd_text_keeps_its_places() -> None:
    finder = PhraseFinder(["care"])
    assert finder.find("\ud800 care") == [(2, 6)]
    long = "*" * 150 + "care" + "_" * 60 + " care"
    assert finder.find(long) == [(150, 154), (215, 219)]
    short = "x" * 150 + ".care"
    assert finder.find(short) == []  # a word of fewer than two hundred letters is left alone


def test_what_spacy_forgets_in_between_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linguistics, "_FORGET", 2)
    finder = PhraseFinder(["care"])
    assert [finder.find(f"word{i} care") for i in range(7)] == [[(6, 10)]] * 7
