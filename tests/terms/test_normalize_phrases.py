"""Every word by which a surface is told to be no name: places, persons, clauses, echoes."""

from __future__ import annotations

import pytest

from tests.terms.tables import normalizer, vocabulary
from valuelex.terms.normalize import MAX_RAW, Normalized, cleaned, named
from valuelex.terms.tables import VocabularyTables
from valuelex.terms.twins import Use, merge_map


def why(surface: str) -> str:
    return normalizer().normalize(surface).dropped


PLACES = (
    *("p", "pp", "page", "pages", "para", "paras", "paragraph", "chapter", "chapters", "ch"),
    *("chap", "section", "sections", "sect", "sec", "fig", "figure", "table", "tables", "eq"),
    *("equation", "line", "lines", "vol", "volume", "nr", "no", "nos", "appendix", "footnote"),
    *("slide", "item", "step", "question", "version", "ver", "v", "q"),
)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_in_a_document_is_a_number(place: str) -> None:
    for number in ("4", "3.2", "1-4", "x2", "7:1"):
        assert why(f"{place} {number}") == "number", number
        assert why(f"{place}. {number}") == "number", number
    assert why(f"{place} four blorfs") != "number"


PERSONS = (
    *("i", "i'm", "i've", "i'd", "i'll", "me", "myself", "we", "we're", "us", "you", "you're"),
    *("he", "she", "they", "it", "it's", "this is", "there is"),
)
CLAUSES = (
    *("is", "are", "was", "were", "am", "has", "have", "had", "do", "does", "did", "don't"),
    *("doesn't", "can", "can't", "cannot", "could", "would", "should", "shall", "because"),
    *("which", "if", "when", "whether", "that", "will", "must", "may", "might"),
)


@pytest.mark.parametrize("word", [*PERSONS, *CLAUSES])
def test_who_speaks_or_acts_makes_a_clause(word: str) -> None:
    assert why(f"blorf {word} zwenk") == "clause"
    if word not in ("will", "must", "may", "might"):
        assert why(f"{word} zwenk") == "clause"
        assert why(f"blorf {word}") == "clause"
    assert why(f"blorf {word}blorf zwenk") != "clause"


@pytest.mark.parametrize("rest", ["to live", "of iron", "power"])
def test_will_may_be_a_noun(rest: str) -> None:
    assert why(f"blorf will {rest}") == ""
    assert why("blorf will") == ""


LABELS = (
    *("question", "questions", "answer", "answers", "q", "a", "user", "assistant", "human"),
    *("system", "prompt", "instruction", "instructions", "query", "input", "output", "response"),
)


@pytest.mark.parametrize("label", LABELS)
def test_a_label_before_a_value_is_taken_off_and_before_others_an_echo(label: str) -> None:
    assert normalizer().normalize(f"{label.title()}: honesty").term == "honesty"
    assert normalizer().normalize(f"{label} : honesty").term == "honesty"
    assert why(f"{label}: blorf zwenk") == "form-echo"


ASKING = (
    *("name", "list", "write", "describe", "explain", "tell", "give", "state", "translate"),
    *("summarize", "complete", "mention", "identify", "choose", "pick"),
)
WHAT = (
    *("me", "us", "an example", "a example", "7", "one", "two", "three", "four", "five", "ten"),
    *("some", "any", "your"),
)


@pytest.mark.parametrize("verb", ASKING)
def test_an_instruction_is_an_echo(verb: str) -> None:
    for what in WHAT:
        assert why(f"{verb} {what} blorf") == "form-echo", what
    assert why(f"{verb} blorf") != "form-echo"


@pytest.mark.parametrize("word", ["what", "how", "why", "who", "which", "where", "when"])
def test_a_question_is_an_echo(word: str) -> None:
    for verb in ("is", "are", "was", "were", "do", "does", "did", "many", "much"):
        assert why(f"{word} {verb} blorf") == "form-echo", verb
    assert why(f"{word}'s blorf") == "form-echo"
    assert why("blorf zwenk?") == why('"blorf zwenk?"') == why("**blorf zwenk?**") == "form-echo"
    assert normalizer().normalize("honesty?").term == "honesty"


NEGATIONS = (
    *("not", "no", "never", "without", "non", "neither", "nor", "against", "anti", "lack of"),
    *("absence of", "avoiding", "avoidance of"),
)


@pytest.mark.parametrize("negation", NEGATIONS)
def test_a_negated_phrase_stays_as_it_is(negation: str) -> None:
    # without the negation, books would become book
    assert normalizer().normalize(f"{negation} blorf books").term == f"{negation} blorf books"
    assert normalizer().normalize("blorf books").term == "blorf book"


def test_lengths() -> None:
    assert why("a" * MAX_RAW + "b") == "too-long"
    assert normalizer().normalize(" " * (MAX_RAW - 7) + "honesty").term == "honesty"
    assert why(" " * (MAX_RAW - 6) + "honesty") == "too-long"
    assert why("blorf zwenk gnarp fweez") == ""
    assert why("blorf zwenk gnarp fweez thrup") == "too-long"
    assert why("b" * 60) == ""
    assert why("b" * 61) == "too-long"


