"""What a perfect analysis of a simulated study would find: the yardstick of the recovery check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.backends.simulated.respondent import ModelTraits, Population
from valuelex.backends.simulated.world import World
from valuelex.records import Sampling


@dataclass(frozen=True, slots=True)
class PlantedTerm:
    """A value term that models of the world use.

    ``variants`` are all accepted spellings, casefolded, the canonical form first. ``dimension`` and
    ``sub_dimension`` are empty, and ``loading`` is 0, for a value that belongs to no dimension.
    ``loading`` is on the log-propensity to name the term, per unit of the profile.
    """

    term: str
    variants: tuple[str, ...]
    dimension: str
    sub_dimension: str
    loading: float

    @property
    def sign(self) -> int:
        """Sign of the loading: -1, 0 or 1."""
        return int(np.sign(self.loading))


@dataclass(frozen=True, slots=True)
class PlantedTruth:
    """The planted taxonomy and the drawn profiles of one study.

    Attributes
    ----------
    terms
        All value terms, loaded or not.
    dimensions, sub_dimensions, values
        Ids, in the order of the profile columns; ``dimension_of`` leads from a sub-dimension's id
        to its dimension's.
    n_dimensions
        How many factors there are to find: 0 when the study has no structure.
    models, dimension_profiles, sub_dimension_profiles
        Model keys and their profiles, shapes (models, dimensions) and (models, sub-dimensions), in
        units of theta, before decoding effects.
    value_profiles
        Usual questionnaire answers on the 1-6 scale before rounding, shape (models, values).
    respondents, respondent_profiles
        ``model@setting`` and their profiles with decoding effects, shape (respondents, dimensions).
    """

    terms: tuple[PlantedTerm, ...]
    dimensions: tuple[str, ...]
    sub_dimensions: tuple[str, ...]
    dimension_of: Mapping[str, str]
    values: tuple[str, ...]
    n_dimensions: int
    models: tuple[str, ...]
    dimension_profiles: NDArray[np.float64]
    sub_dimension_profiles: NDArray[np.float64]
    value_profiles: NDArray[np.float64]
    respondents: tuple[str, ...]
    respondent_profiles: NDArray[np.float64]

    def by_variant(self) -> dict[str, PlantedTerm]:
        """Return the term for each accepted, casefolded spelling."""
        return {variant: term for term in self.terms for variant in term.variants}


def planted_truth(
    world: World, seed: int, models: Mapping[str, ModelTraits], settings: Sequence[Sampling]
) -> PlantedTruth:
    """Return the truth of the study that :class:`SimulatedBackend` would answer with ``seed``.

    Raises
    ------
    LexiconError
        When a model's metadata is not of this world.
    """
    population = Population(world, seed, models)
    vocabulary = world.vocabulary
    dimensions = tuple(d.id for d in vocabulary.dimensions)
    profiles = [population.profile(key) for key in models]
    pairs = [(key, sampling) for key in models for sampling in settings]
    n = len(dimensions)
    return PlantedTruth(
        terms=_terms(world),
        dimensions=dimensions,
        sub_dimensions=tuple(sub.id for sub in vocabulary.subs),
        dimension_of={sub.id: dimensions[sub.dimension] for sub in vocabulary.subs},
        values=tuple(value.code for value in world.values),
        n_dimensions=n if world.structure == "planted" else 0,
        models=tuple(models),
        dimension_profiles=_rows([p.dimensions for p in profiles], n),
        sub_dimension_profiles=_rows([p.subs for p in profiles], len(vocabulary.subs)),
        value_profiles=_rows([p.values for p in profiles], len(world.values)),
        respondents=tuple(f"{key}@{sampling.name}" for key, sampling in pairs),
        respondent_profiles=_rows(
            [population.respondent(key, sampling).dimensions for key, sampling in pairs], n
        ),
    )


def _terms(world: World) -> tuple[PlantedTerm, ...]:
    found = []
    for term, loading in zip(world.vocabulary.terms, world.loadings, strict=True):
        sub = world.vocabulary.subs[term.sub] if term.sub >= 0 else None
        found.append(
            PlantedTerm(
                term=term.term,
                variants=term.surfaces,
                dimension=world.vocabulary.dimensions[sub.dimension].id if sub else "",
                sub_dimension=sub.id if sub else "",
                loading=float(loading),
            )
        )
    return tuple(found)


def _rows(rows: Sequence[NDArray[np.float64]], width: int) -> NDArray[np.float64]:
    return np.array(rows, dtype=float).reshape(len(rows), width)
