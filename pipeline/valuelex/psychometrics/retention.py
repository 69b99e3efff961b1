"""How many factors? A rule for rows that come in clusters.

Respondents are (model, decoding setting) pairs: 525 rows are some 35 models, and models come in
families. Ordinary parallel analysis takes the rows for independent and calls the taste of one model
or family a factor. The rule here asks three questions, all of them with families kept whole:

1. *Is there anything?* With list length taken out of each column (talkative models name more of
   everything, which is a general factor of verbosity, not of values), does the first component
   exceed what single families could give (:func:`~valuelex.psychometrics.parallel.deflated_test`),
   and is something found again there in both halves of the families (question 3)? If not, no factor
   is supported.
2. *How many could there be?* The same test on the data as they are, step by step, bounds the
   number from above. Length stays in here on purpose: where the dimensions share out the whole
   lexicon, the direction in which all of them rise together is one of theirs.
3. *How many are found again?* For each k up to that bound, the families are split into halves many
   times, both halves are factored and rotated on their own, and the factors are matched. The
   largest k of which even the worst-matched factor comes back is kept (factor comparability,
   Everett 1983). Idiosyncrasy of one family sits in one half only and cannot come back.

Parallel analysis on single rows, on blocks, MAP and Kaiser are reported beside it, and
``agreement`` says in words how far they agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.congruence import match
from valuelex.psychometrics.extraction import extract
from valuelex.psychometrics.matrix import correlation, standardise
from valuelex.psychometrics.parallel import (
    DeflatedTest,
    Map,
    ParallelAnalysis,
    deflated_test,
    minimum_average_partial,
    parallel_analysis,
)
from valuelex.psychometrics.rotation import rotate
from valuelex.psychometrics.types import Floats, Ints, Labels, group_index

LOWEST_PHI, HIGHEST_PHI = 0.35, 0.85


@dataclass(frozen=True)
class Retention:
    """The number of factors, and everything said for and against it.

    Attributes
    ----------
    n_factors
        The number kept; 0 means that none is supported.
    text
        Why, in one sentence.
    agreement
        How far the criteria agree, in one sentence.
    structure, bound
        The tests of questions 1 and 2.
    comparability
        ``(k, phi)``: for each k tried, the median over splits of the least matched congruence.
    phi_needed
        What ``phi`` must reach: four standard errors of a chance congruence of p loadings, within
        [.35, .85].
    rows, blocked
        Parallel analysis over single rows, and over whole blocks.
    map
        Minimum average partial.
    kaiser
        Number of eigenvalues above 1: a footnote.
    """

    n_factors: int
    text: str
    agreement: str
    structure: DeflatedTest
    bound: DeflatedTest
    comparability: tuple[tuple[int, float], ...]
    phi_needed: float
    rows: ParallelAnalysis
    blocked: ParallelAnalysis
    map: Map
    kaiser: int


def n_factors(
    X: Floats,
    blocks: Labels,
    families: Labels | None = None,
    length: Floats | None = None,
    permutations: int = 200,
    percentile: float = 95.0,
    splits: int = 8,
    limit: int = 10,
    seed: int = 0,
) -> Retention:
    """Decide the number of factors of X (n, p), whose rows come in blocks and families.

    Parameters
    ----------
    X
        Respondents x terms; no constant column.
    blocks
        (n,) the model of each row.
    families
        (n,) the family of each row; the blocks where not given, or where there are fewer than four.
    length
        (n,) how much each row says; the row sums of X where not given. Pass zeros to leave it.
    permutations, percentile
        Of the reported parallel analyses; the tests of the rule itself use the 99th percentile,
        because they decide on their own.
    splits
        Random halvings of the families.
    limit
        The largest number of factors considered.

    Raises
    ------
    DataError
        Fewer than four blocks.
    """
    # a factor needs three variables, and a few columns carry few factors
    limit = max(1, min(limit, (np.shape(X)[1] - 1) // 3))
    clusters = _clusters(blocks, families)
    Z = standardise(X)
    level = without_length(X, length)
    structure = deflated_test(level, clusters, permutations, limit=0, seed=seed + 1)
    bound = deflated_test(Z, clusters, permutations, limit=limit, seed=seed + 2)
    p = Z.shape[1]
    needed = float(np.clip(4 / np.sqrt(p), LOWEST_PHI, HIGHEST_PHI))
    shown: tuple[tuple[int, float], ...] = ()
    kept = 0
    if structure.observed[0] > structure.thresholds[0] and bound.n_factors > 0:
        numbers = range(1, bound.n_factors + 1)
        shown = comparability(Z, clusters, blocks, numbers, splits, seed + 3)
        kept = max((k for k, phi in shown if phi >= needed), default=0)
        # without length, k dimensions that share out the lexicon leave k - 1
        tried = {k for k in (1, kept - 1, kept) if 1 <= k <= kept}
        rest = comparability(level, clusters, blocks, tried, splits, seed + 3)
        if not any(phi >= needed for _, phi in rest):
            kept = 0
    rows = parallel_analysis(X, None, permutations, percentile, seed + 4)
    blocked = parallel_analysis(X, blocks, permutations, percentile, seed + 5)
    found = minimum_average_partial(correlation(X), limit=2 * limit)
    kaiser = int((rows.observed > 1).sum())
    return Retention(
        n_factors=kept,
        text=_reason(kept, structure, bound, shown, needed),
        agreement=_agreement(kept, rows, blocked, found, kaiser),
        structure=structure,
        bound=bound,
        comparability=shown,
        phi_needed=needed,
        rows=rows,
        blocked=blocked,
        map=found,
        kaiser=kaiser,
    )


def _clusters(blocks: Labels, families: Labels | None) -> Labels:
    count = len(np.unique(np.asarray(blocks).astype(str)))
    if count < 4:
        raise DataError(
            f"the number of factors needs at least four models to be told from the models' own "
            f"tastes; came: {count}"
        )
    if families is None or len(np.unique(np.asarray(families).astype(str))) < 4:
        return blocks
    return families


def without_length(X: Floats, length: Floats | None = None) -> Floats:
    """Return standardised X (n, p) after regressing each column on length and its square.

    The square is there because presence saturates: common terms stop rising in long lists.
    """
    Z = standardise(X)
    size = np.asarray(X.sum(axis=1) if length is None else length, dtype=np.float64)
    if size.std() <= 1e-12:
        return Z
    size = (size - size.mean()) / size.std()
    basis, _ = np.linalg.qr(np.vander(size, 3))
    rest = Z - basis @ (basis.T @ Z)
    spread = rest.std(axis=0, ddof=1)
    return np.asarray(rest / np.where(spread > 1e-9, spread, 1.0))


def comparability(
    Z: Floats,
    clusters: Labels,
    blocks: Labels,
    numbers: Iterable[int],
    splits: int = 8,
    seed: int = 0,
) -> tuple[tuple[int, float], ...]:
    """Return ``(k, phi)`` for each k of ``numbers``: is the worst factor found in both halves.

    phi is the median over random halvings of the clusters (balanced in blocks) of the least
    congruence among the k matched factors (minres, oblimin, each half on its own).
    """
    rng = np.random.default_rng(seed)
    least: dict[int, list[float]] = {k: [] for k in sorted(set(numbers))}
    for _ in range(splits):
        half = halve(clusters, blocks, rng)
        first, second = _both(Z, half)
        for k in least:
            least[k].append(float(match(_pattern(first, k), _pattern(second, k)).phi.min()))
    return tuple((k, float(np.median(values))) for k, values in least.items())


def _both(Z: Floats, half: np.ndarray) -> tuple[Floats, Floats]:
    use = (Z[half].std(axis=0) > 1e-9) & (Z[~half].std(axis=0) > 1e-9)
    return correlation(Z[half][:, use]), correlation(Z[~half][:, use])


def _pattern(R: Floats, k: int) -> Floats:
    return rotate(extract(R, k, tolerance=1e-5).loadings, "oblimin", tolerance=1e-5).pattern


def halve(clusters: Labels, blocks: Labels, rng: np.random.Generator) -> np.ndarray:
    """Return a mask (n,) of one half: whole clusters, the halves nearly equal in blocks."""
    names, index = group_index(clusters)
    _, block_index = group_index(blocks)
    pairs = np.unique(np.column_stack([index, block_index]), axis=0)
    sizes = np.bincount(pairs[:, 0], minlength=len(names))
    order = rng.permutation(len(names))
    order = order[np.argsort(-(sizes[order] + 1.5 * rng.random(len(names))), kind="stable")]
    chosen: Ints = np.zeros(len(names), dtype=np.int64)
    weight = [0, 0]
    for cluster in order:
        side = 0 if weight[0] <= weight[1] else 1
        chosen[cluster] = side
        weight[side] += int(sizes[cluster])
    return np.asarray(chosen[index] == 0)


def _reason(
    kept: int,
    structure: DeflatedTest,
    bound: DeflatedTest,
    shown: tuple[tuple[int, float], ...],
    needed: float,
) -> str:
    if structure.observed[0] <= structure.thresholds[0]:
        return (
            "No factor is supported: with list length taken out, the first eigenvalue "
            f"({structure.observed[0]:.2f}) is no larger than single families could give "
            f"({structure.thresholds[0]:.2f})."
        )
    if kept == 0:
        return (
            f"No factor is supported: up to {bound.n_factors} exceed the family null, but apart "
            "from list length none is found again in both halves of the families (congruence "
            f"below {needed:.2f})."
        )
    phi = dict(shown)[kept]
    last = (
        f", and with {kept + 1} the worst falls to {dict(shown)[kept + 1]:.2f}"
        if kept + 1 in dict(shown)
        else ""
    )
    return (
        f"{kept} factors: {bound.n_factors} exceed the family null, and {kept} is the largest "
        f"number of which each is found again in both halves of the families (worst congruence "
        f"{phi:.2f}, {needed:.2f} needed{last})."
    )


def _agreement(
    kept: int, rows: ParallelAnalysis, blocked: ParallelAnalysis, found: Map, kaiser: int
) -> str:
    votes = {
        "parallel analysis on whole models": blocked.n_factors,
        "MAP": found.n_squared,
        "MAP (fourth power)": found.n_fourth,
    }
    same = [name for name, vote in votes.items() if vote == kept]
    other = [f"{name} says {vote}" for name, vote in votes.items() if vote != kept]
    if len(same) == len(votes):
        head = f"All criteria that allow for repeats agree on {kept}"
    elif same:
        head = f"{' and '.join(same)} agree{'s' if len(same) == 1 else ''} on {kept}; " + ", ".join(
            other
        )
    else:
        head = f"No other criterion gives {kept}: " + ", ".join(other)
    head = head[0].upper() + head[1:]
    return (
        f"{head}. Parallel analysis on single rows, which takes repeats for respondents, says "
        f"{rows.n_factors}; Kaiser's rule, a footnote, {kaiser}."
    )
