"""The null distributions of parallel analysis, drawn again from the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.psychometrics.matrix import standardise
from valuelex.psychometrics.parallel import deflated_test, parallel_analysis
from valuelex.psychometrics.types import Floats

N, P, DRAWS = 24, 4, 19


def data() -> Floats:
    rng = np.random.default_rng(7)
    general = rng.normal(size=(N, 1))
    return np.asarray(rng.normal(size=(N, P)) + general * [1.0, 1.0, 0.5, 0.0] + [3, 0, -1, 5])


def roots(R: NDArray[Any]) -> Floats:
    return np.sort(np.linalg.eigvalsh(R))[::-1]


def test_rows_are_dealt_anew_in_each_column() -> None:
    found = parallel_analysis(data(), None, DRAWS, 90.0, seed=4)
    z = standardise(data())
    rng = np.random.default_rng(4)
    null = []
    for _ in range(DRAWS):
        w = rng.permuted(z, axis=0)
        null.append(roots(np.asarray(np.corrcoef(w.T))))
    assert found.observed == pytest.approx(roots(np.asarray(np.corrcoef(data().T))))
    assert found.thresholds == pytest.approx(np.percentile(null, 90, axis=0))
    assert found.means == pytest.approx(np.mean(null, axis=0))
    assert (found.scheme, found.blocks, found.permutations, found.percentile) == (
        "rows",
        N,
        DRAWS,
        90.0,
    )


def test_equal_blocks_are_dealt_whole() -> None:
    blocks = np.array(list("abcdef") * 4)  # the rows of a block need not lie together
    found = parallel_analysis(data(), blocks, DRAWS, 90.0, seed=4)
    z = standardise(data())
    rng = np.random.default_rng(4)
    null = []
    for _ in range(DRAWS):
        places = rng.permuted(np.repeat(np.arange(6)[:, None], P, axis=1), axis=0)
        w = np.empty_like(z)
        for block in range(6):
            for column in range(P):
                theirs = np.flatnonzero(blocks == "abcdef"[places[block, column]])
                w[np.flatnonzero(blocks == "abcdef"[block]), column] = z[theirs, column]
        null.append(roots(w.T @ w / (N - 1)))
    assert found.thresholds == pytest.approx(np.percentile(null, 90, axis=0))
    assert (found.scheme, found.blocks) == ("permute", 6)


def flipped(z: Floats, index: Floats, rng: np.random.Generator) -> Floats:
    signs = np.where(rng.integers(0, 2, size=(int(index.max()) + 1, P)) == 1, 1.0, -1.0)
    w = z * signs[index.astype(int)]
    return np.asarray(w.T @ w / (N - 1))


UNEQUAL = np.array([0] * 3 + [1] * 9 + [2] * 2 + [3] * 6 + [4] * 4)


def test_unequal_blocks_get_one_sign_for_each_column() -> None:
    found = parallel_analysis(data(), UNEQUAL, DRAWS, 90.0, seed=4)
    rng = np.random.default_rng(4)
    null = [roots(flipped(standardise(data()), UNEQUAL, rng)) for _ in range(DRAWS)]
    assert found.thresholds == pytest.approx(np.percentile(null, 90, axis=0))
    assert found.means == pytest.approx(np.mean(null, axis=0))
    assert (found.scheme, found.blocks) == ("flip", 5)


@pytest.mark.parametrize("limit", [0, 1, 3, 9])
def test_each_component_is_taken_out_before_the_next_is_tested(limit: int) -> None:
    z = standardise(data())
    found = deflated_test(z, UNEQUAL, DRAWS, 20.0, limit=limit, seed=3)
    rng = np.random.default_rng(3)
    rest = z
    observed: list[float] = []
    thresholds: list[float] = []
    while len(observed) <= min(limit, P - 1):
        u, s, vt = np.linalg.svd(rest, full_matrices=False)
        observed.append(float(s[0] ** 2) / (N - 1))
        null = [roots(flipped(rest, UNEQUAL, rng))[0] for _ in range(DRAWS)]
        thresholds.append(float(np.percentile(null, 20)))
        if observed[-1] <= thresholds[-1]:
            break
        rest = rest - s[0] * np.outer(u[:, 0], vt[0])
    assert found.observed == pytest.approx(tuple(observed))
    assert found.thresholds == pytest.approx(tuple(thresholds))
    passed = sum(o > t for o, t in zip(observed, thresholds, strict=True))
    assert found.n_factors == min(passed, limit, P - 1)
    assert found.percentile == 20.0


def test_what_is_needed_for_a_null() -> None:
    assert parallel_analysis(data(), None, 19).permutations == 19
    with pytest.raises(DataError, match="permutations must be 19 or more; was: 18"):
        parallel_analysis(data(), None, 18)
    assert parallel_analysis(data(), np.arange(N) % 3, 19).blocks == 3
    with pytest.raises(DataError, match="three or more blocks; came: 2"):
        parallel_analysis(data(), np.arange(N) % 2, 19)
