from __future__ import annotations

import numpy as np
import pytest

from valuelex.errors import DataError
from valuelex.space.probes import antonym_probe, hypernym_probe


def test_antonyms_by_hand() -> None:
    a = np.array([[1.0, 0.0], [1.0, 0.0]])
    like = np.array([[3.0, 4.0], [0.0, 1.0]])  # cosines .6 and 0
    opposite = np.array([[-1.0, 0.0], [4.0, 3.0]])  # cosines -1 and .8
    found = antonym_probe((a, opposite), (a, like), n_bootstrap=50)
    assert found.like_mean == pytest.approx(0.3, abs=1e-12)
    assert found.opposite_mean == pytest.approx(-0.1, abs=1e-12)
    assert found.auc == 0.5  # .6 > -1, 0 > -1; .6 < .8, 0 < .8
    assert found.auc_low <= found.auc <= found.auc_high
    assert (found.n_like, found.n_opposite) == (2, 2)


def test_parents_by_hand() -> None:
    parents = np.eye(3)
    children = np.array([[1.0, 0.1, 0.0], [0.2, 0.9, 0.0], [0.9, 0.2, 0.1]])
    found = hypernym_probe(children, np.array([0, 1, 2]), parents, n_bootstrap=50)
    assert found.hit == pytest.approx(2 / 3)  # the third child ranks its parent last
    assert found.reciprocal_rank == pytest.approx((1 + 1 + 1 / 3) / 3)
    assert found.chance == pytest.approx(1 / 3)
    assert found.hit_low <= found.hit <= found.hit_high


def test_probes_refuse_what_does_not_match() -> None:
    two, three = np.ones((2, 2)), np.ones((3, 2))
    with pytest.raises(DataError, match=r"like pairs: two arrays of shapes \(2, 2\) and \(3, 2\)"):
        antonym_probe((two, two), (two, three))
    with pytest.raises(DataError, match="opposite pairs: expected at least two, got 1"):
        antonym_probe((two[:1], two[:1]), (two, two))
    with pytest.raises(DataError, match=r"rows 0..2"):
        hypernym_probe(two, np.array([0, 3]), three)
    with pytest.raises(DataError, match="1 parents named for 2 children"):
        hypernym_probe(two, np.array([0]), three)
