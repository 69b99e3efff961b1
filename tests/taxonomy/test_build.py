from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.errors import DataError, SettingsError
from valuelex.taxonomy.build import TaxonomyOptions, build_taxonomy
from valuelex.taxonomy.diff import adjusted_rand
from valuelex.taxonomy.material import LexiconTerm, Material
from valuelex.taxonomy.model import Taxonomy
from valuelex.taxonomy.naming import NameOverride
from valuelex.taxonomy.subdivide import residual_correlation
from valuelex.taxonomy.theories import Theory

SCHEMA = Path(__file__).parents[2] / "lexicon" / "schemas" / "taxonomy.v1.schema.json"

Make = Callable[..., Material]

# Two dimensions along two axes of a plane, one term between them, one far from both.
TERMS = ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "low", "both", "out", "far"]
LOADINGS = np.array(
    [
        [0.7, 0.1],
        [0.6, 0.0],
        [0.5, -0.1],
        [-0.6, 0.1],  # a4: the negative pole of the first factor
        [0.0, 0.7],
        [0.1, 0.6],
        [0.0, 0.5],
        [0.1, 0.4],
        [0.2, 0.1],  # low: weak, by meaning like b
        [0.5, 0.45],  # both: split, by meaning like a
        [np.nan, np.nan],  # out: not in the analysis, by meaning like b
        [0.1, 0.1],  # far: weak, like neither
    ]
)
PLANE = np.array(
    [
        [1.0, 0.0, 0.0],
        [1.0, 0.1, 0.0],
        [1.0, 0.0, 0.1],
        [0.9, 0.0, 0.3],
        [0.0, 1.0, 0.0],
        [0.1, 1.0, 0.0],
        [0.0, 1.0, 0.1],
        [0.0, 0.9, 0.2],
        [0.2, 0.9, 0.0],
        [0.9, 0.2, 0.0],
        [0.0, 1.0, 0.2],
        [0.0, 0.0, 1.0],
    ]
)


def places(taxonomy: Taxonomy) -> dict[str, str]:
    return {term: where.split(".")[0] for term, where in taxonomy.placed().items()}


def test_the_rule_by_hand(make_material: Make) -> None:
    phi = np.array([[1.0, 0.3], [0.3, 1.0]])
    taxonomy = build_taxonomy(make_material(TERMS, LOADINGS, PLANE, phi), study="hand")
    assert places(taxonomy) == {
        **dict.fromkeys(["a1", "a2", "a3", "both"], "d1"),
        "a4": "d1-",
        **dict.fromkeys(["b1", "b2", "b3", "b4", "low", "out"], "d2"),
    }
    first, second = taxonomy.dimensions
    assert (first.factor, first.related, second.related) == ("F1", {"d2": 0.3}, {"d1": 0.3})
    entries = {e.term: e for d in taxonomy.dimensions for e in d.terms}
    assert {t for t, e in entries.items() if e.placed_by == "meaning"} == {"low", "both", "out"}
    assert entries["out"].loading is None
    assert entries["low"].loading == 0.1  # on the factor of the dimension that it joined
    assert entries["a1"].evidence == ("r0:1", "r0:2")
    assert first.negative_pole[0].keying == -1
    (far,) = taxonomy.unplaced
    assert far.term == "far"
    assert far.reason.startswith("no loading of 0.3 or more; no dimension within")
    assert any("load negatively on factor F1" in note for note in taxonomy.notes)


def test_a_negative_pole_can_stay_with_reversed_keying(make_material: Make) -> None:
    options = TaxonomyOptions(negative_pole="keep")
    taxonomy = build_taxonomy(make_material(TERMS, LOADINGS, PLANE), options=options)
    entry = next(e for e in taxonomy.dimensions[0].terms if e.term == "a4")
    assert (entry.keying, entry.loading, entry.placed_by) == (-1, -0.6, "loading")
    assert taxonomy.dimensions[0].negative_pole == ()


def test_a_bipolar_factor_can_be_two_dimensions(make_material: Make) -> None:
    loadings = np.array([[0.6], [0.5], [0.7], [-0.6], [-0.5], [-0.7]])
    vectors = PLANE[[0, 1, 2, 4, 5, 6]]
    options = TaxonomyOptions(negative_pole="split")
    taxonomy = build_taxonomy(make_material(TERMS[:6], loadings, vectors), options=options)
    up, down = taxonomy.dimensions
    assert (up.pole, down.pole, up.factor, down.factor) == (1, -1, "F1", "F1")
    assert [e.term for e in down.terms] == ["b2", "a4", "b1"]  # by size of loading
    assert {e.keying for e in down.terms} == {1}
    assert up.related == {"d2": -1.0}


def test_a_factor_without_enough_terms_gives_no_dimension(make_material: Make) -> None:
    options = TaxonomyOptions(min_terms=4)
    taxonomy = build_taxonomy(make_material(TERMS, LOADINGS, PLANE), options=options)
    assert [d.factor for d in taxonomy.dimensions] == ["F2"]
    assert taxonomy.notes[0].startswith("Factor F1 gives no dimension: 3 terms")
    reasons = {u.term: u.reason for u in taxonomy.unplaced}
    assert reasons["a1"].startswith("loads on a factor that gives no dimension")


def test_without_any_dimension_the_strongest_terms_are_shown_as_none(
    make_material: Make,
) -> None:
    weak = make_material(TERMS, LOADINGS * 0.3, PLANE)
    taxonomy = build_taxonomy(weak, options=TaxonomyOptions(min_terms=4))
    (only,) = taxonomy.dimensions
    core = {e.term for e in only.terms if e.placed_by == "loading"}
    order = np.argsort(-LOADINGS[:, 0], kind="stable")[:4]
    assert core == {TERMS[i] for i in order}
    assert any("they are no dimension" in note for note in taxonomy.notes)
    with pytest.raises(DataError, match="needs 99 terms with loadings"):
        build_taxonomy(weak, options=TaxonomyOptions(min_terms=99))


