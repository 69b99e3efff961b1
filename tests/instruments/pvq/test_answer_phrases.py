"""Every word that may stand around an answer, and every word that keeps a reply from being one."""

from __future__ import annotations

import pytest

from valuelex.instruments.portrait.parse import portrait_scale
from valuelex.instruments.pvq.dilemmas import Dilemma, DilemmaRequest, read_choice
from valuelex.instruments.pvq.parse import Scale, parse_answer
from valuelex.instruments.pvq.structured import take_json_answers
from valuelex.instruments.pvq.wordlist import CARRIERS
from valuelex.records import Request, Sampling

SCALE = Scale({1: "not like me", 2: "a little like me", 3: "like me", 12: "very much like me"})
LETTERED = Scale({1: "no", 2: "yes"}, letters={"A": 1, "B": 2})


@pytest.mark.parametrize("carrier", sorted(CARRIERS))
def test_a_carrier_may_stand_before_an_answer(carrier: str) -> None:
    assert parse_answer(f"{carrier.title()}: 3", SCALE) == (3, "")


def test_no_carrier_denies_or_strengthens() -> None:
    others = {"not", "never", "no", "hardly", "quite", "very", "so", "rather", "nearly", "almost"}
    assert not CARRIERS & others
    for word in others:
        assert parse_answer(f"{word} 3", SCALE)[0] is None, word


CONNECTORS = (
    *("because", "since", "as", "for", "on", "in", "out", "when", "given", "although", "though"),
    *("while", "due", "here", "overall", "this is why"),
)


@pytest.mark.parametrize("connector", CONNECTORS)
def test_a_reason_may_follow(connector: str) -> None:
    assert parse_answer(f"like me {connector} they plan trips", SCALE) == (3, "")
    assert parse_answer(f"like me, {connector} they plan trips", SCALE) == (3, "")


@pytest.mark.parametrize("mark", ["(", "[", ":", "–", "—", "-"])
def test_an_explanation_may_follow_a_mark(mark: str) -> None:
    assert parse_answer(f"like me {mark} they plan trips", SCALE) == (3, "")


@pytest.mark.parametrize(
    "word", ["not", "no", "nope", "never", "hardly", "if", "unless", "except", "or"]
)
def test_what_takes_back_is_no_explanation(word: str) -> None:
    for mark in ("(", "-", ":", "— "):
        assert parse_answer(f"like me {mark}{word} they do", SCALE)[0] is None


NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WIDE = Scale({point: f"word {point} is it" for point in range(11)})


@pytest.mark.parametrize("lead", ["", "My answer is ", "The final rating: ", "final score is "])
def test_numbers_in_words(lead: str) -> None:
    for number, word in enumerate(NUMBERS):
        assert parse_answer(f"{lead}{word}.", WIDE) == (number, ""), word


@pytest.mark.parametrize(
    "lead",
    [
        *("answer", "rating is", "score would be", "the response is", "my final choice", "number"),
        *("I'd say", "I would choose", "I pick a", "I'd rate it", "I would give it a", "I say a"),
    ],
)
def test_a_number_in_words_may_be_announced(lead: str) -> None:
    assert parse_answer(f"{lead} three", WIDE) == (3, "")
    assert parse_answer(f"{lead} three of us", WIDE)[0] is None


REFUSALS = (
    *(f"I {no}" for no in ("cannot", "can not", "can't", "won't", "decline", "refuse")),
    *(f"I {no}" for no in ("prefer not", "do not have", "don't have", "have no")),
    *("I'm unable", "I am not able", "We are unable", "We do not possess", "I don't possess"),
    *("As an AI", "As a language model", "as an artificial mind", "As a large language model"),
    *("I'm sorry", "I am an AI", "I'm just an assistant", "I am a program", "I apologize"),
    *("I'm a language model", "I apologise"),
)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_refusals_are_told_from_other_talk(refusal: str) -> None:
    assert parse_answer(f"{refusal}, they said", SCALE) == (None, "refusal")
    assert parse_answer(f"They said: hm, {refusal.upper()} dear", SCALE) == (None, "refusal")


NEGATIONS = (
    *("not", "no", "never", "nothing", "neither", "nor", "hardly", "barely", "unlike", "cannot"),
    *("without", "isn't", "wouldn't"),
)


@pytest.mark.parametrize("negation", NEGATIONS)
def test_negations_name_themselves(negation: str) -> None:
    assert parse_answer(f"That seems {negation} at all, very much like me", SCALE) == (
        None,
        "negated",
    )
    assert parse_answer(f"That seems {negation} to say", SCALE)[1] == "no answer"


