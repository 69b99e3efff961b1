"""The value circle of 1,255 US adults, and the alphas of the short form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from valuelex.psychometrics.mds import (
    circle_fit,
    classical,
    correlation_distances,
    even_circle,
    smacof,
)

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
    # neighbours may swap; nothing lies far from its place
    assert fit.displacement <= 1


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
    alphas = {}
    for value, names in VALUES.items():
        items = complete[names].to_numpy(dtype=float)
        k = items.shape[1]
        alphas[value] = k / (k - 1) * (1 - items.var(0, ddof=1).sum() / items.sum(1).var(ddof=1))
    # as known of the 21-item form: broad values in two or three items
    assert all(0.2 < alpha < 0.75 for alpha in alphas.values()), alphas
    assert min(alphas, key=lambda value: alphas[value]) == "tradition"
