"""Turn groups of row numbers into the named records of a taxonomy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.taxonomy.material import Material, unit
from valuelex.taxonomy.model import (
    Dimension,
    NamedBy,
    PlacedBy,
    SubDimension,
    Taxonomy,
    TermEntry,
    UnplacedTerm,
)
from valuelex.taxonomy.naming import NameOverride, choose_overrides, name_by_rule
from valuelex.taxonomy.theories import Theory, Vectors, compare_with_theory, nearest_values

DIGITS = 6
"""Decimals of every number in a taxonomy: enough to read, few enough to compare."""


@dataclass
class Group:
    """A dimension in the making: row numbers into the lexicon.

    ``core`` are the terms placed by loading, ``by_meaning`` those that join by meaning, ``sub``
    the sub-dimensions of both, ``negative`` the terms listed apart.
    """

    factor: str
    column: int
    pole: int
    core: NDArray[np.int64]
    sub: list[NDArray[np.int64]] = field(default_factory=list)
    negative: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    by_meaning: list[int] = field(default_factory=list)

    @property
    def members(self) -> NDArray[np.int64]:
        """All rows but the negative ones, in order."""
        return np.sort(np.append(self.core, np.array(self.by_meaning, dtype=np.int64)))


def assemble(
    bare: Taxonomy,
    material: Material,
    groups: Sequence[Group],
    adrift: Mapping[int, tuple[str, float]],
    overrides: Sequence[NameOverride],
    theories: Sequence[Theory],
    marker_vectors: Vectors,
) -> Taxonomy:
    """Fill a bare taxonomy with the groups: entries, names, nearest values, comparisons.

    ``adrift`` maps rows without a place to the reason and the best similarity; for the rest see
    :func:`valuelex.taxonomy.build.build_taxonomy`.
    """
    dimensions = [
        _dimension(f"d{i + 1}", group, material, theories, marker_vectors)
        for i, group in enumerate(groups)
    ]
    dimensions = _related(dimensions, groups, material.phi)
    dimensions, unused = _by_person(dimensions, overrides, bare.study)
    taxonomy = replace(
        bare,
        dimensions=tuple(dimensions),
        unplaced=tuple(_unplaced(material, row, *adrift[row]) for row in sorted(adrift)),
        notes=(*bare.notes, *unused),
    )
    if not theories:
        return taxonomy
    known = dict(marker_vectors)
    known.update({t.term: material.vectors[i] for i, t in enumerate(material.lexicon)})
    compared: list[dict[str, Any]] = [
        compare_with_theory(taxonomy, theory, known, level=level).to_dict()
        for theory in theories
        for level in theory.levels
    ]
    return replace(taxonomy, theories=tuple(compared))


def _entry(
    material: Material, row: int, group: Group, placed_by: PlacedBy, centre: NDArray[np.float64]
) -> TermEntry:
    """Return the record of one term in its place."""
    known = material.lexicon[row]
    loading = float(material.loadings[row, group.column])
    reverse = placed_by == "loading" and loading * group.pole < 0
    return TermEntry(
        term=known.term,
        loading=None if np.isnan(loading) else round(loading, DIGITS),
        placed_by=placed_by,
        keying=-1 if reverse else 1,
        similarity=round(float(material.vectors[row] @ centre), DIGITS),
        cluster=None if material.clusters is None else int(material.clusters[row]),
        mentions=known.mentions,
        respondents=known.respondents,
        models=known.models,
        families=known.families,
        salience=round(known.salience, DIGITS),
        evidence=known.evidence,
    )


def _dimension(
    id_: str,
    group: Group,
    material: Material,
    theories: Sequence[Theory],
    marker_vectors: Vectors,
) -> Dimension:
    core = group.core
    guessed = set(group.by_meaning)
    taken: list[str] = []
    subs: list[SubDimension] = []
    for i, rows in enumerate(group.sub):
        name = _rule_name(material, rows, group.column, taken)
        taken.append(name)
        centre = unit(material.vectors[rows].mean(axis=0))
        entries = [
            _entry(material, int(r), group, "meaning" if int(r) in guessed else "loading", centre)
            for r in rows
        ]
        subs.append(
            SubDimension(
                id=f"{id_}.s{i + 1}",
                name=name,
                named_by="rule",
                nearest=nearest_values(centre, theories, marker_vectors),
                terms=tuple(sorted(entries, key=_foremost)),
            )
        )
    centre = unit(material.vectors[core].mean(axis=0))
    apart = [_entry(material, int(r), group, "loading", centre) for r in group.negative]
    return Dimension(
        id=id_,
        name=_rule_name(material, core, group.column, taken),
        named_by="rule",
        factor=group.factor,
        pole=group.pole,
        related={},
        nearest=nearest_values(centre, theories, marker_vectors),
        sub_dimensions=tuple(subs),
        negative_pole=tuple(sorted(apart, key=_foremost)),
    )


def _foremost(entry: TermEntry) -> tuple[bool, float, str]:
    """Order of terms: placed by loading first, then by size of loading, then by spelling."""
    return (entry.placed_by != "loading", -abs(entry.loading or 0.0), entry.term)


def _rule_name(
    material: Material, members: NDArray[np.int64], column: int, taken: Sequence[str]
) -> str:
    terms = [material.lexicon[int(i)].term for i in members]
    weights = material.weights(members, column)
    return name_by_rule(terms, material.vectors[members], weights, taken=taken)


def _related(
    dimensions: Sequence[Dimension], groups: Sequence[Group], phi: NDArray[np.float64]
) -> list[Dimension]:
    """Write the factor correlations beside each dimension, signed by the poles."""
    out = []
    for i, dimension in enumerate(dimensions):
        others = {
            other.id: round(
                float(phi[groups[i].column, groups[j].column]) * groups[i].pole * groups[j].pole,
                DIGITS,
            )
            for j, other in enumerate(dimensions)
            if j != i
        }
        out.append(replace(dimension, related=others))
    return out


def _by_person(
    dimensions: Sequence[Dimension], overrides: Sequence[NameOverride], study: str
) -> tuple[list[Dimension], list[str]]:
    """Put a person's names over the rule's."""
    person: NamedBy = "person"
    groups = {d.id: [e.term for e in d.terms] for d in dimensions}
    names, notes = choose_overrides(groups, overrides, level="dimension", study=study)
    subs = {s.id: [e.term for e in s.terms] for d in dimensions for s in d.sub_dimensions}
    sub_names, more = choose_overrides(subs, overrides, level="sub_dimension", study=study)
    out = []
    for d in dimensions:
        named = tuple(
            replace(s, name=sub_names[s.id], named_by=person) if s.id in sub_names else s
            for s in d.sub_dimensions
        )
        renamed = replace(d, sub_dimensions=named)
        if d.id in names:
            renamed = replace(renamed, name=names[d.id], named_by=person)
        out.append(renamed)
    return out, [*notes, *more]


def _unplaced(material: Material, row: int, reason: str, similarity: float) -> UnplacedTerm:
    known = material.lexicon[row]
    loadings = np.abs(material.loadings[row])
    largest = None if not len(loadings) or np.isnan(loadings).any() else float(loadings.max())
    return UnplacedTerm(
        term=known.term,
        reason=reason,
        loading=None if largest is None else round(largest, DIGITS),
        similarity=round(similarity, DIGITS),
        mentions=known.mentions,
        respondents=known.respondents,
        models=known.models,
    )
