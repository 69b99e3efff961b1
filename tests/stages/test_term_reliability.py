from __future__ import annotations

import numpy as np
import pytest

from valuelex.psychometrics.types import Floats
from valuelex.stages.term_reliability import by_family, reliability, whole

FAMILIES = np.repeat([f"f{i}" for i in range(10)], 12)


def scales(seed: int, shared: float) -> Floats:
    """Return 120 rows in 10 families on two scales of 10 items; families share a level."""
    rng = np.random.default_rng(seed)
    level = np.repeat(rng.normal(0, shared, (10, 2)), 12, axis=0) + rng.normal(size=(120, 2))
    return np.asarray(np.repeat(level, 10, axis=1) + rng.normal(size=(120, 20)))


def loadings() -> Floats:
    out = np.zeros((20, 2))
    out[:10, 0] = out[10:, 1] = 0.7
    return out


def test_each_scale_has_alpha_and_both_omegas_with_intervals() -> None:
    first, second = reliability(scales(1, 0.0), loadings(), FAMILIES, 120.0, 0)
    for row in (first, second):
        assert row["n_terms"] == 10
        # one common factor with loading sqrt(1/2): alpha of ten items is 10/11
        assert row["alpha"] == pytest.approx(10 / 11, abs=0.03)
        assert row["omega"] == pytest.approx(row["alpha"], abs=0.02)
        assert 0 < row["omega_hierarchical"] <= row["omega"] + 0.05
        assert row["alpha_family_lower"] < row["alpha"] < row["alpha_family_upper"]
        assert row["omega_family_lower"] < row["omega"] < row["omega_family_upper"]
        assert row["alpha_failed"] == 0


def test_fewer_effective_rows_widen_the_interval() -> None:
    X = scales(1, 1.0)
    (many, _), (few, _) = (reliability(X, loadings(), FAMILIES, n, 0) for n in (120.0, 12.0))
    assert few["alpha"] == many["alpha"]
    assert few["alpha_upper"] - few["alpha_lower"] > 2 * (many["alpha_upper"] - many["alpha_lower"])


def test_what_cannot_be_had_says_why() -> None:
    short = loadings()
    short[4:10, 0] = short[11:, 1] = 0.0
    first, second = reliability(scales(2, 0.0), short, FAMILIES, 120.0, 0)
    assert first["omega_hierarchical"] is None
    assert "needs 9 terms, came: 4" in first["note"]
    assert "alpha" not in second
    assert "two items" in second["note"]
    assert "needs" not in whole(scales(2, 0.0), 3)
    assert "came: 2" in whole(scales(2, 0.0), 2)["note"]


def test_draws_that_fail_are_counted() -> None:
    X = np.zeros((120, 3))
    X[:12] = np.random.default_rng(0).normal(size=(12, 3))  # one family alone varies

    def spread(part: Floats) -> float:
        from valuelex.errors import DataError

        if part.shape[1] == 0:
            raise DataError("nothing varies")
        return float(part.std())

    low, high, failed = by_family(X, FAMILIES, spread, 0)
    assert 20 <= failed <= 50  # (9/10)^10 = .35 of the draws miss that family
    assert low is not None
    assert high is not None
    assert low <= high
