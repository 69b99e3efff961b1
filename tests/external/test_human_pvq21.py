"""The value circle of 1,255 US adults, and the alphas of the short form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from valuelex.lexica import read_table
from valuelex.psychometrics.mds import (
    align,
    circle_fit,
    classical,
    correlation_distances,
    even_circle,
    smacof,
)
from valuelex.psychometrics.reliability import alpha

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.external

# the 21 questions by value, in the order of the theory's circle
VALUES = {
    "self-direction": ["valorig", "valfree"],
    "stimulation": ["valdiff", "valrisk"],
    "hedonism": ["valspl", "valfun"],
    "achievement": ["valable", "valachv"],
    "power": ["valrich", "valrspt"],
    "security": ["valsafe", "valdfnd"],
    "tradition": ["valmod", "valtrdn"],
    "conformity": ["valrule", "valprpr"],
    "benevolence": ["valcare", "valdvot"],
    "universalism": ["valeql", "vallist", "valeco"],
}


@pytest.fixture
def people(external_data: Callable[[str], Path]) -> pd.DataFrame:
    return pd.read_csv(external_data("human-pvq21/gss2012_usa_pvq21_n1255_recoded_1to6.csv"))


def centred_scores(people: pd.DataFrame) -> NDArray[np.float64]:
    complete = people.dropna()
    centred = complete.sub(complete.mean(axis=1), axis=0)
    return np.column_stack([centred[items].mean(axis=1) for items in VALUES.values()])


def test_the_circle_of_values(people: pd.DataFrame) -> None:
    distances = correlation_distances(centred_scores(people))
    found = smacof(distances)
    fit = circle_fit(found.points, list(VALUES), even_circle(list(VALUES)), permutations=999)
    assert found.stress < classical(distances).stress
    assert found.stress < 0.15
    assert fit.congruence > 0.85
    assert fit.p == pytest.approx(0.001)
    # the order is the theory's, but for conformity and tradition, which share a wedge of the circle
    assert fit.displacement == pytest.approx(0.2)
    swapped = list(VALUES)
    swapped[6:8] = reversed(swapped[6:8])
    assert list(fit.order) == swapped


def test_the_committed_circle_of_people_is_that_of_these_data(people: pd.DataFrame) -> None:
    rows = read_table(ROOT, "norms/pvq21-circle.csv", ("value", "x", "y"))
    committed = np.array([(float(row["x"]), float(row["y"])) for row in rows])
    assert [row["value"] for row in rows] == list(VALUES)
    found = smacof(correlation_distances(centred_scores(people)))
    assert align(found.points, committed)[1] == pytest.approx(1, abs=1e-6)


def test_opposites_are_opposite(people: pd.DataFrame) -> None:
    scores = dict(zip(VALUES, centred_scores(people).T, strict=True))
    for one, other in [
        ("self-direction", "conformity"),
        ("stimulation", "security"),
        ("power", "universalism"),
        ("achievement", "benevolence"),
    ]:
        assert np.corrcoef(scores[one], scores[other])[0, 1] < -0.1, (one, other)


def test_alphas_of_two_item_scales_are_low(people: pd.DataFrame) -> None:
    complete = people.dropna()
    found = {value: alpha(complete[names].to_numpy(dtype=float)) for value, names in VALUES.items()}
    alphas = {value: one.alpha for value, one in found.items()}
    assert all(one.lower < one.alpha < one.upper for one in found.values())
    assert {one.n for one in found.values()} == {len(complete)}
    # as known of the 21-item form: broad values in two or three items
    assert all(0.2 < alpha < 0.75 for alpha in alphas.values()), alphas
    assert min(alphas, key=lambda value: alphas[value]) == "tradition"
