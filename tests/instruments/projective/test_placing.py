"""How a form is put together, on a bank so small that every stem's place can be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.instruments.projective.helpers import taxonomy

from valuelex.errors import DataError
from valuelex.instruments.projective.compose import Candidate, compose_form
from valuelex.instruments.projective.form import Control
from valuelex.instruments.projective.screen import Dropped
from valuelex.records import Stem

AXES = {"delight": (1, 0), "gladness": (1, 0.2), "neatness": (0, 1), "Order": (0, 1)}


def embed(texts: Sequence[str]) -> NDArray[np.float64]:
    """Places words on two axes, and situations where their two numbers say; stems apart."""
    rows = []
    for i, text in enumerate(texts):
        numbers = AXES.get(text) or [
            float(x) for x in text.split(",") if x.strip("-. 0123456789") == ""
        ]
        one = np.zeros(40)
        if len(numbers) == 2:
            one[:2] = numbers
        else:
            one[2 + (sum(map(ord, text)) + 0 * i) % 38] = 1.0
        rows.append(one)
    return np.array(rows)


def entry(name: str, text: str, situation: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "text": text, "situation": situation, **more}


BANK: dict[str, Any] = {
    "id": "stems.v7",
    "open_endings": ["i", "that"],
    "personal": [
        entry("p1", "At dusk I", "1,0"),
        entry("p2", "At noon I", "0.9,0.1", keying=-1),
        entry("p3", "At dawn I", "0.1,0.9"),
        entry("p4", "By night I", "0,1"),
        entry("p5", "In spring I", "0.6,0.4"),
        entry("p6", "I am done.", "1,0"),
    ],
    "role": [
        entry("r1", "They say that", "1,0.1"),
        entry("r2", "We hope that", "0.8,0.2"),
        entry("r3", "You know that", "0.2,0.8"),
        entry("r4", "She sees that", "0,1"),
    ],
}
TAXONOMY = taxonomy({"joy": ("delight", "gladness"), "order": ("neatness",)})


def test_each_stem_goes_where_its_situation_fits_best() -> None:
    form = compose_form(TAXONOMY, BANK, embed, stems_per_sub_dimension=4, seed=2)
    assert (form.version, form.taxonomy, form.notes, form.controls) == ("stems.v7", "1", (), ())
    keys = {s.id: (s.sub_dimension, s.kind, s.keying) for s in form.stems}
    assert keys == {
        "p1": ("joy", "personal", 1),
        "p2": ("joy", "personal", -1),
        "p3": ("order", "personal", 1),
        "p4": ("order", "personal", 1),
        "r1": ("joy", "role", 1),
        "r2": ("joy", "role", 1),
        "r3": ("order", "role", 1),
        "r4": ("order", "role", 1),
    }
    # of two stems the better fit is in A, the other in B
    assert form.part == {
        "p1": "A",
        "p2": "B",
        "p4": "A",
        "p3": "B",
        "r1": "A",
        "r2": "B",
        "r4": "A",
        "r3": "B",
    }
    assert form.dropped == (
        Dropped("In spring I", "balance", "every quota is full"),
        Dropped("I am done.", "open", "ends with '.'"),
    )
    made = ["p1", "p2", "r1", "r2", "p4", "p3", "r4", "r3"]  # as they are listed before they mix
    mixed = [made[i] for i in np.random.default_rng(2).permutation(8)]
    expected = [s for s in mixed if form.part[s] == "A"] + [s for s in mixed if form.part[s] == "B"]
    assert [s.id for s in form.stems] == expected


def test_fit_is_centred_over_stems_and_keys() -> None:
    form = compose_form(TAXONOMY, BANK, embed, stems_per_sub_dimension=4, seed=2)
    axes = np.array([(np.array([1, 0]) + np.array([1, 0.2]) / np.hypot(1, 0.2)), [0.0, 1.0]])
    axes = axes / np.linalg.norm(axes, axis=1, keepdims=True)
    places = np.array([[1, 0], [0.9, 0.1], [0.1, 0.9], [0, 1], [0.6, 0.4]])
    cosine = places / np.linalg.norm(places, axis=1, keepdims=True) @ axes.T
    centred = cosine - cosine.mean(axis=0) - cosine.mean(axis=1)[:, None] + cosine.mean()
    for i, (name, key) in enumerate({"p1": 0, "p2": 0, "p3": 1, "p4": 1}.items()):
        assert form.fit[name] == pytest.approx(centred[i, key], abs=1e-12)


def test_four_stems_of_a_kind_are_halved_so_that_both_forms_fit_alike() -> None:
    bank = dict(BANK) | {
        "personal": [entry(f"p{i}", f"Day {'abcd'[i]} I", f"1,{i / 10}") for i in range(4)],
        "role": [entry(f"r{i}", f"Day {'efgh'[i]} that", f"1,{i / 10}") for i in range(4)],
    }
    one = taxonomy({"joy": ("delight",)})
    form = compose_form(one, bank, embed, stems_per_sub_dimension=8, seed=1)
    assert form.part == {f"{k}{i}": "ABBA"[i] for k in "pr" for i in range(4)}


def test_odd_numbers_count_as_one_less_and_half_rounded_up_is_personal() -> None:
    form = compose_form(TAXONOMY, BANK, embed, stems_per_sub_dimension=3, seed=1)
    assert sorted(s.id for s in form.stems) == ["p1", "p2", "p3", "p4"]
    assert form.notes == ()
    with pytest.raises(DataError, match="must be >= 2, was: 1"):
        compose_form(TAXONOMY, BANK, embed, stems_per_sub_dimension=1, seed=1)


def test_what_the_bank_cannot_carry_is_noted() -> None:
    bank = dict(BANK) | {"role": BANK["role"][:3]}
    form = compose_form(TAXONOMY, bank, embed, stems_per_sub_dimension=4, seed=1)
    assert form.notes == (
        "role: 0 stems a sub-dimension and form instead of 1, the bank has 3 that pass for"
        " 2 sub-dimensions",
    )
    assert {s.kind for s in form.stems} == {"personal"}
    surplus = {d.text for d in form.dropped if d.rule == "balance"}
    assert surplus == {"In spring I", *(s["text"] for s in bank["role"])}


def test_a_stem_that_names_its_value_goes_elsewhere_or_nowhere() -> None:
    named = {"personal": [*BANK["personal"][:5], entry("p7", "With delight I", "1,0")]}
    form = compose_form(TAXONOMY, dict(BANK) | named, embed, stems_per_sub_dimension=4, seed=1)
    assert Dropped("With delight I", "names its value", "delight ~ delight (joy)") in form.dropped
    by_name = {"personal": [*BANK["personal"][:5], entry("p7", "Any order I", "0,1")]}
    form = compose_form(TAXONOMY, dict(BANK) | by_name, embed, stems_per_sub_dimension=4, seed=1)
    assert Dropped("Any order I", "names its value", "order ~ Order (order)") in form.dropped


def test_a_double_is_dropped_and_says_of_what() -> None:
    twice = {"personal": [*BANK["personal"][:5], entry("p7", "At dusk I", "0.95,0")]}
    form = compose_form(TAXONOMY, dict(BANK) | twice, embed, stems_per_sub_dimension=4, seed=1)
    assert Dropped("At dusk I", "double", "of p1: 1.00") in form.dropped


def test_a_slot_is_filled_with_a_good_of_another_group_each_time_another() -> None:
    bank = dict(BANK) | {
        "personal": [entry("p1", "Beside {other} I", "1,0"), entry("p2", "At noon I", "0,1")],
        "role": [],
    }
    groups = {
        "joy": ("delight", "gladness"),
        "order": ("neatness", "orderly", "gladly", "cleanliness"),
    }
    form = compose_form(taxonomy(groups), bank, embed, stems_per_sub_dimension=2, seed=5)
    texts = {s.id: (s.text, s.sub_dimension) for s in form.stems}
    assert set(texts) == {"p1", "p1x2", "p1x3", "p2"}
    filled = [texts[name] for name in ("p1", "p1x2", "p1x3")]
    # an adjective ("orderly") and a relative of the key ("gladly") are not named beside joy
    allowed = {
        "joy": {"Beside neatness I", "Beside cleanliness I"},
        "order": {"Beside delight I"},
    }
    for text, key in filled:
        assert text in allowed[key]
    assert len({text for text, _ in filled}) == 3


def test_a_slot_that_nothing_can_fill_is_said() -> None:
    bank = dict(BANK) | {
        "personal": [entry("p1", "Beside {other} I", "1,0"), *BANK["personal"][1:3]]
    }
    one = taxonomy({"joy": ("delight",)})
    form = compose_form(one, bank, embed, stems_per_sub_dimension=2, seed=1)
    assert Dropped("Beside {other} I", "slot", "no quality to name beside joy") in form.dropped
    assert [s.id for s in form.stems] != []


def test_a_generators_draft_goes_to_its_own_key_only() -> None:
    draft = Candidate("g1", "personal", "In rain I", "1,0", "order")
    form = compose_form(
        TAXONOMY, BANK, embed, stems_per_sub_dimension=4, seed=1, candidates=[draft]
    )
    assert Dropped("In rain I", "balance", "every quota is full") in form.dropped
    near = Candidate("g1", "personal", "In rain I", "0,1", "order")
    form = compose_form(TAXONOMY, BANK, embed, stems_per_sub_dimension=4, seed=1, candidates=[near])
    assert Stem("g1", "In rain I", "order", "personal") in form.stems


def test_controls_are_filled_with_the_first_three_terms_in_turn() -> None:
    frames = {
        "noun": [
            {"text": "seek {term}", "expected": "high"},
            {"text": "shun {term}", "expected": "low"},
        ],
        "adjective": [{"text": f"be {k} {{term}}", "expected": "high"} for k in range(5)],
    }
    groups = {"joy": ("delight", "merciful", "hope", "peace"), "order": ("neatness",)}
    form = compose_form(
        taxonomy(groups), BANK, embed, stems_per_sub_dimension=2, seed=1, controls=frames
    )
    assert form.controls == (
        Control("joy-c1", "seek delight", "joy", "high"),
        Control("joy-c2", "be 1 merciful", "joy", "high"),
        Control("joy-c3", "seek hope", "joy", "high"),
        Control("joy-c4", "shun delight", "joy", "low"),
        Control("joy-c5", "be 4 merciful", "joy", "high"),
        Control("order-c1", "seek neatness", "order", "high"),
        Control("order-c2", "shun neatness", "order", "low"),
        Control("order-c3", "seek neatness", "order", "high"),
        Control("order-c4", "shun neatness", "order", "low"),
        Control("order-c5", "seek neatness", "order", "high"),
    )