def test_markup_numbering_brackets_and_edges_come_off() -> None:
    for surface in (
        *("12) blorf", "(1) blorf", "[3] blorf", "> blorf", "• blorf", "- blorf", "+ blorf"),
        *("*blorf*", "_blorf_", "`blorf`", "~blorf~", "# blorf", '"blorf"', "“blorf”", "„blorf"),
        *("«blorf»", "<blorf>", "|blorf|", "=blorf", "\\blorf", "{blorf}", "[blorf]"),
        *(
            "blorf (zwenk)",
            "blorf (zwenk",
            "(zwenk) blorf",
            "blorf.",
            "blorf…",
            "blorf -",
            "'blorf'",
        ),
        *(
            "blorf's",
            "blorf %",
            "$ blorf",
            "BLORF",
            "ｂｌｏｒｆ",
            "blorf\u200d",
            "blorf 🙂",
            "- - blorf",
        ),
    ):
        assert cleaned(surface) == "blorf", surface
    assert cleaned("self – control") == cleaned("self- control") == "self control"
    assert cleaned("self‑control") == cleaned("self−control") == "self-control"
    assert cleaned("blorf — zwenk") == "blorf zwenk"
    assert cleaned("people’s care") == "people's care"
    assert cleaned("(blorf)") == "blorf"


def test_the_rule_that_says_most_names_a_chain() -> None:
    order = ["typo", "family", "exception", "inflection", "spelling"]
    assert named([]) == "identity"
    for place, rule in enumerate(order):
        assert named(order[place:][::-1]) == rule
        assert named(["frame", rule]) == f"frame+{rule}"
    assert named(["frame"]) == "frame"


@pytest.mark.parametrize("first", ["self", "non", "anti"])
def test_prefixes_are_hyphenated(first: str) -> None:
    assert normalizer().normalize(f"{first} blorf") in (
        Normalized(f"{first}-blorf", "spelling", ""),
        Normalized(f"{first} blorf", "identity", ""),  # a negation keeps its blank
    )


@pytest.mark.parametrize(
    "negation", ["not", "never", "no", "without", "non", "avoiding", "against", "lack"]
)
def test_a_negated_phrase_joins_no_family(negation: str) -> None:
    counts = {f"{negation} just": Use(1, 1), f"{negation} justice": Use(5, 5)}
    assert merge_map(counts, vocabulary()) == {}


@pytest.mark.parametrize(
    "word",
    [
        *("goods", "customs", "humanities", "arms", "looks", "means", "manners", "letters"),
        *("works", "forces", "politics", "values"),
    ],
)
def test_a_plural_that_is_another_word_joins_no_singular(word: str) -> None:
    counts = {f"common {word}": Use(1, 1)}
    for single in (word[:-1], word[:-3] + "y"):
        counts[f"common {single}"] = Use(5, 5)
    assert f"common {word}" not in merge_map(counts, vocabulary())


@pytest.mark.parametrize(
    ("plural", "single"),
    [
        *(("duties", "duty"), ("books", "book"), ("classes", "class"), ("boxes", "box")),
        *(("quizes", "quiz"), ("churches", "church"), ("wishes", "wish"), ("codes", "code")),
    ],
)
def test_regular_plurals_join_their_singular(plural: str, single: str) -> None:
    counts = {f"common {plural}": Use(1, 1), f"common {single}": Use(2, 1)}
    assert merge_map(counts, vocabulary()) == {
        f"common {plural}": (f"common {single}", "plural-twin")
    }
    counts = {f"common {plural}": Use(2, 2), f"common {single}": Use(2, 1)}
    assert merge_map(counts, vocabulary()) == {
        f"common {single}": (f"common {plural}", "plural-twin")
    }


def test_the_noun_of_a_quality_wins_then_the_more_used_then_the_alphabet() -> None:
    def merged(*nouns: tuple[str, int]) -> str:
        tables = VocabularyTables(
            values={},
            families={},
            prose={},
            opposites={},
            stop={},
            frames=(),
            exceptions={},
            derivations={"blorf": tuple((noun, "adjective") for noun, _ in nouns)},
        )
        counts = {"blorf": Use(1, 1)} | {noun: Use(models, 9) for noun, models in nouns}
        return merge_map(counts, tables)["blorf"][0]

    assert merged(("blorfer", 9), ("blorfness", 2)) == "blorfness"
    assert merged(("blorfity", 2), ("blorfness", 9)) == "blorfness"
    assert merged(("blorfness", 2), ("blorfity", 2)) == "blorfity"
    assert merged(("zblorf", 2), ("yblorf", 2)) == "yblorf"
    for end in ("ness", "ity", "ty", "ance", "ence", "ency", "cy", "dom", "ism", "ice", "th"):
        assert merged(("blorfer", 9), (f"blorf{end}", 2)) == f"blorf{end}"
