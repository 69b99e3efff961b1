"""The planted truth of a simulated study, read strictly from a plain mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from valuelex.backends.simulated.checked import Node
from valuelex.backends.simulated.effects import (
    CompletionEffects,
    ListEffects,
    ProfileEffects,
    QuestionnaireEffects,
    Style,
)
from valuelex.backends.simulated.phrases import Wording
from valuelex.backends.simulated.vocabulary import Vocabulary
from valuelex.errors import LexiconError, near_miss

Structure = Literal["planted", "none"]
BLOCKS = (
    *("id", "purpose", "structure", "effects", "style", "dimensions", "unloaded", "fillers"),
    *("vices", "values", "labels", "answers", "wording", "languages", "translations"),
)
SCALE = 6


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the questionnaire; ``weights`` run over dimensions, then sub-dimensions."""

    code: str
    name: str
    level: float
    weights: tuple[float, ...]
    items: tuple[int, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """Everything that simulated models are drawn from."""

    id: str
    structure: Structure
    profile: ProfileEffects
    clarity: Mapping[str, float]
    lists: ListEffects
    completions: CompletionEffects
    questionnaire: QuestionnaireEffects
    style: Style
    vocabulary: Vocabulary
    values: tuple[Value, ...]
    labels: tuple[str, ...]
    wording: Wording

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> World:
        """Check a mapping as read from ``lexicon/planted/<world>.yaml``.

        Raises
        ------
        LexiconError
            Naming the place, what was expected and what came.
        """
        world = Node.of(data, str(data.get("id", "world"))).only(BLOCKS)
        effects = world.at("effects").only(
            ("profile", "clarity", "lists", "completions", "questionnaire")
        )
        vocabulary = Vocabulary.read(world)
        clarity = effects.at("clarity").numbers()
        _same_metadata(world.place, vocabulary, clarity)
        terms = frozenset(term.term for term in vocabulary.terms)
        return cls(
            id=world.text("id"),
            structure=_structure(world.text("structure"), world.place),
            profile=effects.at("profile").into(ProfileEffects),
            clarity=clarity,
            lists=effects.at("lists").into(ListEffects),
            completions=effects.at("completions").into(CompletionEffects),
            questionnaire=effects.at("questionnaire").into(QuestionnaireEffects),
            style=Style.read(world.at("style"), world.at("answers"), tuple(clarity)),
            vocabulary=vocabulary,
            values=_values(world, vocabulary),
            labels=_labels(world),
            wording=Wording.read(world, terms),
        )

    def with_structure(self, structure: str) -> World:
        """Return the same world with its taxonomy ``planted``, or ``none`` at all.

        Raises
        ------
        LexiconError
            When ``structure`` is neither.
        """
        return replace(self, structure=_structure(structure, self.id))

    @cached_property
    def base(self) -> NDArray[np.float64]:
        """Log base rates of the terms, centred; shape (terms,)."""
        rank = np.array([term.rank for term in self.vocabulary.terms], dtype=float)
        base = -self.lists.zipf * np.log(rank + 1 + self.lists.offset)
        return np.asarray(base - base.mean())

    @cached_property
    def loadings(self) -> NDArray[np.float64]:
        """Loadings on the log-propensity, one per term: 0 where a term belongs to nothing."""
        loading = self.lists.loading * (1 - self.lists.tilt * self.base)
        loaded = np.array([term.sub >= 0 for term in self.vocabulary.terms])
        return np.asarray(np.where(loaded & (self.structure == "planted"), loading, 0.0))

    @cached_property
    def sub_of_term(self) -> NDArray[np.int64]:
        """Index of each term's sub-dimension, 0 for unloaded terms (whose loading is 0)."""
        return np.array([max(term.sub, 0) for term in self.vocabulary.terms])

    @cached_property
    def dimension_of_sub(self) -> NDArray[np.int64]:
        """Index of each sub-dimension's dimension."""
        return np.array([sub.dimension for sub in self.vocabulary.subs])


def _structure(text: str, place: str) -> Structure:
    if text == "planted":
        return "planted"
    if text == "none":
        return "none"
    raise LexiconError(f"{place}: structure must be 'planted' or 'none', was: '{text}'")


def _same_metadata(place: str, vocabulary: Vocabulary, clarity: Mapping[str, float]) -> None:
    sources = set(vocabulary.dimensions[0].data_source)
    for d in vocabulary.dimensions:
        if set(d.training) != set(clarity):
            raise LexiconError(
                f"{place}: '{d.id}' must give an effect for each training {sorted(clarity)},"
                f" gives: {sorted(d.training)}"
            )
        if set(d.data_source) != sources:
            raise LexiconError(
                f"{place}: '{d.id}' must give an effect for each data source {sorted(sources)},"
                f" gives: {sorted(d.data_source)}"
            )


def _values(world: Node, vocabulary: Vocabulary) -> tuple[Value, ...]:
    names = [d.id for d in vocabulary.dimensions] + [s.id for s in vocabulary.subs]
    found = []
    for code, node in world.at("values").each():
        node.only(("name", "level", "weights", "items", "cues"))
        weights = node.at("weights").numbers()
        for name in weights:
            if name not in names:
                raise LexiconError(f"{node.place}.weights: no '{name}'{near_miss(name, names)}")
        row = tuple(weights.get(name, 0.0) for name in names)
        found.append(
            Value(
                code=code,
                name=node.text("name"),
                level=node.number("level"),
                weights=row,
                items=_items(node),
                cues=node.texts("cues", 1),
            )
        )
    items = sorted(item for value in found for item in value.items)
    if items != list(range(1, len(items) + 1)):
        raise LexiconError(f"{world.place}.values: each item must be keyed once, were: {items}")
    return tuple(found)


def _items(node: Node) -> tuple[int, ...]:
    items = node.content["items"]
    if not isinstance(items, list) or not all(type(item) is int for item in items) or not items:
        raise LexiconError(f"{node.place}.items must be a list of whole numbers, was: {items!r}")
    return tuple(items)


def _labels(world: Node) -> tuple[str, ...]:
    labels = world.texts("labels")
    if len(labels) != SCALE:
        raise LexiconError(f"{world.place}.labels must be {SCALE} texts, were: {len(labels)}")
    return labels
