from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelex.instruments.pvq.parse import REASONS, Scale, parse_answer
from valuelex.instruments.pvq.wordlist import NUMBER_WORDS

LABELS = {
    1: "not like me at all",
    2: "not like me",
    3: "a little like me",
    4: "moderately like me",
    5: "like me",
    6: "very much like me",
}
SCALE = Scale(LABELS, {"somewhat like me": 4, "not at all like me": 1})
LETTERED = Scale(LABELS, letters={"A": 1, "B": 2, "C": 3, "D": 4, "E": 5, "F": 6})


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("4", 4),
        ("This describes me to some degree, so my answer is 4.", 4),
        ("I would not say like me, so my answer is 2.", 2),
        ("4.", 4),
        (" 4\n", 4),
        ("(4)", 4),
        ("[4]", 4),
        ("**4**", 4),
        ("4.0", 4),
        ("４", 4),
        ("Answer: 4", 4),
        ("**Answer:** 4", 4),
        ("Answer (1 to 6): 4", 4),
        ("My answer is 4.", 4),
        ("I'd say 4", 4),
        ("I would rate this a 4 out of 6.", 4),
        ("4/6", 4),
        ("6/6", 6),
        ("On a scale from 1 to 6, I'd choose 5.", 5),
        ("4 - moderately like me", 4),
        ("4 = moderately like me", 4),
        ("4 (moderately like me)", 4),
        ("4. Moderately like me", 4),
        ("Moderately like me (4)", 4),
        ("4: moderately like me, because balance matters", 4),
        ("4 because I enjoy that", 4),
        ("4\n\nI find that this person and I share 3 things.", 4),
        ("Four", 4),
        ("my answer is two.", 2),
        ("somewhat like me", 4),
        ("Like me.", 5),
        ("like me", 5),
        ("NOT LIKE ME", 2),
        ("not like me at all", 1),
        ("Not at all like me", 1),
        ("“Very much like me”", 6),
        ("This person is very much like me.", 6),
        ("I think this person is a little like me", 3),
        ("I'm not like me at all", 1),
        ("maybe not like me", 2),
        ('{"answer": 4}', 4),
        ('{"answer": "4"}', 4),
        ('{"answer": 4.0, "reason": "5 things"}', 4),
        ('```json\n{"rating": "very much like me"}\n```', 6),
        ('Here you are: {"score": 2}', 2),
        ("<think>1 or 2? No: 6.</think>5", 5),
        ("...so 3.</think>\n5", 5),
        ("As an AI, I have no private life. However, I'd say 5.", 5),
        ("Is it 3? I choose 4.", 4),
    ],
)
def test_answers(text: str, answer: int) -> None:
    assert parse_answer(text, SCALE) == (answer, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("7", "out of range"),
        ("0", "out of range"),
        ("-4", "out of range"),
        ("10", "out of range"),
        ("99999999999999999999", "out of range"),
        ("seven", "out of range"),
        ('{"answer": 9}', "out of range"),
        ("4.5", "not a whole number"),
        ("4,5", "not a whole number"),
        ("½", "not a whole number"),
        ("50%", "not a whole number"),
        ("4 or 5", "several answers"),
        ("4-5", "several answers"),
        ("Between 3 and 4.", "no answer"),
        ("4\n5", "several answers"),
        ("4, not 5", "several answers"),
        ("4 out of 10", "several answers"),
        ("4 - like me", "several answers"),
        ("1. like me", "several answers"),
        ('{"answer": 4, "answer": 5}', "several answers"),
        ("like me or not like me", "several answers"),
        ("1 = not like me at all\n2 = not like me", "several answers"),
        ("not really like me", "negated"),
        ("It is not very much like me", "negated"),
        ("This isn't like me", "negated"),
        ("I don't think this is very much like me.", "negated"),
        ("This is nothing like me", "negated"),
        ("Never like me", "negated"),
        ("I wouldn't say 6", "negated"),
        ("My answer is not 4", "negated"),
        ("like me - not", "negated"),
        ("I cannot choose: I don't have a self.", "refusal"),
        ("As an AI language model I have no preferences, so no 4 from me", "refusal"),
        ("I'm sorry, that is nothing to rate.", "refusal"),
        ("quite like me", "no answer"),
        ("This person is so like me", "no answer"),
        ("Like me, many people look for 3 things", "no answer"),
        ("This person is unlike mechanics", "no answer"),
        ("They may feel pressed, like me", "no answer"),
        ("4?", "no answer"),
        ("4 years of work", "no answer"),
        ("1. I am one who plans\n", "no answer"),
        ("The one", "no answer"),
        ("like me?", "no answer"),
        ("1-6", "no answer"),
        ('{"item": 4}', "no answer"),
        ('{"answer": true}', "no answer"),
        ('{"answer": null}', "no answer"),
        ('{"answer": [4]}', "no answer"),
        ('{"answer": "not really like me"}', "negated"),
        ("<think>4, I suppose", "unfinished reasoning"),
        ("hello", "no answer"),
    ],
)
def test_what_is_no_answer(text: str, reason: str) -> None:
    assert reason in REASONS
    assert parse_answer(text, SCALE) == (None, reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B", (2, "")),
        ("b", (2, "")),
        ("(B)", (2, "")),
        ("B.", (2, "")),
        ("Answer: F", (6, "")),
        ("b) not like me", (2, "")),
        ("B) like me", (None, "several answers")),
        ("A little like me", (3, "")),
        ("a person like that", (None, "no answer")),
        ("G", (None, "no answer")),
    ],
)
def test_letters_only_when_letters_were_offered(text: str, expected: tuple[int, str]) -> None:
    assert parse_answer(text, LETTERED) == expected


