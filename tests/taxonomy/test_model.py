from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from valuelex.errors import DataError
from valuelex.taxonomy.model import (
    Dimension,
    NearestValue,
    SubDimension,
    Taxonomy,
    TermEntry,
    UnplacedTerm,
)

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "lexicon/schemas/taxonomy.v1.schema.json").read_text("utf-8")
)


def entry(term: str, **more: Any) -> TermEntry:
    plain: dict[str, Any] = {
        "loading": 0.5,
        "placed_by": "loading",
        "keying": 1,
        "similarity": 0.7,
        "cluster": 2,
        "mentions": 12,
        "respondents": 9,
        "models": 4,
        "families": 2,
        "salience": 0.2,
        "evidence": ("r1:1",),
    }
    return TermEntry(term, **{**plain, **more})


def sample() -> Taxonomy:
    near = (NearestValue("gpla", "factor", "rationality", "Rationality", 0.6),)
    sub = SubDimension("d1.s1", "Care & love", "rule", near, (entry("care"), entry("love")))
    dimension = Dimension(
        "d1", "Warmth", "person", "F1", 1, {}, near, (sub,), (entry("cruelty", keying=-1),)
    )
    lost = UnplacedTerm("stapler", "no loading", None, 0.1, 3, 2, 1)
    return Taxonomy("toy", True, "1", (dimension,), (lost,), {"loading_floor": 0.3}, ("a note",))


def test_survives_the_round_trip_through_json() -> None:
    taxonomy = sample()
    data = json.loads(json.dumps(taxonomy.to_dict()))
    assert Taxonomy.from_dict(data) == taxonomy
    assert next(iter(data)) == "schema"
    jsonschema.validate(data, SCHEMA)
    assert taxonomy.placed() == {"care": "d1.s1", "love": "d1.s1", "cruelty": "d1-"}


def broken(path: str, value: Any) -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(sample().to_dict())
    *way, last = path.split("/")
    place: Any = data
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    if value is KeyError:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("schema", "valuelex/taxonomy.v2", "expected one of valuelex/taxonomy.v1"),
        ("studdy", "x", r"unknown key 'studdy' \(did you mean 'study'\?\)"),
        ("simulated", "yes", "taxonomy.simulated: expected true or false, was: 'yes'"),
        ("dimensions", "d1", "taxonomy.dimensions: expected a list"),
        ("dimensions/0/id", " ", "expected a text that is not blank"),
        ("dimensions/0/named_by", "rules", "did you mean 'rule'"),
        ("dimensions/0/related", {"d2": "x"}, r"dimensions\[0\].related.d2: expected a number"),
        ("dimensions/0/sub_dimensions/0/terms", KeyError, "the key 'terms' is missing"),
        ("dimensions/0/sub_dimensions/0/id", "d2.s1", "'d2.s1' stands in dimension 'd1'"),
        (
            "dimensions/0/sub_dimensions/0/terms/1/mentions",
            -1,
            r"terms\[1\].mentions: expected a whole number of at least 0, was: -1",
        ),
        ("dimensions/0/sub_dimensions/0/terms/1/models", True, "expected a whole number"),
        ("dimensions/0/sub_dimensions/0/terms/1/loading", float("nan"), "a finite number"),
        ("dimensions/0/sub_dimensions/0/terms/1/keying", 0, "expected 1 or -1, was: 0"),
        ("dimensions/0/sub_dimensions/0/terms/1/evidence", [3], r"evidence\[0\]: expected a text"),
        ("dimensions/0/sub_dimensions/0/terms/1/term", "care", "the term 'care' occurs twice"),
        ("unplaced/0/term", "love", "the term 'love' occurs twice"),
        ("unplaced/0", "stapler", r"taxonomy.unplaced\[0\]: expected a mapping"),
        ("options", [1], "taxonomy.options: expected a mapping"),
    ],
)
def test_reads_strictly(path: str, value: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Taxonomy.from_dict(broken(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("dimensions/0/sub_dimensions/0/terms/1/placed_by", "hand"),
        ("dimensions/0/sub_dimensions/0/terms/1/keying", 0),
        ("dimensions/0/id", "one"),
        ("unplaced/0/reason", KeyError),
        ("extra", 1),
    ],
)
def test_the_published_schema_refuses_the_same(path: str, value: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken(path, value), SCHEMA)
