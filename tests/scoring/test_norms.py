from __future__ import annotations

import numpy as np
import pytest

from valuelex.errors import DataError
from valuelex.instruments.projective.norms import (
    ABOVE,
    BELOW,
    NEVER,
    NO_ERROR,
    NOTHING,
    WITHIN,
    Key,
    percentile,
    place,
)
from valuelex.instruments.projective.score import ProfileRow

NAN = float("nan")
ROSTER = np.array([2.0, 3.0, 3.0, 4.0])


def row(name: str, mean: float, se: float, n_scored: int = 9, n_neutral: int = 0) -> ProfileRow:
    lower, upper = mean - 2 * se, mean + 2 * se
    return ProfileRow(
        "m", "sub_dimension", name, mean, se, lower, upper, n_scored, 0, n_neutral, NAN
    )


def test_percentiles_are_mid_ranks_in_the_roster_alone() -> None:
    assert percentile(1.0, ROSTER) == 0.0
    assert percentile(3.0, ROSTER) == 50.0  # one below, two equal, of four
    assert percentile(3.5, ROSTER) == 75.0
    assert percentile(9.0, ROSTER) == 100.0
    assert np.isnan(percentile(NAN, ROSTER))


def test_remarks_say_what_error_allows() -> None:
    rows = [
        row("a", 4.0, 0.1),
        row("b", 3.1, 0.2),
        row("c", 2.0, 0.1),
        row("d", 3.0, 0.0, n_neutral=9),
        row("e", NAN, NAN, n_scored=0),
        row("f", 3.4, NAN),
    ]
    norms: dict[Key, np.ndarray] = {("sub_dimension", r.id): ROSTER for r in rows}
    placed = place(rows, dict.fromkeys(norms, 9), norms)
    assert [one.remark for one in placed] == [ABOVE, WITHIN, BELOW, NEVER, NOTHING, NO_ERROR]
    assert [one.middle for one in placed] == [3.0] * 6
    assert placed[0].row.percentile == 87.5
    assert (placed[1].percentile_lower, placed[1].percentile_upper) == (25.0, 75.0)


def test_p_is_corrected_for_the_rows_of_a_level() -> None:
    # one t of 2.5 over 9 stems: p = .037 (R: 2 * pt(-2.5, 8)); with nine more rows it is not enough
    alone = place(
        [row("a", 3.25, 0.1)], {("sub_dimension", "a"): 9}, {("sub_dimension", "a"): ROSTER}
    )
    assert alone[0].p == pytest.approx(0.03694, abs=1e-5)
    assert alone[0].remark == ABOVE
    rows = [row("a", 3.25, 0.1), *(row(f"x{i}", 3.01, 0.1) for i in range(9))]
    norms: dict[Key, np.ndarray] = {("sub_dimension", r.id): ROSTER for r in rows}
    placed = place(rows, dict.fromkeys(norms, 9), norms)
    assert placed[0].p_adjusted == pytest.approx(10 * alone[0].p)
    assert placed[0].remark == WITHIN


def test_a_row_without_norms_is_refused() -> None:
    with pytest.raises(DataError, match="no score for the sub_dimension 'a'"):
        place([row("a", 3.0, 0.1)], {("sub_dimension", "a"): 9}, {})


def test_at_alpha_itself_a_difference_is_within_error() -> None:
    norms: dict[Key, np.ndarray] = {("sub_dimension", "a"): ROSTER}
    (first,) = place([row("a", 3.25, 0.1)], {("sub_dimension", "a"): 9}, norms)
    t = 2.306004135204166  # the 97.5 % point with 8 degrees of freedom
    for factor, remark in ((0.999, WITHIN), (1.001, ABOVE)):
        (one,) = place([row("a", 3.0 + 0.1 * t * factor, 0.1)], {("sub_dimension", "a"): 9}, norms)
        assert one.remark == remark
    assert first.p_adjusted == first.p
