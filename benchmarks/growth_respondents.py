"""One size of the growth of `factor` and `validate`: N respondents x P terms.

Presence of terms with five planted dimensions, fifteen respondents a model and three models a
family, as in the default study. What resamples is run for 20 rounds at every size: its cost is
that many times one round. Each piece is what the stages call.

Usage: python benchmarks/growth_respondents.py RESPONDENTS TERMS
"""

from __future__ import annotations

import sys

import numpy as np
from measured import piece

ROUNDS, MODEL, FAMILY, DIMENSIONS = 20, 15, 3, 5


def planted(n: int, p: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return presence (n, p), and the model and family of each row."""
    rng = np.random.default_rng(n + p)
    model = np.arange(n) // (MODEL if n >= 10 * MODEL else 5)
    levels = rng.normal(size=(int(model.max()) + 1, DIMENSIONS))
    X = np.empty((n, p))
    own = np.arange(p) % DIMENSIONS
    for start in range(0, n, 5000):
        rows = slice(start, start + 5000)
        noise = rng.normal(size=(len(X[rows]), p))
        X[rows] = (0.6 * levels[model[rows]][:, own] + noise) > 1.0
    return X, model, model // FAMILY


def main(n: int, p: int) -> None:
    """Measure each piece."""
    from valuelex.psychometrics.factors import factor_analysis
    from valuelex.psychometrics.nulls import shuffled_null
    from valuelex.psychometrics.prepare import prepare
    from valuelex.psychometrics.retention import n_factors
    from valuelex.psychometrics.stability import (
        cluster_bootstrap,
        leave_one_group_out,
        reference_solution,
        split_halves,
    )

    X, models, families = planted(n, p)
    names = [f"t{j}" for j in range(p)]
    with piece("prepare", n, terms=p):
        ready = prepare(X, names, models, min_rows=2)
    del X
    with piece("retention", n, terms=p) as found:
        found["k"] = n_factors(ready.X, models, families, permutations=ROUNDS).n_factors
    with piece("extraction", n, terms=p):
        factor_analysis(ready.R, n, DIMENSIONS)
    reference = reference_solution(ready.X, DIMENSIONS)
    with piece("bootstrap", n, terms=p):
        cluster_bootstrap(ready.X, families, reference, ROUNDS)
    with piece("split halves", n, terms=p):
        split_halves(ready.X, families, models, reference, 4)
    with piece("nulls", n, terms=p):
        shuffled_null(ready.X, DIMENSIONS, None, reference.solution.loadings, draws=4)
    if n <= 10_000:
        with piece("leave one family out", n, terms=p):
            leave_one_group_out(ready.X, families, reference)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
