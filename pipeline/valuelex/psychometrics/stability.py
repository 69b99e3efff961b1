"""The factors that other families, other halves or other prompts would have given.

Everything resamples whole clusters (families of models), never rows: rows of one model repeat each
other, and a bootstrap over rows would call any idiosyncrasy certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from valuelex.errors import DataError
from valuelex.psychometrics.congruence import match
from valuelex.psychometrics.extraction import Method, extract
from valuelex.psychometrics.factors import factor_analysis
from valuelex.psychometrics.grouped import GroupedRows, group_rows
from valuelex.psychometrics.matrix import correlation, standardise
from valuelex.psychometrics.refit import Reference, Refit, refit, tame_correlation
from valuelex.psychometrics.retention import halve
from valuelex.psychometrics.rotation import Rotation, rotate
from valuelex.psychometrics.types import Floats, Labels, group_index


@dataclass(frozen=True)
class FactorStability:
    """One factor over resamples: mean congruence and its central 95 %.

    ``phi`` is after Procrustes to the full sample; ``free`` the mean when each resample is rotated
    on its own.
    """

    factor: int
    phi: float
    lower: float
    upper: float
    free: float


@dataclass(frozen=True)
class Bootstrap:
    """A cluster bootstrap.

    ``loadings_lower`` and ``loadings_upper`` (p, k) bound the central 95 % of each loading.
    ``failed`` counts resamples that could not be factored; they are left out of the rest.
    """

    factors: tuple[FactorStability, ...]
    loadings_lower: Floats
    loadings_upper: Floats
    n: int
    failed: int
    clusters: int


def reference_solution(
    X: Floats, k: int, extraction: Method = "minres", rotation: Rotation = "oblimin"
) -> Reference:
    """Factor the full sample X (n, p) and keep what refits need."""
    solution = factor_analysis(correlation(X), len(X), k, extraction, rotation)
    return Reference(solution, extraction, rotation)


def cluster_bootstrap(
    X: Floats, clusters: Labels, reference: Reference, samples: int = 1000, seed: int = 0
) -> Bootstrap:
    """Resample whole clusters of X (n, p) with replacement and factor each resample.

    Cameron, Gelbach and Miller (2008) for the resampling. R: ``psych::fa(n.iter = samples)`` does
    the same over single rows.

    Raises
    ------
    DataError
        Fewer than three clusters, or no resample could be factored.
    """
    names, index = group_index(clusters)
    count = len(names)
    if count < 3:
        raise DataError(f"a bootstrap over clusters needs three or more; came: {count}")
    Z = standardise(X)
    grouped = GroupedRows(Z, index, count)
    sums = grouped.sums()
    sizes = np.bincount(index).astype(np.float64)
    rng = np.random.default_rng(seed)
    done: list[Refit] = []
    failed = 0
    for _ in range(samples):
        weight = np.bincount(rng.integers(0, count, count), minlength=count).astype(np.float64)
        try:
            cross = grouped.weighted(weight)
            R = tame_correlation(cross, weight @ sums, float(weight @ sizes))
            done.append(refit(R, reference))
        except (DataError, linalg.LinAlgError):
            failed += 1
    if not done:
        raise DataError(f"none of {samples} resamples of {count} clusters could be factored")
    loadings = np.array([one.loadings for one in done])
    low, high = np.percentile(loadings, [2.5, 97.5], axis=0)
    return Bootstrap(_summaries(done), low, high, samples, failed, count)


def _summaries(done: list[Refit]) -> tuple[FactorStability, ...]:
    phi = np.array([one.phi for one in done])
    free = np.array([one.free for one in done])
    low, high = np.percentile(phi, [2.5, 97.5], axis=0)
    return tuple(
        FactorStability(
            j, float(phi[:, j].mean()), float(low[j]), float(high[j]), float(free[:, j].mean())
        )
        for j in range(phi.shape[1])
    )


@dataclass(frozen=True)
class SplitHalves:
    """Factors of two halves of the clusters against each other, over random halvings.

    ``phi`` here is the congruence of a factor of one half with its match in the other, both rotated
    on their own; ``free`` repeats it. Factors are named by the full sample's.
    """

    factors: tuple[FactorStability, ...]
    n: int


def split_halves(
    X: Floats,
    clusters: Labels,
    blocks: Labels,
    reference: Reference,
    splits: int = 50,
    seed: int = 0,
) -> SplitHalves:
    """Halve the clusters of X (n, p), factor each half on its own, and match the factors.

    Parameters
    ----------
    clusters, blocks
        (n,) family and model of each row; halves keep families whole and are balanced in models.
    """
    rng = np.random.default_rng(seed)
    target = reference.solution.loadings
    values = []
    for _ in range(splits):
        half = halve(clusters, blocks, rng)
        pair = []
        for side in (half, ~half):
            Z = X[side]
            R = tame_correlation(Z.T @ Z, Z.sum(axis=0), float(len(Z)))
            A = extract(R, target.shape[1], reference.extraction).loadings
            pair.append(rotate(A, reference.rotation, tolerance=1e-5).pattern)
        first, second = (_by(target, pattern) for pattern in pair)
        a = np.sqrt((first**2).sum(axis=0) * (second**2).sum(axis=0))
        values.append((first * second).sum(axis=0) / np.where(a > 0, a, 1.0))
    phi = np.array(values)
    low, high = np.percentile(phi, [2.5, 97.5], axis=0)
    mean = phi.mean(axis=0)
    return SplitHalves(
        tuple(
            FactorStability(j, float(mean[j]), float(low[j]), float(high[j]), float(mean[j]))
            for j in range(len(mean))
        ),
        splits,
    )


def _by(target: Floats, pattern: Floats) -> Floats:
    found = match(target, pattern)
    return np.asarray(pattern[:, list(found.place)] * np.array(found.sign))


@dataclass(frozen=True)
class LeftOut:
    """What is left of each factor, phi (k,) after Procrustes, when one group is left out.

    ``phi`` is empty and ``reason`` says why where the rest could not be factored.
    """

    left_out: str
    phi: tuple[float, ...]
    reason: str = ""


def leave_one_group_out(X: Floats, groups: Labels, reference: Reference) -> tuple[LeftOut, ...]:
    """Leave each group of rows of X (n, p) out in turn: one family, one decoding setting."""
    names, index = group_index(groups)
    if len(names) < 2:
        raise DataError("leaving one group out needs two groups or more")
    X = np.asarray(X, dtype=np.float64)
    cross, total = X.T @ X, X.sum(axis=0)
    parts = zip(names, (X[rows] for rows in group_rows(index, len(names))), strict=True)
    return tuple(
        _left_out(
            name, cross - part.T @ part, total - part.sum(axis=0), len(X) - len(part), reference
        )
        for name, part in parts
    )


def leave_out(parts: Iterable[tuple[str, Floats]], reference: Reference) -> tuple[LeftOut, ...]:
    """Refit to each ``(what was left out, data without it)``.

    The data are (any n, p) with the reference's columns: leaving out a prompt changes the cells,
    not the rows, so the caller builds the matrix again.
    """
    out = []
    for name, part in parts:
        X = np.asarray(part, dtype=np.float64)
        if X.shape[1] != len(reference.solution.loadings):
            raise DataError(
                f"without {name} there are {X.shape[1]} columns, and the reference has "
                f"{len(reference.solution.loadings)}"
            )
        out.append(_left_out(name, X.T @ X, X.sum(axis=0), len(X), reference))
    return tuple(out)


def _left_out(name: str, cross: Floats, total: Floats, n: int, reference: Reference) -> LeftOut:
    try:
        phi = refit(tame_correlation(cross, total, float(n)), reference).phi
    except (DataError, linalg.LinAlgError) as error:
        return LeftOut(name, (), str(error))
    return LeftOut(name, tuple(float(value) for value in phi))
