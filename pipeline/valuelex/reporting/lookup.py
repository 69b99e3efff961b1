"""What several sections look up: which dimension a term is in, what a prompt or a model is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from valuelex.reporting.content import Doc, ReportContent

# Okabe and Ito's palette, told apart with every common colour blindness; yellow, which vanishes on
# white, comes last. Grey is kept for what has no dimension.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#B8A800", "#7B5BA6")
GREY = "#8a9099"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term stands in the taxonomy; ``anchor`` is its id in the page."""

    term: str
    anchor: str
    dimension: int
    sub_dimension: str
    placed_by: str
    entry: Doc


@dataclass(frozen=True, slots=True)
class Lookup:
    """Indexes over a report's content, built once."""

    places: dict[str, Place]
    prompts: dict[str, str]
    models: dict[str, Doc]
    names: dict[str, str]
    dimensions: list[Doc]

    @classmethod
    def of(cls, content: ReportContent) -> Lookup:
        """Index ``content``; anchors are numbered in the order of the taxonomy."""
        places: dict[str, Place] = {}
        names: dict[str, str] = {}
        dimensions = list(content.taxonomy.get("dimensions", ()))
        for number, dimension, sub, entry in walk(content.taxonomy):
            names.setdefault(str(dimension["id"]), str(dimension["name"]))
            names.setdefault(str(sub["id"]), str(sub["name"]))
            term = str(entry["term"])
            placed_by = str(entry.get("placed_by", ""))
            anchor = f"t{len(places)}"
            places[term] = Place(term, anchor, number, str(sub["name"]), placed_by, entry)
        return cls(
            places=places,
            prompts={str(p["id"]): str(p["text"]) for p in content.study.get("prompts", ())},
            models={str(m["key"]): m for m in content.study.get("roster", ())},
            names=names,
            dimensions=dimensions,
        )

    def prompt(self, prompt_id: str) -> str:
        """Return the words of a prompt, by its full id or by what follows the last slash."""
        short = prompt_id.rsplit("/", 1)[-1]
        return self.prompts.get(prompt_id) or self.prompts.get(short) or prompt_id

    def family(self, model: str) -> str:
        """Return the model's family, or an empty string."""
        return str(self.models.get(model, {}).get("family", ""))


def colour(number: int) -> str:
    """Return the colour of the dimension with this number; -1 is 'none'."""
    return GREY if number < 0 else PALETTE[number % len(PALETTE)]


def walk(taxonomy: Doc) -> Iterator[tuple[int, Doc, Doc, dict[str, Any]]]:
    """Yield dimension number, dimension, sub-dimension and term entry, in order."""
    for number, dimension in enumerate(taxonomy.get("dimensions", ())):
        for sub in dimension.get("sub_dimensions", ()):
            for entry in sub.get("terms", ()):
                yield number, dimension, sub, entry
