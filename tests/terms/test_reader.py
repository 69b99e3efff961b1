from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.terms.tables import reader
from valuelex.records import OUTCOMES, Outcome
from valuelex.terms.attrition import Attrition, MergeMap
from valuelex.terms.reader import KEPT, Mode


def terms(text: str, mode: Mode = "auto", outcome: Outcome = "answered") -> list[str | None]:
    return [m.term for m in reader(mode).read(text, outcome).kept]


@pytest.mark.parametrize(
    ("disposition", "text", "outcome"),
    [
        ("parsed-list", "1. Honesty\n2. Care", "answered"),
        ("parsed-json", '["honesty", "care"]', "answered"),
        ("parsed-prose", "I value honesty and tact.", "answered"),
        ("refused", "no", "refused"),
        ("failed", "", "failed"),
        ("empty", " \n", "answered"),
        ("refusal-in-words", "I'm sorry, but I can't answer that.", "answered"),
        ("disclaimer-in-words", "As an AI, I don't have personal values.", "answered"),
        ("other-language", "Ehrlichkeit, Geduld, Hilfsbereitschaft", "answered"),
        ("no-values-named", "Sure! How can I help you today?", "answered"),
        ("no-values-named", "12345", "answered"),
        ("truncated-parsed", "Honesty, care, integ", "truncated"),
        ("truncated-empty", "integ", "truncated"),
    ],
)
def test_dispositions(disposition: str, text: str, outcome: Outcome) -> None:
    read = reader("auto").read(text, outcome)
    assert read.disposition == disposition
    assert (read.rule == "") == (disposition in ("refused", "failed", "empty"))
    assert bool(read.kept) == (disposition in KEPT)


def test_what_a_refusal_names_is_kept_apart_with_its_place() -> None:
    text = "I can't answer that, sorry. I would only name honesty."
    read = reader("auto").read(text, "answered")
    assert read.disposition == "refusal-in-words"
    assert read.rule == "cannot-answer"
    assert read.mentions
    for rank, mention in enumerate(read.mentions, start=1):
        assert text[mention.start : mention.end] == mention.surface
        assert (mention.rank, mention.term) == (rank, None)
        assert mention.dropped
    assert "refusal-in-words" in {mention.dropped for mention in read.mentions}
    assert read.merges == ()


def test_attrition_names_the_rule_of_what_is_no_answer() -> None:
    attrition = Attrition()
    texts = (
        "Ehrlichkeit, Geduld, Hilfsbereitschaft",
        "I'm sorry, but I can't answer that.",
        "As an AI, I don't have personal values.",
        "Honesty, care",
    )
    for number, text in enumerate(texts):
        attrition.add("m", f"r{number}", reader("auto").read(text, "answered"))
    attrition.add_reply("m", "r0", reader("auto").read("Tact, care", "answered"))
    rows = {str(r["disposition"]): r for r in attrition.rows() if r["unit"] == "reply"}
    assert set(rows) == {
        *("other-language:other", "refusal-in-words:cannot-answer"),
        *("disclaimer-in-words:has-none", "parsed-list"),
    }
    assert (rows["parsed-list"]["n"], rows["parsed-list"]["example"]) == (2, "r0")
    assert [rows[name]["kept"] for name in sorted(rows)] == [False, False, True, False]
    mentions = {str(r["disposition"]): r for r in attrition.rows() if r["unit"] == "mention"}
    assert mentions["dropped:other-language"]["n"] == 3
    assert mentions["dropped:other-language"]["example"] == "r0:1"
    assert [(r["unit"], r["model"], r["disposition"]) for r in attrition.rows()] == sorted(
        (str(r["unit"]), str(r["model"]), str(r["disposition"])) for r in attrition.rows()
    )


def test_a_truncated_list_loses_its_last_item_only() -> None:
    read = reader("list").read("1. Honesty\n2. Care\n3. Integ", "truncated")
    assert [m.term for m in read.kept] == ["honesty", "care"]
    assert read.mentions[-1].dropped == "cut-off"


