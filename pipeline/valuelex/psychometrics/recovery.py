"""How near is what was found to what was planted: for simulated studies alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.congruence import match
from valuelex.psychometrics.intervals import pearson
from valuelex.psychometrics.types import Floats, Labels, group_index


@dataclass(frozen=True)
class TermRecovery:
    """Planted and found terms: shares in [0, 1] (1 when there was nothing to miss or to add)."""

    recall: float
    precision: float
    planted: int
    found: int
    missed: tuple[str, ...]
    extra: tuple[str, ...]


def recover_terms(planted: Collection[str], found: Collection[str]) -> TermRecovery:
    """Compare the set of planted terms with the set found."""
    want, have = set(planted), set(found)
    both = len(want & have)
    return TermRecovery(
        recall=both / len(want) if want else 1.0,
        precision=both / len(have) if have else (0.0 if want else 1.0),
        planted=len(want),
        found=len(have),
        missed=tuple(sorted(want - have)),
        extra=tuple(sorted(have - want)),
    )


def adjusted_rand(a: Labels | Sequence[object], b: Labels | Sequence[object]) -> float:
    """Return the adjusted Rand index of two partitions of the same things (length n each).

    Hubert and Arabie (1985). 1: the same partition, 0: as near as chance. R:
    ``mclust::adjustedRandIndex``. Two partitions that are both trivial in the same way give 1.
    """
    names_a, index_a = group_index(np.asarray(a))
    names_b, index_b = group_index(np.asarray(b))
    n = len(index_a)
    if n != len(index_b):
        raise DataError(f"two partitions of {n} and of {len(index_b)} things cannot be compared")
    if n < 2:
        return 1.0
    table = np.zeros((len(names_a), len(names_b)))
    np.add.at(table, (index_a, index_b), 1)

    def pairs(counts: Floats) -> float:
        return float((counts * (counts - 1) / 2).sum())

    together = pairs(table)
    first, second = pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = first * second / (n * (n - 1) / 2)
    most = (first + second) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def recover_groups(planted: Mapping[str, str], found: Mapping[str, str]) -> float:
    """Return the adjusted Rand index of two sortings (term -> group) over the terms in both.

    Raises
    ------
    DataError
        No term is in both.
    """
    terms = sorted(set(planted) & set(found))
    if not terms:
        raise DataError("no planted term was found: sub-dimensions cannot be compared")
    return adjusted_rand([planted[t] for t in terms], [found[t] for t in terms])


@dataclass(frozen=True)
class FactorRecovery:
    """Found factors against planted ones.

    Attributes
    ----------
    planted, found
        Numbers of factors.
    right_number
        Whether they are equal.
    factor
        (planted,) the found factor matched to each planted one, -1 for none.
    phi
        (planted,) their congruence, 0 for none.
    """

    planted: int
    found: int
    right_number: bool
    factor: tuple[int, ...]
    phi: Floats


def recover_factors(planted: Floats, found: Floats) -> FactorRecovery:
    """Match found loadings (p, k) with planted ones (p, m) on the same terms in the same order."""
    m, k = planted.shape[1], found.shape[1]
    if m == 0 or k == 0:
        return FactorRecovery(m, k, m == k, (-1,) * m, np.zeros(m))
    matched = match(planted, found)
    return FactorRecovery(m, k, m == k, matched.place, matched.phi)


def planted_loadings(
    terms: Sequence[str], dimension: Mapping[str, str], weight: Mapping[str, float] | None = None
) -> tuple[tuple[str, ...], Floats]:
    """Lay planted dimensions out as loadings (p, m) for ``terms``; unplanted terms load 0.

    Returns the names of the m dimensions, sorted, and the loadings (1, or ``weight[term]``).
    """
    names = tuple(sorted(set(dimension.values())))
    place = {name: j for j, name in enumerate(names)}
    out = np.zeros((len(terms), len(names)))
    for i, term in enumerate(terms):
        if term in dimension:
            out[i, place[dimension[term]]] = 1.0 if weight is None else weight.get(term, 0.0)
    return names, out


@dataclass(frozen=True)
class ProfileRecovery:
    """Correlation of one planted profile with the scores found, and over how many models.

    ``lower`` and ``upper`` bound Fisher's 95 % interval, which takes models for independent.
    """

    name: str
    r: float
    n: int
    lower: float | None
    upper: float | None


def recover_profiles(
    names: Sequence[str], planted: Floats, found: Floats
) -> tuple[ProfileRecovery, ...]:
    """Correlate planted (models, m) and found (models, m) profiles, column by column.

    Models with a missing score are left out of that column; r is nan with fewer than three models
    or no variance.
    """
    if planted.shape != found.shape or planted.shape[1] != len(names):
        raise DataError(f"profiles of shapes {planted.shape} and {found.shape} for {len(names)}")
    out = []
    for j, name in enumerate(names):
        use = np.isfinite(planted[:, j]) & np.isfinite(found[:, j])
        a, b = planted[use, j], found[use, j]
        r, lower, upper = pearson(a, b)
        out.append(ProfileRecovery(str(name), np.nan if r is None else r, len(a), lower, upper))
    return tuple(out)