def test_clusters_of_the_whole_lexicon_can_be_the_sub_dimensions(make_material: Make) -> None:
    clusters = np.array([0, 0, -1, 0, 1, 1, 2, 2, -1, -1, -1, -1])
    material = make_material(TERMS, LOADINGS, PLANE, clusters=clusters)
    options = TaxonomyOptions(partition="clusters", min_sub_size=2)
    taxonomy = build_taxonomy(material, options=options)
    # a3 is noise: with one piece only, all of d1 is one group; d2 keeps its two pieces
    assert [len(d.sub_dimensions) for d in taxonomy.dimensions] == [1, 2]
    cores = [
        [e.term for e in s.terms if e.placed_by == "loading"]
        for s in taxonomy.dimensions[1].sub_dimensions
    ]
    assert cores == [["b1", "b2"], ["b3", "b4"]]
    with pytest.raises(DataError, match="no cluster labels came"):
        build_taxonomy(make_material(TERMS, LOADINGS, PLANE), options=options)


def test_a_person_names_by_terms_and_unused_names_are_told(make_material: Make) -> None:
    overrides = [
        NameOverride("Alpha", "dimension", ("a1", "a2", "b1")),
        NameOverride("Nobody", "dimension", ("x", "y")),
        NameOverride("Elsewhere", "dimension", ("b1",), study="another"),
        NameOverride("Beta group", "sub_dimension", ("b1",)),
        NameOverride("Alpha again", "dimension", ("a1",)),
    ]
    taxonomy = build_taxonomy(
        make_material(TERMS, LOADINGS, PLANE), overrides=overrides, study="hand"
    )
    first, second = taxonomy.dimensions
    assert (first.name, first.named_by) == ("Alpha", "person")
    assert second.named_by == "rule"
    assert "Beta group" in [s.name for s in second.sub_dimensions]
    assert any("'Nobody' was not used: no dimension holds" in note for note in taxonomy.notes)
    assert any("'Alpha again' was not used: d1 is already" in note for note in taxonomy.notes)
    assert not any("Elsewhere" in note for note in taxonomy.notes)


def test_a_small_world_is_recovered_and_fits_the_schema(
    terms: list[str],
    truth: tuple[NDArray[np.int64], NDArray[np.int64]],
    vectors: NDArray[np.float64],
    answers: Callable[..., NDArray[np.float64]],
    factored: Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]],
    theories: list[Theory],
    marker_vectors: dict[str, NDArray[np.floating]],
    make_material: Make,
) -> None:
    R, loadings = factored(answers(seed=1))
    residual = residual_correlation(R, loadings, np.eye(3))
    material = make_material(terms, loadings, vectors, residual=residual)
    options = TaxonomyOptions(loading_floor=0.2)
    arguments: dict[str, Any] = {
        "options": options,
        "theories": theories,
        "marker_vectors": marker_vectors,
        "study": "small world",
        "simulated": True,
    }
    taxonomy = build_taxonomy(material, **arguments)
    placed = taxonomy.placed()
    rows = [i for i, term in enumerate(terms) if term in placed]
    assert len(rows) >= 140
    sub = adjusted_rand([placed[terms[i]] for i in rows], [str(truth[1][i]) for i in rows])
    assert sub > 0.80

    data = json.loads(json.dumps(taxonomy.to_dict(), allow_nan=False))
    jsonschema.validate(data, json.loads(SCHEMA.read_text("utf-8")))
    assert Taxonomy.from_dict(data) == taxonomy
    assert build_taxonomy(material, **arguments).to_dict() == data
    names = [d.name for d in taxonomy.dimensions] + [s.name for s in taxonomy.sub_dimensions()]
    assert len(set(names)) == len(names)
    assert {t["theory"] for t in data["theories"]} == {"gpla", "schwartz", "valuelex"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loading_floor": 1.5}, r"loading_floor must be in \[0, 1\], was: 1.5"),
        ({"min_terms": 0}, "min_terms must be at least 1, was: 0"),
        ({"partition": "blends"}, "did you mean 'blend'"),
        ({"negative_pole": "drop"}, "must be one of list, keep, split"),
    ],
)
def test_options_out_of_range(change: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        TaxonomyOptions(**change)


def test_material_is_checked(make_material: Make) -> None:
    with pytest.raises(DataError, match="lexicon is empty"):
        make_material([], LOADINGS[:0], PLANE[:0])
    with pytest.raises(DataError, match="'a1' occurs 2 times"):
        make_material(["a1", "a1"], LOADINGS[:2], PLANE[:2])
    with pytest.raises(DataError, match=r"loadings: expected an array of shape \(2, any\)"):
        make_material(["a1", "a2"], LOADINGS, PLANE[:2])
    with pytest.raises(DataError, match=r"residual correlations: .* \(2, 2\), was: \(3, 3\)"):
        make_material(["a1", "a2"], LOADINGS[:2], PLANE[:2], residual=np.eye(3))
    with pytest.raises(DataError, match="1 factor names for 2 factors"):
        make_material(["a1", "a2"], LOADINGS[:2], PLANE[:2], factors=["F1"])
    with pytest.raises(DataError, match="not finite"):
        make_material(["a1", "a2"], LOADINGS[:2], PLANE[:2] * np.nan)
    assert LexiconTerm("a", 1, 1, 1, 1, 0.1).evidence == ()
