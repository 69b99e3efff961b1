from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.closures import ROOT

from valuelex.errors import PromptError
from valuelex.instruments.portrait.items import Item
from valuelex.instruments.portrait.requests import portrait_requests, read_wordings
from valuelex.instruments.pvq.requests import Respondent
from valuelex.prompts import load_prompt
from valuelex.records import Sampling

CONTENT = load_prompt(ROOT, "portrait.v1")
ITEMS = (Item(("7", 2), "A title", "Why {reply}?", "Because {options}."),)


def test_six_versions_of_every_item_and_as_many_for_each_persona() -> None:
    wordings = read_wordings(CONTENT)
    asked = portrait_requests(
        ITEMS,
        wordings,
        Respondent("m", "m", "r"),
        sampling=Sampling(0.7, 0.95, 24),
        personas=wordings.chosen(["woman"]),
    )
    assert len(asked) == 12
    assert len({one.request.id for one in asked}) == 12
    assert {one.version for one in asked} == {
        *("v1", "v1_reversed", "v2", "v2_reversed", "v3", "v3_reversed")
    }
    first, turned = asked[0], asked[1]
    assert first.request.prompt == "portrait.v1/7-2/v1"
    assert asked[6].request.prompt == "portrait.v1/7-2/v1@woman"
    # what an item holds is data: no hole of ours is filled in it
    text = first.request.messages[0].content
    assert "Why {reply}?" in text
    assert "Because {options}." in text
    labels = [f"- {label}" for label in wordings.labels.values()]
    assert "\n".join(labels) in text
    assert "\n".join(reversed(labels)) in turned.request.messages[0].content
    assert asked[6].request.messages[0].content.startswith(wordings.chosen(["woman"])[0].text)


def test_an_unknown_persona_names_the_nearest() -> None:
    with pytest.raises(PromptError, match=r"no persona 'womann' \(did you mean 'woman'\?\)"):
        read_wordings(CONTENT).chosen(["womann"])


def _hole(data: dict[str, Any]) -> None:
    data["wordings"]["v2"]["completion"] = "{question} {reply} {options}"


def _labels(data: dict[str, Any]) -> None:
    data["labels"] = {0: "no", 1: "yes"}


def _persona(data: dict[str, Any]) -> None:
    del data["personas"][0]["text"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_hole, r"'v2.completion' must contain \['\{persona\}'\]"),
        (_labels, "labels must be numbered"),
        (_persona, "a persona must have id, group and text"),
    ],
)
def test_a_spoilt_file_is_one_clear_error(spoil: Any, message: str) -> None:
    data = copy.deepcopy(dict(CONTENT))
    spoil(data)
    with pytest.raises(PromptError, match=message):
        read_wordings(data)
