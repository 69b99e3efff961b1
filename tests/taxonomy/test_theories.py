from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.errors import DataError, LexiconError
from valuelex.taxonomy.model import Dimension, SubDimension, Taxonomy, TermEntry
from valuelex.taxonomy.theories import Theory, compare_with_theory, nearest_values, parse_theory


def toy() -> dict[str, Any]:
    return {
        "id": "toy",
        "title": "Toy",
        "sources": ["a book"],
        "note": "ours",
        "levels": ["coarse", "fine"],
        "values": [
            {"id": "good", "name": "Good", "level": "coarse", "parts": ["x", "y"]},
            {"id": "x", "name": "X", "level": "fine", "gloss": "the x", "markers": ["ex"]},
            {"id": "y", "name": "Y", "level": "fine", "markers": ["why", "ex"]},
        ],
    }


def taxonomy(groups: list[list[str]]) -> Taxonomy:
    subs = tuple(
        SubDimension(
            f"d1.s{i + 1}",
            f"Group {i + 1}",
            "rule",
            (),
            tuple(TermEntry(t, 0.5, "loading", 1, 0.5, None, 1, 1, 1, 1, 0.1) for t in terms),
        )
        for i, terms in enumerate(groups)
    )
    return Taxonomy("t", True, "1", (Dimension("d1", "D", "rule", "F1", 1, {}, (), subs),), ())


def test_the_projects_theories_have_the_make_up_that_their_sources_give(
    theories: list[Theory],
) -> None:
    sizes = {t.id: {level: len(t.on_level(level)) for level in t.levels} for t in theories}
    assert sizes == {
        "gpla": {"factor": 5},
        "schwartz": {"four": 4, "ten": 10, "nineteen": 19},
        "valuelex": {"dimension": 3, "sub_dimension": 6},
    }
    schwartz = next(t for t in theories if t.id == "schwartz")
    parts = {v.id: set(v.parts) for v in schwartz.values}
    assert parts["tradition"] == {"tr", "hu"}
    four = set.union(*(parts[v.id] for v in schwartz.on_level("four")))
    assert {v.id for v in schwartz.on_level("nineteen")} - four == {"hu", "fac"}
    assert all(5 <= len(v.markers) <= 8 for v in schwartz.on_level("nineteen"))
    assert all(theory.sources for theory in theories)


def test_parts_lend_their_markers() -> None:
    theory = parse_theory(toy())
    assert theory.markers_of(theory.values[0]) == ("ex", "why")
    assert theory.marker_words() == ("ex", "why")


def test_comparison_by_hand() -> None:
    theory = parse_theory(toy())
    vectors: dict[str, NDArray[np.floating]] = {
        "ex": np.array([1.0, 0.0, 0.0]),
        "why": np.array([0.0, 1.0, 0.0]),
        "a": np.array([1.0, 0.0, 0.0]),
        "b": np.array([0.6, 0.0, 0.8]),
        "c": np.array([0.0, 0.0, 1.0]),
        "d": np.array([0.0, 0.6, 0.8]),
    }
    found = compare_with_theory(taxonomy([["a", "b"], ["c", "d"]]), theory, vectors, n_random=50)
    # mean of a and b is (.8, 0, .4), its cosine with x = 2 / sqrt 5; y points to (1, 1, 0) / sqrt 2
    assert found.rows == ("d1.s1", "d1.s2")
    assert found.columns == ("x", "y")
    assert found.similarity[0][0] == pytest.approx(2 / np.sqrt(5), abs=1e-6)
    assert found.similarity[0][1] == pytest.approx(2 / np.sqrt(10), abs=1e-6)
    assert found.matches[0].value == "x"
    assert found.compared == "sub-dimensions"
    coarse = compare_with_theory(
        taxonomy([["a", "b"], ["c", "d"]]), theory, vectors, level="coarse", n_random=50
    )
    assert (coarse.compared, coarse.rows) == ("dimensions", ("d1",))
    assert "0 of 1 dimensions" in coarse.statement
    (nearest,) = nearest_values(np.array([0.0, 1.0, 0.0]), [theory], vectors)
    assert nearest.value == "y"
    assert nearest.similarity == pytest.approx(1 / np.sqrt(2), abs=1e-6)


def test_comparison_needs_vectors_and_a_known_level() -> None:
    theory = parse_theory(toy())
    with pytest.raises(DataError, match="first: 'ex'"):
        compare_with_theory(taxonomy([["a"]]), theory, {})
    with pytest.raises(DataError, match="has the levels coarse, fine, not 'fin'"):
        compare_with_theory(taxonomy([["a"]]), theory, {}, level="fin")
    with pytest.raises(DataError, match="without dimensions"):
        compare_with_theory(Taxonomy("t", True, "1", (), ()), theory, {})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"id": "x", "name": "X", "level": "fine", "markers": ["m"]}, "'x' occurs twice"),
        ({"id": "z", "name": "Z", "level": "fines", "markers": ["m"]}, "did you mean 'fine'"),
        ({"id": "z", "name": "Z", "level": "fine"}, "needs either markers or parts"),
        ({"id": "z", "name": "Z", "level": "fine", "parts": ["q"]}, "unknown part 'q'"),
        ({"id": "z", "name": "Z", "level": "fine", "marker": ["m"]}, "did you mean 'markers'"),
    ],
)
def test_theories_are_read_strictly(value: dict[str, Any], message: str) -> None:
    data = toy()
    data["values"].append(value)
    with pytest.raises(LexiconError, match=message):
        parse_theory(data)


def test_every_level_has_a_value() -> None:
    data = toy()
    data["levels"].append("finest")
    with pytest.raises(LexiconError, match="level 'finest' has no value"):
        parse_theory(data)
