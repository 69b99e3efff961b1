"""Tables, scripts, marks and regions of replies, each by its own small case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.terms.tables import reader
from valuelex.errors import LexiconError
from valuelex.terms.attrition import Attrition
from valuelex.terms.language import language_of
from valuelex.terms.outcomes import disclaims
from valuelex.terms.parse_json import json_region, json_spans
from valuelex.terms.parse_lines import lines_of
from valuelex.terms.refusals import Reading, read_refusal
from valuelex.terms.tables import VocabularyTables
from valuelex.terms.typos import TypoIndex, one_edit

ROWS: dict[str, Any] = {
    "values": [{"head": "kindness", "prose": "yes"}, {"head": "calm", "prose": "no"}],
    "families": [
        {"form": "kind", "head": "kindness", "link": "adjective", "prose": "no"},
        {"form": "kindly", "head": "kind", "link": "adverb", "prose": "yes"},
        {"form": "benign", "head": "kindness", "link": "adjective", "prose": "no"},
        {"form": "calming", "head": "calm", "link": "adjective", "prose": "no"},
    ],
    "opposites": [{"word": "unkindness", "of": "kindness"}],
    "frames": [
        {"frame": "being", "when": "known"},
        {"frame": "a sense of", "when": "always"},
        {"frame": "acting", "when": "always"},
    ],
    "exceptions": [{"form": "kinder", "term": "kind"}],
    "stop": {"generic": ["value", "thing"], "meta": ["list"]},
    "collocations": [{"phrase": "kind of"}],
    "derivations": [
        {"form": "calm", "noun": "calmness", "link": "noun"},
        {"form": "calm", "noun": "calm", "link": "self"},
    ],
    "things": [{"word": "mug", "kind": "artifact"}],
}


def test_tables_are_built_column_by_column() -> None:
    tables = VocabularyTables.from_rows(**ROWS)
    assert tables == VocabularyTables(
        values={"kindness": True, "calm": False},
        families={
            "kind": ("kindness", "adjective"),
            "kindly": ("kindness", "adverb"),
            "benign": ("kindness", "adjective"),
            "calming": ("calm", "adjective"),
        },
        prose={"kindness": "kindness", "kindly": "kindness"},
        opposites={"unkindness": "kindness"},
        stop={"value": "generic", "thing": "generic", "list": "meta"},
        frames=(("a sense of", False), ("acting", False), ("being", True)),
        exceptions={"kinder": "kind"},
        collocations=frozenset({"kind of"}),
        derivations={"calm": (("calm", "self"), ("calmness", "noun"))},
        things={"mug": "artifact"},
        adjectives={"kindness": ("benign", "kind")},
    )
    assert [tables.named(w) for w in ("calm", "kindly", "mug", "unkindness")] == [
        *(True, True),
        *(False, False),
    ]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("values", "head"), ("values", "prose"), ("families", "form"), ("families", "head")),
        *(("families", "link"), ("families", "prose"), ("opposites", "word"), ("opposites", "of")),
        *(("frames", "frame"), ("frames", "when"), ("exceptions", "form")),
        *(("exceptions", "term"), ("collocations", "phrase"), ("derivations", "form")),
        *(("derivations", "noun"), ("derivations", "link"), ("things", "word"), ("things", "kind")),
    ],
)
def test_a_column_that_is_missing_is_named(table: str, column: str) -> None:
    rows = [{k: v for k, v in row.items() if k != column} for row in ROWS[table]]
    with pytest.raises(LexiconError, match=f"lacks the column '{column}'"):
        VocabularyTables.from_rows(**ROWS | {table: rows})


def test_a_circle_is_shown_from_where_it_is_entered() -> None:
    chain = [{"form": a, "head": b, "link": "noun", "prose": "no"} for a, b in ("ab", "bc", "ca")]
    with pytest.raises(LexiconError, match="lead in a circle: a -> b -> c -> a"):
        VocabularyTables.from_rows(**ROWS | {"families": chain})


@pytest.mark.parametrize(
    ("code", "letters"),
    [
        ("ja", "\u3040\u30ff"),
        ("ko", "\uac00\ud7af\u1100\u11ff"),
        ("zh", "\u3400\u9fff"),
        ("ru", "\u0400\u052f"),
        ("ar", "\u0600\u06ff\u0750\u077f"),
        ("hi", "\u0900\u097f"),
        ("el", "\u0370\u03ff\u1f00\u1fff"),
        ("he", "\u0590\u05ff"),
        ("th", "\u0e00\u0e7f"),
    ],
)
def test_a_script_from_its_first_to_its_last_letter(code: str, letters: str) -> None:
    for letter in letters:
        assert language_of(f"{letter * 3} ab", lambda _: True) == code, hex(ord(letter))
        assert language_of(f"{letter * 2} ab", lambda _: True) != code  # as many Latin ones
        assert language_of(f"{letter * 2} a", lambda _: True) == code


@pytest.mark.parametrize("letter", "AZaz\u00c0\u024f\u1e00\u1eff")
def test_latin_letters(letter: str) -> None:
    assert language_of(f"\u0430\u0430\u0430 {letter * 4}", lambda _: True) == "en"


def test_text_without_letters_and_letters_of_no_known_script() -> None:
    assert language_of("12 !", lambda _: True) == "none"
    assert language_of("\u10d0\u10d1\u10d2", lambda _: True) == "other"  # Georgian


@pytest.mark.parametrize(
    "code",
    [
        *("```\nder die das und nicht\n```", "def der die das und nicht", "return der die das"),
        *("for x in der die das und", "while der die das und", "import der, die, das, und"),
        *("print(der die das und)", "class der die das und", "else: der die das und"),
        *("elif der die das und nicht", "  if der die das und nicht:"),
    ],
)
def test_code_is_in_no_language(code: str) -> None:
    assert language_of(f"Honesty\n{code}\n", lambda _: True) == "en"


def test_function_words_and_unknown_words_decide() -> None:
    def english(word: str) -> bool:
        return word in {"honesty", "courage", "kindness", "value", "house"}

    assert language_of("der Mut und die Ehre", english) == "de"
    assert language_of("der Mut the and of it was und die", english) == "en"
    assert language_of("blorft gnarpl quxxly", english) == "other"
    assert language_of("blorft gnarpl", english) == "en"  # two long words are too few
    assert language_of("blorft gnarpl quxxly honesty courage", english) == "other"  # three of five
    assert language_of("blorft gnarpl honesty courage", english) == "en"
    assert language_of("abc xyz qrs", english) == "en"  # short words are no evidence
    assert language_of("blorft gnarpl quxxly der und", english) == "de"
    assert language_of("blorft gnarpl quxxly der", english) == "other"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ('```json\n["a"]\n``` ["b"]', '["a"]\n'),
        ('```\n  {"a": 1}', '{"a": 1}'),
        ('```\nplain\n``` and\n["b"]', '["b"]'),
        ('So:\n  {"a": 1} and more', '{"a": 1} and more'),
        ('[\n"a"]', '[\n"a"]'),
        ("[['a']]", "[['a']]"),
        ('see {"a": 1}', None),  # not at the beginning of a line
        ("[1] a note", None),
        ("plain", None),
    ],
)
def test_where_json_stands_in_a_reply(text: str, body: str | None) -> None:
    region = json_region(text)
    assert (text[slice(*region)] if region else None) == body


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('["a b", "c', ["a b", "c"]),
        ("['a', 'it\\'s']", ["a", "it\\'s"]),
        ('["b", 1, true, "a"]', ["b", "a"]),
        ('{"value": "a", "reason": "b"}', ["a"]),
        ('{"Name": "a", "Rank": 1}', ["a"]),
        ('{"a": "why", "b": 2}', ["a", "b"]),
        ('{"1": "a", "v2": "b", "c": "d"}', ["a", "b", "c"]),
        ('{"values": ["a", "b"]}', ["a", "b"]),
        ('{"Core": ["a"], "Rest": "b"}', ["a", "Rest"]),
        ('{"list": {"a": "x"}, "note": "y"}', ["a"]),
        ('{"a": {"reason": "x"}}', ["a"]),
        ('[{"value": "a"}, {"value": "b"}] {"c": 1}', ["a", "b"]),
        ('{"answer": "a"}', ["a"]),
        ('{"answer": 1}', []),
        ("[]", []),
        ("none", []),
    ],
)
def test_value_words_in_json(text: str, found: list[str]) -> None:
    assert [text[a:b] for a, b in json_spans(text)] == found


@pytest.mark.parametrize(
    "shown",
    [
        "{}",
        "**{}**",
        "# {}",
        "> {}",
        "`{}`",
        "_{}_",
        "~{}~",
        "<|assistant|> {}",
        "<s>{}</s>",
        "Assistant: {}",
        "AI: {}",
        " answer : {}",
        "Response: {}",
        "<think>a plan</think>{}",
        "<Reasoning>a\nplan</Reasoning> {}",
        "<thinking>plan</thinking>{}",
        '"{}"',
        "Sorry; {}",
        "Sorry - {}",
        "Sorry — {}",
        "Sorry: {}",
        "Sorry\n{}",
        "Sorry, but {}",
    ],
)
def test_marks_around_a_refusal_hide_it_from_nobody(shown: str) -> None:
    text = shown.format("I cannot answer that.")
    assert read_refusal(text, disclaims).refuses


@pytest.mark.parametrize("mark", ["**", "`", "#", ">", "<b>", "</i>", "<|end|>", "_ "])
def test_marks_inside_a_refusal_are_no_words(mark: str) -> None:
    assert read_refusal(f"I {mark}cannot{mark} answer that.", disclaims).refuses


def test_what_is_no_refusal_has_an_empty_reading() -> None:
    empty = Reading("", False, False, 0, 0)
    for text in ("Honesty.", "Honesty out there.", "I can't stand lies, said nobody."):
        assert not read_refusal(text, disclaims).refuses
    assert read_refusal("Honesty.", disclaims) == empty
    assert read_refusal("Honesty is out.", disclaims) == empty  # looked at, and nothing declines
    assert read_refusal("<think>I cannot answer.</think>Honesty", disclaims) == empty
    assert read_refusal('He said "I cannot answer that."', disclaims) == empty


def test_a_foreign_refusal_is_read_by_its_words() -> None:
    assert read_refusal("No puedo responder.", disclaims) == Reading(
        "declines-es", False, False, 0, 3
    )


@pytest.mark.parametrize(
    ("content", "total", "rule", "refuses"),
    [
        (9, 9, "cannot", True),
        (10, 25, "cannot", True),
        (11, 25, "cannot", False),
        (45, 200, "cannot", True),
        (46, 200, "cannot", False),
        (4, 10, "closes", True),
        (5, 10, "closes", False),
        (0, 5, "", False),
    ],
)
def test_how_much_content_a_refusal_bears(
    content: int, total: int, rule: str, refuses: bool
) -> None:
    assert Reading(rule, False, False, content, total).refuses is refuses
    assert not Reading(rule, True, False, content, total).refuses


def test_typos_are_one_edit_of_long_words_with_one_candidate() -> None:
    index = TypoIndex(
        ["honesty", "courage", "couragy", "harmony", "tact", "a" * 41], {"harmona"}.__contains__
    )
    assert index.find("honestly") == "honesty"
    assert index.find("hoensty") == "honesty"
    assert index.find("honsety") == "honesty"
    assert index.find("honezty") == "honesty"
    assert index.find("honsty") is None  # six letters
    assert index.find("ponesty") is None  # the first letter stands
    assert index.find("courag3") is None
    assert index.find("couragi") is None  # two words are as near
    assert index.find("harmona") is None  # a word of the dictionary
    assert index.find("tackt") is None
    assert index.find("a" * 41) is None
    for near in ("abcd", "abc", "abcde", "abdc", "axcd"):
        assert one_edit("abcd", near), near
    for far in ("badc", "ab", "dbca", "abcdef", "axyd"):
        assert not one_edit("abcd", far), far


def test_every_reply_is_accounted_for_by_its_rule() -> None:
    count = Attrition()
    for name, text in (
        ("r1", "I cannot answer that."),
        ("r2", "As an AI, I do not have personal values."),
        ("r3", "der Mut und die Ehre und das Glück"),
        ("r4", "Honesty, honesty, thing"),
        ("r5", ""),
    ):
        count.add("m", name, reader("list").read(text, "answered"))
    rows = [(r["unit"], r["disposition"], r["kept"], r["n"], r["example"]) for r in count.rows()]
    replies = [row[1:] for row in rows if row[0] == "reply"]
    assert replies == [
        ("disclaimer-in-words:has-none", False, 1, "r2"),
        ("empty", False, 1, "r5"),
        ("other-language:de", False, 1, "r3"),
        ("parsed-list", True, 1, "r4"),
        ("refusal-in-words:cannot-answer", False, 1, "r1"),
    ]
    assert ("mention", "kept:list", True, 1, "r4:1") in rows
    assert ("mention", "dropped:repeated", False, 1, "r4:2") in rows


def test_what_is_named_and_no_value_is_noted_in_prose_too() -> None:
    text = "I value the thing, and honesty matters to me in all that I do for others, every day."
    found = reader("prose").read(text, "answered")
    assert [(m.surface, m.source, m.term, m.dropped) for m in found.mentions] == [
        ("the thing", "named", None, "generic"),
        ("honesty", "matcher", "honesty", ""),
    ]


def test_lines_end_at_feeds_and_returns_and_empty_ones_are_none() -> None:
    text = "a\r\n\nb \rc\u2028d"
    assert [(line.start, line.end, line.text) for line in lines_of(text)] == [
        (0, 1, "a"),
        (4, 6, "b "),
        (7, 10, "c\u2028d"),
    ]
    assert lines_of("") == []
