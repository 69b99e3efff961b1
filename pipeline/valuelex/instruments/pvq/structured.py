"""Taking answers out of JSON that stands in a reply, alone or inside prose."""

from __future__ import annotations

import json
import re

ANSWER_KEYS = frozenset(
    ("answer", "choice", "number", "option", "rating", "response", "result", "score", "selection")
)
"""Keys that can hold the answer. An unknown key is no answer: ``{"item": 4}`` says nothing."""

_OBJECT = re.compile(r"(?:```(?:json)?\s*)?(\{[^{}]*\})(?:\s*```)?", re.IGNORECASE)


def take_json_answers(text: str) -> tuple[str, list[object]]:
    """Return the text without its JSON objects, and the values of their answer keys, in order.

    An object that names an answer key twice gives both values; text that only looks like JSON is
    left where it is.
    """
    found: list[object] = []

    def replace(match: re.Match[str]) -> str:
        pairs = _pairs(match[1])
        if pairs is None:
            return match[0]
        found.extend(value for key, value in pairs if key.strip().casefold() in ANSWER_KEYS)
        return "\n"

    return _OBJECT.sub(replace, text), found


def _pairs(text: str) -> list[tuple[str, object]] | None:
    try:
        loaded = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, list) else None
