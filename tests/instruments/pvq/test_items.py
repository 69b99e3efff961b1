from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from valuelex.errors import PromptError
from valuelex.instruments.pvq.items import (
    Questionnaire,
    read_questionnaire,
    with_official_text,
)
from valuelex.instruments.pvq.key import Key
from valuelex.prompts import load_prompt

ROOT = Path(__file__).parents[3]


def content() -> dict[str, Any]:
    return copy.deepcopy(dict(load_prompt(ROOT, "pvq.v1")))


def test_shipped_portraits_are_complete_ours_and_gender_neutral(
    questionnaire: Questionnaire,
) -> None:
    assert len(questionnaire.portraits) == 57
    assert not questionnaire.official
    gendered = re.compile(r"\b(he|she|him|her|his|hers|himself|herself|man|woman)\b", re.IGNORECASE)
    for portrait in questionnaire.portraits:
        assert not gendered.search(portrait.text), portrait
        assert 6 <= len(portrait.text.split()) <= 26, portrait
        # no portrait answers the question of another one, or of the scale
        assert "like me" not in portrait.text


def test_scale_and_frames(questionnaire: Questionnaire) -> None:
    assert (questionnaire.low, questionnaire.high) == (1, 6)
    assert questionnaire.labels[1] == "not like me at all"
    assert set(questionnaire.frames) == {"person", "model", "plain"}
    with pytest.raises(PromptError, match="did you mean 'person'"):
        questionnaire.frame("persona")


def _without(name: str) -> Any:
    def spoil(data: dict[str, Any]) -> None:
        del data[name]

    return spoil


def _miskeyed(data: dict[str, Any]) -> None:
    data["items"][0]["value"] = "hedonism"


def _doubled(data: dict[str, Any]) -> None:
    data["items"][1]["item"] = 1


def _same_text(data: dict[str, Any]) -> None:
    data["items"][1]["text"] = data["items"][0]["text"].upper()


def _no_hole(data: dict[str, Any]) -> None:
    data["chat"] = "Portrait: {portrait}"


def _gap_in_scale(data: dict[str, Any]) -> None:
    del data["scale"]["labels"][3]


def _same_label(data: dict[str, Any]) -> None:
    data["scale"]["labels"][3] = "Like  me"


def _empty_text(data: dict[str, Any]) -> None:
    data["items"][4]["text"] = " "


def _extra_field(data: dict[str, Any]) -> None:
    data["items"][4]["reverse"] = True


def _bad_ends(data: dict[str, Any]) -> None:
    data["scale"]["low"] = 6


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without("items"), "must have 'items'"),
        (_without("frames"), "must have 'frames'"),
        (_miskeyed, "item 1 must be keyed to 'self-direction-thought'"),
        (_doubled, r"missing \[2\].*\[1\]"),
        (_same_text, "items 1 and 2 have the same text"),
        (_no_hole, "must contain"),
        (_gap_in_scale, "label each point"),
        (_same_label, "must differ"),
        (_empty_text, "a whole number and a text"),
        (_extra_field, "item, value and text"),
        (_bad_ends, "whole low < high"),
    ],
)
def test_a_spoilt_questionnaire_is_one_clear_error(spoil: Any, message: str, key: Key) -> None:
    data = content()
    spoil(data)
    with pytest.raises(PromptError, match=message):
        read_questionnaire(data, key)


def test_official_text_takes_the_place_of_ours(questionnaire: Questionnaire, key: Key) -> None:
    rows = [(item, f"wording {item}") for item in range(57, 0, -1)]
    official = with_official_text(questionnaire, rows, key, "pvq-official")
    assert official.official
    assert official.id == "pvq-official"
    assert [portrait.item for portrait in official.portraits] == list(range(1, 58))
    assert official.portraits[0].text == "wording 1"
    with pytest.raises(PromptError, match="another id"):
        with_official_text(questionnaire, rows, key, questionnaire.id)
    with pytest.raises(PromptError, match=r"missing \[1\]"):
        with_official_text(questionnaire, rows[:-1], key, "pvq-official")
