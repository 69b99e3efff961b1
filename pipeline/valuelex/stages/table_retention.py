"""The number of factors of a table: by rows, by blocks of rows, or as the user says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.prepare import Prepared
from valuelex.psychometrics.retention import Retention, n_factors
from valuelex.psychometrics.row_retention import RowRetention, n_factors_of_rows
from valuelex.stages.factor_summary import retention_summary
from valuelex.stages.table_options import FactorOptions

LEAST_BLOCKS = 4
Labels = tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """How many factors are extracted (at least one), and what is said about the number."""

    k: int
    said: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


def decide(
    ready: Prepared, blocks: Labels | None, families: Labels | None, options: FactorOptions
) -> Decision:
    """Decide the number of factors.

    With ``blocks`` the clustered rule of the pipeline decides, without them parallel analysis over
    rows. A number that the user gives is taken; the criteria stand beside it where permutations are
    asked for.

    Raises
    ------
    DataError
        Fewer than four blocks, where the criteria are asked for.
    """
    given = options.factors
    if options.draws == 0:
        assert given is not None  # noqa: S101 - draws are 0 for a given number alone
        return Decision(
            given, {"n_factors": given, "supported": None, "why": "The number is given."}
        )
    said: dict[str, Any]
    if blocks is None:
        said = _row_summary(_by_rows(ready, options), options)
    else:
        said = retention_summary(_by_blocks(ready, blocks, families, options))
        if options.length == "none":  # nothing was taken out, whatever the rule usually does
            said["why"] = said["why"].replace("with list length taken out, ", "")
        said["parallel"]["blocks"] = said["parallel"]["blocks"].replace("models", "blocks")
    said["recommended"] = said["n_factors"]
    warnings = []
    if given is not None:
        said["n_factors"] = given
        if given != said["recommended"]:
            warnings.append(f"{given} factors were asked for; the rule recommends otherwise")
    elif said["n_factors"] == 0:
        warnings.append("one factor is shown although none is supported: something to look at")
    return Decision(max(said["n_factors"], 1), said, tuple(warnings))


def _by_rows(ready: Prepared, options: FactorOptions) -> RowRetention:
    return n_factors_of_rows(
        ready.X,
        permutations=options.draws,
        percentile=options.percentile,
        seed=options.seed,
    )


def _by_blocks(
    ready: Prepared, blocks: Labels, families: Labels | None, options: FactorOptions
) -> Retention:
    count = len(set(blocks))
    if count < LEAST_BLOCKS:
        raise DataError(
            f"the column of --blocks names {count} block{'s' if count != 1 else ''}"
            f" ({', '.join(sorted(set(blocks)))}); {LEAST_BLOCKS} or more are needed to tell a"
            " factor from one block's own taste. Rows of one block are repeats, no sample: give"
            " more blocks, or a number to --factors; leave --blocks out only where rows are"
            " independent"
        )
    return n_factors(
        ready.X,
        np.array(blocks),
        None if families is None else np.array(families),
        length=None if options.length == "sum" else np.zeros(len(ready.X)),
        permutations=options.draws,
        percentile=options.percentile,
        limit=_most(ready.X.shape[1]),
        seed=options.seed,
    )


def _most(p: int) -> int:
    """Return the largest number of factors tried on p variables: ten, or what can be fitted."""
    fitted = [k for k in range(1, p) if (p - k) ** 2 >= p + k]
    return min(10, max(fitted, default=1))


def _row_summary(found: RowRetention, options: FactorOptions) -> dict[str, Any]:
    return {
        "n_factors": found.n_factors,
        "supported": found.n_factors > 0,
        "why": found.text,
        "agreement": found.agreement,
        "eigenvalues": found.parallel.observed,
        "parallel": {
            "thresholds": found.parallel.thresholds,
            "percentile": options.percentile,
            "permutations": options.draws,
            "blocks": f"{found.parallel.blocks} independent rows",
            "n": found.parallel.n_factors,
        },
        "map": {"values": found.map.squared, "n": found.map.n_squared},
        "kaiser": found.kaiser,
    }
