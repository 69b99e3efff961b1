"""The rules of wording, each ending and each reason, and what becomes of a generator's drafts."""

from __future__ import annotations

import pytest
from tests.instruments.projective.helpers import taxonomy

from valuelex.instruments.projective.generate import draft_requests, parse_drafts
from valuelex.instruments.projective.screen import (
    Dropped,
    doubled,
    named_value,
    not_open,
    same_family,
    several_readings,
    word_root,
    wording_fault,
)
from valuelex.records import Message, Outcome, Reply, Sampling


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("gratefulness", "grat"),  # fulness, then e
        ("carelessness", "car"),
        ("creativeness", "creat"),
        ("decisiveness", "deci"),
        ("capability", "cap"),
        ("flexibility", "flex"),
        ("generousness", "gen"),
        ("dedications", "ded"),
        ("dedication", "ded"),
        ("commitments", "commit"),
        ("commitment", "commit"),
        ("acceptances", "accept"),
        ("acceptance", "accept"),
        ("preferences", "pref"),
        ("preference", "pref"),
        ("loyalties", "loy"),  # ties -> al
        ("civilities", "civil"),
        ("creativity", "creativ"),
        ("kindness", "kind"),
        ("fellowship", "fellow"),
        ("parenthood", "par"),
        ("generosity", "gen"),  # osity, then er
        ("pluralism", "plur"),
        ("optimists", "optim"),
        ("optimist", "optim"),
        ("missions", "mis"),
        ("mission", "mis"),
        ("trusting", "trust"),
        ("truthful", "truth"),
        ("fearless", "fear"),
        ("generous", "gen"),
        ("decisive", "deci"),
        ("adaptable", "adapt"),
        ("flexible", "flex"),
        ("totally", "tot"),
        ("calmly", "calm"),
        ("formal", "form"),
        ("heroic", "hero"),
        ("pleasant", "plea"),
        ("prudent", "prud"),
        ("leader", "lead"),
        ("leaders", "lead"),
        ("donor", "don"),
        ("donors", "don"),
        ("bodies", "bod"),
        ("wishes", "wish"),
        ("gifted", "gift"),
        ("privacy", "priva"),
        ("loyalty", "loy"),
        ("honesty", "honest"),  # "st" keeps its t
        ("bravery", "brav"),
        ("care", "car"),
        ("tidy", "tid"),
        ("laws", "law"),
        ("art", "art"),  # three letters stay
        ("arts", "art"),
        ("TRUST", "trust"),
    ],
)
def test_endings_are_cut_down_to_a_root(word: str, root: str) -> None:
    assert word_root(word) == root


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("honest", "dishonestly", True),
        ("kind", "unkindness", True),
        ("just", "injustice", True),
        ("tolerant", "intolerance", True),
        ("patient", "impatience", True),
        ("regular", "irregularity", True),
        ("legal", "illegality", True),
        ("violent", "nonviolence", True),
        ("violent", "non-violence", True),
        ("confident", "overconfidence", True),
        ("discipline", "self-discipline", True),
        ("discipline", "selfdiscipline", True),
        ("art", "art", True),
        ("art", "arts", True),
        ("ox", "oxen", False),  # roots of two letters say nothing
        ("uni", "unions", False),
        ("inn", "innate", False),  # fewer than four letters after it: no prefix
        ("careful", "uncaring", True),
        ("house", "horse", False),
        ("passion", "passive", True),  # one root
        ("equal", "equity", True),  # equ
        ("generosity", "generous", True),
        ("loyal", "loyalties", True),
        ("creative", "creativity", True),  # creat and creativ: two letters more after five
        ("trust", "trustworthy", False),
        ("stewardship", "stewarding", True),
        ("integral", "integrity", True),
        ("commun", "communally", True),
        ("gentle", "gentry", False),
        ("tender", "tent", False),
    ],
)
def test_families_of_words(a: str, b: str, same: bool) -> None:
    assert same_family(a, b) is same
    assert same_family(b, a) is same


def test_the_word_and_the_term_that_meet_are_named() -> None:
    assert named_value("A Dishonest Person is", ["order", "honesty"]) == "dishonest ~ honesty"
    assert named_value("My peace of mind is", ["love", "inner peace"]) == "peace ~ inner peace"
    assert named_value("I often", ["honesty"]) == ""


@pytest.mark.parametrize(
    ("stem", "why"),
    [
        ("I hope that", ""),
        ("I hope that ...", ""),
        ("I hope that…", ""),
        ("I hope that ___", ""),
        ("I Quietly", ""),
        ("I only", "may be complete after 'only'"),  # four letters are no adverb
        ("They may", "may be complete after 'may'"),
        ("  ", "empty"),
        ("I hope that.", "ends with '.'"),
        ("I hope that!", "ends with '!'"),
        ("Do I hope that?", "ends with '?'"),
        ("I hope that;", "ends with ';'"),
        ("I hope that:", "ends with ':'"),
        ("I hope for Rain", "may be complete after 'rain'"),
        ("123", "may be complete after ''"),
    ],
)
def test_an_open_stem_goes_on(stem: str, why: str) -> None:
    assert not_open(stem, {"that"}) == why


