"""From model metadata to profiles, and from profiles to word propensities.

The formulas stand beside their parameters in the world file. Every random part has a stream of its
own, named by what it belongs to, so that a 36th model changes nothing about the other 35.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valuelex.backends.simulated.world import SCALE, World
from valuelex.errors import BackendError, LexiconError, near_miss
from valuelex.records import Sampling

REFERENCE_SIZE = 7.0  # billions of parameters; effects of size are per factor of ten above it
REFERENCE_TEMPERATURE = 0.7
REFERENCE_TOP_P = 0.9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ModelTraits:
    """What a roster says of a model; ``parameters_b`` in billions, ``None`` when unknown."""

    family: str
    developer: str
    parameters_b: float | None
    training: str
    data_source: str


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """What is true of one simulated model.

    ``dimensions`` (dims,) and ``subs`` (sub-dimensions,) are effective profiles: clarity is in
    them. ``idiosyncrasy`` (terms,) and ``odd`` (indices of filler words) are its idiom;
    ``values`` (values,) its usual answers on the 1-6 scale before rounding.
    """

    traits: ModelTraits
    dimensions: Floats
    subs: Floats
    idiosyncrasy: Floats
    verbosity: float
    odd: tuple[int, ...]
    values: Floats


@dataclass(frozen=True, slots=True)
class Respondent:
    """One model under one decoding setting.

    ``log_weights`` covers the terms, then the common fillers, then the model's own odd fillers;
    ``length`` is the expected number of words in a list.
    """

    dimensions: Floats
    log_weights: Floats
    length: float


def stream(seed: int, *parts: str) -> np.random.Generator:
    """Return the random stream that the study's seed and a name determine."""
    digest = hashlib.sha256("\x1f".join((str(seed), *parts)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


class Population:
    """The simulated models of one study, drawn from a world with a seed."""

    def __init__(self, world: World, seed: int, models: Mapping[str, ModelTraits]) -> None:
        self.world = world
        self.seed = seed
        self.models = dict(models)
        for key, traits in self.models.items():
            _check(world, key, traits)
        self._profiles: dict[str, ModelProfile] = {}
        self._respondents: dict[tuple[str, Sampling], Respondent] = {}
        self._prompts: dict[str, Floats] = {}

    def profile(self, key: str) -> ModelProfile:
        """Return the profile of a model.

        Raises
        ------
        BackendError
            When the study has no such model.
        """
        if key not in self._profiles:
            if key not in self.models:
                raise BackendError(
                    f"no simulated model '{key}' in this study{near_miss(key, self.models)}"
                )
            self._profiles[key] = self._draw(key, self.models[key])
        return self._profiles[key]

    def respondent(self, key: str, sampling: Sampling) -> Respondent:
        """Return a model under a decoding setting."""
        place = (key, sampling)
        if place not in self._respondents:
            self._respondents[place] = self._respond(key, sampling)
        return self._respondents[place]

    def prompt(self, prompt: str) -> Floats:
        """Return what a prompt's wording does to each term, the same for every model."""
        if prompt not in self._prompts:
            size = len(self.world.vocabulary.terms)
            draw = stream(self.seed, "prompt", prompt).normal(0, self.world.lists.prompt_sd, size)
            self._prompts[prompt] = draw
        return self._prompts[prompt]

    def _draw(self, key: str, traits: ModelTraits) -> ModelProfile:
        world, effects = self.world, self.world.profile
        vocabulary = world.vocabulary
        family = stream(self.seed, "family", traits.family)
        own = stream(self.seed, "model", key)
        n = len(vocabulary.dimensions)
        theta = _fixed(world, traits) + family.normal(0, effects.family_sd, n)
        theta = theta + own.normal(0, effects.model_sd, n)
        subs = own.normal(0, effects.sub_dimension_sd, len(vocabulary.subs))
        clear = world.clarity[traits.training] if world.structure == "planted" else 0.0
        dimensions = clear * theta
        deep = dimensions[world.dimension_of_sub] + clear * subs
        lists = world.lists
        idiosyncrasy = own.normal(0, lists.idiosyncrasy_sd, len(vocabulary.terms))
        verbosity = float(np.exp(own.normal(0, lists.verbosity_model_sd)))
        few = min(int(lists.odd_words_per_model), len(vocabulary.odd))
        odd = tuple(int(i) for i in own.choice(len(vocabulary.odd), few, replace=False))
        values = self._values(own, np.concatenate([dimensions, deep]))
        return ModelProfile(traits, dimensions, deep, idiosyncrasy, verbosity, odd, values)

    def _values(self, own: np.random.Generator, theta: Floats) -> Floats:
        values, effects = self.world.values, self.world.questionnaire
        random = own.normal(0, effects.own_sd, len(values)) + own.normal(0, effects.style_sd)
        level = np.array([value.level for value in values])
        if self.world.structure == "none":
            return level
        free = level + np.array([value.weights for value in values]) @ theta + random
        # the scale ends at 1 and 6, and answers crowd towards its ends
        middle, half = (1 + SCALE) / 2, (SCALE - 1) / 2
        return np.asarray(middle + half * np.tanh((free - middle) / half))

    def _respond(self, key: str, sampling: Sampling) -> Respondent:
        world, profile = self.world, self.profile(key)
        lists, vocabulary = world.lists, world.vocabulary
        own = stream(self.seed, "respondent", key, sampling.name)
        n = len(vocabulary.dimensions)
        degrees = sampling.temperature - REFERENCE_TEMPERATURE
        shift = own.normal(0, world.profile.respondent_sd, n)
        shift = shift + degrees * np.array([d.temperature for d in vocabulary.dimensions])
        if world.structure == "none":
            shift = np.zeros(n)
        dimensions = profile.dimensions + shift
        # a sub-dimension's own deviation counts for less in a list than its dimension does
        deviation = profile.subs - profile.dimensions[world.dimension_of_sub]
        theta = dimensions[world.dimension_of_sub] + lists.sub_dimension_weight * deviation
        log = world.base + profile.idiosyncrasy + world.loadings * theta[world.sub_of_term]
        sharpness = 1 - lists.flattening * degrees
        log = log * (sharpness - lists.flattening_top_p * (sampling.top_p - REFERENCE_TOP_P))
        return self._lengths(own, profile, dimensions, log)

    def _lengths(
        self, own: np.random.Generator, profile: ModelProfile, dimensions: Floats, log: Floats
    ) -> Respondent:
        lists, vocabulary = self.world.lists, self.world.vocabulary
        plain = float(np.exp(self.world.base).sum())
        filler = plain * lists.filler_share / (1 - lists.filler_share)
        total = float(np.exp(log).sum())
        usual = lists.usual_total if self.world.structure == "planted" else 1.0
        drive = (total + filler) / (plain * usual + filler)
        verbosity = profile.verbosity * float(np.exp(own.normal(0, lists.verbosity_respondent_sd)))
        common = np.full(
            len(vocabulary.common), filler * (1 - lists.odd_share) / len(vocabulary.common)
        )
        odd = np.full(len(profile.odd), filler * lists.odd_share / max(len(profile.odd), 1))
        weights = np.concatenate([log, np.log(common), np.log(odd)])
        length = lists.mean_length * verbosity * drive**lists.elasticity
        return Respondent(dimensions, weights, length)


def _fixed(world: World, traits: ModelTraits) -> Floats:
    size = traits.parameters_b or REFERENCE_SIZE
    decades = float(np.log10(size / REFERENCE_SIZE))
    return np.array(
        [
            d.intercept
            + d.size * decades
            + d.training[traits.training]
            + d.data_source[traits.data_source]
            for d in world.vocabulary.dimensions
        ]
    )


def _check(world: World, key: str, traits: ModelTraits) -> None:
    first = world.vocabulary.dimensions[0]
    for what, given, known in (
        ("training", traits.training, first.training),
        ("data_source", traits.data_source, first.data_source),
    ):
        if given not in known:
            raise LexiconError(
                f"simulated model '{key}': {what} must be one of {sorted(known)}, was:"
                f" '{given}'{near_miss(given, known)}"
            )
    if traits.parameters_b is not None and not traits.parameters_b > 0:
        raise LexiconError(
            f"simulated model '{key}': parameters_b must be > 0, was: {traits.parameters_b}"
        )
