"""What ought to agree is framed: the same dimension, or the same value by meaning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from valuelex.reporting.content import ReportContent
from valuelex.reporting.figures.convergence import convergence, expected
from valuelex.reporting.lookup import Lookup


def pair(a: str, b: str, r: float) -> dict[str, Any]:
    numbers = {"r": r, "lower": r - 0.2, "upper": r + 0.2, "n_models": 6, "n_families": 5}
    return {"score_a": a, "score_b": b, **numbers}


ROWS = (
    pair("factor:F1 first", "projective:d1", 0.8),
    pair("factor:F1 first", "projective:d1.2", 0.6),
    pair("factor:F1 first", "projective:d2", -0.1),
    pair("factor:F1 first", "pvq:self-direction", 0.5),
    pair("projective:d1.2", "pvq:self-direction", 0.4),
    pair("projective:d2", "pvq:self-direction", 0.1),
)


@pytest.fixture
def compared(content: ReportContent) -> ReportContent:
    first, *rest = content.taxonomy["dimensions"]
    taxonomy = {**content.taxonomy, "dimensions": [{**first, "factor": "F1"}, *rest]}
    agreement = {"mapping": {"used": {"self_direction": ["d1.2"]}, "left_out": []}}
    return replace(content, convergence=ROWS, taxonomy=taxonomy, agreement=agreement)


def test_only_pairs_that_share_a_dimension_or_a_value_ought_to_agree(
    compared: ReportContent,
) -> None:
    assert expected(compared) == {
        frozenset(("factor:F1 first", "projective:d1")): "same dimension",
        frozenset(("factor:F1 first", "projective:d1.2")): "same dimension",
        frozenset(("projective:d1.2", "pvq:self-direction")): "same value by meaning",
    }


def test_the_caption_sets_them_against_all_others(compared: ReportContent) -> None:
    drawn = convergence(compared, Lookup.of(compared))
    assert drawn is not None
    # (.8 + .6 + .4) / 3 and (-.1 + .5 + .1) / 3
    assert "the 3 pairs that ought to agree (mean r .60; all other pairs .17)" in drawn.caption
    assert len(drawn.layout["shapes"]) == 3


def test_where_nothing_ought_to_agree_nothing_is_said_of_it(compared: ReportContent) -> None:
    alone = replace(compared, convergence=ROWS[2:4])
    drawn = convergence(alone, Lookup.of(alone))
    assert drawn is not None
    assert "ought to agree" not in drawn.caption
    assert drawn.layout["shapes"] == []
