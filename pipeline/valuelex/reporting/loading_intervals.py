"""The 95 % intervals of pattern loadings over resampled model families."""

from __future__ import annotations

from valuelex.reporting.content import ReportContent, dig

Interval = tuple[float | None, float | None]


def loading_intervals(content: ReportContent) -> dict[tuple[str, str], Interval]:
    """Return (term, factor) -> (lower, upper); empty when the study has no resamples.

    The document lists the ends in the order of its factors.
    """
    bootstrap = dig(content.stability, "bootstrap", default={})
    factors = [str(row.get("factor")) for row in bootstrap.get("factors") or ()]
    found: dict[tuple[str, str], Interval] = {}
    for row in bootstrap.get("loadings") or ():
        ends = zip(factors, row["lower"], row["upper"], strict=False)
        found |= {(row["term"], factor): (lower, upper) for factor, lower, upper in ends}
    return found
