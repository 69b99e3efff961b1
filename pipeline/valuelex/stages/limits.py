"""What cannot fit is said before it is begun, with what to do instead."""

from __future__ import annotations

import os

from valuelex.errors import DataError

GIB = 2**30
COPIES = 8  # of the matrix, at the widest point of the factor analysis: measured


def memory() -> float:
    """Return the machine's memory in GiB."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB


def require_memory(gib: float, what: str, remedy: str) -> None:
    """Stop when a piece of work needs more memory than the machine has.

    Raises
    ------
    DataError
        Naming the work, what it needs, what there is, and the remedy.
    """
    there = memory()
    if gib > there:
        raise DataError(
            f"{what} needs about {gib:.0f} GiB of memory, this machine has {there:.0f}: {remedy}"
        )


def require_for_clusters(terms: int, method: str) -> None:
    """Check the one kind of clustering whose memory grows with the square of the terms."""
    if method.startswith("agglomerative"):
        require_memory(
            16 * terms**2 / GIB,
            f"clustering {terms} terms by {method}, which holds the distance of every pair,",
            "choose cluster.method hdbscan-leaf or kmeans, or a smaller normalize.max_terms",
        )


def require_for_factors(respondents: int, terms: int) -> None:
    """Check the respondent x term matrix and the copies that the analysis makes of it."""
    require_memory(
        COPIES * 8 * respondents * terms / GIB,
        f"a factor analysis of {respondents} respondents x {terms} terms",
        "lower normalize.max_terms, or analyse fewer decoding settings",
    )
