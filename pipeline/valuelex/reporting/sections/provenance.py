"""What signs the run: versions, hashes and parameters, flattened to lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from valuelex.reporting.content import ReportContent
from valuelex.reporting.text import number
from valuelex.reporting.wording import FIELDS


def view(content: ReportContent) -> dict[str, Any]:
    """Return plain entries first, then one group for each nested mapping."""
    signed = content.provenance
    plain = [(FIELDS.get(key, key), _shown(v)) for key, v in signed.items() if not _nested(v)]
    groups = [
        (FIELDS.get(key, key), list(_lines(value)))
        for key, value in signed.items()
        if _nested(value)
    ]
    return {"plain": plain, "groups": [(name, lines) for name, lines in groups if lines]}


def _nested(value: Any) -> bool:
    return isinstance(value, Mapping)


def _lines(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, item in value.items():
        if _nested(item):
            yield from _lines(item, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", _shown(item)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value, 4).rstrip("0").rstrip(".")
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    return "–" if value is None else str(value)
