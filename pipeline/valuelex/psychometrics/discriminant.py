"""Can groups be told apart by their scores? Discriminant analysis that is not fooled by few cases.

With nineteen predictors and forty cases a discriminant function separates anything it was fitted
to. So accuracy is counted on cases left out of the fit, and stands beside the accuracy that the
very same procedure reaches when the labels are permuted.

Method: Fisher's linear discriminant with equal priors. The pooled within-group covariance S is
shrunk towards a multiple of the identity, ``(1 - a) S + a tr(S)/p I`` (Friedman 1989, JASA 84,
165-175), with a fixed ``a``: an amount chosen on the data would have to be chosen anew in each
fold. At ``a = 0`` it classifies as scikit-learn's ``LinearDiscriminantAnalysis`` with equal priors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from valuelex.errors import DataError

Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]

SHRINKAGE = 0.1
CASES_PER_PREDICTOR = 5


@dataclass(frozen=True)
class Discrimination:
    """Accuracy on cases left out, beside the same with permuted labels.

    ``accuracy``, ``chance`` (one over the number of groups) and ``baseline_*`` are shares, 0-1;
    ``baseline_95`` is the 95th percentile of the permuted accuracies; ``p`` is (1 + permutations at
    least as accurate) / (1 + permutations). ``confusion`` is (groups, groups): rows are the true
    groups, columns the predicted ones, in the order of ``groups``. ``left_out`` says what was left
    out: ``case``, or a whole cluster.
    """

    left_out: str
    groups: tuple[str, ...]
    accuracy: float
    chance: float
    baseline_mean: float
    baseline_95: float
    p: float
    n_cases: int
    n_predictors: int
    n_permutations: int
    shrinkage: float
    confusion: NDArray[np.int64]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class DiscriminantMap:
    """Canonical variates: cases and group centres where the groups are furthest apart.

    ``cases`` is (n, d), ``centres`` (groups, d), in within-group standard deviations; ``structure``
    is (p, d), correlations of the predictors with the axes; ``share`` is (d,), each axis' share of
    the variance between groups. The largest correlation of each axis is positive.
    """

    groups: tuple[str, ...]
    cases: Matrix
    centres: Matrix
    structure: Matrix
    share: Matrix


def leave_one_case_out(
    scores: Matrix,
    labels: Sequence[str],
    *,
    permutations: int,
    seed: int,
    shrinkage: float = SHRINKAGE,
) -> Discrimination:
    """Classify each case by the others; the baseline permutes labels over cases.

    Parameters
    ----------
    scores
        (n, p), one administration a row; raw scores, because centred ones are linearly dependent.
    labels
        n group names, e.g. the model of each trial.
    permutations, seed
        Size of the baseline, and where its permutations come from.
    shrinkage
        0 (none) to 1 (nearest centre).

    Raises
    ------
    DataError
        When there are fewer than two groups, a group has one case, or a score is missing.
    """
    groups, codes = _checked(scores, labels, shrinkage)
    if np.bincount(codes).min() < 2:
        lone = groups[int(np.bincount(codes).argmin())]
        raise DataError(f"each group must have at least 2 cases to leave one out, '{lone}' has 1")

    def predict(given: Codes) -> Codes:
        return _left_out_cases(scores, given, len(groups), shrinkage)

    def permute(rng: np.random.Generator) -> Codes:
        return rng.permutation(codes)

    warnings = _warnings(scores, codes, codes.size)
    return _discriminate(
        "case", groups, codes, predict, permute, scores, permutations, seed, shrinkage, warnings
    )


def leave_one_cluster_out(
    scores: Matrix,
    labels: Sequence[str],
    clusters: Sequence[str],
    *,
    permutations: int,
    seed: int,
    shrinkage: float = SHRINKAGE,
) -> Discrimination:
    """Classify the cases of each cluster by the other clusters; labels permute over clusters.

    For labels that belong to the cluster, such as the training method of each model: here a model
    is told by other models, and repeating its trials adds no evidence.

    Raises
    ------
    DataError
        When a cluster has two labels, a label fewer than two clusters, or as above.
    """
    groups, codes = _checked(scores, labels, shrinkage)
    names, members = np.unique(np.asarray(clusters), return_inverse=True)
    first = np.array([int(np.flatnonzero(members == place)[0]) for place in range(names.size)])
    of_cluster = codes[first]
    if not np.array_equal(of_cluster[members], codes):
        raise DataError("all cases of a cluster must have the same label")
    if np.bincount(of_cluster, minlength=len(groups)).min() < 2:
        lone = groups[int(np.bincount(of_cluster, minlength=len(groups)).argmin())]
        raise DataError(
            f"each label must have at least 2 clusters to leave one out; '{lone}' has 1"
        )

    def predict(given: Codes) -> Codes:
        predicted = np.empty_like(given)
        for place in range(names.size):
            held = members == place
            fit = _fit(scores[~held], given[~held], len(groups), shrinkage)
            predicted[held] = _nearest(scores[held], *fit)
        return predicted

    def permute(rng: np.random.Generator) -> Codes:
        permuted: Codes = rng.permutation(of_cluster)[members]
        return permuted

    warnings = _warnings(scores, codes, int(names.size))
    return _discriminate(
        "cluster", groups, codes, predict, permute, scores, permutations, seed, shrinkage, warnings
    )


def discriminant_map(
    scores: Matrix, labels: Sequence[str], *, dims: int = 2, shrinkage: float = SHRINKAGE
) -> DiscriminantMap:
    """Return the ``dims`` axes on which the groups lie furthest apart.

    A picture of the fitted cases: how far apart groups *look* says nothing about cases to come.

    Raises
    ------
    DataError
        When ``dims`` exceeds the number of groups minus one or of predictors, or as above.
    """
    groups, codes = _checked(scores, labels, shrinkage)
    if not 1 <= dims <= min(len(groups) - 1, scores.shape[1]):
        most = min(len(groups) - 1, scores.shape[1])
        raise DataError(f"dims must be in 1..{most}, was: {dims}")
    centres, within = _fit(scores, codes, len(groups), shrinkage)
    centre = scores.mean(axis=0)
    counts = np.bincount(codes, minlength=len(groups))
    between = ((centres - centre).T * counts) @ (centres - centre) / max(len(groups) - 1, 1)
    roots, axes = linalg.eigh(between, within)
    order = np.argsort(-roots, kind="stable")[:dims]
    axes = axes[:, order]
    cases = (scores - centre) @ axes
    structure = _correlations(scores, cases)
    signs = np.sign(structure[np.abs(structure).argmax(axis=0), np.arange(dims)])
    signs[signs == 0] = 1
    positive = np.clip(roots, 0, None)
    return DiscriminantMap(
        groups=groups,
        cases=cases * signs,
        centres=(centres - centre) @ axes * signs,
        structure=structure * signs,
        share=positive[order] / positive.sum() if positive.sum() else np.zeros(dims),
    )


def _discriminate(
    left_out: str,
    groups: tuple[str, ...],
    codes: Codes,
    predict: Callable[[Codes], Codes],
    permute: Callable[[np.random.Generator], Codes],
    scores: Matrix,
    permutations: int,
    seed: int,
    shrinkage: float,
    warnings: tuple[str, ...],
) -> Discrimination:
    if permutations < 19:
        raise DataError(f"permutations must be >= 19 for a p of .05, was: {permutations}")
    rng = np.random.default_rng(seed)
    predicted = predict(codes)
    accuracy = float((predicted == codes).mean())
    baseline = np.empty(permutations)
    for place in range(permutations):
        shuffled = permute(rng)
        baseline[place] = (predict(shuffled) == shuffled).mean()
    confusion = np.zeros((len(groups), len(groups)), dtype=np.int64)
    np.add.at(confusion, (codes, predicted), 1)
    return Discrimination(
        left_out=left_out,
        groups=groups,
        accuracy=accuracy,
        chance=1 / len(groups),
        baseline_mean=float(baseline.mean()),
        baseline_95=float(np.percentile(baseline, 95)),
        p=float((1 + (baseline >= accuracy - 1e-12).sum()) / (1 + permutations)),
        n_cases=int(codes.size),
        n_predictors=int(scores.shape[1]),
        n_permutations=permutations,
        shrinkage=shrinkage,
        confusion=confusion,
        warnings=warnings,
    )


def _checked(
    scores: Matrix, labels: Sequence[str], shrinkage: float
) -> tuple[tuple[str, ...], Codes]:
    if scores.ndim != 2 or scores.shape[0] != len(labels):
        raise DataError(f"scores must be ({len(labels)}, p), were: {scores.shape}")
    if not np.isfinite(scores).all():
        rows = int((~np.isfinite(scores)).any(axis=1).sum())
        raise DataError(f"scores must be complete: {rows} cases have a missing one; drop or fill")
    if not 0 <= shrinkage <= 1:
        raise DataError(f"shrinkage must be in [0, 1], was: {shrinkage}")
    names, codes = np.unique(np.asarray(labels), return_inverse=True)
    if names.size < 2:
        raise DataError(f"there must be at least 2 groups, was: {names.tolist()}")
    return tuple(names.tolist()), codes.astype(np.int64)


def _warnings(scores: Matrix, codes: Codes, n_independent: int) -> tuple[str, ...]:
    p = scores.shape[1]
    found = []
    if n_independent < CASES_PER_PREDICTOR * p:
        found.append(
            f"{n_independent} independent cases for {p} predictors: fewer than"
            f" {CASES_PER_PREDICTOR} a predictor; only accuracy on cases left out counts"
        )
    constant = [
        group
        for group in range(int(codes.max()) + 1)
        if not np.ptp(scores[codes == group], 0).any()
    ]
    if constant:
        found.append(
            f"{len(constant)} of {int(codes.max()) + 1} groups answered the same in every trial:"
            " repeats are no sample"
        )
    return tuple(found)


def _fit(scores: Matrix, codes: Codes, k: int, shrinkage: float) -> tuple[Matrix, Matrix]:
    """Return centres (k, p) and the shrunken within-group covariance (p, p)."""
    centres = _centres(scores, codes, k)
    residual = scores - centres[codes]
    df = max(scores.shape[0] - np.unique(codes).size, 1)
    return centres, _shrink(residual.T @ residual / df, shrinkage)


def _centres(scores: Matrix, codes: Codes, k: int) -> Matrix:
    counts = np.bincount(codes, minlength=k).astype(float)
    sums = np.zeros((k, scores.shape[1]))
    np.add.at(sums, codes, scores)
    # a group that lost all its cases lies infinitely far away: nothing is assigned to it
    centres: Matrix = np.divide(
        sums, counts[:, None], out=np.full_like(sums, np.inf), where=counts[:, None] > 0
    )
    return centres


def _shrink(covariance: Matrix, shrinkage: float) -> Matrix:
    """Shrink one (p, p) or many (n, p, p) covariances; without any variance, use the identity."""
    p = covariance.shape[-1]
    mean_variance = np.trace(covariance, axis1=-2, axis2=-1)[..., None, None] / p
    shrunk = (1 - shrinkage) * covariance + shrinkage * mean_variance * np.eye(p)
    # a ridge far below measurement, so that shrinkage 0 survives a linear dependency
    shrunk = shrunk + 1e-10 * mean_variance * np.eye(p)
    found: Matrix = np.where(mean_variance > 1e-12, shrunk, np.eye(p))
    return found


def _nearest(scores: Matrix, centres: Matrix, within: Matrix) -> Codes:
    there = np.flatnonzero(np.isfinite(centres).all(axis=1))
    gaps = scores[:, None, :] - centres[there][None, :, :]
    solved = np.linalg.solve(within, gaps.reshape(-1, gaps.shape[2]).T).T.reshape(gaps.shape)
    nearest: Codes = there[(gaps * solved).sum(axis=2).argmin(axis=1)]
    return nearest


def _left_out_cases(scores: Matrix, codes: Codes, k: int, shrinkage: float) -> Codes:
    """Predict each case by the fit to all others: n exact downdates, solved in one batch."""
    n, _ = scores.shape
    counts = np.bincount(codes, minlength=k).astype(float)
    centres = _centres(scores, codes, k)
    residual = scores - centres[codes]
    own = counts[codes]
    weight = own / (own - 1)
    scatter = residual.T @ residual
    df = max(n - 1 - k, 1)
    left = (scatter - weight[:, None, None] * residual[:, :, None] * residual[:, None, :]) / df
    gaps = scores[:, None, :] - centres[None, :, :]
    # without the case, its own group's centre moves away from it
    gaps[np.arange(n), codes] = residual * weight[:, None]
    solved = np.linalg.solve(_shrink(left, shrinkage), gaps.transpose(0, 2, 1))
    nearest: Codes = (gaps * solved.transpose(0, 2, 1)).sum(axis=2).argmin(axis=1)
    return nearest


def _correlations(x: Matrix, y: Matrix) -> Matrix:
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    norms = np.linalg.norm(x, axis=0)[:, None] * np.linalg.norm(y, axis=0)[None, :]
    found: Matrix = np.divide(
        x.T @ y, norms, out=np.zeros((x.shape[1], y.shape[1])), where=norms > 0
    )
    return found
