"""Every phrase that names values in a sentence: what comes after it, or before it, is found."""

from __future__ import annotations

import pytest

from valuelex.terms.parse_inline import comma_spans, emphasised_spans, named_spans, sentences


def named(text: str) -> list[str]:
    return [text[a:b] for a, b in named_spans(text)]


VALUING = (
    *("value", "cherish", "treasure", "prize", "esteem", "prioritise", "prioritize"),
    *("believe in", "stand for", "stand up for", "care about", "care for", "care most about"),
    *("care deeply about", "care most deeply for", "strive for", "strive toward"),
    *("strive towards", "aim for", "seek", "uphold", "embrace", "hold dear", "hold", "honour"),
    *("honor", "champion", "put", "place", "choose", "name", "say", "am committed to"),
    *("am deeply committed to", "are devoted to", "feel dedicated to", "am guided by"),
    *("are guided by", "act out of", "act with", "try to show", "try to practise"),
    *("try to practice", "try to live by", "try to embody", "embody", "practise", "practice"),
    *("appreciate", "respect"),
)
ADVERBS = (
    *("really", "also", "always", "most", "above all", "above all,", "first"),
    *("first and foremost", "do", "would", "will", "can", "to", "really do always"),
)
KINDS = (
    *("value", "values", "principle", "principles", "ideal", "ideals", "virtue", "virtues"),
    *("qualities", "quality", "trait", "traits", "standard", "standards", "word", "words"),
    *("watchword", "watchwords", "priorities", "thing", "things"),
)
RANKS = (
    *("core", "key", "main", "guiding", "own", "central", "basic", "fundamental", "personal"),
    *("highest", "most important", "deepest", "top", "chief", "primary", "few", "important"),
)
CALLED = (
    *("are", "is", "include", "includes", "would be", "boil down to", "boils down to"),
    *("come down to", "comes down to", "rest on", "rests on", "are:"),
)
FOLLOWING = (
    *("followed by", "followed closely by", "along with", "together with", "as well as"),
    *("next comes", "next come", "then comes", "then come", "after that comes"),
    *("after that come", "closely tied to"),
)
AFTER = {
    "a verb": [f"{who} {verb}" for verb in VALUING for who in ("I", "we", "I'd", "We'd", "I'll")],
    "an adverb": [f"I {adverb} value" for adverb in ADVERBS],
    "an adverb behind": [
        f"I value {a}" for a in ("most", "above all", "above all else,", "highly")
    ],
    "what I value": [
        f"{what} {who} {verb} most {be}"
        for what in ("What", "Which", "That")
        for who in ("I", "we")
        for verb in (*VALUING[:4], "care about", "hold dear", "stand for")
        for be in ("is", "are", "would be", "is:")
    ],
    "whose": [f"{whose} values are" for whose in ("My", "Our", "These", "The", "Its")],
    "a kind": [f"My {kind} are" for kind in KINDS],
    "a rank": [f"My {rank} values are" for rank in RANKS],
    "being called": [f"My ideals {call}" for call in CALLED],
    "being listed": [f"There are ideals {a}" for a in ("such as", "like", "including", "of")],
    "a guide": [
        f"It is {led} by {a}"
        for led in ("guided", "driven", "shaped", "moved", "governed", "led")
        for a in ("", "the", "my", "a", "values of", "a sense of", "sense of", "the values of")
    ],
    "a ground": [
        f"It is {set_up} {on}"
        for set_up in ("rooted", "grounded", "built", "based", "anchored", "centred", "centered")
        for on in ("in", "on", "around", "upon")
    ],
    "what matters": ["What matters is", "What counts for me are", "Which counts is:"],
    "above all": ["Above all, I value", "Above all else we value"],
    "another": [f"Good humour every day {after}" for after in FOLLOWING],
    "a word": [
        "Words that describe me are",
        "The word that sums me up is",
        "Words that come to mind would be:",
        "The word that describes me is",
    ],
}


@pytest.mark.parametrize("how", AFTER)
def test_what_follows_is_named(how: str) -> None:
    for phrase in AFTER[how]:
        text = f"{' '.join(phrase.split())} honesty and tact."
        assert named(text) == ["honesty", "tact"], text
        assert named(text.upper()) == ["HONESTY", "TACT"], text


BEFORE = (
    *("is what I want", "are the heart of it", "stand at the centre", "stands first"),
    *("come first", "comes first", "rank high", "ranks high", "matter most", "matters more"),
    *("guide me", "guides me", "mean a lot", "means everything", "define my work"),
    *("defines our work", "drive me", "drives me", "shape me", "shapes me", "sit at the top"),
    *("sits among them", "lie close to me", "lies deeply in it", "remain dear", "remains dear"),
    *("are very dear", "is to me a need", "are important", "are central", "are essential"),
    *("stand above the rest", "is how it works", "is who we are", "is next", "rank highest"),
)


