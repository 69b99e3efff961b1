"""Completions that were collected elsewhere: stem, text, draw and outcome, read strictly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from valuelex.backends.recorded.lines import broken, read_objects
from valuelex.errors import RecordedFileError, near_miss
from valuelex.instruments.projective.completions import (
    Completion,
    clean_completion,
    settled_outcome,
)
from valuelex.instruments.projective.form import Form
from valuelex.records import OUTCOMES

FIELDS = ("stem", "text", "draw", "outcome", "model")
_MOST = 1_000_000


class _BadRowError(ValueError):
    """A row is not what it should be: what was expected, and what came."""


def read_endings(path: Path, form: Form, model: str, *, base: bool) -> tuple[Completion, ...]:
    """Read a JSONL file, plain or gzip, of completions of a form's stems.

    Parameters
    ----------
    path
        One JSON object a line: ``stem`` (its id, or its exact text), ``text``, and if known
        ``draw`` (from 0; otherwise the rows of a stem are counted) and ``outcome`` (answered |
        refused | truncated | failed; otherwise answered). ``model`` is checked to be one and the
        same; other fields are left alone.
    form
        The form that was given.
    model
        Name of the respondent.
    base
        The texts continue a text: only what stands before the next line break is the ending.

    Raises
    ------
    RecordedFileError
        On the first row that cannot be used, with its line, and when there is none.
    """
    reader = _Reader(form, model, base=base)
    found = []
    for number, row in read_objects(path):
        try:
            found.append(reader.read(f"line-{number}", row))
        except _BadRowError as error:
            raise broken(path, number, *error.args) from None
    if not found:
        raise RecordedFileError(f"{path} holds no completion: expected rows with stem and text")
    return tuple(found)


def endings_of(
    rows: Iterable[Mapping[str, Any]], form: Form, model: str, *, base: bool
) -> tuple[Completion, ...]:
    """Read rows that are in memory; see `read_endings`.

    Raises
    ------
    RecordedFileError
        On the first row that cannot be used, with its number, and when there is none.
    """
    reader = _Reader(form, model, base=base)
    found = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(reader.read(f"row-{number}", row))
        except _BadRowError as error:
            expected, came = error.args
            raise RecordedFileError(f"row {number}: expected {expected}, was: {came}") from None
    if not found:
        raise RecordedFileError("there is no completion: expected rows with stem and text")
    return tuple(found)


class _Reader:
    """Reads row after row, and counts the draws of each stem."""

    def __init__(self, form: Form, model: str, *, base: bool) -> None:
        self._stems = {stem.id: stem.text for stem in form.stems}
        self._by_text = {_plain(stem.text): stem.id for stem in form.stems}
        self._model, self._base = model, base
        self._draws: dict[str, dict[int, int]] = {}
        self._respondent: str | None = None

    def read(self, reply_id: str, row: Mapping[str, Any]) -> Completion:
        """Read one row.

        Raises
        ------
        _BadRowError
            With what was expected and what came.
        """
        _check_fields(row)
        self._check_model(row.get("model"))
        stem = self._stem(row.get("stem"))
        outcome = row.get("outcome") or "answered"
        if outcome not in OUTCOMES:
            hint = near_miss(str(outcome), OUTCOMES)
            raise _BadRowError(f"an outcome of {', '.join(OUTCOMES)}", f"{outcome!r}{hint}")
        text = row.get("text")
        if text is None and outcome != "answered":
            text = ""
        if not isinstance(text, str):
            raise _BadRowError("a 'text' (a string)", _shown(text))
        return Completion(
            reply_id=reply_id,
            model=self._model,
            stem=stem,
            draw=self._draw(stem, row.get("draw")),
            text=clean_completion(text, self._stems[stem], base=self._base),
            outcome=settled_outcome(outcome, text, base=self._base),
        )

    def _stem(self, given: Any) -> str:
        if not isinstance(given, str):
            raise _BadRowError("a 'stem' (its id or its exact text)", _shown(given))
        stem = given if given in self._stems else self._by_text.get(_plain(given))
        if stem is None:
            hint = near_miss(given, self._stems) or near_miss(given, self._stems.values())
            raise _BadRowError("a stem of the form (its id or its exact text)", f"{given!r}{hint}")
        return stem

    def _draw(self, stem: str, given: Any) -> int:
        """Return the place of a draw among its stem's, from 0, whatever their numbers."""
        seen = self._draws.setdefault(stem, {})
        number = len(seen) if given is None else given
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= _MOST:
            raise _BadRowError("a 'draw' (a whole number from 0)", _shown(given))
        if number in seen:
            raise _BadRowError(f"one completion for stem '{stem}', draw {number}", "a second one")
        seen[number] = len(seen)
        return seen[number]

    def _check_model(self, given: Any) -> None:
        if given is None:
            return
        name = str(given)
        if self._respondent not in (None, name):
            raise _BadRowError(
                f"one model in the file ('{self._respondent}')", f"'{name}' too; give one file each"
            )
        self._respondent = name


def _check_fields(row: Mapping[str, Any]) -> None:
    """Refuse a field that is a known one misspelt: it would be left alone without a word."""
    for name in row:
        missing = [field for field in FIELDS if field not in row]
        hint = near_miss(str(name), missing) if name not in FIELDS else ""
        if hint:
            raise _BadRowError(f"the fields {', '.join(FIELDS)}", f"'{name}'{hint}")


def _plain(text: str) -> str:
    """Return a stem's text as it is compared: final dots and repeated spaces do not count."""
    return " ".join(text.split()).rstrip(" .…")


def _shown(value: Any) -> str:
    return "nothing" if value is None else f"{value!r:.60}"


def missing_stems(form: Form, completions: Iterable[Completion]) -> Iterator[str]:
    """Yield the ids of stems that nothing was said to."""
    said = {completion.stem for completion in completions}
    return (stem.id for stem in form.stems if stem.id not in said)
