from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from valuelex.errors import DataError
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.norms import Norms, read_norms
from valuelex.instruments.pvq.people import beside_people, fisher_interval
from valuelex.lexica import read_table

ROOT = Path(__file__).parents[3]


def rows() -> list[dict[str, str]]:
    return read_table(ROOT, "norms/pvq-rr-human.csv", ("value", "mean"))


def test_shipped_norms_are_centred(key: Key) -> None:
    norms = read_norms(rows(), key, "nineteen").mean
    assert len(norms) == 19
    assert sum(norms.values()) / 19 == pytest.approx(0, abs=0.02)  # printed with two decimals
    assert max(norms, key=lambda v: norms[v]) == "benevolence-care"
    assert read_norms(rows(), key, "ten").mean["power"] == pytest.approx((-1.33 - 1.40) / 2)


def test_difference_and_interval_by_hand() -> None:
    centred = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -1.0], [3.0, 0.0, -2.0]])
    found = beside_people(centred, ["a", "b", "c"], Norms({"a": 1.0, "b": 2.0, "c": -3.0}, {}))
    a = found.values[0]
    assert a.difference == pytest.approx(1.0)
    # R: t.test(c(1, 2, 3), mu = 1)$conf.int - 1 = [-0.484138, 4.484138] - 1
    assert a.lower == pytest.approx(-1.484138, abs=1e-5)
    assert a.upper == pytest.approx(3.484138, abs=1e-5)
    assert [row.rank_shift for row in found.values] == [-1, 1, 0]
    assert found.pearson == pytest.approx(np.corrcoef([2, 0, -4 / 3], [1, 2, -3])[0, 1], abs=1e-12)
    assert found.spearman == pytest.approx(0.5)
    assert found.mean_absolute_difference == pytest.approx((1 + 2 + 5 / 3) / 3)


def test_what_is_missing_stays_missing() -> None:
    centred = np.array([[1.0, np.nan, 0.0]])
    found = beside_people(centred, ["a", "b", "c"], Norms({"a": 0.0, "b": 9.0, "c": 1.0}, {}))
    assert found.values[1].difference is None
    assert found.values[1].rank_shift is None
    assert found.values[0].lower is None  # one trial has no interval
    assert found.pearson is None  # two values make no correlation
    # people rank c above a, among the two values that the model has
    assert found.values[0].rank_shift == -1
    assert found.n_values == 2


def test_bad_norms_are_refused(key: Key) -> None:
    good = rows()
    with pytest.raises(DataError, match="miss"):
        read_norms(good[:-1], key, "ten")
    with pytest.raises(DataError, match="row 20: each value must stand once"):
        read_norms([*good, good[0]], key, "ten")
    with pytest.raises(DataError, match="row 1: mean of 'face' must be a finite number"):
        read_norms([{"value": "face", "mean": "nan"}], key, "ten")
    with pytest.raises(DataError, match=r"did you mean 'hedonism'"):
        read_norms([{"value": "hedonsim", "mean": "1"}], key, "ten")
    raw = [{"value": row["value"], "mean": str(4 + float(row["mean"]))} for row in good]
    with pytest.raises(DataError, match=r"centred.*average to 4\.0"):
        read_norms(raw, key, "nineteen")
    with pytest.raises(DataError, match="in every row or in none, misses: 18"):
        read_norms([{**good[0], "sd": "0.4"}, *good[1:]], key, "nineteen")
    with pytest.raises(DataError, match=r"sd of .* must be a number above 0"):
        read_norms([{**good[0], "sd": "0"}, *good[1:]], key, "nineteen")


def test_a_table_with_deviations_gives_differences_in_them(key: Key) -> None:
    norms = read_norms([{**row, "sd": "0.25"} for row in rows()], key, "nineteen")
    centred = np.tile(np.array([norms.mean[v] + 0.5 for v in norms.mean]), (2, 1))
    found = beside_people(centred, list(norms.mean), norms)
    assert [row.z for row in found.values] == pytest.approx([2.0] * 19)
    assert found.pearson == pytest.approx(1)


def test_the_interval_of_a_profile_correlation_is_fishers() -> None:
    # R: psych::r.con(.5, 19)
    assert fisher_interval(0.5, 19) == pytest.approx((0.059246, 0.777610), abs=5e-7)
    assert fisher_interval(None, 19) == (None, None)
    assert fisher_interval(0.5, 3) == (None, None)


def test_shapes_must_agree() -> None:
    with pytest.raises(DataError, match="must hold every value"):
        beside_people(np.ones((1, 1)), ["a"], Norms({}, {}))
    with pytest.raises(DataError, match="trials, 2"):
        beside_people(np.ones((1, 1)), ["a", "b"], Norms({"a": 1, "b": 1}, {}))
