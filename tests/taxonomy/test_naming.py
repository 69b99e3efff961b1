from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from valuelex.errors import LexiconError
from valuelex.taxonomy.naming import name_by_rule, parse_overrides

NAMES = Path(__file__).parents[2] / "lexicon" / "names.yaml"


def test_the_foremost_two_that_are_not_alike() -> None:
    terms = ["accuracy", "exactness", "learning", "odd"]
    vectors = np.array([[1.0, 0.0], [0.99, 0.14], [0.6, 0.8], [-1.0, 0.0]])
    weights = np.array([0.9, 0.8, 0.3, 5.0])  # "odd" points away from the centroid
    assert name_by_rule(terms, vectors, weights) == "Accuracy & learning"
    assert name_by_rule(terms, vectors, weights, taken=["Accuracy & learning"]) == "Accuracy & odd"


def test_alone_or_without_weights() -> None:
    one = np.array([[1.0, 0.0]])
    assert name_by_rule(["self-care"], one, np.array([0.0])) == "Self-care"
    two = np.array([[1.0, 0.0], [0.9, 0.1]])
    assert name_by_rule(["b", "a"], two, np.zeros(2)) == "B & a"


def test_the_projects_own_file_is_readable() -> None:
    assert parse_overrides(yaml.safe_load(NAMES.read_text("utf-8"))) == ()


def test_overrides_are_read_strictly() -> None:
    good: dict[str, object] = {"name": "Care", "level": "dimension", "holds": ["love"]}
    (found,) = parse_overrides({"names": [good]})
    assert (found.name, found.level, found.holds, found.study) == (
        "Care",
        "dimension",
        ("love",),
        "",
    )
    changes: list[tuple[dict[str, object], str]] = [
        ({"level": "dimensions"}, "did you mean 'dimension'"),
        ({"holds": []}, r"names\[0\].holds: expected at least one term"),
        ({"name": ""}, "not blank"),
        ({"hold": []}, "did you mean 'holds'"),
    ]
    for change, message in changes:
        with pytest.raises(LexiconError, match=message):
            parse_overrides({"names": [{**good, **change}]})
