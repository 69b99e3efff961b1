"""Answers to exchanges: from replies of a model, or recorded in a table."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from valuelex.errors import DataError
from valuelex.instruments.portrait.parse import portrait_scale
from valuelex.instruments.portrait.ratings import ItemId
from valuelex.instruments.portrait.requests import ORDERS, PortraitRequest
from valuelex.instruments.pvq.answers import read_answer
from valuelex.instruments.pvq.parse import Scale, parse_answer
from valuelex.records import Reply
from valuelex.stages.table_files import TableFile, label_in, number_in, open_table

ITEM = ("portrait_id", "option_id")
_TEXT, _NUMBER = ("raw_response", "text"), ("numeric_response", "number", "answer")
NEGATED = re.compile(r"\b(?:not|cannot|never|\w+n't|hardly)\b[^.,\n]{0,40}like me", re.IGNORECASE)
_VERSION = ("prompt_version", "version")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: ``number`` on the scale, or ``None`` and why; ``persona`` may be empty."""

    item: ItemId
    version: str
    persona: str
    number: float | None
    reason: str

    @property
    def form(self) -> tuple[str, str]:
        """Wording and order of the options."""
        reversed_ = self.version.endswith(ORDERS[1])
        return self.version.removesuffix(ORDERS[1]), ORDERS[reversed_]


@dataclass(frozen=True)
class Recorded:
    """A table of recorded answers.

    ``same`` of ``compared`` texts were read as the number that stands beside them, where the table
    has both; ``used`` says whose numbers the answers are. ``negations`` counts texts that negate a
    label ("not really like me"), ``negations_agreed`` those of them that were read as 3 or more.
    """

    answers: Mapping[str, tuple[Answer, ...]]
    used: str
    compared: int
    same: int
    differences: Mapping[str, int]
    negations: int
    negations_agreed: int


def answer_of(asked: PortraitRequest, reply: Reply, scale: Scale, *, continuation: bool) -> Answer:
    """Return the answer in a reply, or why there is none."""
    number, reason = read_answer(reply, scale, continuation=continuation)
    return Answer(
        asked.item.id,
        asked.version,
        asked.persona,
        None if number is None else float(number),
        reason,
    )


def read_recorded(path: Path, items: Sequence[ItemId], model: str) -> Recorded:
    """Read a table of answers: CSV (gzip too), JSONL or Parquet.

    Columns: ``portrait_id``, ``option_id``, ``prompt_version``, and ``raw_response`` (the text) or
    ``numeric_response``, or both; ``model`` where the table holds several, ``persona`` where asked.
    Numbers that stand there are used; texts are read all the same, and compared.

    Raises
    ------
    DataError
        When a column is missing, a cell is malformed, an item is not in the set, or a version of an
        item stands twice.
    """
    table = open_table(path)
    places = _places(table)
    known = set(items)
    found: dict[str, list[Answer]] = {}
    seen: set[tuple[str, str, ItemId, str]] = set()
    parsed: dict[str, tuple[int | None, str]] = {}
    compared = same = negations = agreed = 0
    differences: Counter[str] = Counter()
    for number, cells in table.rows():
        cell = {name: cells[place] for name, place in places.items()}
        item = _item(table, number, cell, known)
        version = label_in(cell["version"])
        name = label_in(cell["model"]) if "model" in cell else model
        persona = label_in(cell["persona"]) if "persona" in cell else ""
        key = (name, persona, item, version)
        if key in seen:
            raise DataError(
                f"{table.name}, row {number}: version '{version}' of {item} stands twice for {name}"
            )
        seen.add(key)
        point, reason = _read(cell, parsed)
        if NEGATED.search(str(cell.get("text") or "")[:80]):
            negations, agreed = negations + 1, agreed + ((point or 0) >= 3)
        if "number" in cell:
            given = _number(table, number, cell["number"])
            if "text" in cell:
                compared += 1
                same += point == given
                differences[f"{given or 'none'} read as {point or 'none'}"] += point != given
            reason = "" if given is not None else reason or "no number"
            point = given
        found.setdefault(name, []).append(Answer(item, version, persona, point, reason))
    if not found:
        raise DataError(f"{table.name} holds no answers")
    return Recorded(
        answers={name: tuple(rows) for name, rows in sorted(found.items())},
        used="recorded numbers" if "number" in places else "our reading of the texts",
        compared=compared,
        same=same,
        differences=dict(sorted((+differences).items())),
        negations=negations,
        negations_agreed=agreed,
    )


def _places(table: TableFile) -> dict[str, int]:
    places = {name: table.place(name, "the item") for name in ITEM}
    for name, spellings in (("version", _VERSION), ("text", _TEXT), ("number", _NUMBER)):
        there = [spelling for spelling in spellings if spelling in table.header]
        if there:
            places[name] = table.header.index(there[0])
    if "version" not in places:
        table.place(_VERSION[0], "the version of the item")
    if "text" not in places and "number" not in places:
        table.place(_TEXT[0], "the answer")
    for name in ("model", "persona"):
        if name in table.header:
            places[name] = table.header.index(name)
    return places


def _item(table: TableFile, number: int, cell: Mapping[str, Any], known: set[ItemId]) -> ItemId:
    portrait, option = label_in(cell["portrait_id"]), label_in(cell["option_id"])
    item = (portrait, int(option) if option.isdigit() else -1)
    if item not in known:
        raise DataError(
            f"{table.name}, row {number}: the item set has no item ({portrait}, {option})"
        )
    return item


def _read(
    cell: Mapping[str, Any], parsed: dict[str, tuple[int | None, str]]
) -> tuple[float | None, str]:
    if "text" not in cell:
        return None, "no text"
    text = "" if cell["text"] is None else str(cell["text"])
    if text not in parsed:
        parsed[text] = parse_answer(text, portrait_scale(published=True))
    return parsed[text]


def _number(table: TableFile, number: int, cell: Any) -> float | None:
    value = number_in(cell)
    if value is None or (not math.isnan(value) and not 1 <= value <= 6):
        raise DataError(
            f"{table.name}, row {number}: an answer must be 1 to 6 or empty, was: {cell!r:.40}"
        )
    return None if math.isnan(value) else value
