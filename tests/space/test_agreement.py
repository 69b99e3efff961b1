from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from valuelex.errors import DataError
from valuelex.space.agreement import adjusted_rand, best_jaccard, contingency

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=60)


def test_adjusted_rand_by_hand() -> None:
    # a = {1,2,3 | 4,5,6}, b = {1,2 | 3,4 | 5,6}: cells 2 1 0 / 0 1 2
    # together = 1 + 1 = 2; in a = 3 + 3 = 6; in b = 1 + 1 + 1 = 3; pairs = 15
    # expected = 6 * 3 / 15 = 1.2; largest = 4.5; (2 - 1.2) / (4.5 - 1.2) = 8 / 33
    assert adjusted_rand([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]) == pytest.approx(8 / 33, abs=1e-15)


@settings(deadline=None)
@given(PAIRS)
def test_adjusted_rand_equals_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    a, b = [p[0] for p in pairs], [p[1] for p in pairs]
    assert adjusted_rand(a, b) == pytest.approx(float(adjusted_rand_score(a, b)), abs=1e-12)


def test_jaccard_by_hand() -> None:
    reference = np.array([0, 0, 0, 1, 1, -1])
    other = np.array([0, 0, 1, 1, 1, 1])
    # cluster 0: {0,1} of {0,1,2} = 2/3; cluster 1: {3,4} of {2,3,4,5} = 2/4
    assert best_jaccard(reference, other) == {0: pytest.approx(2 / 3), 1: pytest.approx(0.5)}
    assert best_jaccard(reference, np.full(6, -1)) == {0: 0.0, 1: 0.0}


@settings(deadline=None)
@given(PAIRS)
def test_jaccard_equals_the_count_of_every_pair_of_clusters(pairs: list[tuple[int, int]]) -> None:
    reference, other = (np.array(side) - 1 for side in zip(*pairs, strict=True))
    naive = {
        int(label): max(
            (
                float(((reference == label) & (other == o)).sum())
                / float(((reference == label) | (other == o)).sum())
                for o in set(other.tolist()) - {-1}
            ),
            default=0.0,
        )
        for label in set(reference.tolist()) - {-1}
    }
    assert best_jaccard(reference, other) == naive


def test_labellings_must_match() -> None:
    with pytest.raises(DataError, match="3 and 2"):
        contingency([0, 1, 1], [0, 1])
    with pytest.raises(DataError, match="no terms"):
        adjusted_rand([], [])
