from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.requests import plan_orders
from valuelex.instruments.pvq.retest import over_item_order, over_option_order, over_wording

PLAN = plan_orders(57, 8, 5)
POSITION = np.argsort(PLAN.items, axis=1).astype(np.int64) + 1


def answers(seed: int, noise: float) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    own = rng.normal(3.6, 1.1, 57)
    return np.clip(np.round(own + rng.normal(0, noise, (8, 57))), 1, 6)


def test_without_an_effect_another_order_is_as_good_as_a_repeat(key: Key) -> None:
    found = over_option_order(answers(1, 0.6), PLAN.descending, key)
    assert found.agreement == pytest.approx(found.repeat, abs=0.03)
    assert found.r is not None
    assert found.r > 0.9
    assert found.r_repeat is not None
    assert found.r == pytest.approx(found.r_repeat, abs=0.06)
    assert found.shift == pytest.approx(0, abs=0.15)
    assert found.n_pairs == 57 * 4 * 4
    assert found.facet == "option order"
    assert over_item_order(answers(1, 0.6), POSITION, key).facet == "item order"


def test_an_order_effect_lowers_agreement_and_shows_as_a_shift(key: Key) -> None:
    plain = answers(2, 0.3)
    moved = np.clip(plain + np.where(PLAN.descending, 1, 0), 1, 6)
    found = over_option_order(moved, PLAN.descending, key)
    assert found.agreement is not None
    assert found.repeat is not None
    assert found.agreement < found.repeat - 0.3
    assert found.shift == pytest.approx(-0.95, abs=0.1)
    # the position of an item had no effect, though option order had one
    assert over_item_order(moved, POSITION, key).shift == pytest.approx(0, abs=0.2)


def test_another_wording_of_a_model_that_answers_otherwise_is_told(key: Key) -> None:
    same, other = answers(3, 0.3), answers(4, 0.3)
    steady = over_wording(same, same[:2], key, "plain")
    assert steady.facet == "wording: plain"
    assert steady.r == pytest.approx(1)
    changed = over_wording(same, other[:2], key, "plain")
    assert changed.agreement is not None
    assert changed.repeat is not None
    assert changed.repeat > 0.6 > changed.agreement + 0.2
    assert changed.r_repeat is not None
    assert changed.r is not None
    assert changed.r < 0.7 < changed.r_repeat


def test_missing_answers_and_single_trials_have_nothing_to_compare(key: Key) -> None:
    nothing = np.full((2, 57), np.nan)
    found = over_option_order(nothing, PLAN.descending[:2], key)
    assert (found.agreement, found.repeat, found.r, found.shift) == (None,) * 4
    single = over_wording(answers(1, 0.5)[:1], nothing[:1], key, "model")
    assert (single.agreement, single.repeat, single.r_repeat) == (None,) * 3
