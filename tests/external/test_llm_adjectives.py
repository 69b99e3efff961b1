"""Published loadings of 310 language-model respondents on 1,700 adjectives, found again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from valuelex.psychometrics.congruence import match
from valuelex.psychometrics.ipsatise import ipsatise
from valuelex.psychometrics.pca import pca_promax

pytestmark = pytest.mark.external
VARIANCE = {5: [4.84, 4.43, 4.16, 4.11, 2.00]}


@pytest.mark.parametrize("k", [5, 6, 10])
def test_published_loadings(k: int, external_data: Callable[[str], Path]) -> None:
    folder = external_data("llm-adjectives")
    answers = pd.read_csv(folder / "popc_results.csv", index_col=0, keep_default_na=False)
    answers = answers.drop(columns=["niggardly"])
    answers = answers.loc[:, answers.std() > 0]
    published = pd.read_csv(folder / f"loadings_popc_{k}.csv", index_col=0, keep_default_na=False)
    found = pca_promax(ipsatise(answers.to_numpy(dtype=float), "balanced", midpoint=5.0), k)
    places = answers.columns.get_indexer(published.index)
    theirs = published.to_numpy()
    matched = match(theirs, found.loadings[places])
    assert matched.phi.min() > 0.999999
    ours = np.sort(found.percent)[::-1].round(2)
    np.testing.assert_allclose(
        ours, np.sort(100 * (theirs**2).sum(axis=0) / len(theirs))[::-1].round(2), atol=1e-9
    )
    if k in VARIANCE:
        np.testing.assert_allclose(ours, VARIANCE[k], atol=1e-9)
