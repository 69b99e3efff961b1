"""The planted taxonomy: dimensions, sub-dimensions, terms with their word families, fillers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from valuelex.backends.simulated.checked import Node
from valuelex.errors import LexiconError

PHRASES = 8  # of either pole, so that completions of one sub-dimension do not all read alike


@dataclass(frozen=True, slots=True)
class Term:
    """One value term: its canonical form, its word family, and rarer other words for it.

    ``sub`` is the index of its sub-dimension, -1 for a term that belongs to none; ``rank`` its
    place by frequency, from 0.
    """

    term: str
    forms: tuple[str, ...]
    synonyms: tuple[str, ...]
    sub: int
    rank: int

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Every way to write it, casefolded, the canonical form first."""
        return tuple(text.casefold() for text in (self.term, *self.forms, *self.synonyms))


@dataclass(frozen=True, slots=True)
class SubDimension:
    """A group of terms of like meaning; ``dimension`` is the index of what it belongs to."""

    id: str
    name: str
    dimension: int
    cues: tuple[str, ...]
    high: tuple[str, ...]
    low: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A planted factor with the fixed effects of model metadata on it (units of theta)."""

    id: str
    name: str
    intercept: float
    size: float
    temperature: float
    training: Mapping[str, float]
    data_source: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words of a world."""

    dimensions: tuple[Dimension, ...]
    subs: tuple[SubDimension, ...]
    terms: tuple[Term, ...]
    common: tuple[str, ...]
    odd: tuple[str, ...]
    vices: tuple[str, ...]

    @classmethod
    def read(cls, world: Node) -> Vocabulary:
        """Read and check the words of a world.

        Raises
        ------
        LexiconError
            When a word stands under two terms, a name is doubled, or a block is malformed.
        """
        dimensions, subs, groups = _taxonomy(world)
        fillers = world.at("fillers").only(("common", "odd"))
        found = cls(
            dimensions=dimensions,
            subs=subs,
            terms=_rank(groups, _words(world, "unloaded", {})),
            common=fillers.texts("common", 1),
            odd=fillers.texts("odd", 1),
            vices=world.texts("vices", 1),
        )
        _unique([d.id for d in dimensions] + [s.id for s in subs], f"{world.place}: the id")
        surfaces = [form for term in found.terms for form in term.surfaces]
        fill = [word.casefold() for word in (*found.common, *found.odd)]
        _unique(surfaces + fill, f"{world.place}: the word")
        return found


Words = list[tuple[str, tuple[str, ...], tuple[str, ...]]]


def _taxonomy(
    world: Node,
) -> tuple[tuple[Dimension, ...], tuple[SubDimension, ...], list[Words]]:
    dimensions, subs, groups = [], [], []
    for d, node in enumerate(world.rows("dimensions")):
        dimensions.append(_dimension(node))
        for row in node.rows("sub_dimensions"):
            row.only(("id", "name", "terms", "synonyms", "cues", "high", "low"))
            subs.append(
                SubDimension(
                    id=row.text("id"),
                    name=row.text("name"),
                    dimension=d,
                    cues=row.texts("cues", 1),
                    high=row.texts("high", PHRASES),
                    low=row.texts("low", PHRASES),
                )
            )
            synonyms = row.at("synonyms")
            other = {term: synonyms.texts(term, 1) for term in synonyms.content}
            groups.append(_words(row, "terms", other))
    return tuple(dimensions), tuple(subs), groups


def _dimension(node: Node) -> Dimension:
    effects = ("intercept", "size", "temperature")
    node.only(("id", "name", *effects, "training", "data_source", "sub_dimensions"))
    return Dimension(
        id=node.text("id"),
        name=node.text("name"),
        intercept=node.number("intercept"),
        size=node.number("size"),
        temperature=node.number("temperature"),
        training=node.at("training").numbers(),
        data_source=node.at("data_source").numbers(),
    )


def _words(node: Node, name: str, synonyms: Mapping[str, tuple[str, ...]]) -> Words:
    terms = node.at(name)
    strange = [term for term in synonyms if term not in terms.content]
    if strange:
        raise LexiconError(f"{node.place}: synonyms of '{strange[0]}', which is no term there")
    return [(t, terms.texts(t), synonyms.get(t, ())) for t in terms.content]


def _rank(groups: list[Words], unloaded: Words) -> tuple[Term, ...]:
    """Give each term its place by frequency: k-th terms of all groups before the (k+1)-th.

    Unloaded terms are spread evenly over the ranks, so that frequency and loading are unrelated.
    """
    loaded = [
        ((k + (g + 1) / (len(groups) + 1)) / len(words), g, word)
        for g, words in enumerate(groups)
        for k, word in enumerate(words)
    ]
    free = [((k + 0.5) / len(unloaded), -1, word) for k, word in enumerate(unloaded)]
    places = sorted(range(len(loaded + free)), key=lambda i: (loaded + free)[i][0])
    rank = {place: r for r, place in enumerate(places)}
    return tuple(
        Term(term, forms, synonyms, sub, rank[i])
        for i, (_, sub, (term, forms, synonyms)) in enumerate(loaded + free)
    )


def _unique(words: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for word in words:
        if word in seen:
            raise LexiconError(f"{what} '{word}' stands twice")
        seen.add(word)
