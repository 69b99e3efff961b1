"""Known theories of values, and how near a found taxonomy comes to each.

A theory is data: values on one or more levels, the finest described by marker words. A found group
is compared with a value by the cosine of their centroids. All value words lie in one corner of the
space, so a high cosine alone says little: each best match stands beside what random groups of the
same size reach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError, LexiconError, near_miss
from valuelex.taxonomy.fields import Fields
from valuelex.taxonomy.material import unit
from valuelex.taxonomy.model import NearestValue, Taxonomy

Vectors = Mapping[str, NDArray[np.floating]]
"""Unit vectors by text: terms of the taxonomy and markers of the theories."""


@dataclass(frozen=True, slots=True)
class TheoryValue:
    """One value: ``markers`` describe it, or ``parts`` (ids of a finer level) make it up."""

    id: str
    name: str
    level: str
    gloss: str
    markers: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theory:
    """A theory with its levels from coarse to fine, and where it comes from."""

    id: str
    title: str
    sources: tuple[str, ...]
    levels: tuple[str, ...]
    values: tuple[TheoryValue, ...]

    def markers_of(self, value: TheoryValue) -> tuple[str, ...]:
        """Marker words of a value, those of its parts included, each once, in order."""
        by_id = {v.id: v for v in self.values}
        words = list(value.markers)
        for part in value.parts:
            words += self.markers_of(by_id[part])
        return tuple(dict.fromkeys(words))

    def marker_words(self) -> tuple[str, ...]:
        """Every marker word of the theory once: what has to be embedded."""
        return tuple(dict.fromkeys(w for value in self.values for w in value.markers))

    def on_level(self, level: str) -> tuple[TheoryValue, ...]:
        """Return the values of one level, in the order of the file."""
        return tuple(value for value in self.values if value.level == level)


@dataclass(frozen=True, slots=True)
class Match:
    """A group's best match; ``chance`` is what 95 % of random groups of its size stay below."""

    group: str
    value: str
    name: str
    similarity: float
    second: float
    chance: float
    above_chance: bool


@dataclass(frozen=True, slots=True)
class TheoryComparison:
    """A taxonomy against one level of a theory.

    The coarsest of several levels is compared with the found dimensions, the others with the
    sub-dimensions; ``compared`` says which. ``similarity[i][j]`` is the cosine of group ``rows[i]``
    and value ``columns[j]``; ``covered`` the values that are the best match of some group above
    chance.
    """

    theory: str
    title: str
    level: str
    compared: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    similarity: tuple[tuple[float, ...], ...]
    matches: tuple[Match, ...]
    covered: tuple[str, ...]
    statement: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        out = asdict(self)
        for key in ("rows", "columns", "matches", "covered"):
            out[key] = list(out[key])
        out["similarity"] = [list(row) for row in self.similarity]
        return out


def parse_theory(data: object, where: str = "theory") -> Theory:
    """Read the content of one file under ``lexicon/theories/``.

    Raises
    ------
    LexiconError
        Unknown or missing keys, a level that is not listed, an id that occurs twice, a part that
        does not exist, or a value with neither markers nor parts.
    """
    keys = ("id", "title", "sources", "note", "levels", "values")
    top = Fields(data, where, keys, LexiconError)
    levels = tuple(top.texts("levels"))
    values: list[TheoryValue] = []
    for i, entry in enumerate(top.items("values")):
        values.append(_value(entry, f"{where}.values[{i}]", levels, [v.id for v in values]))
    ids = [value.id for value in values]
    for value in values:
        for part in value.parts:
            if part not in ids or part == value.id:
                raise LexiconError(
                    f"{where}: {value.id!r} has an unknown part {part!r}{near_miss(part, ids)}"
                )
    for level in levels:
        if not any(value.level == level for value in values):
            raise LexiconError(f"{where}: level {level!r} has no value")
    return Theory(
        id=top.filled("id"),
        title=top.filled("title"),
        sources=tuple(top.texts("sources")),
        levels=levels,
        values=tuple(values),
    )


def _value(data: object, where: str, levels: Sequence[str], before: Sequence[str]) -> TheoryValue:
    keys = ("id", "name", "level", "gloss", "markers", "parts")
    f = Fields(data, where, keys, LexiconError)
    value = TheoryValue(
        id=f.filled("id"),
        name=f.filled("name"),
        level=f.text("level", allowed=levels),
        gloss=f.text("gloss") if f.has("gloss") else "",
        markers=tuple(f.texts("markers")) if f.has("markers") else (),
        parts=tuple(f.texts("parts")) if f.has("parts") else (),
    )
    if bool(value.markers) == bool(value.parts):
        raise LexiconError(f"{where}: {value.id!r} needs either markers or parts")
    if value.id in before:
        raise LexiconError(f"{where}: the id {value.id!r} occurs twice")
    return value


def nearest_values(
    centre: NDArray[np.floating], theories: Sequence[Theory], vectors: Vectors
) -> tuple[NearestValue, ...]:
    """For a group's centroid (d,), the nearest value of each theory's finest level."""
    out = []
    for theory in theories:
        values = theory.on_level(theory.levels[-1])
        cosine = _value_centres(theory, values, vectors) @ unit(centre)
        best = int(np.argmax(cosine))
        out.append(
            NearestValue(
                theory=theory.id,
                level=theory.levels[-1],
                value=values[best].id,
                name=values[best].name,
                similarity=round(float(cosine[best]), 6),
            )
        )
    return tuple(out)