@pytest.mark.parametrize(
    "text",
    [
        *("3 out of 12", "3/12", "3 of 12", "3 / 12", "from 1 to 12: 3", "between 1 and 12, 3"),
        *("1-12: 3", "1 – 12: 3", "12 to 1: 3", "1 through 12: 3", "On 12-1, 3", "3 (1 to 12)"),
    ],
)
def test_the_scale_itself_is_no_answer(text: str) -> None:
    assert parse_answer(text, SCALE) == (3, "")


def test_points_have_up_to_three_digits() -> None:
    long = Scale({999: "most", 1000: "more"})
    assert parse_answer("999", long) == (999, "")
    assert parse_answer("1000", long) == (None, "out of range")
    assert parse_answer("0999", long) == (None, "out of range")
    assert parse_answer("3.00", SCALE) == (3, "")
    assert parse_answer("3.01", SCALE) == (None, "not a whole number")
    assert parse_answer("−3", SCALE) == (None, "out of range")


@pytest.mark.parametrize(
    "text",
    [
        *("I weighed it, so my answer is 3", "I weighed it, therefore the choice is 3"),
        *("I weighed it, hence my rating is 3", "I weighed it, thus the answer is 3"),
        *("I weighed 7 things; 3", "Hard to say, but 3", "Hard to say however, 3", "Hard.\n3"),
    ],
)
def test_what_begins_a_segment_of_its_own(text: str) -> None:
    assert parse_answer(text, SCALE)[0] == 3


@pytest.mark.parametrize(
    "text",
    ["my answer is (B)", "The option is B.", "choice: b:", "B) because", "(B) yes"],
)
def test_a_letter_may_be_announced_confirmed_or_explained(text: str) -> None:
    assert parse_answer(text, LETTERED) == (2, "")


def test_a_letter_that_goes_on_is_a_word() -> None:
    assert parse_answer("B) Mr Smith", LETTERED)[0] is None
    assert parse_answer("B) no", LETTERED) == (None, "several answers")


@pytest.mark.parametrize(
    "key",
    ["answer", "choice", "number", "option", "rating", "response", "result", "score", "selection"],
)
def test_every_json_key_that_holds_an_answer(key: str) -> None:
    assert take_json_answers(f'a {{"{key}": 3, "x": 4}} b') == ("a \n b", [3])
    assert take_json_answers(f'```JSON\n{{" {key.title()} ": "3"}}\n``` b') == ("\n b", ["3"])


def test_what_only_looks_like_json_is_left() -> None:
    assert take_json_answers("{answer: 3}") == ("{answer: 3}", [])
    assert take_json_answers('```\n{"a": 1}\n```') == ("\n", [])


def choice(text: str, first: int = 0) -> tuple[str | None, str]:
    dilemma = Dilemma("d", "case", ("security", "power"), ("one", "two"))
    request = Request("m", "m", "r", "p", (), Sampling(0, 1, 9))
    return read_choice(text, DilemmaRequest(request, dilemma, first, 0))


@pytest.mark.parametrize(
    "lead",
    [
        *("Answer:", "My answer is", "The final choice:", "final option is", "Response"),
        *("I choose", "I'd pick", "I would select", "I'd go with", "I go for", "I opt for"),
        *("I recommend", "I'd choose the option", "My answer is: the answer", "I pick choice"),
        "I select response",
    ],
)
def test_every_way_of_stating_a_choice(lead: str) -> None:
    assert choice(f"{lead} B") == ("power", "")
    assert choice(f"Both have merits.\n{lead.upper()} (b).") == ("power", "")
    assert choice(f"{lead} B", first=1) == ("security", "")


@pytest.mark.parametrize("reason", ["because", "since", "as"])
def test_a_reason_may_follow_the_letter(reason: str) -> None:
    assert choice(f"B {reason} it is so") == ("power", "")
    assert choice("B it is") == (None, "no answer")


def test_reasons_for_no_choice() -> None:
    assert choice("I cannot choose\nbetween them") == (None, "refusal")
    assert choice("Well\nno\nI'm sorry") == (None, "refusal")
    assert choice("  \n ") == (None, "empty")
    assert choice("<think>B") == (None, "unfinished reasoning")
    assert choice("Hm") == (None, "no answer")


def test_habits_of_the_published_parse_are_opt_in() -> None:
    for text, point in (("some like me", 5), ("very little like me", 3)):
        assert parse_answer(text, portrait_scale(published=True)) == (point, "")
        assert parse_answer(text, portrait_scale())[0] is None
    points = [parse_answer(text, portrait_scale())[0] for text in portrait_scale().labels.values()]
    assert points == [1, 2, 3, 4, 5, 6]
    assert list(portrait_scale().labels.values()) == [
        *("not like me at all", "not like me", "a little like me", "somewhat like me"),
        *("like me", "very much like me"),
    ]
    assert parse_answer("Not at all like me", portrait_scale()) == (1, "")
