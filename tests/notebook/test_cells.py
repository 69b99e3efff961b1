"""Taxonomies in a notebook: escaped, labelled, and as data frames."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import valuelex
from valuelex.errors import ArtifactError
from valuelex.reporting.cells import taxonomy_cell
from valuelex.stages.notebook import terms_frame

API: Any = valuelex  # its functions are imported when they are asked for
TERM = {"placed_by": "loading", "loading": 0.5, "mentions": 3, "respondents": 2, "models": 1}


def taxonomy(name: str, *, simulated: bool = False) -> dict[str, object]:
    terms = [{**TERM, "term": name}, {**TERM, "term": "b", "placed_by": "meaning", "loading": None}]
    subs = [{"id": "d1.s1", "name": name, "terms": terms}]
    dimension = {"id": "d1", "name": name, "sub_dimensions": subs, "negative_pole": []}
    unplaced = [{"term": "stray", "loading": 0.1, "mentions": 1, "respondents": 1, "models": 1}]
    return {"simulated": simulated, "dimensions": [dimension], "unplaced": unplaced}


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "</div><img src=x onerror=alert(1)>",
        '" onmouseover="x',
        "{0.__class__}",
        "{}",
        "\u202e\x00",
        "x" * 100_000,
    ],
)
def test_names_are_escaped(attack: str) -> None:
    page = taxonomy_cell(taxonomy(attack), attack, {attack: attack})
    tags = set(re.findall(r"<\s*([a-z]+)", page))
    assert tags <= {"div", "p", "b", "br", "small", "details", "summary", "i"}
    assert not re.search(r"<[^>]*\son\w+=", page)
    assert "\u202e" not in page
    assert "\x00" not in page
    assert len(page) < 3000


def test_a_simulated_taxonomy_says_so_and_a_real_one_does_not() -> None:
    assert "SIMULATED" in taxonomy_cell(taxonomy("a", simulated=True), "t", {})
    assert "SIMULATED" not in taxonomy_cell(taxonomy("a"), "t", {})


def test_terms_frame_has_a_row_a_term_and_keeps_what_is_missing_missing() -> None:
    frame = terms_frame(taxonomy("a"))
    assert list(frame["term"]) == ["a", "b", "stray"]
    assert frame["loading"].isna().tolist() == [False, True, False]
    assert frame.iloc[0]["sub_dimension_id"] == "d1.s1"
    assert frame.iloc[2]["dimension"] == ""


def test_the_shipped_release_shows_itself() -> None:
    release = API.load_taxonomy()
    page = release._repr_html_()
    assert "SIMULATED" in page
    assert release.id in page
    terms, norms = release.terms_frame(), release.norms_frame()
    assert len(terms) > 100
    assert norms.shape == (release.about.models, len(release.norms))
    assert set(norms.columns) >= {d["id"] for d in release.taxonomy["dimensions"]}


def test_a_folder_without_a_study_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="dvc repro"):
        API.load_study(tmp_path)