def compare_with_theory(
    taxonomy: Taxonomy,
    theory: Theory,
    vectors: Vectors,
    *,
    level: str | None = None,
    n_random: int = 500,
    seed: int = 0,
) -> TheoryComparison:
    """Compare each group of a taxonomy with each value of one level of a theory.

    Parameters
    ----------
    taxonomy
        At least one sub-dimension.
    theory
        The theory.
    vectors
        Unit vectors of every placed term and every marker word.
    level
        The finest one when ``None``.
    n_random, seed
        Random groups of terms a size for the chance level, and their seed.
    """
    level = theory.levels[-1] if level is None else level
    if level not in theory.levels:
        known = ", ".join(theory.levels)
        raise DataError(f"theory {theory.id!r} has the levels {known}, not {level!r}")
    compared, members = _compared(taxonomy, theory, level)
    if not members:
        raise DataError("a taxonomy without dimensions cannot be compared with a theory")
    values = theory.on_level(level)
    centres = _value_centres(theory, values, vectors)
    groups = [_rows(terms, vectors) for terms in members.values()]
    similarity = np.stack([centres @ unit(group.mean(axis=0)) for group in groups])
    chance = _chance(groups, centres, n_random, seed)
    matches = [_best(name, similarity[i], values, chance[i]) for i, name in enumerate(members)]
    covered = tuple(
        v.id for v in values if any(m.above_chance and m.value == v.id for m in matches)
    )
    return TheoryComparison(
        theory=theory.id,
        title=theory.title,
        level=level,
        compared=compared,
        rows=tuple(members),
        columns=tuple(value.id for value in values),
        similarity=tuple(tuple(round(float(x), 6) for x in row) for row in similarity),
        matches=tuple(matches),
        covered=covered,
        statement=_statement(theory, level, compared, matches, len(covered), len(values)),
    )


def _best(
    group: str, similarity: NDArray[np.float64], values: Sequence[TheoryValue], chance: float
) -> Match:
    ranked = np.sort(similarity)[::-1]
    best = values[int(np.argmax(similarity))]
    return Match(
        group=group,
        value=best.id,
        name=best.name,
        similarity=round(float(ranked[0]), 6),
        second=round(float(ranked[1]), 6) if len(ranked) > 1 else -1.0,
        chance=round(chance, 6),
        above_chance=bool(ranked[0] > chance),
    )


def _compared(taxonomy: Taxonomy, theory: Theory, level: str) -> tuple[str, dict[str, list[str]]]:
    """Which groups face this level, and the terms of each by id."""
    if len(theory.levels) > 1 and level == theory.levels[0]:
        return "dimensions", {d.id: [e.term for e in d.terms] for d in taxonomy.dimensions}
    subs = {sub.id: [e.term for e in sub.terms] for sub in taxonomy.sub_dimensions()}
    return "sub-dimensions", subs


def _statement(
    theory: Theory,
    level: str,
    compared: str,
    matches: Sequence[Match],
    covered: int,
    total: int,
) -> str:
    above = [m for m in matches if m.above_chance]
    head = (
        f"{len(above)} of {len(matches)} {compared} lie nearer to a value of {theory.title} "
        f"({level.replace('_', ' ')}) than random groups of their size; "
        f"they cover {covered} of its {total} values"
    )
    if not above:
        return head + "."
    best = max(above, key=lambda m: m.similarity - m.chance)
    return (
        f"{head}; the clearest is {best.group} with {best.name} "
        f"({best.similarity:.2f}, by chance {best.chance:.2f})."
    )


def _chance(
    groups: Sequence[NDArray[np.float64]],
    centres: NDArray[np.float64],
    n_random: int,
    seed: int,
) -> list[float]:
    """95th percentile of the best cosine over random groups of placed terms, by group size."""
    pool = np.vstack(groups)
    rng = np.random.default_rng(seed)
    by_size: dict[int, float] = {}
    for size in sorted({len(group) for group in groups}):
        best = [
            float(
                (
                    centres @ unit(pool[rng.choice(len(pool), size, replace=False)].mean(axis=0))
                ).max()
            )
            for _ in range(n_random)
        ]
        by_size[size] = float(np.quantile(best, 0.95))
    return [by_size[len(group)] for group in groups]


def _value_centres(
    theory: Theory, values: Sequence[TheoryValue], vectors: Vectors
) -> NDArray[np.float64]:
    return np.stack(
        [unit(_rows(theory.markers_of(value), vectors).mean(axis=0)) for value in values]
    )


def _rows(texts: Sequence[str], vectors: Vectors) -> NDArray[np.float64]:
    missing = [text for text in texts if text not in vectors]
    if missing:
        raise DataError(
            f"{len(missing)} of {len(texts)} texts have no vector, first: {missing[0]!r}"
        )
    return np.stack([np.asarray(vectors[text], dtype=np.float64) for text in texts])