@pytest.mark.parametrize(
    ("stem", "why"),
    [
        (" ".join(["word"] * 22), ""),
        (" ".join(["word"] * 23), "23 words, at most 22"),
        ("1 2 3", "no word"),
        ("Is it so? I", "asks more than one thing"),
        ("He or/and she", "asks more than one thing"),
        ("When I ask why it is and how it was, I", "asks more than one thing"),
        ("When I ask What it is and WHO it was, I", "asks more than one thing"),
        ("When I ask why, and they say how, I", ""),
        ("I slept. Then I", "two sentences"),
        ("I slept! Then I", "two sentences"),
        ("I slept; then I", "two sentences"),
        ("At 3.30 I", ""),
        ("What's so-called fun is", ""),
    ],
)
def test_a_stem_has_one_reading(stem: str, why: str) -> None:
    assert several_readings(stem) == why


def test_the_first_rule_broken_is_given_with_what_it_saw() -> None:
    assert wording_fault("I am. Then I rest", ["that"]) == Dropped(
        "I am. Then I rest", "open", "may be complete after 'rest'"
    )
    assert wording_fault("I am. I know that", ["that"]) == Dropped(
        "I am. I know that", "one reading", "two sentences"
    )
    assert wording_fault("I know that", ["that"]) is None


def test_a_double_is_the_nearest_of_those_taken() -> None:
    similarity = [0.95, 0.99, 0.9, 0.2]
    assert doubled(similarity, [0, 2, 3], 0.9) == 0
    assert doubled(similarity, [2, 3], 0.9) == 2
    assert doubled(similarity, [3], 0.9) is None
    assert doubled(similarity, [], 0.0) is None


def drafts(text: str, outcome: Outcome = "answered") -> list[str]:
    return [d.text for d in parse_drafts(Reply("r", text, outcome), "care", "role")]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("1. When I", "When I"),
        ("12) When I", "When I"),
        ("  3 : When I  ", "When I"),
        ("- When I", "When I"),
        ("* When I", "When I"),
        ("• When I", "When I"),
        ("1. When I ..", "When I"),
        ("1. When I …", "When I"),
        ("1. When I ____", "When I"),
        ("1. When I.", "When I."),
        ('1. "When I"', "When I"),
        ("1. “When I”", "When I"),
    ],
)
def test_a_draft_is_a_numbered_or_bulleted_line(line: str, text: str) -> None:
    assert drafts(line) == [text]


@pytest.mark.parametrize("line", ["When I", "123. When I", "1 When I", "1.", "- ...", "", "+ When"])
def test_other_lines_are_no_drafts(line: str) -> None:
    assert drafts(line) == []


def test_drafts_are_counted_and_the_last_of_a_cut_reply_is_left_out() -> None:
    reply = Reply("r", "Here:\n1. When I\n\n2. If we\n3. Wher", "truncated")
    found = parse_drafts(reply, "care", "role")
    assert [(d.id, d.kind, d.text, d.situation, d.sub_dimension, d.keying) for d in found] == [
        ("g-care-r01", "role", "When I", "When I", "care", 1),
        ("g-care-r02", "role", "If we", "If we", "care", 1),
    ]
    assert drafts("1. When I", "refused") == []
    assert drafts("1. When I", "failed") == []


def test_what_a_generator_is_asked() -> None:
    words = [f"term{i}" for i in range(9)]
    prompt = {
        "chat": "{name}|{terms}|{n}|{kind}|{max_words}",
        "kinds": {"personal": "of I", "role": "of two"},
    }
    sampling = Sampling(0.7, 0.95, 200)
    found = draft_requests(
        taxonomy({"care": words}), {"key": "g", "id": 7}, sampling, prompt, stems=5
    )
    assert list(found) == [("care", "personal"), ("care", "role")]
    one = found["care", "role"]
    shown = ", ".join(words[:8])
    assert one.messages == (Message("user", f"Care|{shown}|5|of two|22"),)
    assert (one.model, one.model_id, one.revision) == ("g", "7", "")
    assert (one.prompt, one.sampling, one.draw) == ("compose.v1/care/role", sampling, 0)
    named = draft_requests(
        taxonomy({"care": []}), {"key": "g", "id": "g", "revision": 3}, sampling, prompt, stems=1
    )
    assert named["care", "personal"].messages[0].content == "Care|Care|1|of I|22"
    assert named["care", "personal"].revision == "3"
