"""Where a name in a table leads: to the model's own words, the term's replies, the value's answers.

So any number of the page is at most three steps from raw text: the name in its row, a fold, and the
whole reply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from valuelex.reporting.content import ReportContent
from valuelex.reporting.lookup import Lookup

_MODELS = {"Model"}
_TERMS = {"Term"}
_GROUPS = {"Dimension", "Sub-dimension", "Score", "With", "Value", "Group", "Factor"}
_FACTOR = re.compile(r"^F\d+ ")
_INSTRUMENT = re.compile(r" \([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Anchors:
    """Ids in the page of models, terms, dimensions, sub-dimensions and questionnaire values."""

    models: dict[str, str]
    terms: dict[str, str]
    groups: dict[str, str]
    values: dict[str, str]

    @classmethod
    def of(cls, content: ReportContent, lookup: Lookup) -> Anchors:
        """Give a number to all, in the order of the roster, the taxonomy and the values."""
        groups: dict[str, str] = {}
        for at, dimension in enumerate(lookup.dimensions):
            for name in (dimension.get("factor"), dimension["name"]):
                groups.setdefault(str(name), f"g{at}")
            for inner, sub in enumerate(dimension.get("sub_dimensions", ())):
                groups.setdefault(str(sub["name"]), f"g{at}-{inner}")
        told = sorted({str(row["value"]) for row in content.answers})
        return cls(
            # `key` is the function below: Python 3.12.1 mixes up names of inlined comprehensions
            models={model: f"m{at}" for at, model in enumerate(sorted(lookup.models))},
            terms={term: place.anchor for term, place in lookup.places.items()},
            groups=groups,
            values={key(value): f"v{at}" for at, value in enumerate(told)},
        )

    def find(self, label: str, cell: object) -> str:
        """Return the id that a cell under the heading ``label`` leads to; empty when nowhere."""
        if not isinstance(cell, str):
            return ""
        if label in _MODELS:
            return self.models.get(cell, "")
        if label in _TERMS:
            return self.terms.get(cell, "")
        return self.group(cell) if label in _GROUPS else ""

    def group(self, name: str) -> str:
        """Return the id of a dimension, sub-dimension or value, named as scores name them."""
        plain = _FACTOR.sub("", _INSTRUMENT.sub("", name))
        if plain in self.groups:
            return self.groups[plain]
        wanted = key(plain)
        near = (anchor for value, anchor in self.values.items() if value.startswith(wanted))
        return self.values.get(wanted) or (next(near, "") if wanted else "")


def key(value: str) -> str:
    """Return a value's name in small letters and hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in value.lower()).split())


def nowhere(_label: str, _cell: object) -> str:
    """Return no id: for pages that have no such places."""
    return ""
