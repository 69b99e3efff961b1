"""The number of factors, when every row is a respondent of its own.

Parallel analysis decides, MAP and Kaiser's rule stand beside it. Where rows come in clusters, see
:mod:`~valuelex.psychometrics.retention`: this rule would call the habit of one model a factor.
"""

from __future__ import annotations

from dataclasses import dataclass

from valuelex.psychometrics.matrix import correlation
from valuelex.psychometrics.parallel import (
    Map,
    ParallelAnalysis,
    minimum_average_partial,
    parallel_analysis,
)
from valuelex.psychometrics.types import Floats


@dataclass(frozen=True)
class RowRetention:
    """The number of factors kept (0: none is supported), why, and how far the criteria agree."""

    n_factors: int
    text: str
    agreement: str
    parallel: ParallelAnalysis
    map: Map
    kaiser: int


def n_factors_of_rows(
    X: Floats,
    permutations: int = 200,
    percentile: float = 95.0,
    limit: int = 20,
    seed: int = 0,
) -> RowRetention:
    """Decide the number of factors of X (n, p), whose rows are independent.

    Horn (1965) with permuted data and a percentile: ``psych::fa.parallel(X, fa = "pc", sim = FALSE,
    quant = percentile / 100)``; MAP up to ``limit`` components: ``psych::vss(cor(X))$map``.
    """
    parallel = parallel_analysis(X, None, permutations, percentile, seed)
    found = minimum_average_partial(correlation(X), limit=limit)
    kaiser = int((parallel.observed > 1).sum())
    kept = parallel.n_factors
    shown = parallel.observed[kept - 1], parallel.thresholds[kept - 1]
    if kept == 0:
        shown = parallel.observed[0], parallel.thresholds[0]
        text = (
            f"No factor is supported: the first eigenvalue ({shown[0]:.2f}) is no larger than"
            f" that of permuted data ({shown[1]:.2f}, percentile {percentile:g})."
        )
    else:
        text = (
            f"{kept} factor{'s' if kept > 1 else ''}: so many leading eigenvalues exceed those of"
            f" permuted data (the last {shown[0]:.2f} against {shown[1]:.2f}, percentile"
            f" {percentile:g} of {permutations})."
        )
    votes = {"MAP": found.n_squared, "MAP (fourth power)": found.n_fourth}
    said = "; ".join(
        f"{name} agrees" if vote == kept else f"{name} says {vote}" for name, vote in votes.items()
    )
    agreement = f"{said}. Kaiser's rule, a footnote, says {kaiser}."
    return RowRetention(kept, text, agreement, parallel, found, kaiser)
