"""Intervals against R's."""

from __future__ import annotations

import numpy as np
import pytest

from valuelex.psychometrics.intervals import pearson


def test_a_correlation_has_the_interval_of_rs_cor_test() -> None:
    # R: x <- c(1, 2, 3, 4, 5, 6); y <- c(2, 1, 4, 3, 6, 5); cor.test(x, y)
    x, y = np.arange(1.0, 7), np.array([2.0, 1, 4, 3, 6, 5])
    assert pearson(x, y) == pytest.approx((0.8285714, 0.05192932, 0.98068460), rel=1e-6)
    _, lower, upper = pearson(x, y, 0.5)
    half = 0.6744898 / np.sqrt(3)
    assert (lower, upper) == pytest.approx(
        tuple(np.tanh(np.arctanh(0.8285714286) + np.array([-half, half])))
    )


def test_what_cannot_be_worked_out_of_a_correlation_is_none() -> None:
    x = np.array([1.0, 2, 4])
    assert pearson(x[:2], x[:2]) == (None, None, None)
    assert pearson(x, np.ones(3)) == (None, None, None)
    for a, b, r in (
        (x, np.array([1.0, 3, 2]), 0.3273268),
        (np.arange(5.0), -np.arange(5.0), -1.0),
    ):
        found, *bounds = pearson(a, b)
        assert found == pytest.approx(r)
        assert bounds == [None, None]
