"""Names for groups: by rule, unless a person has spoken.

A person's name is tied to the *terms* of a group and never to its id, because ids follow the order
of the factors: after new data ``d2`` may be another dimension, and would carry a wrong name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import LexiconError
from valuelex.taxonomy.fields import Fields

Level = Literal["dimension", "sub_dimension"]

TOO_ALIKE = 0.75
"""Cosine from which a second word in a name would say the first one again."""


@dataclass(frozen=True, slots=True)
class NameOverride:
    """A person's name for the group that holds most of ``holds``, on one level.

    ``study`` restricts it to one study, empty means all.
    """

    name: str
    level: Level
    holds: tuple[str, ...]
    study: str = ""


def parse_overrides(data: object, where: str = "names.yaml") -> tuple[NameOverride, ...]:
    """Read the content of ``lexicon/names.yaml``: ``{"names": [{name, level, holds, study?}]}``.

    Raises
    ------
    LexiconError
        An unknown key, a missing one, an empty name or an empty ``holds``.
    """
    top = Fields(data, where, ("names",), LexiconError)
    out = []
    for i, entry in enumerate(top.items("names")):
        place = f"{where}.names[{i}]"
        f = Fields(entry, place, ("name", "level", "holds", "study"), LexiconError)
        holds = tuple(f.texts("holds"))
        if not holds:
            raise LexiconError(f"{place}.holds: expected at least one term, was: []")
        level = cast("Level", f.text("level", allowed=("dimension", "sub_dimension")))
        study = f.text("study") if f.has("study") else ""
        out.append(NameOverride(f.filled("name"), level, holds, study))
    return tuple(out)


def choose_overrides(
    groups: Mapping[str, Sequence[str]],
    overrides: Sequence[NameOverride],
    *,
    level: Level,
    study: str,
) -> tuple[dict[str, str], list[str]]:
    """Match a person's names to groups (id -> terms).

    A name goes to the group with more than half of its ``holds``.

    Returns
    -------
    The names by group id, and one sentence for each name that found no group or came second.
    """
    names: dict[str, str] = {}
    notes: list[str] = []
    for override in overrides:
        if override.level != level or override.study not in ("", study):
            continue
        wanted = set(override.holds)
        shares = {g: len(wanted & set(terms)) / len(wanted) for g, terms in groups.items()}
        best = max(shares, key=lambda g: shares[g], default=None)
        label = level.replace("_", "-")
        if best is None or shares[best] <= 0.5:
            notes.append(
                f"The name {override.name!r} was not used: no {label} holds more than half of "
                f"{', '.join(override.holds)}."
            )
        elif best in names:
            notes.append(
                f"The name {override.name!r} was not used: {best} is already named "
                f"{names[best]!r} by a person."
            )
        else:
            names[best] = override.name
    return names, notes


def name_by_rule(
    terms: Sequence[str],
    vectors: NDArray[np.floating],
    weights: NDArray[np.floating],
    *,
    taken: Sequence[str] = (),
) -> str:
    """Name a group by its two foremost terms, e.g. ``Accuracy & knowledge``.

    A term's claim is its weight (|loading| x salience) times its cosine with the group's centroid;
    the second term is the foremost one that is not too alike the first. Ties go to the earlier
    term. A name in ``taken`` moves on to the next second term.

    Parameters
    ----------
    terms
        m >= 1 terms.
    vectors
        (m, d) unit vectors.
    weights
        (m,) weights >= 0; all zero counts as all equal.
    taken
        Names that are in use.
    """
    centre = vectors.mean(axis=0)
    length = float(np.linalg.norm(centre))
    cosine = vectors @ centre / (length if length > 0 else 1.0)
    weight = weights if float(np.max(weights)) > 0 else np.ones(len(terms))
    claim = weight * np.clip(cosine, 0.0, None)
    order = sorted(range(len(terms)), key=lambda i: (-float(claim[i]), i))
    first, rest = order[0], order[1:]
    distinct = [i for i in rest if float(vectors[i] @ vectors[first]) < TOO_ALIKE]
    alike = [i for i in rest if i not in distinct]
    for second in [*distinct, *alike]:
        name = _capital(f"{terms[first]} & {terms[second]}")
        if name not in taken:
            return name
    return _capital(terms[first])


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
