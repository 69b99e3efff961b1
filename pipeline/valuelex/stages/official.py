"""The official portraits, read from a file that the user has; the project does not ship them."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from pathlib import Path

from valuelex.errors import PromptError
from valuelex.instruments.pvq.items import Questionnaire, with_official_text
from valuelex.instruments.pvq.key import Key

_NUMBERED = re.compile(r"\s*(\d{1,3})\s*[.):\t]\s*(\S.*)")
_COLUMNS = ("item", "text")


def load_official(
    path: Path, questionnaire: Questionnaire, key: Key, sha256: str | None = None
) -> Questionnaire:
    """Return the questionnaire with the portraits of a file in place of ours.

    Parameters
    ----------
    path
        CSV with the columns ``item`` (1-57, the official numbers) and ``text``, and if it likes
        ``value`` (a value's id or abbreviation, checked against the key); or plain text with a
        line ``12. The portrait`` each.
    sha256
        Checksum that the file must have.

    Raises
    ------
    PromptError
        When the file cannot be read, has another checksum, does not hold each item once, or names
        another value for an item than the scoring key.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise PromptError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise PromptError(f"{path} must be UTF-8, was not at byte {error.start}") from None
    came = hashlib.sha256(data).hexdigest()
    if sha256 is not None and came != sha256:
        raise PromptError(
            f"{path} must have the sha256 that params.yaml states, {sha256[:12]}..., was {came};"
            " if the change is meant, write that one"
        )
    try:
        rows = _csv_rows(path, text, key) if _is_csv(text) else _numbered_rows(path, text)
    except csv.Error as error:
        raise PromptError(f"{path} is no CSV: {error}") from None
    identity = f"official-{came[:12]}"
    try:
        return with_official_text(questionnaire, rows, key, identity)
    except PromptError as error:
        raise PromptError(f"{path}: {str(error).removeprefix(f'{identity} ')}") from None


def _is_csv(text: str) -> bool:
    header = next(csv.reader(io.StringIO(text, newline="")), [])
    return set(_COLUMNS) <= {name.strip().casefold() for name in header}


def _csv_rows(path: Path, text: str, key: Key) -> list[tuple[int, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = {name: (name or "").strip().casefold() for name in reader.fieldnames or ()}
    found = []
    for row in reader:
        cells = {names[name]: str(cell or "").strip() for name, cell in row.items() if name}
        number = cells.get("item", "")
        if not re.fullmatch(r"\d{1,3}", number):
            raise PromptError(
                f"{path}, line {reader.line_num}: item must be a whole number 1..{key.n_items},"
                f" was: {number!r:.60}"
            )
        found.append((_checked(path, reader.line_num, int(number), cells, key), cells["text"]))
    return found


def _checked(path: Path, line: int, item: int, cells: dict[str, str], key: Key) -> int:
    """Return the item number, once the value that the file names for it is the key's."""
    if not 1 <= item <= key.n_items:
        raise PromptError(f"{path}, line {line}: item must be in 1..{key.n_items}, was: {item}")
    given = cells.get("value", "").casefold().replace(" ", "-")
    keyed = key.value_of(item)
    short = {value.id: value.abbreviation.casefold() for value in key.values}
    if given and given not in (keyed, short[keyed]):
        raise PromptError(
            f"{path}, line {line}: item {item} must be keyed to '{keyed}' as in the scoring key,"
            f" was: {cells['value']!r:.60}"
        )
    return item


def _numbered_rows(path: Path, text: str) -> list[tuple[int, str]]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _NUMBERED.fullmatch(line.rstrip("\r"))
        if match is None:
            raise PromptError(
                f"{path}, line {number}: expected '12. the portrait', or a CSV with the columns"
                f" item and text; was: {line!r:.60}"
            )
        found.append((int(match[1]), match[2].strip()))
    return found
