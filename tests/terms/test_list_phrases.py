"""Every mark of a list item, every key of a JSON reply, every way in which a label ends."""

from __future__ import annotations

import pytest

from valuelex.terms.parse import parse_reply
from valuelex.terms.parse_json import json_spans
from valuelex.terms.parse_lines import label_spans


def form_and_words(text: str) -> tuple[str, list[str]]:
    parsed = parse_reply(text)
    return parsed.form, [c.surface for c in parsed.candidates]


def in_json(text: str) -> list[str]:
    return [text[a:b] for a, b in json_spans(text)]


def label(text: str) -> list[str]:
    return [text[a:b] for a, b in label_spans(text, 0, len(text))]


BULLETS = "-*•–—+▪◦‣●○■□✓✔➤→"


@pytest.mark.parametrize("mark", [*BULLETS, "a.", "B)", "(c)"])
def test_every_bullet_begins_an_item(mark: str) -> None:
    assert form_and_words(f"{mark} Honesty\n{mark} Care") == ("bullets", ["Honesty", "Care"])


@pytest.mark.parametrize("mark", ["1.", "2)", "(3)", "4:", "5]", "123.", "#6"])
def test_every_number_begins_an_item(mark: str) -> None:
    assert form_and_words(f"{mark} Honesty\n{mark}  Care") == ("numbered", ["Honesty", "Care"])


def test_an_item_may_be_indented_quoted_or_begin_in_bold_at_once() -> None:
    assert form_and_words("> 1. Honesty\n> 2. Care") == ("numbered", ["Honesty", "Care"])
    assert form_and_words("1.**Honesty**\n2.**Care**") == ("numbered", ["Honesty", "Care"])
    assert form_and_words('1."Honesty"\n2.“Care”') == ("numbered", ["Honesty", "Care"])
    assert form_and_words("- Honesty\n---\n- ***\n- Care") == ("bullets", ["Honesty", "Care"])


def test_explanations_under_an_item_are_no_items() -> None:
    under = (
        "- Honesty\n    - it keeps the trust between people alive\n- Care\n    - Why: people matter"
    )
    assert form_and_words(under) == ("bullets", ["Honesty", "Care"])
    assert form_and_words("- Honesty\n - Care") == ("bullets", ["Honesty", "Care"])  # one blank
    tab = "- Ethics\n\t- honesty\n\t- care for the others\n- Rest"
    assert form_and_words(tab) == ("bullets", ["honesty", "care for the others", "Rest"])


ENDS = (
    *("**Good will**: x", "*Good will* x", "***Good will*** x", "__Good will__ x", "_Good will_ x"),
    *("`Good will` x", '"Good will" x', "“Good will”: x", '"Good will", x'),
    *(
        "“Good will”. x",
        '"Good will"- x',
        '"Good will"',
        "Good will: x",
        "Good will :",
        "Good will:",
    ),
    *("Good will:** x", "Good will - x", "Good will -- x", "Good will – x", "Good will — x"),
    *("Good will—x", "Good will– x", "Good will -> x", "Good will => x", "Good will → x"),
    *("Good will = x", "Good will (x)", "Good will. It lasts"),
)


@pytest.mark.parametrize("item", ENDS)
def test_a_label_ends_where_its_explanation_begins(item: str) -> None:
    assert label(item) == ["Good will"]


CUTS = (
    *("because it lasts", "since it lasts", "so that it lasts", "so I keep it", "which lasts"),
    *("who lasts", "where it lasts", "when it lasts", "while it lasts", "as it lasts", "as I say"),
    *("in order to last", "by doing it", "to ensure it", "to help us", "to make it", "that lasts"),
    *("to provide it", "to be kind", "to give it", "to keep it", "to build it", "even when tired"),
    *(
        "even if tired",
        "above all things",
        "means a lot to me",
        "is what I want",
        "are what I want",
    ),
)


@pytest.mark.parametrize("rest", CUTS)
def test_an_item_without_a_label_is_cut_before_its_clause(rest: str) -> None:
    assert label(f"Good will {rest} and more of all these words") == ["Good will"]
    assert label(f"Good will, {rest} and more of all these words") == ["Good will"]


def test_a_label_of_six_words_is_none_and_a_clause_after_five_cuts_nothing() -> None:
    assert label("One two three four five: x") == ["One two three four five"]
    assert label("one two three four five six: x") == ["one two three four five six: x"]
    assert label("one two three four because of it") == ["one two three four"]
    assert label("one two three four five because") == ["one two three four five because"]


CUES = (
    *("value", "values", "word", "words", "principle", "principles", "trait", "traits", "quality"),
    *("qualities", "ideal", "ideals", "standard", "standards", "virtue", "virtues", "answer"),
    *("answers", "list", "here", "following", "me", "my", "i", "are", "is", "be", "sure"),
    *("certainly", "below", "above", "include", "includes", "included"),
)


@pytest.mark.parametrize("cue", CUES)
def test_a_heading_that_announces_is_no_value(cue: str) -> None:
    headings = f"## The {cue}\n\n## Honesty\nx y\n\n## Care\nx y"
    assert form_and_words(headings) == ("headings", ["Honesty", "Care"])
    bold = f"**The {cue}**\n\n**Honesty** helps people live.\n\n**Care** helps people live."
    assert form_and_words(bold) == ("bold", ["Honesty", "Care"])
    labelled = f"The {cue.upper()}: they go on.\nHonesty: it lasts long.\nCare: it lasts long."
    assert form_and_words(labelled) == ("labelled", ["Honesty", "Care"])