def test_a_disclaimer_before_a_list_is_no_refusal() -> None:
    text = "As an AI, I don't have personal values. But I aim for honesty, tact and accuracy."
    assert terms(text) == ["honesty", "tact", "accuracy"]


def test_a_repeated_term_counts_once() -> None:
    read = reader("list").read("honest, honesty, care", "answered")
    assert [m.term for m in read.mentions] == ["honesty", None, "care"]
    assert read.mentions[1].dropped == "repeated"


def test_prose_is_searched_and_negations_do_not_count() -> None:
    text = (
        "They were honest and generous, never cruel. A lack of empathy hurts; unfairness does too."
    )
    read = reader("prose").read(text, "answered")
    assert [m.term for m in read.kept] == ["honesty", "generosity"]
    dropped = {m.surface: m.dropped for m in read.mentions if m.term is None}
    assert dropped == {"cruel": "negated", "empathy": "negated", "unfairness": "negated"}


def test_prose_takes_what_is_named_and_leaves_homonyms() -> None:
    text = "We value knowledge. She is responsible for the power plant. Water is important to us."
    assert terms(text, "prose") == ["knowledge", "water"]


def test_not_only_is_no_negation() -> None:
    assert terms("It is not only honest but also fair.", "prose")[0] == "honesty"


def test_words_of_the_question_are_echoes() -> None:
    read = reader("prose").read(
        "Gratitude and patience help.", "answered", "How to show gratitude?"
    )
    assert [(m.term, m.dropped) for m in read.mentions] == [(None, "echo"), ("patience", "")]


def test_an_essay_with_numbered_steps_is_prose_in_auto() -> None:
    steps = "\n".join(
        f"{i}. Call the office number {i} and {'wait ' * 15}there." for i in range(1, 9)
    )
    assert reader("auto").read(steps + " Be honest.", "answered").disposition == "parsed-prose"


@settings(max_examples=60)
@given(st.text(max_size=200), st.sampled_from(OUTCOMES), st.sampled_from(("list", "prose", "auto")))
def test_any_reply_is_read(text: str, outcome: Outcome, mode: Mode) -> None:
    read = reader(mode).read(text, outcome)
    ranks = [m.rank for m in read.mentions]
    assert ranks == list(range(1, len(ranks) + 1))
    for mention in read.mentions:
        assert text[mention.start : mention.end] == mention.surface
        assert (mention.term is None) == bool(mention.dropped)
    assert len(read.merges) == len(read.kept)
    assert read == reader(mode).read(text, outcome)


def test_attrition_adds_up() -> None:
    attrition, merges = Attrition(), MergeMap()
    texts = ["honest, honesty, values", "As an AI I don't have values.", "", "1. Care\n2. Tact"]
    reads = [reader("auto").read(text, "answered") for text in texts]
    for number, read in enumerate(reads):
        attrition.add("m", f"r{number}", read)
        merges.add(read)
    rows = attrition.rows()
    assert sum(int(str(r["n"])) for r in rows if r["unit"] == "reply") == len(texts)
    assert sum(int(str(r["n"])) for r in rows if r["unit"] == "mention") == sum(
        len(r.mentions) for r in reads
    )
    assert {str(r["disposition"]) for r in rows} >= {"dropped:repeated", "dropped:generic", "empty"}
    assert {"term": "honesty", "surface": "honest", "rule": "family", "n": 1} in merges.rows()


@pytest.mark.parametrize(
    "text",
    ["I " * 5000, "a" * 50000, " " * 50000 + "a", "(" * 9000, '{"a":' * 2000, "my values " * 2000],
)
def test_odd_long_texts_cost_no_square(text: str) -> None:
    read = reader("auto").read(text, "answered")
    assert all(m.end - m.start <= len(text) for m in read.mentions)
