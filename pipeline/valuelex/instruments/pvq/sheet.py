"""Reading a whole sheet: one reply with an answer to each of many numbered descriptions.

Accepted are lines (``12: 4``, ``12. like me``), several pairs on a line, rows of a Markdown table,
a JSON object from number to answer, a JSON list of such pairs, and a bare list of exactly as many
numbers as there are descriptions. Each answer is read by the same strict parser as a single one. A
description without an answer is ``missing``; two different answers are none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from valuelex.instruments.pvq.parse import Answer, Scale, parse_answer, plain, without_reasoning

_LINE = re.compile(r"^\W*(?:description|portrait|item|no)?\.?\s*(\d+)\s*[:.)=–—-]\s*(.+)$")
_PAIR = re.compile(r"(\d+)\s*[:=]\s*(\d+)(?:\s*[,;]\s*|\s+|$)")
_TABLE = re.compile(r"^\s*\|\s*\**(\d+)\**\s*\|\s*([^|]+?)\s*\|\s*$")
_LIST = re.compile(r"(\d+(?:[\s,;]+\d+)+)\s*\.?")
_PLACE_KEYS = ("description", "item", "number", "portrait", "id")
_ANSWER_KEYS = ("answer", "rating", "score", "response", "choice", "your number")
_MOST_DIGITS = 4

Pair = tuple[int, Answer]


def read_sheet(
    text: str, items: Sequence[int], scale: Scale, *, continuation: bool = False
) -> dict[int, Answer]:
    """Return official item number -> answer, for every item of the sheet.

    Parameters
    ----------
    text
        The reply as it came.
    items
        ``items[i]`` is the official number of the description i + 1.
    scale
        The scale that was offered.
    continuation
        The reply goes on with a form whose first number stands already: what comes after the last
        description, or after a number that falls back, is the model's own invention.
    """
    visible, _ = without_reasoning(text)
    pairs = _pairs(f"1: {visible}" if continuation else visible, len(items), scale)
    found: dict[int, Answer] = {}
    before = 0
    for place, answer in pairs:
        if continuation and place <= before:
            break
        before = place
        if not 1 <= place <= len(items):
            continue
        item = items[place - 1]
        found[item] = answer if found.get(item, answer) == answer else (None, "several answers")
    return {item: found.get(item, (None, "missing")) for item in sorted(items)}


def _pairs(text: str, count: int, scale: Scale) -> Iterable[Pair]:
    """Return (place on the sheet, answer) in the order of the text."""
    bare = _LIST.fullmatch(plain(text))
    if bare is not None:
        return _list_pairs(re.findall(r"\d+", bare[1]), count, scale)
    loaded = _json(text)
    if loaded is not None:
        return _json_pairs(loaded, count, scale)
    return [pair for line in text.split("\n") for pair in _line_pairs(line, scale)]


def _list_pairs(values: Sequence[object], count: int, scale: Scale) -> list[Pair]:
    """Lay a bare list beside the descriptions; one that does not fit in every place says nothing.

    ``1, 2, 3, ... 57`` counts descriptions, and a list that is short by one answers none for sure.
    """
    answers = [_of_value(value, scale) for value in values]
    if len(answers) != count or any(point is None for point, _ in answers):
        return []
    return list(enumerate(answers, 1))


def _line_pairs(line: str, scale: Scale) -> Iterator[Pair]:
    row = _TABLE.match(line)
    if row is not None:
        yield from _pair(row[1], row[2], scale)
        return
    line = plain(line)
    several = _PAIR.findall(line)
    if len(several) > 1 and not _PAIR.sub("", line).strip(" .-"):
        for place, answer in several:
            yield from _pair(place, answer, scale)
        return
    match = _LINE.match(line)
    if match is not None:
        yield from _pair(match[1], match[2], scale)


def _pair(place: str, answer: str, scale: Scale) -> Iterator[Pair]:
    if len(place) <= _MOST_DIGITS:
        yield int(place), parse_answer(answer, scale)


def _json(text: str) -> object | None:
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    end = max(text.rfind("}"), text.rfind("]"))
    if not starts or end < min(starts):
        return None
    try:
        loaded: object = json.loads(text[min(starts) : end + 1], object_pairs_hook=list)
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, list) and loaded else None


def _json_pairs(loaded: object, count: int, scale: Scale) -> Iterator[Pair]:
    """Yield the pairs of what was JSON; an object came as a list of (key, value) tuples."""
    if not isinstance(loaded, list):
        return
    if all(isinstance(entry, int | float | str) for entry in loaded):
        yield from _list_pairs(loaded, count, scale)
        return
    if all(isinstance(entry, list) for entry in loaded):
        for entry in loaded:
            yield from _of_record(entry, scale)
        return
    for entry in loaded:
        if not (isinstance(entry, tuple) and len(entry) == 2):
            continue
        key, value = entry
        number = re.fullmatch(r"\D*(\d{1,4})", str(key))
        if number is not None and not isinstance(value, list):
            yield int(number[1]), _of_value(value, scale)
        elif isinstance(value, list):  # {"answers": ...}
            yield from _json_pairs(value, count, scale)


def _of_record(entry: Sequence[object], scale: Scale) -> Iterator[Pair]:
    """Yield the pair of one object of a JSON list, ``{"description": 3, "answer": 5}``."""
    pairs = [pair for pair in entry if isinstance(pair, tuple) and len(pair) == 2]
    fields = {str(key).casefold(): value for key, value in pairs}
    place = next((fields[key] for key in _PLACE_KEYS if key in fields), None)
    answers = [fields[key] for key in _ANSWER_KEYS if key in fields]
    if isinstance(place, bool) or not re.fullmatch(r"\d{1,4}", str(place)) or len(answers) != 1:
        return
    yield int(str(place)), _of_value(answers[0], scale)


def _of_value(value: object, scale: Scale) -> Answer:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None, "no answer"
    return parse_answer(str(value), scale)
