"""Congruence, matching, Procrustes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuelex.errors import DataError
from valuelex.psychometrics.congruence import (
    arrange,
    congruence_table,
    match,
    oblique_procrustes,
    procrustes,
    tucker,
    verdict,
)


def test_tucker_by_hand() -> None:
    A = np.array([[1.0], [2.0]])
    B = np.array([[2.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(tucker(A, B), [[4 / 5, 0]])
    np.testing.assert_allclose(tucker(A / 10, B / 10), [[4 / 5, 0]])  # short columns count the same
    with pytest.raises(DataError, match="same variables"):
        tucker(A, np.ones((3, 1)))


@given(seed=st.integers(0, 9999), k=st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_matching_undoes_order_and_direction(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(20, k))
    order, sign = rng.permutation(k), rng.choice([-1.0, 1.0], k)
    B = A[:, order] * sign
    np.testing.assert_allclose(arrange(A, B), A)
    np.testing.assert_allclose(match(A, B).phi, 1)
    # an orthogonal turn is undone by Procrustes, an oblique one by its oblique sister
    Q, _ = np.linalg.qr(rng.normal(size=(k, k)))
    np.testing.assert_allclose(procrustes(A @ Q, A)[0], A, atol=1e-9)
    U = rng.normal(size=(k, k)) + 2 * np.eye(k)
    pattern, phi, turn = oblique_procrustes(A @ U, A)
    np.testing.assert_allclose(np.abs(np.diag(tucker(pattern, A))), 1, atol=1e-6)
    np.testing.assert_allclose(np.diag(phi), 1, atol=1e-9)
    np.testing.assert_allclose(pattern, A @ U @ turn, atol=1e-9)


def test_more_factors_than_partners() -> None:
    A = np.eye(4)[:, :3]
    found = match(A, A[:, [2]])
    assert found.place == (-1, -1, 0)
    assert list(found.phi) == [0, 0, 1]
    assert (arrange(A, A[:, [2]])[:, :2] == 0).all()
    rows = congruence_table(A, A)
    assert [row.verdict for row in rows] == ["equal"] * 3
    swapped = congruence_table(A, A[:, [1, 0, 2]])
    assert [(row.factor, row.partner, row.phi) for row in swapped] == [
        (0, 1, 1),
        (1, 0, 1),
        (2, 2, 1),
    ]
    assert verdict(0.9) == "fair"
    assert verdict(0.5) == "not the same"
    with pytest.raises(DataError, match="coincide"):
        oblique_procrustes(np.eye(2), np.zeros((2, 2)))
