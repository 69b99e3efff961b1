"""Groups given one another: against R clubSandwich, planted effects, and what cannot be told."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from valuelex.errors import DataError
from valuelex.psychometrics.adjusted import adjusted_groups
from valuelex.psychometrics.clustered import clustered_regression
from valuelex.psychometrics.groups import SLOPE, compare_groups

REFERENCE = Path(__file__).parents[1] / "reference" / "groups"


def read(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def expected(model: str) -> dict[str, dict[str, float]]:
    return {
        row["term"]: {k: float(v) for k, v in row.items() if k not in ("model", "term")}
        for row in read("expected.csv")
        if row["model"] == model
    }


def groupings() -> dict[str, Any]:
    data = read("data.csv")
    return {
        "families": [row["family"] for row in data],
        "numbers": {"size": [float(row["size"]) for row in data]},
        "labels": {
            "training": ([row["training"] for row in data], "instruct"),
            "data_source": ([row["data"] for row in data], "web"),
        },
    }


def scores() -> dict[str, list[float]]:
    return {"y": [float(row["y"]) for row in read("data.csv")]}


TERMS = {
    ("size", SLOPE): "lsize",
    ("training", "aligned - instruct"): "trainingaligned",
    ("training", "pretrained - instruct"): "trainingpretrained",
    ("data_source", "code - web"): "datacode",
}


def test_adjusted_estimates_are_those_of_clubsandwich() -> None:
    found = adjusted_groups(scores(), **groupings())
    want = expected("adjusted")
    assert [(row.grouping, row.contrast) for row in found] == list(TERMS)
    for row in found:
        theirs = want[TERMS[row.grouping, row.contrast]]
        ours = {name: getattr(row, name) for name in theirs}
        assert ours == pytest.approx(theirs, rel=1e-7, abs=1e-9)
        assert (row.n_models, row.n_families) == (35, 12)


def test_effects_are_in_standard_deviations_and_p_is_adjusted_over_all_rows() -> None:
    known = groupings()
    y = np.array(scores()["y"])
    found = adjusted_groups(scores(), **known)
    training, _ = known["labels"]["training"]
    data, _ = known["labels"]["data_source"]
    columns = [
        np.log10(known["numbers"]["size"]),
        *(np.array([label == level for label in training]) for level in ("aligned", "pretrained")),
        np.array([label == "code" for label in data]),
    ]
    design = np.column_stack([np.ones(35), *columns])
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    sd = np.sqrt(residual @ residual / 30)
    # 35 models less 5 coefficients; Hedges: 1 - 3 / (4 x 30 - 1)
    units = [columns[0].std(ddof=1) / y.std(ddof=1), *[(1 - 3 / 119) / sd] * 3]
    assert [row.effect for row in found] == ["standardised_slope", *["residual_g"] * 3]
    for row, unit in zip(found, units, strict=True):
        sizes = (row.effect_size, row.effect_lower, row.effect_upper)
        plain = (row.estimate, row.lower, row.upper)
        assert sizes == pytest.approx([(value or 0) * unit for value in plain])
    adjusted = stats.false_discovery_control([row.p or 0 for row in found])
    assert [row.p_adjusted for row in found] == pytest.approx(list(adjusted))
    narrow = adjusted_groups(scores(), **known, confidence=0.5)
    half = stats.t.ppf(0.75, found[0].df) * found[0].se
    assert narrow[0].upper == pytest.approx(found[0].estimate + half)


def test_marginal_estimates_are_those_of_clubsandwich() -> None:
    found = compare_groups(scores(), **groupings())
    rows = {(row.grouping, row.contrast): row for row in found}
    for key, model, term in (
        (("size", SLOPE), "size", "lsize"),
        (("training", "aligned - instruct"), "aligned", "trainingaligned"),
        (("data_source", "code - web"), "code", "datacode"),
    ):
        theirs = expected(model)[term]
        ours = {name: getattr(rows[key], name) for name in theirs}
        assert ours == pytest.approx(theirs, rel=1e-7, abs=1e-9)


def confounded(seed: int) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    """Sixteen families of two; larger models are aligned more often; only training matters."""
    rng = np.random.default_rng(seed)
    families = np.repeat([f"f{i:02d}" for i in range(16)], 2)
    size = rng.uniform(0, 2, 32)
    aligned = rng.random(32) < 1 / (1 + np.exp(-4 * (size - 1)))
    known: dict[str, Any] = {
        "families": families.tolist(),
        "numbers": {"size": (10**size).tolist()},
        "labels": {"training": (["aligned" if a else "base" for a in aligned], "base")},
    }
    y = 1.0 * aligned + np.repeat(rng.normal(0, 0.3, 16), 2) + rng.normal(0, 0.4, 32)
    return known, y, aligned


def test_an_effect_that_only_rides_on_another_goes_away() -> None:
    alone: list[Any] = []
    given: list[Any] = []
    planted: list[Any] = []
    for seed in range(60):
        known, y, _ = confounded(seed)
        column = {"y": y.tolist()}
        alone.append(compare_groups(column, **known)[0].estimate)
        size, training = adjusted_groups(column, **known)
        given.append((size.estimate, size.p))
        planted.append((training.estimate, training.lower, training.upper))
    assert np.mean(alone) > 0.4  # size looks as if it mattered
    assert abs(np.mean([e for e, _ in given])) < 0.06
    assert np.mean([p < 0.05 for _, p in given]) <= 0.12
    assert np.mean([e for e, _, _ in planted]) == pytest.approx(1.0, abs=0.06)
    covered = np.mean([low < 1.0 < high for _, low, high in planted])
    assert 0.88 <= covered <= 1.0


def test_what_cannot_be_told_apart_is_said() -> None:
    known, y, aligned = confounded(1)
    twin = ["x" if a else "z" for a in aligned]
    labels = {**known["labels"], "data": (twin, "z")}
    rows = adjusted_groups({"y": y.tolist()}, **{**known, "labels": labels})
    assert [row.note for row in rows[:2]] == ["", ""]
    assert rows[2].estimate is None
    assert rows[2].note == "cannot be told apart from the other groupings"
    few = {**known, "families": ["a", "b"] * 16}
    rows = adjusted_groups({"y": y.tolist()}, **few)
    assert {row.note for row in rows} == {"fewer than 3 families"}
    assert adjusted_groups({"y": y.tolist()}, **{**known, "labels": {}}) == []
    rows = adjusted_groups({"y": [2.0] * 32}, **known)
    assert {row.note for row in rows} == {"the score does not vary"}


def test_a_regression_needs_independent_columns() -> None:
    x = np.arange(6.0)
    design = np.column_stack([np.ones(6), x, 2 * x])
    with pytest.raises(DataError, match="rank 2"):
        clustered_regression(x, design, np.array(list("aabbcc")))
