from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from valuelex.instruments.portrait.score import Tag
from valuelex.instruments.portrait.shifts import group_differences, mean_interval, persona_shifts

ITEMS = [("1", i) for i in range(6)]
TAGS = [Tag(item, "pvq", "power" if i < 3 else "hedonism", 0.4) for i, item in enumerate(ITEMS)]


def test_shifts_by_hand() -> None:
    plain = dict(zip(ITEMS, [1.0, 2, 3, 4, 4, 4], strict=True))
    persona = dict(zip(ITEMS, [3.0, 3, 4, 4, 3, 3], strict=True))
    power, hedonism = persona_shifts(plain, persona, TAGS)
    # changes 2 1 1 | 0 -1 -1, their mean 1/3: power 4/3 - 1/3, hedonism -2/3 - 1/3
    assert power.shift == pytest.approx(1.0)
    assert hedonism.shift == pytest.approx(-1.0)
    expected = stats.t.interval(0.95, 2, 1.0, stats.sem([2, 1, 1]))
    assert (power.lower, power.upper) == pytest.approx(expected)
    assert power.n == 3


def test_items_without_both_answers_are_left_out() -> None:
    plain: dict[tuple[str, int], float | None] = dict.fromkeys(ITEMS, 3.0)
    persona: dict[tuple[str, int], float | None] = dict.fromkeys(ITEMS, 4.0)
    persona[ITEMS[0]] = None
    power, hedonism = persona_shifts(plain, persona, TAGS)
    assert (power.n, power.lower) == (2, None)
    assert (hedonism.n, hedonism.shift) == (3, 0.0)


def test_families_have_changes_of_their_own_and_may_have_none() -> None:
    other = [Tag(("9", 1), "big_five", "openness", 0.4), Tag(("9", 2), "hexaco", "honesty", 0.4)]
    plain: dict[tuple[str, int], float | None] = {**dict.fromkeys(ITEMS, 3.0), ("9", 1): 1.0}
    persona: dict[tuple[str, int], float | None] = {**dict.fromkeys(ITEMS, 4.0), ("9", 1): 5.0}
    found = persona_shifts(plain, persona, [*TAGS, *other])
    assert [(one.family, one.dimension, one.shift, one.n) for one in found] == [
        *(("pvq", "power", 0.0, 3), ("pvq", "hedonism", 0.0, 3)),
        *(("big_five", "openness", 0.0, 1), ("hexaco", "honesty", None, 0)),
    ]


def test_group_differences_are_welchs() -> None:
    rng = np.random.default_rng(0)
    scores = {f"p{i}": {"power": float(rng.normal(i < 10, 1))} for i in range(30)}
    members = frozenset(f"p{i}" for i in range(10))
    found = group_differences(scores, members, "pvq")[0]
    inside = [scores[p]["power"] for p in sorted(members)]
    outside = [s["power"] for p, s in scores.items() if p not in members]
    expected = stats.ttest_ind(inside, outside, equal_var=False).confidence_interval()
    assert found.shift == pytest.approx(np.mean(inside) - np.mean(outside))
    assert (found.lower, found.upper) == pytest.approx((expected.low, expected.high))
    assert found.n == 10
    nobody = group_differences(scores, frozenset(["p0"]), "pvq")[0]
    assert (nobody.shift, nobody.n) == (None, 1)


def test_no_interval_from_two_numbers() -> None:
    assert mean_interval(np.array([])) == (None, None, None)
    assert mean_interval(np.array([1.0, 2.0])) == (1.5, None, None)
