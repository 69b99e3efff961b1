"""How near projective scores come to the planted profiles."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.closures import ROOT

from valuelex.stages.context import Context, open_context
from valuelex.stages.planted import study_truth
from valuelex.stages.recovery import score_recovery


@pytest.fixture(scope="module")
def context() -> Context:
    return open_context(ROOT)


@pytest.fixture(scope="module")
def taxonomy() -> dict[str, Any]:
    """Two sub-dimensions of planted terms: one of one planted group, one of two."""
    truth = study_truth(open_context(ROOT))
    first, second, third = truth.sub_dimensions[:3]
    of = {
        name: [{"term": t.term} for t in truth.terms if t.sub_dimension == name]
        for name in (first, second, third)
    }
    subs = [
        {"id": "s1", "terms": [*of[first], {"term": "no such value"}]},
        {"id": "s2", "terms": [*of[second][:6], *of[third][:2]]},
    ]
    return {"dimensions": [{"id": "d1", "sub_dimensions": subs}]}


def test_scores_that_are_the_planted_profiles_are_found_to_be(
    context: Context, taxonomy: dict[str, Any]
) -> None:
    truth = study_truth(context)
    models = list(reversed(truth.models))  # the rows follow the models given, not the truth's order
    profiles = truth.sub_dimension_profiles[::-1]
    mixed = (6 * profiles[:, 1] + 2 * profiles[:, 2]) / 8
    means = np.column_stack([profiles[:, 0], 5 - 2 * mixed])
    found = score_recovery(context, taxonomy, models, means)
    assert found is not None
    assert [row["name"] for row in found] == ["s1", "s2"]
    assert [row["r"] for row in found] == pytest.approx([1, -1])
    assert [row["n"] for row in found] == [len(models)] * 2
    assert found[1]["planted"] == {truth.sub_dimensions[1]: 6, truth.sub_dimensions[2]: 2}
    json.dumps(found)


def test_a_model_without_a_score_is_left_out_and_counted(
    context: Context, taxonomy: dict[str, Any]
) -> None:
    truth = study_truth(context)
    rng = np.random.default_rng(3)
    noisy = truth.sub_dimension_profiles[:, :2] + rng.normal(size=(len(truth.models), 2))
    noisy[0, 0] = np.nan
    found = score_recovery(context, taxonomy, truth.models, noisy)
    assert found is not None
    assert [row["n"] for row in found] == [len(truth.models) - 1, len(truth.models)]
    r, n = found[0]["r"], found[0]["n"]
    assert r == pytest.approx(np.corrcoef(noisy[1:, 0], truth.sub_dimension_profiles[1:, 0])[0, 1])
    # R: cor.test, by the definition of Fisher's interval
    half = 1.959963985 / np.sqrt(n - 3)
    bounds = np.tanh(np.arctanh(r) + np.array([-half, half]))
    assert [found[0]["lower"], found[0]["upper"]] == pytest.approx(bounds)


def test_a_sub_dimension_of_no_planted_term_has_no_correlation(context: Context) -> None:
    subs = [{"id": "s1", "terms": [{"term": "no such value"}]}]
    taxonomy = {"dimensions": [{"id": "d1", "sub_dimensions": subs}]}
    models = list(context.settings.models)
    (row,) = score_recovery(context, taxonomy, models, np.ones((len(models), 1))) or [{}]
    assert np.isnan(row["r"])
    assert (row["lower"], row["upper"], row["n"]) == (None, None, 0)


def test_nothing_is_planted_in_real_replies(context: Context, taxonomy: dict[str, Any]) -> None:
    key, entry = next(iter(context.settings.models.items()))
    real = entry.model_copy(update={"backend": "recorded"})
    settings = context.settings.model_copy(update={"models": {key: real}})
    other = replace(context, settings=settings)
    assert score_recovery(other, taxonomy, [key], np.ones((1, 2))) is None
