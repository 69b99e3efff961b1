from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.closures import ROOT
from tests.portrait_set.made import questions, value_of, write_set

from valuelex.errors import DataError
from valuelex.instruments.portrait.items import read_item_set
from valuelex.stages.portrait_folder import checksum, read_folder
from valuelex.stages.portrait_tags import make_tags


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "set", groups=True)


def test_a_whole_set_is_read(folder: Path) -> None:
    found = read_folder(folder)
    assert len(found.item_set.items) == 8 * 5
    assert found.item_set.items[0].id == ("100", 1)
    assert found.ratings is not None
    assert set(found.people) == {"pvq"}
    assert set(found.groups) == {"religious", "not-religious"}
    assert found.sha256 == checksum(folder)


def test_tags_are_built_from_ratings_and_find_what_the_replies_speak_of(folder: Path) -> None:
    found = read_folder(folder)
    speaks = {item.id: value_of(item.reply) for item in found.item_set.items}
    for rule in ("published", "corrected"):
        made = make_tags(found, ROOT, rule, permutations=100)
        assert not made.published_set
        tagged = {(tag.item, tag.dimension) for tag in made.tags}
        assert set(speaks.items()) <= tagged
    corrected = make_tags(found, ROOT, "corrected", permutations=100)
    right = [tag for tag in corrected.tags if speaks[tag.item] == tag.dimension]
    assert len(right) >= 0.9 * len(corrected.tags)
    together = corrected.counts()[0]
    assert together["value"] == ""
    assert 0 < together["expected"] < together["published"]


def test_without_a_link_the_corrected_rule_tags_next_to_nothing(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set")
    values = json.loads((folder / "human_values.json").read_text("utf-8"))
    names = list(values)
    order = np.random.default_rng(1).permutation(names)
    dealt = dict(zip(names, [values[n] for n in order], strict=True))
    (folder / "human_values.json").write_text(json.dumps(dealt), encoding="utf-8")
    found = read_folder(folder)
    made = make_tags(found, ROOT, "corrected", permutations=100)
    assert len(made.tags) <= 2
    counted = made.counts()[0]
    assert counted["lower"] <= counted["published"] <= counted["upper"] * 1.5


def test_exclusions_of_the_folder_are_data(folder: Path) -> None:
    before = make_tags(read_folder(folder), ROOT, "published", permutations=20)
    first = before.tags[0]
    (folder / "exclusions.csv").write_text(
        f"portrait_id,option_id,value\n{first.item[0]},{first.item[1]},{first.dimension}\n"
    )
    after = make_tags(read_folder(folder), ROOT, "published", permutations=20)
    assert len(after.tags) == len(before.tags) - 1
    (folder / "exclusions.csv").write_text("portrait_id,option_id,value\n100,1,Nonsense\n")
    with pytest.raises(DataError, match="name none"):
        make_tags(read_folder(folder), ROOT, "published", permutations=20)


def test_a_set_without_ratings_or_correlations_cannot_be_scored(tmp_path: Path) -> None:
    found = read_folder(write_set(tmp_path / "set", rated=False))
    with pytest.raises(DataError, match="nothing says which item counts"):
        make_tags(found, ROOT, "published")


def _gone(folder: Path) -> None:
    (folder / "human_values.json").unlink()


def _not_json(folder: Path) -> None:
    (folder / "items.json").write_text("[{")


def _other_values(folder: Path) -> None:
    values = json.loads((folder / "human_values.json").read_text("utf-8"))
    del values["P001"]["pvq"]["Power"]
    (folder / "human_values.json").write_text(json.dumps(values))


def _no_items(folder: Path) -> None:
    (folder / "items.json").rename(folder / "things.json")


def _odd_ratings(folder: Path) -> None:
    (folder / "human_ratings.json").write_text('[{"100": [{"option_id": 1, "data": [[1]]}]}]')


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_gone, r"must hold both human_ratings.json and human_values.json"),
        (_not_json, r"items.json is not JSON"),
        (_other_values, r"human_values.json: person 'P001' must have"),
        (_no_items, r"must hold one of items_tagged.json, items.json; it holds"),
        (_odd_ratings, r"human_ratings.json is malformed"),
    ],
)
def test_a_spoilt_folder_is_one_clear_error(
    folder: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(folder)
    with pytest.raises(DataError, match=message):
        read_folder(folder)


def test_a_folder_that_is_not_there_names_the_nearest(folder: Path) -> None:
    with pytest.raises(DataError, match=r"does not exist.*did you mean 'set'"):
        read_folder(folder.parent / "sett")


def _entry(**changes: Any) -> list[dict[str, Any]]:
    entry = questions(1)[0] | changes
    return [{name: value for name, value in entry.items() if value is not None}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "must be a list of questions"),
        ([], "must be a list of questions"),
        (_entry(content=None), "question 1 must have 'content'"),
        (_entry(outputs=[]), "must be a list of replies"),
        (_entry(outputs=[{"id": "1", "content": "x"}]), "must be a whole number"),
        (_entry(outputs=[{"id": 1, "content": " "}]), "must be a text"),
        (_entry(outputs=[{"id": 1, "content": "x"}] * 2), "stands twice"),
        (
            _entry(outputs=[{"id": 1, "content": "x", "correlations": [["Power"]]}]),
            r"must hold \(value, r\)",
        ),
    ],
)
def test_malformed_items_are_one_clear_error(content: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_item_set(content)
