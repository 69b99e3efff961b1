"""Anchor sentences: frames of ``prompts/anchors.v3.yaml`` filled with a taxonomy's own terms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from valuelex.errors import DataError, PromptError, well_formed

WordForm = Literal["noun", "adjective"]

# Derivational endings (and a few bare words) of properties; whatever else there is reads as a noun.
_ADJECTIVE = re.compile(
    r"(?:ful|less|ous|ive|able|ible|al|ic|ish|ant|(?<!m)ent|ed|ary|ory|ate|id|some|ward|worthy|ly|"
    r"fair|kind|wise|just|true|loyal|open|brave|bold|calm|polite|humble|gentle|sincere|frank|honest|"
    r"modest|direct|clear|precise|concise|exact|correct|safe|secure|neutral|free|equal|warm|curious|"
    r"fun|smart|tidy|steady|flexible)$"
)
# Nouns that end as an adjective might.
_NOUN = re.compile(
    r"(?:"
    r"service|advice|balance|peace|care|trust|love|help|support|empathy|courage|"
    r"respect|truth|wisdom|justice|knowledge|growth|faith|health|wealth|beauty|duty|"
    r"family|loyalty|mindset|purpose|insight|logic|ethic|music|critic|rhetoric|"
    r"climate|interest|skill|value|team|teamwork|tradition|nature|talent|detail|"
    r"intent|consent|dissent|event|content|commitment|environment|moment|candor|"
    r"rigor|humor|freedom|privacy|harmony|art|ideal|individual|potential|approval|"
    r"survival|planet"
    r")"
)


@dataclass(frozen=True, slots=True)
class SubDimension:
    """One sub-dimension as the instrument needs it; ``terms`` come the most typical first."""

    id: str
    name: str
    dimension: str
    terms: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The terms, or the name when there is no term."""
        return self.terms or (self.name,)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A sentence with a known level 0-6 on the sub-dimension of its ``term`` ("" = everyday).

    ``frame`` numbers the frame that it fills; -1 for a plain sentence.
    """

    text: str
    level: int
    term: str
    sub_dimension: str
    frame: int


@well_formed("the taxonomy", DataError)
def sub_dimensions(taxonomy: Mapping[str, Any]) -> tuple[SubDimension, ...]:
    """List the sub-dimensions of a ``taxonomy.json`` structure in its own order.

    Raises
    ------
    DataError
        When there is none, or an id appears twice.
    """
    found = []
    for dimension in taxonomy.get("dimensions", []):
        for sub in dimension.get("sub_dimensions", []):
            terms = tuple(dict.fromkeys(str(t["term"]) for t in sub.get("terms", [])))
            found.append(
                SubDimension(str(sub["id"]), str(sub["name"]), str(dimension["id"]), terms)
            )
    ids = [s.id for s in found]
    if not ids:
        raise DataError("the taxonomy has no sub-dimension: there is nothing to make a test of")
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise DataError(f"sub-dimension ids must be unique, these are not: {twice}")
    return tuple(found)


def word_form(term: str) -> WordForm:
    """Tell by its ending whether a term reads as a noun or an adjective ("be {term}")."""
    last = re.split(r"[\s-]+", term.casefold().strip())[-1]
    return "adjective" if _ADJECTIVE.search(last) and not _NOUN.fullmatch(last) else "noun"


def fill(frame: str, term: str) -> str:
    """Put a term into a frame (the only slot is ``{term}``)."""
    if frame.count("{term}") < 1:
        raise PromptError(f"a frame must hold {{term}}, was: {frame!r}")
    return frame.replace("{term}", term)


@well_formed("the file of anchors", PromptError)
def anchor_sentences(
    subs: Sequence[SubDimension], content: Mapping[str, Any], *, terms_per_sub_dimension: int
) -> tuple[Anchor, ...]:
    """Fill every frame with the first terms of every sub-dimension, and with everyday topics."""
    anchors = []
    for sub in subs:
        for term in sub.words[:terms_per_sub_dimension]:
            for i, frame in enumerate(content["frames"][word_form(term)]):
                text = fill(frame["text"], term)
                anchors.append(Anchor(text, int(frame["level"]), term, sub.id, i))
    forms: tuple[WordForm, ...] = ("noun", "adjective")
    for form in forms:
        for topic in content["everyday"][form]:
            for i, frame in enumerate(content["frames"][form]):
                text = fill(frame["text"], topic)
                anchors.append(Anchor(text, int(frame["level"]), topic, "", i))
    plain = (Anchor(text, 3, "", "", -1) for text in content["everyday"]["plain"])
    return (*anchors, *plain)
