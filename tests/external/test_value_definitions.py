"""What does the embedding take for likeness? 585 value names of published questionnaires (MIT).

Known weakness, pinned here so that nobody forgets it: opposites (individualism, collectivism) lie
closer together than values of the same upper dimension. Meaning alone must never merge terms.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.space.embed import embed_terms
from valuelex.space.probes import antonym_probe, hypernym_probe

pytestmark = pytest.mark.external

Pairs = list[tuple[str, str]]


@pytest.fixture
def rows(external_data: Callable[[str], Path]) -> list[dict[str, str]]:
    path = external_data("value-definitions/value_data_value2def.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = [{k: v.strip().casefold() for k, v in row.items()} for row in csv.DictReader(file)]
    assert len(found) == 585
    return found


def vectors(texts: set[str]) -> Callable[[list[str]], NDArray[np.float32]]:
    known = sorted(texts)
    row = {text: i for i, text in enumerate(known)}
    X = embed_terms(known)
    return lambda wanted: X[[row[text] for text in wanted]]


def opposites(rows: list[dict[str, str]]) -> Pairs:
    found = {
        tuple(sorted((row["value dimension"], row["opposite dimension"])))
        for row in rows
        if row["opposite dimension"]
    }
    return sorted((a, b) for a, b in found)


def siblings(rows: list[dict[str, str]]) -> Pairs:
    """Values of one questionnaire under one upper dimension."""
    families: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row["Upper dimension"]:
            family = (row["questionnaire info"], row["Upper dimension"])
            families.setdefault(family, set()).add(row["value dimension"])
    return sorted(
        {(a, b) for members in families.values() for a in members for b in members if a < b}
    )


def test_opposites_embed_closer_than_siblings(rows: list[dict[str, str]]) -> None:
    far, near = opposites(rows), siblings(rows)
    assert (len(far), len(near)) == (11, 503)
    of = vectors({text for pair in far + near for text in pair})
    found = antonym_probe(
        (of([a for a, _ in far]), of([b for _, b in far])),
        (of([a for a, _ in near]), of([b for _, b in near])),
    )
    # measured: opposites .59, siblings .30, random .25; AUC .11, interval .03-.22
    assert found.opposite_mean > found.like_mean > found.random_mean
    assert found.auc_high < 0.5
    assert found.above_random > 0.5


def test_own_upper_dimension_is_nearest_far_more_often_than_by_chance(
    rows: list[dict[str, str]],
) -> None:
    pairs = {
        (row["value dimension"], row["Upper dimension"])
        for row in rows
        if row["Upper dimension"] and row["Upper dimension"] != row["value dimension"]
    }
    children = sorted(pairs)
    parents = sorted({parent for _, parent in children})
    of = vectors({text for pair in children for text in pair})
    found = hypernym_probe(
        of([child for child, _ in children]),
        np.array([parents.index(parent) for _, parent in children]),
        of(parents),
    )
    # measured: 16 % of 231 children against 2 % by chance, interval 12-22 %
    assert found.n_parents == 44
    assert found.hit_low > 3 * found.chance
    assert found.reciprocal_rank > 0.2
