"""What eigenvalues would noise give? Parallel analysis by permutation, and Velicer's MAP.

Rows that come in *blocks* (15 decoding settings of one model, say) are not independent: a model's
taste for one word recurs in all its rows, and the tastes of 35 models correlate by chance far more
than 525 independent rows would. A null that permutes single rows breaks those recurrences and finds
factors in pure idiosyncrasy. Two nulls keep the blocks together:

``permute``
    Whole blocks are permuted, for each column on its own (blocks of equal size only).
``flip``
    The standardised values of each block are multiplied by one random sign for each column (Hong,
    Sheng and Dobriban 2020 for single rows). Every block keeps its own pattern of repeats, of any
    size, and nothing common to several blocks survives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import linalg

from valuelex.errors import DataError
from valuelex.psychometrics.grouped import GroupedRows
from valuelex.psychometrics.matrix import standardise
from valuelex.psychometrics.types import Floats, Ints, Labels, group_index

_TALL = 10_000_000  # cells up to which data are decomposed as they are
Scheme = Literal["rows", "permute", "flip"]


@dataclass(frozen=True)
class ParallelAnalysis:
    """Observed eigenvalues against those of a null.

    Attributes
    ----------
    observed, thresholds, means
        (p,) eigenvalues of the correlations; the percentile and the mean of the null's, by rank.
    n_factors
        How many leading eigenvalues exceed their threshold, up to the first that does not.
    scheme
        ``rows``, ``permute`` or ``flip``.
    percentile, permutations, blocks
        The settings; ``blocks`` is the number of blocks, or of rows where rows are free.
    """

    observed: Floats
    thresholds: Floats
    means: Floats
    n_factors: int
    scheme: Scheme
    percentile: float
    permutations: int
    blocks: int


def leading(observed: Floats, thresholds: Floats) -> int:
    """Count leading values above their thresholds, up to the first that is not."""
    above = observed > thresholds
    return len(above) if above.all() else int(np.argmin(above))


def parallel_analysis(
    X: Floats,
    blocks: Labels | None = None,
    permutations: int = 200,
    percentile: float = 95.0,
    seed: int = 0,
) -> ParallelAnalysis:
    """Compare the eigenvalues of the correlations of X (n, p) with those of permuted data.

    Horn (1965), with permuted data instead of normal deviates (Buja and Eyuboglu 1992) and the
    percentile of Glorfeld (1995). R: ``psych::fa.parallel(X, fa = "pc", sim = FALSE)``, whose
    resampling likewise shuffles each column.

    Parameters
    ----------
    blocks
        Labels (n,) of rows that belong together. Equal sizes: blocks are permuted; else flipped.
        None: single rows are permuted, which is right for independent rows only.
    permutations
        Null data sets drawn; at least 19.
    percentile
        Of the null eigenvalues, in (50, 100).
    """
    Z = standardise(X)
    n, p = Z.shape
    if permutations < 19:
        raise DataError(f"permutations must be 19 or more; was: {permutations}")
    rng = np.random.default_rng(seed)
    observed = _eigenvalues(Z.T @ Z / (n - 1))
    null = np.empty((permutations, p))
    scheme: Scheme = "rows"
    count = n
    if blocks is None:
        for i in range(permutations):
            W = rng.permuted(Z, axis=0)
            null[i] = _eigenvalues(W.T @ W / (n - 1))
    else:
        names, index = group_index(blocks)
        count = len(names)
        if count < 3:
            raise DataError(f"a null over blocks needs three or more blocks; came: {count}")
        scheme = "permute" if _equal(index) else "flip"
        draw = block_null(Z, index, count)
        for i in range(permutations):
            null[i] = _eigenvalues(draw(rng))
    thresholds = np.percentile(null, percentile, axis=0)
    return ParallelAnalysis(
        observed=observed,
        thresholds=np.asarray(thresholds),
        means=null.mean(axis=0),
        n_factors=leading(observed, np.asarray(thresholds)),
        scheme=scheme,
        percentile=percentile,
        permutations=permutations,
        blocks=count,
    )


def _eigenvalues(R: Floats) -> Floats:
    return np.asarray(linalg.eigvalsh(R, check_finite=False)[::-1])


def _equal(index: Ints) -> bool:
    sizes = np.bincount(index)
    return bool((sizes == sizes[0]).all())


def block_null(Z: Floats, index: Ints, count: int) -> BlockPermuter | SignFlipper:
    """Return a drawer of null correlation matrices of Z (n, p) that keeps blocks whole."""
    return BlockPermuter(Z, index, count) if _equal(index) else SignFlipper(Z, index, count)


class BlockPermuter:
    """Draw correlation matrices of Z with whole blocks permuted column by column."""

    def __init__(self, Z: Floats, index: Ints, count: int) -> None:
        order = np.argsort(index, kind="stable")
        self.n, self.p = Z.shape
        self.stack = Z[order].reshape(count, -1, self.p)  # blocks x rows of a block x columns

    def __call__(self, rng: np.random.Generator) -> Floats:
        """Return one (p, p) null correlation matrix."""
        count = len(self.stack)
        places = rng.permuted(np.tile(np.arange(count)[:, None], (1, self.p)), axis=0)
        W = np.take_along_axis(self.stack, places[:, None, :], axis=0).reshape(self.n, self.p)
        return np.asarray(W.T @ W / (self.n - 1))


class SignFlipper:
    """Draw second-moment matrices of Z with one random sign a block and column."""

    def __init__(self, Z: Floats, index: Ints, count: int) -> None:
        self._rows = GroupedRows(Z, index, count)

    def __call__(self, rng: np.random.Generator) -> Floats:
        """Return one (p, p) null second-moment matrix."""
        rows = self._rows
        signs = rng.integers(0, 2, size=(rows.count, rows.p)).astype(np.float64) * 2 - 1
        return np.asarray(rows.flipped(signs) / (rows.n - 1))


@dataclass(frozen=True)
class DeflatedTest:
    """A sequential test of the number of components.

    ``observed`` and ``thresholds`` hold, for each step taken, the leading eigenvalue of what is
    left after removing the components found so far, and the null's percentile of the same.
    """

    n_factors: int
    observed: tuple[float, ...]
    thresholds: tuple[float, ...]
    percentile: float


def deflated_test(
    Z: Floats,
    blocks: Labels,
    permutations: int = 200,
    percentile: float = 99.0,
    limit: int = 12,
    seed: int = 0,
) -> DeflatedTest:
    """Count components of standardised data Z (n, p) beyond what single blocks could give.

    Deflated parallel analysis (Dobriban and Owen 2019) with the ``flip`` null over blocks: after
    each component that passes, it is taken out of the data before the next is tested, so that a
    strong factor does not hide a weak one behind the noise that its own flipping makes.
    """
    _, index = group_index(blocks)
    count = int(index.max()) + 1
    rng = np.random.default_rng(seed)
    n, p = Z.shape
    rest = np.array(Z, dtype=np.float64)
    observed: list[float] = []
    thresholds: list[float] = []
    for found in range(min(limit, p - 1) + 1):
        largest, component, axis = _first_component(rest)
        observed.append(largest / (n - 1))
        draw = SignFlipper(rest, index, count)
        null = [
            linalg.eigh(
                draw(rng), eigvals_only=True, subset_by_index=[p - 1, p - 1], check_finite=False
            )[0]
            for _ in range(permutations)
        ]
        thresholds.append(float(np.percentile(null, percentile)))
        if observed[-1] <= thresholds[-1]:
            return DeflatedTest(found, tuple(observed), tuple(thresholds), percentile)
        rest = rest - np.outer(component, axis)
    return DeflatedTest(min(limit, p - 1), tuple(observed), tuple(thresholds), percentile)


def _first_component(X: Floats) -> tuple[float, Floats, Floats]:
    """Return the largest squared singular value of X (n, p), its scores (n,) and axis (p,).

    A decomposition of tall data holds them three times over; their cross products tell the same.
    """
    if X.size <= _TALL:
        u, s, vt = linalg.svd(X, full_matrices=False, check_finite=False)
        return float(s[0] ** 2), u[:, 0] * s[0], vt[0]
    p = X.shape[1]
    values, vectors = linalg.eigh(X.T @ X, subset_by_index=[p - 1, p - 1], check_finite=False)
    return float(values[0]), X @ vectors[:, 0], vectors[:, 0]


@dataclass(frozen=True)
class Map:
    """Velicer's minimum average partial.

    ``squared`` and ``fourth`` hold the average squared and fourth-power partial correlation after
    0, 1, 2 ... components; ``n_squared`` and ``n_fourth`` the place of the least.
    """

    squared: Floats
    fourth: Floats
    n_squared: int
    n_fourth: int


def minimum_average_partial(R: Floats, limit: int | None = None) -> Map:
    """Return MAP for correlations R (p, p), up to ``limit`` components.

    Velicer (1976); fourth power after Velicer, Eaton and Fava (2000).
    R: ``psych::vss(R)$map`` (which starts at one component).
    """
    p = len(R)
    most = min(p - 1, limit if limit is not None else p - 1)
    values, vectors = linalg.eigh(R)
    components = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0.0))
    squared, fourth = [], []
    partial = np.array(R, dtype=np.float64)
    for m in range(most + 1):
        if m > 0:
            partial = partial - np.outer(components[:, m - 1], components[:, m - 1])
        left = np.diag(partial)
        if left.min() < 1e-10:  # a variable is used up: partial correlations end here
            break
        scaled = partial / np.sqrt(np.outer(left, left))
        off = scaled[~np.eye(p, dtype=bool)]
        squared.append(float((off**2).mean()))
        fourth.append(float((off**4).mean()))
    return Map(np.array(squared), np.array(fourth), int(np.argmin(squared)), int(np.argmin(fourth)))
