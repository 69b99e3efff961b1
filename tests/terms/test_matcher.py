"""Value words in running text: every negation, every way of naming a value or its importance."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.terms.tables import vocabulary
from valuelex.terms.matcher import Matcher, negated

MATCHER = Matcher(vocabulary())


def found(text: str, *hows: str) -> list[str]:
    return [text[f.start : f.end] for f in MATCHER.find(text) if f.how in hows]


NEGATIONS = (
    *("not", "no", "never", "without", "cannot", "nor", "neither", "hardly", "barely", "lack"),
    *("lacks", "lacking", "lacked", "fail to be", "fails to be", "lack of", "absence of"),
    *("loss of", "void of", "devoid of", "want of", "want for", "disregard for", "rejection of"),
    *("free of", "free from", "instead of", "rather than", "at the expense of", "violates"),
    *("violating", "violate", "violation of", "threat to", "threats to", "threatens", "threaten"),
    *("erode", "erodes", "eroding", "undermine", "undermines", "undermining", "doesn't", "non-"),
    *("non", "un-", "anti-", "anti"),
)
BETWEEN = (
    *("a", "an", "any", "the", "be", "being", "been", "very", "really", "always", "all", "much"),
    *("enough", "so", "too", "have", "has", "having", "show", "showing", "our", "their", "his"),
    *("her", "its", "your", "my", "that", "as", "is", "are", "was", "particularly", "entirely"),
    *("fully", "completely", "truly", "of", "it", "always so very"),
)


@pytest.mark.parametrize("negation", NEGATIONS)
def test_a_negation_right_before_a_word_negates_it(negation: str) -> None:
    gap = "" if negation.endswith("-") else " "
    text = f"They {negation}{gap}"
    assert negated(text, len(text))
    assert negated(text.upper(), len(text))


def test_small_words_may_stand_between_and_others_may_not() -> None:
    for word in BETWEEN:
        text = f"It is not {word} "
        assert negated(text, len(text)), word
    for text in ("It is not green ", "It is not so, ", "Never. A ", "No one here was ", "knot a "):
        assert not negated(text, len(text)), text


@pytest.mark.parametrize("only", ["only", "just", "merely", "simply"])
def test_not_only_negates_nothing(only: str) -> None:
    text = f"They are not {only} "
    assert not negated(text + "the ", len(text + "the "))
    assert not negated(text.upper(), len(text))


def test_a_negation_far_before_is_of_something_else() -> None:
    near = "not " + "so " * 14  # 46 letters: within the 48 that are read
    far = "not " + "so " * 16
    assert negated(near, len(near))
    assert not negated(far, len(far))


STRICT = (
    *(f"We {verb}" for verb in ("value", "cherish", "treasure", "prize", "hold dear")),
    *("I believe in", "I stand for", "We really value", "I also cherish", "We all treasure"),
    *(f"{whose} values of" for whose in ("The", "True", "Core", "Shared", "Human", "Moral")),
    *(f"{whose} values of" for whose in ("Our", "My", "Family", "Company", "Personal")),
    *(f"{whose} values of" for whose in ("Ethical", "Fundamental", "Democratic")),
    *(f"The {kind} such as" for kind in ("value", "virtue", "virtues", "ideal", "ideals")),
    *(f"The ideals {of}" for of in ("of", "such as", "like", "including")),
    *("Values such as", "Value like", "Virtue such as", "Virtues like", "Virtues of"),
)


@pytest.mark.parametrize("opening", STRICT)
def test_what_a_text_calls_a_value_is_named(opening: str) -> None:
    text = f"{opening} punctual trains and old bridges in every town."
    assert found(text, "named") == ["punctual trains", "old bridges"]
    assert found(text.lower(), "named") == ["punctual trains", "old bridges"]


WEAK = (
    *(f"the {noun} of" for noun in ("importance", "principle", "principles")),
    *(f"of {noun} of" for noun in ("ideal", "ideals", "spirit", "significance", "merit", "power")),
    *("this need for", "the pursuit of", "this value of", "the merits of", "commitment to"),
    *("dedication to", "devotion to", "sense of", "prioritise", "prioritize", "promote"),
    *("promoting", "foster", "fostering", "uphold", "upholding", "champion", "championing"),
    *("embody", "embodying", "demonstrate", "demonstrating", "cultivate", "cultivating"),
    *("value", "values", "valuing", "valued", "encourage", "encouraging"),
)


@pytest.mark.parametrize("opening", WEAK)
def test_what_is_said_to_matter_counts_weakly(opening: str) -> None:
    text = f"They saw {opening} punctual trains in town."
    assert found(text, "weak") == ["punctual trains"]
    assert found(text.upper(), "weak") == ["PUNCTUAL TRAINS"]


WEAK_ENDS = (
    *(". A", "! A", "? A", "; a", ": a", "\na", ", a", ") a", " (a)"),
    *(" in", " is", " are", " was", " for", " and", " or", " to", " as", " by", " with", " at"),
    *(" on", " when", " that", " which", " because", " but", " while", " over", " from", " has"),
    *(" have", " can", " will", " should", " we", " you", " i", " it", " they", " who"),
    *(" among", " between", " through", " during", " than"),
)


@pytest.mark.parametrize("end", WEAK_ENDS)
def test_a_weak_name_ends_at_the_next_clause(end: str) -> None:
    assert found(f"They saw the merits of trains{end} town.", "weak") == ["trains"]


LIST_ENDS = (
    *(". A", "! A", "? A", "; a", ": a", "\na", " (a)", ") a"),
    *(" in", " is", " are", " that", " which", " because", " but", " while", " to", " for"),
    *(" when", " as", " by", " with"),
)


@pytest.mark.parametrize("end", LIST_ENDS)
def test_a_list_of_names_ends_at_the_next_clause(end: str) -> None:
    assert found(f"We treasure trains, bridges{end} town.", "named") == ["trains", "bridges"]


def test_long_parts_are_no_names() -> None:
    assert found("We treasure trains, the old bridges of it, boats.", "named") == ["trains"]
    assert found("We treasure the old bridges.", "named") == ["the old bridges"]
    assert found("They saw the merits of very old bridges here.", "weak") == []
    assert found("They saw the merits of very old bridges.", "weak") == ["very old bridges"]


@pytest.mark.parametrize(
    "rest",
    [
        *("is important to me", "are dear to us", "is so precious to me", "is central to us"),
        *("is most essential to me", "are really important to us"),
    ],
)
def test_what_is_important_to_somebody_is_named(rest: str) -> None:
    assert found(f"They left. Old bridges {rest}.", "named") == ["Old bridges"]
    assert found(f"They left: old bridges {rest.upper()}.", "named") == ["old bridges"]


def test_each_span_is_found_once_in_the_order_of_the_text() -> None:
    text = "We value honesty. Dishonesty hurts, and honesty heals."
    spans = [(f.start, f.end) for f in MATCHER.find(text)]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert [(text[f.start : f.end], f.how, f.negated) for f in MATCHER.find(text)] == [
        ("honesty", "vocabulary", False),
        ("Dishonesty", "opposite", True),
        ("honesty", "vocabulary", False),
    ]
