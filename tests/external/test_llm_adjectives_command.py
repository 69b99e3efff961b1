"""The published loadings of 310 language-model respondents, reached with `valuelex factor`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from valuelex.cli.app import run_app
from valuelex.psychometrics.congruence import match

pytestmark = pytest.mark.external
RECIPE = (
    *("--drop", "niggardly", "--matrix", "covariance", "--extraction", "pca"),
    *("--rotation", "promax", "--ipsatise", "balanced", "--midpoint", "5"),
)


@pytest.mark.parametrize("k", [5, 6, 10])
def test_published_loadings(k: int, external_data: Callable[[str], Path], tmp_path: Path) -> None:
    folder = external_data("llm-adjectives")
    table = str(folder / "popc_results.csv")
    assert run_app(["factor", table, *RECIPE, "--factors", str(k), "--out", str(tmp_path)]) == 0
    found = pd.read_csv(tmp_path / "loadings.csv", index_col=0, keep_default_na=False)
    found.index = found.index.str.removeprefix("'")
    published = pd.read_csv(folder / f"loadings_popc_{k}.csv", index_col=0, keep_default_na=False)
    matched = match(published.to_numpy(), found.loc[published.index].to_numpy())
    assert matched.phi.min() > 0.999999
    said = json.loads((tmp_path / "diagnostics.json").read_bytes())
    ours = sorted((round(100 * v["share"], 2) for v in said["variance"]), reverse=True)
    theirs = 100 * (published.to_numpy() ** 2).sum(axis=0) / len(published)
    np.testing.assert_allclose(ours, np.sort(theirs)[::-1].round(2), atol=1e-9)
    if k == 5:
        assert ours == [4.84, 4.43, 4.16, 4.11, 2.00]
