from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest
from tests.instruments.projective.heldout import TERMS
from tests.instruments.projective.helpers import bag_of_words, prompt, taxonomy

from valuelex.errors import DataError
from valuelex.instruments.projective.compose import Candidate, compose_form
from valuelex.instruments.projective.form import Form, form_from_dict
from valuelex.instruments.projective.generate import draft_requests, parse_drafts
from valuelex.instruments.projective.screen import named_value, wording_fault
from valuelex.records import Reply, Sampling

BANK = prompt("stems.v1")
CONTROLS = prompt("anchors.v3")["controls"]


def compose(**options: Any) -> Form:
    options = {"stems_per_sub_dimension": 8, "seed": 3, "controls": CONTROLS} | options
    return compose_form(taxonomy(TERMS), BANK, bag_of_words, **options)


def test_forms_are_balanced_over_sub_dimensions_kinds_and_halves() -> None:
    form = compose()
    cells = Counter((s.sub_dimension, s.kind, form.part[s.id]) for s in form.stems)
    expected = itertools.product(TERMS, ("personal", "role"), ("A", "B"))
    assert cells == dict.fromkeys(expected, 2)
    assert form.notes == ()


def test_no_stem_names_its_value() -> None:
    form = compose(stems_per_sub_dimension=12)
    for stem in form.stems:
        assert named_value(stem.text, TERMS[stem.sub_dimension]) == ""
        assert "{" not in stem.text


def test_every_dropped_candidate_has_a_rule_and_a_detail() -> None:
    form = compose()
    in_bank = len(BANK["personal"]) + len(BANK["role"])
    assert len(form.stems) + len(form.dropped) == in_bank
    assert {d.rule for d in form.dropped} <= {
        "open",
        "one reading",
        "names its value",
        "double",
        "slot",
        "balance",
    }
    assert all(d.detail for d in form.dropped)


def test_same_input_same_form() -> None:
    assert compose().as_dict() == compose().as_dict()
    assert compose().as_dict() != compose(seed=4).as_dict()


def test_form_survives_its_file() -> None:
    form = compose()
    assert form_from_dict(form.as_dict()).as_dict() == form.as_dict()
    with pytest.raises(DataError, match="must have the field"):
        form_from_dict({"stems": [{"id": "x"}]})


def test_a_short_bank_gives_equally_fewer_stems_and_says_so() -> None:
    bank = dict(BANK) | {"role": BANK["role"][:13]}
    form = compose_form(taxonomy(TERMS), bank, bag_of_words, stems_per_sub_dimension=8, seed=1)
    assert set(Counter(s.sub_dimension for s in form.stems).values()) == {6}
    assert "role: 1 stems a sub-dimension and form instead of 2" in form.notes[0]


def test_an_empty_bank_is_an_error() -> None:
    bank = dict(BANK) | {"role": [], "personal": []}
    with pytest.raises(DataError, match="no fitting stem"):
        compose_form(taxonomy(TERMS), bank, bag_of_words, stems_per_sub_dimension=2, seed=1)


def test_the_bank_itself_passes_the_rules_of_wording() -> None:
    stems = BANK["personal"] + BANK["role"]
    assert len(stems) >= 80
    assert len({s["id"] for s in stems}) == len(stems)
    for stem in stems:
        fault = wording_fault(stem["text"].replace("{other}", "it"), BANK["open_endings"])
        assert fault is None, fault


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("I secretly love my work.", "open"),
        ("I secretly hope for a dog", "open"),
        ("", "open"),
        ("Why and how do I think that", "one reading"),
        ("I slept well. Then I", "one reading"),
        (" ".join(["word"] * 22) + " that", "one reading"),
    ],
)
def test_rules_of_wording(text: str, rule: str) -> None:
    fault = wording_fault(text, BANK["open_endings"])
    assert fault is not None
    assert fault.rule == rule


@pytest.mark.parametrize(
    ("stem", "term", "named"),
    [
        ("To be honest with you, I", "honesty", True),
        ("A dishonest person is", "honesty", True),
        ("Kindly people are", "kindness", True),
        ("My first care is to", "carefulness", True),
        ("When I meet a stranger, I", "honesty", False),
        ("My horse is", "honesty", False),
    ],
)
def test_named_value_sees_word_families(stem: str, term: str, named: bool) -> None:
    assert bool(named_value(stem, [term])) is named


def test_drafts_of_a_generator_are_screened_like_all_others() -> None:
    reply = Reply(
        "r",
        "Sure! Here you go:\n1. When nobody checks the bill, I ...\n2) Courage means that I\n"
        "- I never finish a sentence.\n\nLet me know",
        "answered",
    )
    drafts = parse_drafts(reply, "courage", "personal")
    assert [d.text for d in drafts] == [
        "When nobody checks the bill, I",
        "Courage means that I",
        "I never finish a sentence.",
    ]
    form = compose(candidates=drafts)
    rules = {d.text: d.rule for d in form.dropped}
    assert rules["Courage means that I"] == "names its value"
    assert rules["I never finish a sentence."] == "open"
    kept = [s for s in form.stems if s.text == "When nobody checks the bill, I"]
    assert all(s.sub_dimension == "courage" for s in kept)


def test_doubles_are_dropped() -> None:
    text = BANK["personal"][1]["text"]
    twin = Candidate("twin", "personal", text + " that", "something else", "")
    form = compose(candidates=[twin], double=0.85)
    assert text in {s.text for s in form.stems} | {d.text for d in form.dropped}
    assert not {text, twin.text} <= {s.text for s in form.stems}


def test_drafts_are_asked_for_every_sub_dimension_and_kind() -> None:
    model = {"key": "g", "id": "org/g", "revision": "1"}
    requests = draft_requests(
        taxonomy(TERMS), model, Sampling(0.7, 0.95, 200), prompt("compose.v1"), stems=5
    )
    assert len(requests) == 2 * len(TERMS)
    assert len({r.id for r in requests.values()}) == len(requests)
    assert "bravery" in requests["courage", "role"].messages[0].content
