"""An item set read: its shape, what it carries, and one clear error for each fault."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from valuelex.errors import DataError
from valuelex.instruments.portrait.items import Item, read_item_set
from valuelex.instruments.portrait.score import Tag

CONTENT: list[dict[str, Any]] = [
    {
        "portrait_id": 7,
        "content": {"title": "Late", "text": "May I come late?"},
        "outputs": [
            {"id": 1, "content": "Never."},
            {
                "id": 2,
                "content": "Do.",
                "correlations": [["hedonism", 0.25]],
                "big_five_correlations": [["openness", 1]],
            },
        ],
    },
    {
        "portrait_id": "8",
        "content": {"title": "", "text": "Why?"},
        "outputs": [{"id": 1, "content": "Because."}],
    },
]


def test_items_stand_in_the_order_of_the_file() -> None:
    found = read_item_set(CONTENT)
    assert found.items == (
        Item(("7", 1), "Late", "May I come late?", "Never."),
        Item(("7", 2), "Late", "May I come late?", "Do."),
        Item(("8", 1), "", "Why?", "Because."),
    )
    assert found.correlations == (
        Tag(("7", 2), "big_five", "openness", 1.0),
        Tag(("7", 2), "pvq", "hedonism", 0.25),
    )


def _first(data: list[Any], *path: Any, value: Any) -> None:
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value


def _drop(data: list[Any], *path: Any) -> None:
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]


FAULTS: list[tuple[Callable[[list[Any]], Any], str]] = [
    (lambda d: _drop(d, 1, "portrait_id"), "question 2 must have 'portrait_id', has: ['content',"),
    (lambda d: _drop(d, 0, "content"), "question 1 must have 'content', has: ['outputs',"),
    (lambda d: _drop(d, 0, "outputs"), "question 1 must have 'outputs', has: ['content',"),
    (lambda d: _drop(d, 1, "content", "title"), "question 2, content must have 'title', has: ['te"),
    (lambda d: _drop(d, 0, "content", "text"), "question 1, content must have 'text', has: ['ti"),
    (lambda d: _first(d, 1, value=5), "question 2 must have 'portrait_id', has: int"),
    (
        lambda d: _first(d, 0, "outputs", value=[]),
        "question 1: 'outputs' must be a list of replies",
    ),
    (lambda d: _first(d, 0, "outputs", value={}), "'outputs' must be a list of replies, was: {}"),
    (lambda d: _drop(d, 0, "outputs", 1, "id"), "question 1 must have 'id', has: ['big_five"),
    (
        lambda d: _first(d, 0, "outputs", 0, "id", value="1"),
        "question 1: the id of a reply must be a whole number, was: '1'",
    ),
    (
        lambda d: _first(d, 0, "outputs", 0, "id", value=True),
        "question 1: the id of a reply must be a whole number, was: True",
    ),
    (lambda d: _drop(d, 0, "outputs", 0, "content"), "question 1 must have 'content', has: ['id']"),
    (
        lambda d: _first(d, 0, "outputs", 0, "content", value=" "),
        "question 1: a reply must be a text, was: ' '",
    ),
    (
        lambda d: _first(d, 0, "outputs", 0, "content", value=5),
        "question 1: a reply must be a text, was: 5",
    ),
    (
        lambda d: _first(d, 0, "outputs", 1, "id", value=1),
        "question 1: the item ('7', 1) stands twice",
    ),
    (
        lambda d: _first(d, 0, "outputs", 1, "correlations", value=[["hedonism"]]),
        "question 1: 'correlations' must hold (value, r), was: ['hedonism']",
    ),
    (
        lambda d: _first(d, 0, "outputs", 1, "correlations", value=[["hedonism", "x"]]),
        "question 1: 'correlations' must hold (value, r), was: ['hedonism', 'x']",
    ),
    (
        lambda d: _first(d, 0, "outputs", 1, "correlations", value=["hx"]),
        "question 1: 'correlations' must hold (value, r), was: 'hx'",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), FAULTS)
def test_a_fault_names_its_question(spoil: Callable[[list[Any]], Any], message: str) -> None:
    data = copy.deepcopy(CONTENT)
    spoil(data)
    with pytest.raises(DataError) as caught:
        read_item_set(data)
    assert message in str(caught.value)


@pytest.mark.parametrize(("content", "kind"), [([], "list"), ({}, "dict"), (None, "NoneType")])
def test_a_set_is_a_list_that_holds_something(content: object, kind: str) -> None:
    with pytest.raises(DataError, match=f"must be a list of questions, was: {kind}"):
        read_item_set(content)
