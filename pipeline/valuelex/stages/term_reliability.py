"""How repeatable the factors' scales are: alpha and omega, with families resampled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.matrix import correlation
from valuelex.psychometrics.reliability import alpha, omega
from valuelex.psychometrics.types import Floats, Labels, group_index

SCALE_FLOOR = 0.3  # terms with at least this loading make up a factor's scale
DRAWS = 100
GROUPS = 3  # group factors below a scale's general one; fewer than three do not fix it
_PER_GROUP = 3


def reliability(
    X: Floats, loadings: Floats, families: Labels, effective_n: float, seed: int
) -> list[dict[str, Any]]:
    """Return alpha and omega of each factor's terms; where they cannot be had, why.

    The interval of Feldt takes rows for independent, so it is given the effective number of rows;
    ``family_lower`` and ``family_upper`` come from drawing whole families with replacement.
    """
    found = []
    for j in range(loadings.shape[1]):
        mine = np.abs(loadings).argmax(axis=1) == j
        mine &= loadings[:, j] >= SCALE_FLOOR
        row: dict[str, Any] = {"factor": f"F{j + 1}", "n_terms": int(mine.sum())}
        try:
            row |= _scale(X[:, mine], families, effective_n, seed + j)
        except DataError as error:
            row["note"] = str(error)
        found.append(row)
    return found


def whole(X: Floats, k: int) -> dict[str, Any]:
    """Return omega of all terms under k factors: how much one general factor gives.

    A large hierarchical omega says that respondents differ in how much they say at all.
    """
    if k < GROUPS:
        note = f"a general factor needs {GROUPS} factors or more below it, came: {k}"
        return {"factors": k, "note": note}
    try:
        found = omega(correlation(X), len(X), k)
    except DataError as error:
        return {"factors": k, "note": str(error)}
    return {"factors": k, "omega": found.total, "omega_hierarchical": found.hierarchical}


def _scale(X: Floats, families: Labels, effective_n: float, seed: int) -> dict[str, Any]:
    a = alpha(X, n_effective=max(effective_n, 3.0))
    total = _total(X)
    row: dict[str, Any] = {
        "alpha": a.alpha,
        "alpha_lower": a.lower,
        "alpha_upper": a.upper,
        "n_effective": max(effective_n, 3.0),
        "omega": total,
    }
    for name, statistic in (("alpha", lambda part: alpha(part).alpha), ("omega", _total)):
        low, high, failed = by_family(X, families, statistic, seed)
        row |= {f"{name}_family_lower": low, f"{name}_family_upper": high}
        row[f"{name}_failed"] = failed
    if X.shape[1] < GROUPS * _PER_GROUP:
        row["omega_hierarchical"] = None
        row["note"] = f"omega hierarchical needs {GROUPS * _PER_GROUP} terms, came: {X.shape[1]}"
    else:
        row["omega_hierarchical"] = omega(correlation(X), len(X), GROUPS).hierarchical
    return row


def _total(X: Floats) -> float:
    return omega(correlation(X), len(X), 1).total


def by_family(
    X: Floats, families: Labels, statistic: Callable[[Floats], float], seed: int
) -> tuple[float | None, float | None, int]:
    """Return the central 95 % of a statistic when families are drawn, and how many draws failed.

    Columns that do not vary in a draw are left out of it. None when fewer than half can be had.
    """
    names, index = group_index(families)
    rng = np.random.default_rng(seed)
    rows = [np.flatnonzero(index == i) for i in range(len(names))]
    values = []
    for _ in range(DRAWS):
        part = X[np.concatenate([rows[i] for i in rng.integers(0, len(names), len(names))])]
        try:
            values.append(statistic(part[:, part.std(axis=0) > 0]))
        except DataError:
            continue
    if len(values) < DRAWS / 2:
        return None, None, DRAWS - len(values)
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high), DRAWS - len(values)
