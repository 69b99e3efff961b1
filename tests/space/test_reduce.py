from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.space.reduce import SMALLEST_FOR_UMAP, layout_2d, reduce


def blobs(per_blob: int, *, seed: int = 0) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    middles = np.eye(12)[:3]
    return np.vstack([m + 0.05 * rng.standard_normal((per_blob, 12)) for m in middles])


def test_umap_keeps_groups_apart_and_repeats_to_the_bit() -> None:
    X = blobs(15)
    first = reduce(X, n_components=3, n_neighbors=10, seed=4)
    again = reduce(X, n_components=3, n_neighbors=10, seed=4)
    assert first.shape == (45, 3)
    assert first.tobytes() == again.tobytes()
    middles = np.array([first[i * 15 : (i + 1) * 15].mean(axis=0) for i in range(3)])
    own = np.repeat(np.arange(3), 15)
    nearest = np.linalg.norm(first[:, None] - middles[None], axis=2).argmin(axis=1)
    np.testing.assert_array_equal(nearest, own)


def test_neighbours_and_components_are_cut_to_the_number_of_terms() -> None:
    # 15 rows: n_neighbors 50 becomes 14, n_components 40 becomes 13
    assert reduce(blobs(5), n_components=40, n_neighbors=50).shape == (15, 13)


@pytest.mark.parametrize("n", [1, 2, 3, SMALLEST_FOR_UMAP - 1])
def test_too_few_rows_for_a_neighbour_graph_get_principal_axes(n: int) -> None:
    X = blobs(5)[:n]
    flat = layout_2d(X)
    assert flat.shape == (n, 2)
    assert np.isfinite(flat).all()
    if n == 3:
        # two axes hold three points exactly: distances are those of the full space
        full = np.linalg.norm(X[:, None] - X[None], axis=2)
        np.testing.assert_allclose(
            np.linalg.norm(flat[:, None] - flat[None], axis=2), full, atol=1e-6
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_components": 0}, "n_components must be at least 1, was: 0"),
        ({"n_neighbors": 1}, "n_neighbors must be at least 2, was: 1"),
        ({"min_dist": 1.0}, r"min_dist must be in \[0, 1\), was: 1.0"),
        ({"metric": "hamming"}, "was: 'hamming'"),
    ],
)
def test_options_out_of_range(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        reduce(blobs(5), **change)  # type: ignore[arg-type]


def test_vectors_that_cannot_be_reduced() -> None:
    with pytest.raises(DataError, match="got shape"):
        reduce(np.zeros((0, 4)))
    X = blobs(5)
    X[6, 2] = np.nan
    with pytest.raises(DataError, match="term 7 "):
        reduce(X)