@pytest.mark.parametrize(
    "line",
    ["**Honesty** x", "__Honesty__ x", "## **Honesty**", "1) **Honesty** x", "12. __Honesty__"],
)
def test_bold_openings(line: str) -> None:
    found = form_and_words(
        f"{line}\n\nIt goes on for a while like this.\n\n{line}".replace("1", "0")
    )
    assert found[1] == ["Honesty", "Honesty"]


def test_one_heading_is_no_list_and_long_ones_are_sentences() -> None:
    assert form_and_words("# Honesty\nand a text that goes on for a while")[0] != "headings"
    long = "# One two three four five six\n# One two three four five seven"
    assert form_and_words(long)[0] != "headings"
    closed = "# Honesty #\n###### Care ##\n"
    assert form_and_words(closed) == ("headings", ["Honesty", "Care"])


def test_bare_lines_need_a_majority_of_short_ones() -> None:
    assert form_and_words("Honesty\nCare\nTact")[0] == "lines"
    prose = "It was a long day in the hills.\nWe walked until the lake was near.\nHonesty\nCare"
    assert form_and_words(prose)[0] != "lines"
    wrapped = "Ready:\nHonesty\nCare\nTact\nDone!"  # what announces or closes is no value
    assert form_and_words(wrapped) == ("lines", ["Honesty", "Care", "Tact"])
    assert form_and_words(wrapped + "\nOk?")[0] != "lines"  # three of six are no majority
    assert form_and_words("Honesty\nCare\nA line of words that is long") == (
        "lines",
        ["Honesty", "Care"],
    )


def test_inline_numbers_must_count_up_from_one() -> None:
    assert form_and_words("So (1) Honesty (2) Care")[1] == ["Honesty", "Care"]
    assert form_and_words("1.Honesty 2.Care\nand so on")[1] == ["Honesty", "Care"]
    assert form_and_words("In 2. Honesty 3. Care")[0] != "numbered"
    assert form_and_words("They are 1. Honesty 3. Care")[0] != "numbered"


def test_a_table_needs_its_rule_and_skips_numbers() -> None:
    rows = "| Value | Why |\n{}\n| 1 | Honesty |\n|  | 2.5 |\n| Care | x |"
    for rule in ("|---|---|", "| :-: | --: |", "|===|===|", "|–|—|", "|-+-|"):
        assert form_and_words(rows.format(rule)) == ("table", ["Honesty", "Care"])
    assert form_and_words("| Honesty | a |\n| Care | b |")[0] != "table"


NAMES = (
    *("value", "name", "term", "word", "trait", "title", "label", "principle", "key", "quality"),
    *("core_value", "ideal", "virtue", "item", "keyword", "text"),
)
NOTES = (
    *("description", "explanation", "reason", "definition", "meaning", "why", "rationale", "note"),
    *("detail", "details", "comment", "summary", "importance", "rank", "id", "type", "category"),
    *("example", "examples", "score", "weight", "question", "model", "status", "language"),
    "response",
)
HOLDERS = (
    *("values", "words", "principles", "traits", "qualities", "answer", "answers", "list"),
    *("items", "core_values", "terms", "ideals", "virtues", "standards", "result", "output"),
    *("data", "keywords"),
)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_name_holds_counts(name: str) -> None:
    assert in_json(f'[{{"{name}": "honesty", "mood": "x"}}]') == ["honesty"]
    assert in_json(f'[{{"mood": "x", "{name.upper()}": "honesty"}}]') == ["honesty"]


@pytest.mark.parametrize("note", NOTES)
def test_a_note_is_no_value(note: str) -> None:
    assert in_json(f'{{"honesty": "x", "{note}": "y", "{note.title()} ": "z"}}') == ["honesty"]


@pytest.mark.parametrize("holder", HOLDERS)
def test_what_a_holder_holds_counts(holder: str) -> None:
    assert in_json(f'{{"{holder}": "honesty"}}') == ["honesty"]
    assert in_json(f'{{"{holder.title()}": ["honesty", "care"]}}') == ["honesty", "care"]


def test_json_by_its_parts() -> None:
    assert in_json('{"Ethics": ["honesty"], "Care": {"tact": 1}}') == ["honesty", "tact"]
    assert in_json('{"honesty": null, "care": true, "tact": "x"}') == ["honesty", "care", "tact"]
    assert in_json('Sure:\n{\n"honesty": "so it is", // note\n"care": "x"}\nBye') == [
        "honesty",
        "care",
    ]
    assert in_json("Here: [honesty], care") == []
    assert in_json('```\n["honesty"]\n```\n```\n["care"]\n```') == ["honesty"]
    assert in_json('```python\nprint(1)\n```\n```json\n["care"]') == ["care"]
    assert in_json('["a \\"good\\" will", "it\'s"]') == ['a \\"good\\" will', "it's"]
    assert in_json("{'honesty': 'x', 'care': 'y'}") == ["honesty", "care"]
    assert in_json('["honesty", 5, true]') == ["honesty"]
    assert in_json('["honesty"] and then ["care"]') == ["honesty"]
