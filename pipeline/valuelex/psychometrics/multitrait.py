"""Several instruments on several traits: they ought to agree where they should, and only there.

The multitrait-multimethod table of Campbell and Fiske (1959). Scores of one trait by two
instruments (*monotrait*) ought to go together, and more than scores of different traits
(*heterotrait*), by two instruments or by one (*monomethod*). Intervals resample whole clusters of
respondents: models of one family are no independent witnesses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from valuelex.errors import DataError
from valuelex.psychometrics.types import Floats, Labels, group_index

Relation = Literal["monotrait", "heterotrait", "monomethod"]
LEAST = 4
LEAST_CLUSTERS = 3


@dataclass(frozen=True)
class Instrument:
    """Scores (n,) by trait, NaN where missing; ``reliability`` by trait, ``None`` if unknown."""

    name: str
    scores: Mapping[str, Floats]
    reliability: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """One correlation over ``n`` respondents.

    ``disattenuated`` is r over the root of the product of the reliabilities, kept within -1 and 1;
    ``exceeds`` says that it would lie beyond. ``None`` where a reliability is unknown or not above
    0, or r itself is undefined.
    """

    instrument_a: str
    trait_a: str
    instrument_b: str
    trait_b: str
    relation: Relation
    r: float | None
    lower: float | None
    upper: float | None
    disattenuated: float | None
    exceeds: bool
    n: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two instruments over the traits that both measure.

    ``monotrait`` and ``heterotrait`` are mean correlations, ``difference`` the first minus the
    second; each with a 95 % interval over clusters. ``monomethod`` is the mean correlation of
    different traits within either instrument. ``won`` of ``compared`` comparisons had a monotrait
    correlation above a heterotrait one of its row or column. ``open`` are traits whose own
    monotrait interval does not lie above 0.
    """

    instrument_a: str
    instrument_b: str
    traits: tuple[str, ...]
    monotrait: tuple[float | None, float | None, float | None]
    heterotrait: tuple[float | None, float | None, float | None]
    difference: tuple[float | None, float | None, float | None]
    disattenuated: float | None
    monomethod: float | None
    won: int
    compared: int
    open: tuple[str, ...]
    n: int
    clusters: int

    @property
    def level(self) -> str:
        """One of ``agree``, ``general``, ``disagree``, ``unknown``."""
        together, apart = self.monotrait[1], self.difference[1]
        if together is None or apart is None:
            return "unknown"
        if together > 0 and apart > 0:
            return "agree"
        return "general" if together > 0 else "disagree"


@dataclass(frozen=True)
class Table:
    """All correlations, and how each pair of instruments agrees."""

    cells: tuple[Cell, ...]
    agreements: tuple[Agreement, ...]


def multitrait(
    instruments: Sequence[Instrument], clusters: Labels, *, draws: int = 1000, seed: int = 0
) -> Table:
    """Correlate every trait of every instrument with every other.

    Parameters
    ----------
    clusters
        (n,) the unit that is resampled whole, such as the model family.

    Raises
    ------
    DataError
        When a score has another length than ``clusters``, or an instrument's name stands twice.
    """
    names = [one.name for one in instruments]
    if len(set(names)) < len(names):
        raise DataError(f"each instrument must have a name of its own, were: {names}")
    places = [(one, trait) for one in instruments for trait in one.scores]
    if any(len(one.scores[trait]) != len(clusters) for one, trait in places):
        raise DataError(f"every score must have {len(clusters)} entries, one a respondent")
    if not places:
        return Table((), ())
    Z = np.column_stack([np.asarray(one.scores[trait], dtype=float) for one, trait in places])
    r, n = correlations(Z, np.ones(len(Z)))
    drawn = _resampled(Z, clusters, draws, seed)
    columns = [(one.name, trait) for one, trait in places]
    reliability = [one.reliability.get(trait) for one, trait in places]
    cells = [
        _cell(columns, reliability, (i, j), r, n, drawn)
        for i in range(len(columns))
        for j in range(i + 1, len(columns))
    ]
    agreements = [
        _agreement(columns, names[a], names[b], r, drawn, cells, (Z, clusters))
        for a in range(len(names))
        for b in range(a + 1, len(names))
    ]
    return Table(tuple(cells), tuple(agreements))


