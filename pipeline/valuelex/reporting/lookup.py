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
INK = "#1c2025"


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
    theories: list[Doc]

    @classmethod
    def of(cls, content: ReportContent) -> Lookup:
        """Index ``content``; anchors are numbered in the order of the taxonomy."""
        places: dict[str, Place] = {}
        names: dict[str, str] = {}
        dimensions = list(content.taxonomy.get("dimensions", ()))
        for number, dimension, sub, entry in walk(content.taxonomy, poles=True):
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
            theories=list(content.taxonomy.get("theories") or ()),
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


def _channels(tint: str) -> tuple[int, int, int]:
    return int(tint[1:3], 16), int(tint[3:5], 16), int(tint[5:7], 16)


def pale(tint: str, share: float = 0.55) -> str:
    """Mix a colour with white; ``share`` of the result is white."""
    mixed = (round(c + (255 - c) * share) for c in _channels(tint))
    return "#" + "".join(f"{c:02x}" for c in mixed)


def ink_on(tint: str) -> str:
    """Return white or near-black, whichever reads better on a colour (WCAG relative luminance)."""
    parts = (
        (c / 255) / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4
        for c in _channels(tint)
    )
    luminance = sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.064 else INK


def pole(dimension: Doc) -> dict[str, Any]:
    """Return the terms that load negatively on a dimension, as if they were a sub-dimension."""
    identity = f"{dimension['id']} opposite"
    return {"id": identity, "name": "Opposite pole", "terms": dimension.get("negative_pole") or ()}


def walk(taxonomy: Doc, poles: bool = False) -> Iterator[tuple[int, Doc, Doc, dict[str, Any]]]:
    """Yield dimension number, dimension, sub-dimension and term entry, in order.

    With ``poles``, the terms on the opposite pole of a dimension follow its sub-dimensions.
    """
    for number, dimension in enumerate(taxonomy.get("dimensions", ())):
        subs = list(dimension.get("sub_dimensions", ()))
        for sub in [*subs, pole(dimension)] if poles else subs:
            for entry in sub.get("terms", ()):
                yield number, dimension, sub, entry