def test_letters_are_no_answer_otherwise() -> None:
    assert parse_answer("B", SCALE) == (None, "no answer")


def test_a_base_model_answers_on_its_first_line_only() -> None:
    text = " 4\n\nDescription: This person sings.\nAnswer: 2"
    assert parse_answer(text, SCALE) == (None, "several answers")
    assert parse_answer(text, SCALE, continuation=True) == (4, "")


@given(st.integers(1, 6), st.sampled_from(["{}", "{}.", "({})", "Answer: {}", '{{"answer": {}}}']))
def test_numbers_round_trip(point: int, form: str) -> None:
    assert parse_answer(form.format(point), SCALE) == (point, "")


@given(
    st.sampled_from(["not really ", "hardly ", "never ", "isn't ", "don't say ", "un", "no way "]),
    st.sampled_from([LABELS[point] for point in (3, 4, 5, 6)]),
    st.sampled_from(["", "This person is ", "I'd say ", "Answer: "]),
    st.sampled_from(["", ".", "!", " because I care", " (as far as I know)"]),
)
def test_a_negation_is_never_agreement(no: str, label: str, lead: str, tail: str) -> None:
    answer, reason = parse_answer(lead + no + label + tail, SCALE)
    assert answer is None
    assert reason


PIECES = [
    *LABELS.values(),
    "not",
    "I'd say",
    "4",
    "7",
    "2.5",
    "or",
    "\n",
    ", ",
    ". ",
    "?",
    "because",
]


def _is_said(point: int, text: str) -> bool:
    text = text.casefold()
    words = [word for word, number in NUMBER_WORDS.items() if number == point]
    return (
        bool(re.search(rf"{point}", text))
        or any(wording in text for wording, p in SCALE.wordings.items() if p == point)
        or any(word in text for word in words)
    )


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_an_answer_was_said(text: str) -> None:
    answer, reason = parse_answer(text, SCALE)
    assert (answer is None) == bool(reason)
    if answer is not None:
        assert _is_said(answer, text)


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_crash_or_an_invention(text: str) -> None:
    answer, reason = parse_answer(text, SCALE)
    assert (answer is None) == bool(reason)
    assert reason in ("", *REASONS)
    if answer is not None:
        assert 1 <= answer <= 6
        import unicodedata

        assert _is_said(answer, unicodedata.normalize("NFKC", text))
