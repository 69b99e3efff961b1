"""Many groups or few, tall data or small: the same sums."""

from __future__ import annotations

import numpy as np
import pytest

from valuelex.psychometrics import grouped, nulls, parallel
from valuelex.psychometrics.stability import leave_one_group_out, leave_out, reference_solution

RNG = np.random.default_rng(5)
INDEX = RNG.permutation(np.arange(120) % 7)
Z = RNG.normal(size=(120, 9)) + RNG.normal(size=(120, 1))


def rows(monkeypatch: pytest.MonkeyPatch, *, many: bool) -> grouped.GroupedRows:
    monkeypatch.setattr(grouped, "KEPT", 0 if many else 10**6)
    monkeypatch.setattr(grouped, "PIECE", 50)
    return grouped.GroupedRows(Z, INDEX, 7)


@pytest.mark.parametrize("many", [False, True])
def test_sums_by_hand(many: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    found = rows(monkeypatch, many=many)
    signs = RNG.integers(0, 2, size=(7, 9)).astype(np.float64) * 2 - 1
    W = Z * signs[INDEX]
    assert np.allclose(found.flipped(signs), W.T @ W, atol=1e-12)
    weight = np.array([0.0, 2, 1, 1, 3, 0, 1])
    repeated = np.repeat(Z, weight[INDEX].astype(int), axis=0)
    assert np.allclose(found.weighted(weight), repeated.T @ repeated, atol=1e-11)
    assert np.allclose(weight @ found.sums(), repeated.sum(axis=0), atol=1e-11)


def test_rows_of_a_group_keep_their_order_and_none_is_lost() -> None:
    found = grouped.group_rows(np.array([2, 0, 2, 0, 3]), 5)
    assert [part.tolist() for part in found] == [[1, 3], [], [0, 2], [4], []]


def test_tall_data_have_the_same_first_component(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parallel.deflated_test(Z, INDEX, 19, limit=3)
    monkeypatch.setattr(parallel, "_TALL", 0)
    again = parallel.deflated_test(Z, INDEX, 19, limit=3)
    assert again.n_factors == whole.n_factors
    assert again.observed == pytest.approx(whole.observed, rel=1e-9)
    assert again.thresholds == pytest.approx(whole.thresholds, rel=1e-9)


def test_pairs_that_trade_in_parts_trade_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    P = Z > 0.5
    whole = nulls.trade_once(P, np.random.default_rng(1))
    assert (whole.sum(axis=0) == P.sum(axis=0)).all()
    monkeypatch.setattr(nulls, "_PAIRS", 7)
    assert (nulls.trade_once(P, np.random.default_rng(1)) == whole).all()


def test_leaving_a_group_out_is_the_matrix_without_its_rows() -> None:
    reference = reference_solution(Z, 1)
    names = [f"g{g}" for g in range(7)]
    found = leave_one_group_out(Z, np.array(names)[INDEX], reference)
    wanted = leave_out(
        [(name, Z[np.not_equal(INDEX, g)]) for g, name in enumerate(names)], reference
    )
    assert [one.left_out for one in found] == names
    for one, other in zip(found, wanted, strict=True):
        assert one.phi == pytest.approx(other.phi, abs=1e-9)
