from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from valuelex.errors import LexiconError
from valuelex.instruments.pvq.key import Key, read_key
from valuelex.lexica import read_yaml

ROOT = Path(__file__).parents[3]


def content() -> dict[str, Any]:
    return copy.deepcopy(dict(read_yaml(ROOT, "norms/pvq-rr-key.yaml")))


def test_three_levels_have_the_published_makeup(key: Key) -> None:
    nineteen = key.scales("nineteen")
    assert len(nineteen) == 19
    assert {len(items) for items in nineteen.values()} == {3}
    ten = key.scales("ten")
    assert len(ten) == 10
    assert ten["tradition"] == (7, 18, 33, 38, 40, 54)  # with humility
    assert 9 not in [item for items in ten.values() for item in items]  # without face
    four = key.scales("four")
    assert {name: len(items) for name, items in four.items()} == {
        "openness-to-change": 12,
        "self-enhancement": 9,
        "conservation": 15,  # without face and humility
        "self-transcendence": 15,
    }
    assert key.parts("ten")["power"] == ("power-dominance", "power-resources")
    assert key.value_of(57) == "universalism-tolerance"


def test_values_stand_in_circle_order(key: Key) -> None:
    assert list(key.scales("ten"))[:2] == ["self-direction", "stimulation"]
    assert list(key.scales("four")) == [
        "openness-to-change",
        "self-enhancement",
        "conservation",
        "self-transcendence",
    ]


def test_unknown_level_and_item_are_refused(key: Key) -> None:
    with pytest.raises(LexiconError, match="did you mean 'ten'"):
        key.scales("tem")  # type: ignore[arg-type]
    with pytest.raises(LexiconError, match=r"1\.\.57, was: 58"):
        key.value_of(58)


def _doubled_item(data: dict[str, Any]) -> None:
    data["values"][0]["items"] = [1, 23, 23]


def _unknown_field(data: dict[str, Any]) -> None:
    data["values"][3]["itmes"] = data["values"][3].pop("items")


def _doubled_id(data: dict[str, Any]) -> None:
    data["values"][1]["id"] = data["values"][0]["id"]


def _text_item(data: dict[str, Any]) -> None:
    data["values"][0]["items"] = [1, "23", 39]


def _no_items(data: dict[str, Any]) -> None:
    data["values"][0]["items"] = []


def _items_in_a_text(data: dict[str, Any]) -> None:
    data["values"][0]["items"] = "1, 23, 39"


def _no_count(data: dict[str, Any]) -> None:
    del data["n_items"]


def _no_values(data: dict[str, Any]) -> None:
    data["values"] = []


def _beyond(data: dict[str, Any]) -> None:
    data["values"][0]["items"] = [0, 1, 23, 39, 58]


def _no_number(data: dict[str, Any]) -> None:
    data["n_items"] = True


def _no_list(data: dict[str, Any]) -> None:
    data["values"] = {}


def _no_mapping(data: dict[str, Any]) -> None:
    data["values"][0] = "SDT"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_doubled_item, r"missing \[39\].*\[23\]"),
        (_unknown_field, "did you mean 'items'"),
        (_doubled_id, "doubled: .'self-direction-thought'"),
        (_text_item, "list of whole numbers"),
        (_no_items, "items of 'self-direction-thought' must be a list"),
        (_items_in_a_text, "items of 'self-direction-thought' must be a list"),
        (_no_count, "whole number >= 1, was: None"),
        (_no_values, "must be a list"),
        (_beyond, r"missing \[\], doubled or out of range \[0, 58\]"),
        (_no_number, "n_items"),
        (_no_list, "must be a list"),
        (_no_mapping, "must be a mapping"),
    ],
)
def test_a_spoilt_key_is_one_clear_error(spoil: Any, message: str) -> None:
    data = content()
    spoil(data)
    with pytest.raises(LexiconError, match=message):
        read_key(data)