def correlations(Z: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return Pearson's r (c, c) of columns with weighted rows, over the pairs that are there.

    R: ``cor(Z, use = "pairwise.complete.obs")`` for weights of 1. NaN below four pairs or without
    variance. The second result is the (weighted) number of pairs.
    """
    there = np.isfinite(Z)
    M = there.astype(float)
    X = np.where(there, Z - np.nanmean(np.where(there, Z, np.nan), axis=0, keepdims=True), 0.0)
    W = M * weights[:, None]
    n = W.T @ M
    with np.errstate(invalid="ignore", divide="ignore"):
        sx, sxx, sxy = (X * W).T @ M, (X**2 * W).T @ M, (X * weights[:, None]).T @ X
        variance = sxx - sx**2 / n
        # rounding leaves crumbs where a column does not vary
        variance = np.where(variance > 1e-12 * np.maximum(sxx, 1), variance, np.nan)
        r = (sxy - sx * sx.T / n) / np.sqrt(variance * variance.T)
    return np.where(n >= LEAST, np.clip(r, -1, 1), np.nan), n


def _resampled(Z: Floats, clusters: Labels, draws: int, seed: int) -> Floats | None:
    """Return correlations (draws, c, c) of resampled clusters; nothing below three of them."""
    names, index = group_index(clusters)
    if len(names) < LEAST_CLUSTERS:
        return None
    rng = np.random.default_rng(seed)
    found = np.empty((draws, Z.shape[1], Z.shape[1]))
    for draw in range(draws):
        times = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        found[draw] = correlations(Z, times[index].astype(float))[0]
    return found


def _cell(
    columns: Sequence[tuple[str, str]],
    reliability: Sequence[float | None],
    place: tuple[int, int],
    r: Floats,
    n: Floats,
    drawn: Floats | None,
) -> Cell:
    i, j = place
    (instrument_a, trait_a), (instrument_b, trait_b) = columns[i], columns[j]
    relation: Relation = "monomethod" if instrument_a == instrument_b else "heterotrait"
    if instrument_a != instrument_b and trait_a == trait_b:
        relation = "monotrait"
    value, lower, upper = _bounds(r[i, j], None if drawn is None else drawn[:, i, j])
    corrected, exceeds = _disattenuate(value, reliability[i], reliability[j])
    return Cell(
        instrument_a=instrument_a,
        trait_a=trait_a,
        instrument_b=instrument_b,
        trait_b=trait_b,
        relation=relation,
        r=value,
        lower=lower,
        upper=upper,
        disattenuated=corrected,
        exceeds=exceeds,
        n=int(n[i, j]),
    )


def _disattenuate(r: float | None, a: float | None, b: float | None) -> tuple[float | None, bool]:
    """Return Spearman's correction for attenuation, within -1 and 1, and whether it had to be."""
    if r is None or a is None or b is None or a <= 0 or b <= 0:
        return None, False
    full = r / float(np.sqrt(a * b))
    return float(np.clip(full, -1, 1)), abs(full) > 1


def _agreement(
    columns: Sequence[tuple[str, str]],
    a: str,
    b: str,
    r: Floats,
    drawn: Floats | None,
    cells: Sequence[Cell],
    sample: tuple[Floats, Labels],
) -> Agreement:
    Z, clusters = sample
    place = {column: i for i, column in enumerate(columns)}
    traits = tuple(t for name, t in columns if name == a and (b, t) in place)
    rows, cols = ([place[name, t] for t in traits] for name in (a, b))
    block = r[np.ix_(rows, cols)]
    many = None if drawn is None else drawn[:, rows][:, :, cols]
    mono, mono_many = _means(block, many, np.eye(len(traits), dtype=bool))
    other, other_many = _means(block, many, ~np.eye(len(traits), dtype=bool))
    both = None if mono_many is None or other_many is None else mono_many - other_many
    difference = None if mono is None or other is None else mono - other
    same = [
        cell
        for cell in cells
        if cell.relation == "monotrait" and {cell.instrument_a, cell.instrument_b} == {a, b}
    ]
    known = [cell.disattenuated for cell in same if cell.disattenuated is not None]
    won, compared = _won(block)
    used = np.isfinite(Z[:, rows + cols]).any(axis=1) if traits else np.zeros(len(Z), dtype=bool)
    return Agreement(
        instrument_a=a,
        instrument_b=b,
        traits=traits,
        monotrait=_bounds(mono, mono_many),
        heterotrait=_bounds(other, other_many),
        difference=_bounds(difference, both),
        disattenuated=float(np.mean(known)) if known else None,
        monomethod=_within(r, rows, cols),
        won=won,
        compared=compared,
        open=tuple(cell.trait_a for cell in same if cell.lower is None or cell.lower <= 0),
        n=int(used.sum()),
        clusters=len(set(np.asarray(clusters)[used].tolist())),
    )


def _means(
    block: Floats, many: Floats | None, where: np.ndarray
) -> tuple[float | None, Floats | None]:
    """Mean of the cells of a block, as it stands and in every resample."""
    chosen = block[where]
    chosen = chosen[np.isfinite(chosen)]
    if not len(chosen):
        return None, None
    if many is None:
        return float(chosen.mean()), None
    cells = many[:, where]
    there = np.isfinite(cells)
    sums, counts = np.where(there, cells, 0).sum(axis=1), there.sum(axis=1)
    return float(chosen.mean()), np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _bounds(
    value: float | None, many: Floats | None
) -> tuple[float | None, float | None, float | None]:
    if value is None or not np.isfinite(value):
        return None, None, None
    found = many[np.isfinite(many)] if many is not None else np.zeros(0)
    if many is None or len(found) < len(many) / 2:
        return float(value), None, None
    lower, upper = np.percentile(found, [2.5, 97.5])
    return float(value), float(lower), float(upper)


def _within(r: Floats, rows: Sequence[int], cols: Sequence[int]) -> float | None:
    apart = ~np.eye(len(rows), dtype=bool)
    inside = np.concatenate([r[np.ix_(side, side)][apart] for side in (rows, cols)])
    inside = inside[np.isfinite(inside)]
    return float(inside.mean()) if len(inside) else None


def _won(block: Floats) -> tuple[int, int]:
    """Count heterotrait correlations of the same row or column that a monotrait one exceeds."""
    won = compared = 0
    for t in range(len(block)):
        others = np.concatenate([np.delete(block[t], t), np.delete(block[:, t], t)])
        others = others[np.isfinite(others)]
        if np.isfinite(block[t, t]):
            won, compared = won + int((block[t, t] > others).sum()), compared + len(others)
    return won, compared
