"""Alpha, omega, intraclass correlations, Krippendorff: by hand, and where they are undefined."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuelex.errors import DataError
from valuelex.psychometrics.agreement import design_effect, icc, krippendorff_alpha
from valuelex.psychometrics.reliability import (
    alpha,
    alpha_raw_and_centred,
    centre_rows,
    feldt,
    omega,
    split_half,
)

RNG = np.random.default_rng(0)


def test_alpha_by_hand() -> None:
    # two items, covariances [[1, 0.5], [0.5, 1]] up to scale: alpha = 2 (1 - 2/3) = 2/3
    items = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0]])
    C = np.cov(items.T)
    want = 2 * (1 - np.trace(C) / C.sum())
    assert alpha(items).alpha == pytest.approx(want, abs=1e-12)
    found = alpha(items)
    assert found.lower < found.alpha < found.upper
    assert (found.n, found.n_items) == (4, 2)


def test_alpha_may_be_negative_and_stays_so() -> None:
    a = np.arange(10.0)
    items = np.column_stack([a, -a + RNG.normal(0, 0.5, 10)])
    assert alpha(items).alpha < 0


def test_fewer_effective_rows_widen_the_interval() -> None:
    items = RNG.normal(size=(200, 1)) + RNG.normal(size=(200, 5))
    wide, narrow = alpha(items, n_effective=20), alpha(items)
    assert wide.alpha == narrow.alpha
    assert wide.upper - wide.lower > 2 * (narrow.upper - narrow.lower)
    assert feldt(narrow.alpha, 200, 5) == (narrow.lower, narrow.upper)


def test_a_halo_vanishes_when_centred() -> None:
    level = RNG.normal(0, 2, (300, 1))
    items = level + RNG.normal(size=(300, 12))
    found = alpha_raw_and_centred(items[:, :4], everything=items)
    assert found.raw.alpha > 0.9
    assert found.centred is not None
    assert found.centred.alpha < 0.2
    np.testing.assert_allclose(centre_rows(items).sum(axis=1), 0, atol=1e-10)
    # centring a scale within itself leaves its sum without variance: said, not divided by
    assert alpha_raw_and_centred(items[:, :4]).centred is None


def test_omega_of_a_planted_general_factor() -> None:
    g, s = 0.6, 0.5
    groups = np.kron(np.eye(3), np.ones((4, 1)))
    R = g**2 * np.ones((12, 12)) + s**2 * groups @ groups.T
    np.fill_diagonal(R, 1.0)
    found = omega(R, 500, 3)
    total = R.sum()
    assert found.hierarchical == pytest.approx((12 * g) ** 2 / total, abs=1e-5)
    assert found.total == pytest.approx(1 - 12 * (1 - g**2 - s**2) / total, abs=1e-5)
    np.testing.assert_allclose(found.general, g, atol=1e-4)
    flipped = R * np.outer([-1] + [1] * 11, [-1] + [1] * 11)
    turned = omega(flipped, 500, 3)
    assert turned.flipped == (0,)
    assert turned.total == pytest.approx(found.total, abs=1e-6)
    assert omega(R[:4, :4], 500, 1).total > 0.5
    assert omega(R[:8, :8], 500, 2).hierarchical > 0.5


def test_split_half() -> None:
    items = RNG.normal(size=(400, 1)) + RNG.normal(size=(400, 10))
    found = split_half(items, 200)
    assert found.mean == pytest.approx(alpha(items).alpha, abs=0.01)
    assert found.lower < found.mean < found.upper
    with pytest.raises(DataError, match="no half"):
        split_half(np.ones((5, 4)))


def test_undefined_is_said() -> None:
    with pytest.raises(DataError, match="does not vary"):
        alpha(np.ones((5, 3)))
    with pytest.raises(DataError, match="complete"):
        alpha(np.array([[1.0, np.nan], [2.0, 3.0], [4.0, 4.0]]))
    with pytest.raises(DataError, match="two items"):
        alpha(np.ones((5, 1)))


def test_icc_by_hand() -> None:
    # Shrout and Fleiss (1979), their table 2: six targets, four judges
    ratings = np.array(
        [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    )
    found = icc(ratings)
    assert found.icc1.value == pytest.approx(0.17, abs=0.005)
    assert found.icc2.value == pytest.approx(0.29, abs=0.005)
    assert found.icc3.value == pytest.approx(0.71, abs=0.005)
    assert found.icc1k.value == pytest.approx(0.44, abs=0.005)
    assert found.icc2k.value == pytest.approx(0.62, abs=0.005)
    assert found.icc3k.value == pytest.approx(0.91, abs=0.005)
    assert found.icc3.lower < found.icc3.value < found.icc3.upper
    kinds = (found.icc1, found.icc2, found.icc3, found.icc1k, found.icc2k, found.icc3k)
    assert [one.kind for one in kinds] == [
        *("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"),
    ]
    assert (found.n, found.k) == (6, 4)
    narrow = icc(ratings, confidence=0.5)
    assert found.icc1.lower < narrow.icc1.lower < narrow.icc1.value < narrow.icc1.upper


def test_icc_at_the_edges() -> None:
    same = np.column_stack([np.arange(5.0)] * 3)
    found = icc(same)
    assert found.icc1.value == found.icc3.value == found.icc2.value == 1.0
    for one in (found.icc2, found.icc2k):
        assert math.isnan(one.lower)
        assert math.isnan(one.upper)
    assert [one.kind for one in (found.icc2, found.icc2k)] == ["ICC(2,1)", "ICC(2,k)"]
    assert found.icc1k.value == found.icc3k.lower == found.icc3.upper == 1.0
    with pytest.raises(DataError, match="all ratings are equal"):
        icc(np.ones((4, 3)))
    with pytest.raises(DataError, match="two targets"):
        icc(np.ones((1, 3)))
    with pytest.raises(DataError, match="complete"):
        icc(np.array([[1.0, np.nan], [2.0, 1.0]]))


@given(rows=st.integers(2, 20), size=st.integers(1, 12), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_design_effect_lies_between_its_ends(rows: int, size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(rows), size)
    found = design_effect(rng.normal(size=(rows * size, 3)), groups)
    assert 0 <= found.icc <= 1
    assert rows - 1e-9 <= found.effective_n <= rows * size + 1e-9
    # rows that only repeat their group say as much as the groups
    repeats = design_effect(np.repeat(rng.normal(size=rows), size), groups)
    assert repeats.effective_n == pytest.approx(rows)


def test_design_effect_guards() -> None:
    with pytest.raises(DataError, match="two groups"):
        design_effect(np.arange(4.0), np.zeros(4))


def test_krippendorff_by_hand() -> None:
    # one unit of four disagrees; of eight values three are 1 and five are 2, so by chance
    # 2 x 3 x 5 / (8 x 7) of the pairs would: alpha = 1 - .25 / (30 / 56)
    found = krippendorff_alpha(np.array([[1.0, 1, 2, 2], [1, 2, 2, 2]]), "nominal")
    assert found == pytest.approx(1 - 0.25 / (30 / 56), abs=1e-12)
    with pytest.raises(DataError, match="two judges"):
        krippendorff_alpha(np.ones((1, 3)))
    with pytest.raises(DataError, match=r"two judges; came: shape \(3,\)"):
        krippendorff_alpha(np.ones(3))
    # of 1 1 2 4 1 2 2 4 one pair of four is 1 apart; the squares of all 56 ordered pairs sum to
    # 2 (9 x 1 + 6 x 9 + 6 x 4) = 174
    by_interval = krippendorff_alpha(np.array([[1.0, 1, 2, 4], [1, 2, 2, 4]]))
    assert by_interval == pytest.approx(1 - (1 / 4) / (174 / 56), abs=1e-12)
    with pytest.raises(DataError, match="are equal"):
        krippendorff_alpha(np.ones((2, 3)))
    nobody = np.array([[1.0, np.nan], [np.nan, 2.0]])
    with pytest.raises(DataError, match="there are none"):
        krippendorff_alpha(nobody)


def test_omega_of_a_known_general_factor() -> None:
    """Population loadings .7 general, .4 on one of three groups of five: omega by hand.

    The sum of 15 items has a general variance of (15 x .7)^2 = 110.25, a group variance of
    3 x (5 x .4)^2 = 12, and a unique variance of 15 x .35 = 5.25.
    """
    groups = np.kron(np.eye(3), np.full((5, 1), 0.4))
    R = np.full((15, 15), 0.49) + groups @ groups.T
    np.fill_diagonal(R, 1.0)
    found = omega(R, 500, 3)
    assert found.hierarchical == pytest.approx(110.25 / 127.5, abs=1e-6)
    assert found.total == pytest.approx(122.25 / 127.5, abs=1e-6)