@pytest.mark.parametrize("rest", BEFORE)
def test_what_comes_first_is_named(rest: str) -> None:
    assert named(f"Honesty and tact {rest}.")[:2] == ["Honesty", "tact"]


LEADS = (
    *("To me", "For me", "Honestly", "Well,", "Sure,", "Certainly,", "Of course,"),
    *("Personally,", "In short,", "Simply put,", "First,", "Second,", "Third,", "Finally,"),
    *("I think", "I believe", "I feel", "I would say", "I'd say that", "I would say that"),
    *("Beyond that,", "Besides,", "Overall,", "That", "Then", "And", "In my view,"),
    *("If I had to choose,", "Well, I think"),
)


@pytest.mark.parametrize("lead", LEADS)
def test_words_that_lead_in_are_no_values(lead: str) -> None:
    assert named(f"{lead} honesty matters most.")[0] == "honesty"


STOPS = (
    *(": always", "; it lasts", " (it lasts)", "! Always", "? Yes", ". It lasts", " - it lasts"),
    *(" — it lasts", "—it lasts", " because it lasts", " since it lasts", " so that it lasts"),
    *(" which lasts", " who lasts", " where it lasts", " when it lasts", " while it lasts"),
    *(" in order to last", " if it lasts", " as I said", " as they last", " as it lasts"),
    *(" that lasts", " these last", " this lasts", " those last", " even so", " but it lasts"),
    *(" although it lasts", " though it lasts", " in my work", " in every act", " in all acts"),
    *(" in everything done", " in our work", " in how one acts", " above all others"),
    *(" as my guide", " as the guide", " as well", " is a guide", " are guides"),
    *(" was a guide", " were guides", " has a place", " have a place", " help people"),
    *(" helps people", " guide people", " to help people", " to guide people", " to be kind"),
    *(" to make peace", " to ensure peace", " to me", " more than gold", " over gold"),
    *(" for me", " i say", " we say", " it lasts", " you see", " they say", " among others"),
    *(" at the least", " with every act", " with each act", " to last"),
)


@pytest.mark.parametrize("stop", STOPS)
def test_a_name_ends_where_a_clause_begins(stop: str) -> None:
    assert named(f"I value tact{stop}.") == ["tact"]


def test_a_long_part_ends_the_list_of_names() -> None:
    text = "I value tact, a long walk in good company, honesty."
    assert named(text) == ["tact"]
    assert named("I value a walk in company, honesty.") == ["a walk in company", "honesty"]


TALK = (
    *("i", "i'm", "i'll", "i've", "you", "we", "it", "they", "my", "me", "let", "here", "hope"),
    *("please", "thank", "feel", "is", "are", "was", "do", "don't", "can", "could", "would"),
    *("will", "have", "has"),
)


def test_a_comma_list_is_none_if_somebody_speaks() -> None:
    text = "Honesty, tact and care of people."
    assert [text[a:b] for a, b in comma_spans(text)] == ["Honesty", "tact", "care of people"]
    for word in TALK:
        assert comma_spans(f"Honesty, tact {word} care.") == [], word
        assert comma_spans(f"Honesty, tact {word.title()} care.") == [], word


@pytest.mark.parametrize("mark", [":", "："])
def test_a_preamble_ends_in_a_colon(mark: str) -> None:
    text = f"My words for it{mark} honesty, tact"
    assert [text[a:b] for a, b in comma_spans(text)] == ["honesty", "tact"]


def test_a_list_of_one_or_of_long_parts_is_no_comma_list() -> None:
    assert comma_spans("Honesty.") == []
    assert comma_spans("Honesty, all of the good old things.") == []
    assert len(comma_spans("Honesty, the good old things.")) == 2


def test_a_full_stop_inside_a_number_or_name_ends_no_sentence() -> None:
    text = "Be 1.5 times as kind. Ask example.org! Why? 是。好"
    assert [text[a:b].strip() for a, b in sentences(text)] == [
        *("Be 1.5 times as kind.", "Ask example.org!", "Why?", "是。", "好"),
    ]
    assert sentences(text, 5, 9) == [(5, 9)]


@pytest.mark.parametrize(
    "text",
    [
        *('a "good will" b', "a “good will” b", "a „good will“ b", "a «good will» b"),
        *("a **good will** b", "a __good will__ b"),
    ],
)
def test_quoted_and_bold_words_are_taken(text: str) -> None:
    assert [text[a:b] for a, b in emphasised_spans(text)] == ["good will"]


def test_long_quotations_are_not_taken() -> None:
    assert emphasised_spans('He said "the good will of them all" to me.') == []
    assert len(emphasised_spans('"the good will of" and **tact**')) == 2
