"""A projective test in the wild, nine judges, 15 traits, twice: `valuelex agreement` and others.

Nothing of ours computes the expected numbers: pandas correlates, statsmodels divides the variance,
the package krippendorff gives alpha, scikit-learn the first component.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from sklearn.decomposition import PCA
from statsmodels.stats.anova import anova_lm

from valuelex.cli.app import run_app

pytestmark = pytest.mark.external
KEYS = ["judge", "model", "answer_rep", "eval_rep"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    root = os.environ.get("VALUELEX_EXTERNAL_DATA")
    if not root:
        pytest.skip("VALUELEX_EXTERNAL_DATA is not set: real data sets are not part of the project")
    return pd.read_csv(Path(root) / "story-continuations" / "judge_ratings.csv.gz")


@pytest.fixture(scope="module")
def found(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    table = Path(os.environ["VALUELEX_EXTERNAL_DATA"]) / "story-continuations/judge_ratings.csv.gz"
    assert len(frame)
    out = tmp_path_factory.mktemp("agreement")
    options = ["--item", "answer_rep", "--repeat", "eval_rep", "--out", str(out)]
    assert run_app(["agreement", str(table), *options]) == 0
    content: dict[str, Any] = json.loads((out / "agreement.json").read_bytes())
    return content


def traits(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if name not in KEYS]


def cells(frame: pd.DataFrame, trait: str, level: str) -> pd.DataFrame:
    """Judges x targets: means over repeats, and over items where the target is the subject."""
    targets = ["model", "answer_rep"]
    units = frame.pivot_table(index="judge", columns=targets, values=trait, aggfunc="mean")
    if level == "subject":
        return units.T.groupby("model").mean().T
    return units


def rows(found: dict[str, Any], level: str) -> dict[str, Any]:
    return {row["trait"]: row for row in found["traits"] if row["level"] == level}


def test_every_rating_is_accounted_for(found: dict[str, Any], frame: pd.DataFrame) -> None:
    table = found["table"]
    ratings = frame[traits(frame)].apply(pd.to_numeric, errors="coerce")
    assert table["rows_read"] == len(frame)
    assert table["ratings"] == int(ratings.notna().sum().sum())
    assert table["ratings"] + sum(table["unscored"].values()) == ratings.size
    assert (table["judges"], table["subjects"], table["traits"]) == (
        frame["judge"].nunique(),
        frame["model"].nunique(),
        len(traits(frame)),
    )


@pytest.mark.parametrize("level", ["subject", "unit"])
def test_correlations_and_alpha(found: dict[str, Any], frame: pd.DataFrame, level: str) -> None:
    for trait in traits(frame):
        wide = cells(frame, trait, level)
        pearson, spearman = wide.T.corr(), wide.T.corr("spearman")
        pairs = list(combinations(sorted(wide.index), 2))
        row = rows(found, level)[trait]
        each = [pearson.loc[a, b] for a, b in pairs]
        assert row["mean_r"] == pytest.approx(np.mean(each), abs=1e-9)
        assert (row["least_r"], row["most_r"]) == pytest.approx((min(each), max(each)), abs=1e-9)
        ours = {
            (p["judge_a"], p["judge_b"]): p
            for p in found["pairs"]
            if p["level"] == level and p["trait"] == trait
        }
        for a, b in pairs:
            assert ours[a, b]["pearson"] == pytest.approx(pearson.loc[a, b], abs=1e-9)
            assert ours[a, b]["spearman"] == pytest.approx(spearman.loc[a, b], abs=1e-9)
        for scale in ("interval", "ordinal"):
            theirs = krippendorff.alpha(wide.to_numpy(), level_of_measurement=scale)
            assert row[f"alpha_{scale}"] == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("level", ["subject", "unit"])
def test_intraclass_correlations(found: dict[str, Any], frame: pd.DataFrame, level: str) -> None:
    """Mean squares of statsmodels' analysis of variance, put into Shrout and Fleiss's formulas."""
    for trait in traits(frame)[:5]:
        wide = cells(frame, trait, level)
        long = pd.DataFrame(
            {
                "y": wide.to_numpy().ravel(),
                "judge": np.repeat(np.arange(len(wide)), wide.shape[1]),
                "target": np.tile(np.arange(wide.shape[1]), len(wide)),
            }
        )
        table = anova_lm(smf.ols("y ~ C(target) + C(judge)", long).fit())
        n, k = wide.shape[1], wide.shape[0]
        squares, parts = table["sum_sq"], ["C(target)", "C(judge)", "Residual"]
        target, judge, error = (squares[p] / table["df"][p] for p in parts)
        within = (squares["C(judge)"] + squares["Residual"]) / (n * (k - 1))
        want = {
            "icc1": (target - within) / (target + (k - 1) * within),
            "icc1k": (target - within) / target,
            "icc2": (target - error) / (target + (k - 1) * error + k * (judge - error) / n),
            "icc2k": (target - error) / (target + (judge - error) / n),
            "icc3": (target - error) / (target + (k - 1) * error),
            "icc3k": (target - error) / target,
        }
        row = rows(found, level)[trait]
        assert {name: row[name] for name in want} == pytest.approx(want, abs=1e-9)
        assert row["n_complete"] == n
        assert all(row[f"{name}_lower"] < row[name] < row[f"{name}_upper"] for name in want)


def test_repeats_and_severity(found: dict[str, Any], frame: pd.DataFrame) -> None:
    trait = traits(frame)[0]
    units = frame.groupby(["judge", "model", "answer_rep"])[trait]
    level = units.mean().groupby("judge").mean()
    for row in found["judges_by_trait"]:
        if row["trait"] != trait:
            continue
        mine = frame[frame["judge"] == row["judge"]].copy()
        mine["unit"] = mine["model"] + "/" + mine["answer_rep"].astype(str)
        table = anova_lm(smf.ols(f"Q({trait!r}) ~ C(unit)", mine).fit())
        between, within = (table["sum_sq"] / table["df"]).to_numpy()
        assert row["repeat_icc"] == pytest.approx((between - within) / (between + within), abs=1e-9)
        assert row["repeat_icc_k"] == pytest.approx((between - within) / between, abs=1e-9)
        assert row["repeat_sd"] == pytest.approx(np.sqrt(within), abs=1e-9)
        assert row["severity"] == pytest.approx(level[row["judge"]] - level.mean(), abs=1e-9)
        assert row["n_repeated"] == mine["unit"].nunique()


def test_halo(found: dict[str, Any], frame: pd.DataFrame) -> None:
    means = pd.DataFrame(
        {trait: cells(frame, trait, "subject").mean() for trait in traits(frame)}
    ).to_numpy()
    for name, x in (("raw", means), ("centred", means - means.mean(axis=1, keepdims=True))):
        share = PCA().fit((x - x.mean(axis=0)) / x.std(axis=0)).explained_variance_ratio_[0]
        assert found["halo"]["all_judges"][name] == pytest.approx(share, abs=1e-9)
    assert found["halo"]["all_judges"]["against"] == 5  # anxiety, stress, fear, control, load


def test_a_judge_that_missed_some_and_cells_of_text(
    frame: pd.DataFrame, tmp_path: Path, external_data: Callable[[str], Path]
) -> None:
    """Rows gone, doubled and spoilt: counted, and the coefficients are those of what is left."""
    assert external_data("story-continuations").is_dir()
    first = sorted(frame["judge"].unique())[0]
    trait = traits(frame)[0]
    gone = frame[~((frame["judge"] == first) & (frame["answer_rep"] == 1))].reset_index(drop=True)
    spoilt = gone.astype({trait: object})
    spoilt.loc[::50, trait] = "eight"
    table = pd.concat([spoilt, spoilt.iloc[3:10]])
    table.to_json(tmp_path / "ratings.jsonl", orient="records", lines=True)
    options = ["--item", "answer_rep", "--repeat", "eval_rep", "--draws", "20"]
    command = ["agreement", str(tmp_path / "ratings.jsonl"), *options, "--out", str(tmp_path)]
    assert run_app(command) == 0
    found = json.loads((tmp_path / "agreement.json").read_bytes())
    assert found["table"]["left_out"] == {"rows that stand twice": 7}
    assert found["table"]["unscored"]["not a number"] >= len(gone) // 50
    clean = gone.copy()
    clean.loc[::50, trait] = np.nan
    wide = cells(clean, trait, "unit")
    row = rows(found, "unit")[trait]
    theirs = krippendorff.alpha(wide.to_numpy(), level_of_measurement="interval")
    assert row["alpha_interval"] == pytest.approx(theirs, abs=1e-9)
    off = np.triu_indices(len(wide), 1)
    assert row["mean_r"] == pytest.approx(wide.T.corr().to_numpy()[off].mean(), abs=1e-9)
    assert row["n_complete"] == int(wide.notna().all().sum()) < wide.shape[1]
