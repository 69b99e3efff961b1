"""What several judges add to the error of a score, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from valuelex.instruments.projective.variance import judge_components


def test_components_by_hand() -> None:
    # rows 2 4 / 4 6 / 3 8: means 3 5 5.5 and 3 6, grand 4.5; residuals .5 -.5 .5 -.5 -1 1
    found = judge_components(np.array([[2.0, 4.0], [4.0, 6.0], [3.0, 8.0]]))
    error = 3.0 / 2  # sum of squares 3.0, (3 - 1)(2 - 1) degrees of freedom
    assert found.interaction == pytest.approx(error, abs=1e-12)
    assert found.judge == pytest.approx(4.5 - error / 3, abs=1e-12)
    assert found.model == pytest.approx(max(1.75 - error / 2, 0.0), abs=1e-12)
    assert found.se == pytest.approx(math.sqrt(error / 2), abs=1e-12)


def test_severity_alone_adds_no_error_between_models() -> None:
    scores = np.array([1.0, 2.0, 4.0])
    found = judge_components(np.column_stack([scores, scores + 1.5]))
    assert found.interaction == pytest.approx(0.0, abs=1e-12)
    assert found.judge == pytest.approx(1.125, abs=1e-12)


def test_one_judge_or_one_model_is_unidentified() -> None:
    assert math.isnan(judge_components(np.ones((5, 1))).interaction)
    missing = np.array([[1.0, 2.0], [np.nan, 1.0]])
    assert judge_components(missing).n_models == 1
    assert math.isnan(judge_components(missing).se)
