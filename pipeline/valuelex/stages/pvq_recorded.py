"""Recorded answers to the questionnaire: a table or JSONL, one answer a row or one trial a row.

One answer a row has the columns ``item`` (1-57) and ``answer`` or ``text`` (the reply as it came),
and if known ``trial``, ``outcome``, ``frame``, ``position`` and ``order``. In JSONL ``item`` may
be a list: the official numbers of a whole sheet in the order shown, with the one reply to it. One
trial a row has a column for each item: ``q1`` ... ``q57`` (or ``item1``, ``i1``, ``1``). A column
``model`` names who answered. Every cell is read by the same strict parser as a model's reply; an
empty one is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from valuelex.backends.recorded.lines import read_objects
from valuelex.errors import RecordedFileError, near_miss
from valuelex.instruments.pvq.answers import answer_scale
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.parse import Answer, Scale, parse_answer
from valuelex.instruments.pvq.requests import ORDERS
from valuelex.instruments.pvq.sheet import read_sheet
from valuelex.records import OUTCOMES

_WIDE = re.compile(r"(?:q|item|i|pvq)?[_ ]?0*([1-9]\d?)", re.IGNORECASE)
_LONG = ("item", "answer", "text", "trial", "outcome", "frame", "model", "position", "order")
_MOST_TRIALS = 100_000

Numbered = tuple[int, Mapping[str, Any]]


def read_recorded(
    path: Path, questionnaire: Questionnaire, model: str | None = None
) -> tuple[str | None, list[dict[str, Any]]]:
    """Return the model's name, where the file has one, and one row for each answer.

    A row has ``frame``, ``trial`` (counted from 0 in the file's order), ``item``, ``outcome``,
    ``text``, ``answer`` (``None`` when there is none) and ``reason``.

    Parameters
    ----------
    model
        Whose rows to take, where the file holds several models.

    Raises
    ------
    RecordedFileError, DataError
        On the first row that cannot be used, with its place, and when there is none.
    """
    rows = list(_rows(path))
    if not rows:
        raise RecordedFileError(f"{path} holds no answers: expected rows")
    name, rows = _of_model(path, rows, model)
    n_items, scale = len(questionnaire.portraits), answer_scale(questionnaire)
    columns = _item_columns(rows[0][1], n_items)
    if columns:
        return name, list(_wide(rows, columns, scale))
    _check_columns(path, rows[0][1])
    reader = _LongReader(path, n_items, scale)
    return name, [one for number, row in rows for one in reader.read(number, row)]


def _rows(path: Path) -> Iterator[Numbered]:
    if path.suffix in (".jsonl", ".gz", ".ndjson"):
        yield from read_objects(path)
        return
    from valuelex.stages.table_files import open_table

    table = open_table(path)
    for number, cells in table.rows():
        yield number, dict(zip(table.header, cells, strict=True))


def _of_model(
    path: Path, rows: list[Numbered], model: str | None
) -> tuple[str | None, list[Numbered]]:
    """Return the rows of one model; a file of several needs to be told which."""
    names = sorted({str(row["model"]) for _, row in rows if row.get("model") not in (None, "")})
    if len(names) <= 1 and (model is None or not names or model == names[0]):
        return (names[0] if names else model), rows
    if model is None:
        shown = ", ".join(names[:6]) + (" ..." if len(names) > 6 else "")
        raise RecordedFileError(
            f"{path} holds answers of {len(names)} models: say which by --model; there are: {shown}"
        )
    if model not in names:
        if len(names) == 1:  # a name for the file's one model
            return model, rows
        raise RecordedFileError(
            f"{path} holds no answers of '{model}'{near_miss(model, names)}; there are:"
            f" {', '.join(names[:6])}"
        )
    return model, [(number, row) for number, row in rows if str(row.get("model")) == model]


def _item_columns(row: Mapping[str, Any], n_items: int) -> dict[int, str]:
    """Return item -> column where each item has one, else nothing."""
    found: dict[int, str] = {}
    for name in row:
        match = _WIDE.fullmatch(name.strip())
        if match is not None and 1 <= int(match[1]) <= n_items:
            found.setdefault(int(match[1]), name)
    return found if len(found) == n_items else {}


def _wide(
    rows: list[Numbered], columns: Mapping[int, str], scale: Scale
) -> Iterator[dict[str, Any]]:
    for trial, (_, row) in enumerate(rows):
        for item, column in sorted(columns.items()):
            text = _text(row.get(column))
            yield _row("", trial, item, text, "answered", _answer(text, "answered", scale))


class _LongReader:
    """Reads row after row; counts the trials of each frame in the order in which they come."""

    def __init__(self, path: Path, n_items: int, scale: Scale) -> None:
        self._path, self._n_items, self._scale = path, n_items, scale
        self._uncounted: dict[tuple[str, int], int] = {}
        self._trials: dict[str, dict[int, int]] = {}
        self._seen: set[tuple[str, int, int]] = set()

    def read(self, number: int, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        given, frame = row.get("item"), str(row.get("frame") or "")
        many = given if isinstance(given, list) and given else [given]
        items = [_whole(self._path, number, "item", one, 1, self._n_items) for one in many]
        trial = self._trial(number, row.get("trial"), frame, items[0])
        outcome = _outcome(self._path, number, row.get("outcome"))
        text = _text(row.get("text")) or _text(row.get("answer"))
        if isinstance(given, list):
            answers = _sheet(text, items, outcome, self._scale)
        else:
            answers = {items[0]: _answer(text, outcome, self._scale)}
        first, order = self._place(number, row)
        found = []
        for place, item in enumerate(items):
            if (frame, trial, item) in self._seen:
                raise RecordedFileError(
                    f"{self._path}, row {number}: item {item} stands twice in one trial"
                )
            self._seen.add((frame, trial, item))
            position = None if first is None else first + place
            one = _row(frame, trial, item, text, outcome, answers[item])
            found.append(one | {"position": position, "order": order})
        return found

    def _trial(self, number: int, given: Any, frame: str, item: int) -> int:
        if given is None or given == "":
            key = (frame, item)
            trial = self._uncounted[key] = self._uncounted.get(key, -1) + 1
        else:
            trial = _whole(self._path, number, "trial", given, 0, _MOST_TRIALS)
        places = self._trials.setdefault(frame, {})
        return places.setdefault(trial, len(places))

    def _place(self, number: int, row: Mapping[str, Any]) -> tuple[int | None, str]:
        position, order = row.get("position"), str(row.get("order") or "")
        if order and order not in ORDERS:
            raise RecordedFileError(
                f"{self._path}, row {number}: order must be one of {', '.join(ORDERS)}, was:"
                f" {order!r:.60}{near_miss(order, ORDERS)}"
            )
        if position in (None, ""):
            return None, order
        return _whole(self._path, number, "position", position, 1, self._n_items), order


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _sheet(text: str, items: list[int], outcome: str, scale: Scale) -> dict[int, Answer]:
    if outcome in ("refused", "failed"):
        return dict.fromkeys(items, (None, outcome))
    return read_sheet(text, items, scale)


def _row(
    frame: str, trial: int, item: int, text: str, outcome: str, answer: Answer
) -> dict[str, Any]:
    return {
        "frame": frame,
        "trial": trial,
        "item": item,
        "outcome": outcome,
        "text": text,
        "answer": answer[0],
        "reason": answer[1],
    }


def _answer(text: str, outcome: str, scale: Scale) -> Answer:
    if outcome in ("refused", "failed"):
        return None, outcome
    if not text.strip():
        return None, "missing"
    return parse_answer(text, scale)


def _check_columns(path: Path, row: Mapping[str, Any]) -> None:
    """Refuse a table that lacks what is needed, or that misspells what it could have."""
    if "item" not in row or not {"answer", "text"} & set(row):
        near = next((near_miss(name, _LONG) for name in row if name not in _LONG), "")
        raise RecordedFileError(
            f"{path} must have the columns item and answer (or text), or one column for each item"
            f" (q1 ... q57); has: {', '.join(list(row)[:8])}{near}"
        )


def _whole(path: Path, number: int, what: str, given: Any, low: int, high: int) -> int:
    text = str(given).strip()
    match = re.fullmatch(r"(\d{1,6})(?:\.0+)?", text)
    if isinstance(given, bool) or match is None or not low <= int(match[1]) <= high:
        raise RecordedFileError(
            f"{path}, row {number}: {what} must be a whole number {low}..{high}, was: {text!r:.60}"
        )
    return int(match[1])


def _outcome(path: Path, number: int, given: Any) -> str:
    outcome = str(given or "answered")
    if outcome not in OUTCOMES:
        raise RecordedFileError(
            f"{path}, row {number}: outcome must be one of {', '.join(OUTCOMES)}, was:"
            f" {outcome!r:.60}{near_miss(outcome, OUTCOMES)}"
        )
    return outcome
