"""A user's table as respondents x variables: which columns are variables, which say who."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.stages.table_files import INDEX, TableFile, label_in, number_in, open_table

LEAST_ROWS, LEAST_COLUMNS = 5, 3


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which columns play which part.

    ``columns`` are the variables (all that have no other part where empty), ``drop`` those left
    out. ``id`` names the respondents (an unnamed first column where ``None``), ``blocks`` the unit
    that rows repeat (a model asked 15 times), ``families`` the group that blocks come from.
    """

    columns: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    id: str | None = None
    blocks: str | None = None
    families: str | None = None


@dataclass(frozen=True)
class UserTable:
    """Respondents x variables.

    Attributes
    ----------
    file, sha256
        Name and checksum of what was read.
    respondents, variables
        (n,) and (p,) names.
    X
        (n, p); NaN where a cell is missing.
    blocks, families
        (n,) labels, or ``None`` where rows are independent.
    """

    file: str
    sha256: str
    respondents: tuple[str, ...]
    variables: tuple[str, ...]
    X: NDArray[np.float64]
    blocks: tuple[str, ...] | None
    families: tuple[str, ...] | None


def read_user_table(path: Path, choice: Choice) -> UserTable:
    """Read a CSV or Parquet file.

    Raises
    ------
    DataError
        See :func:`~valuelex.stages.table_files.open_table`; a column that is not there, a cell that
        is no number, a respondent named twice, an empty label, or too few rows or columns.
    """
    table = open_table(path)
    choice = _with_index(table, choice)
    names = _variables(table, choice)
    places = [table.header.index(name) for name in names]
    parts = {
        option: table.place(name, option)
        for option, name in (
            ("--id", choice.id),
            ("--blocks", choice.blocks),
            ("--families", choice.families),
        )
        if name is not None
    }
    labels: dict[str, list[str]] = {option: [] for option in parts}
    values = array("d")
    count = 0
    for number, cells in table.rows():
        count = number
        for option, place in parts.items():
            labels[option].append(_label(table, number, place, cells[place]))
        values.extend(_numbers(table, number, names, [cells[place] for place in places]))
    if count < LEAST_ROWS:
        raise DataError(f"{table.name}: expected {LEAST_ROWS} rows or more, came: {count}")
    respondents = labels.get("--id") or [
        f"row {i:0{len(str(count))}d}" for i in range(1, count + 1)
    ]
    _check_once(table, respondents)
    families = labels.get("--families")
    blocks = labels.get("--blocks", families)
    return UserTable(
        file=table.name,
        sha256=table.sha256,
        respondents=tuple(respondents),
        variables=tuple(names),
        X=np.frombuffer(values, dtype=np.float64).reshape(count, len(names)),
        blocks=None if blocks is None else tuple(blocks),
        families=None if families is None else tuple(families),
    )


def _with_index(table: TableFile, choice: Choice) -> Choice:
    """Take a column of row names that nobody named for the id."""
    if choice.id is not None:
        return choice
    unnamed = [name for name in (table.header[0], table.header[-1]) if name in INDEX]
    if not unnamed or unnamed[0] in choice.columns:
        return choice
    return replace(choice, id=unnamed[0])


def _variables(table: TableFile, choice: Choice) -> list[str]:
    for name in choice.columns:
        table.place(name, "--columns")
    for name in choice.drop:
        table.place(name, "--drop")
    taken = {choice.id, choice.blocks, choice.families}
    both = [name for name in choice.columns if name in taken or name in choice.drop]
    if both:
        raise DataError(f"the column {both[0]!r} is asked for as a variable and as something else")
    wanted = choice.columns or table.header
    names = [n for n in table.header if n in set(wanted) and n not in taken | set(choice.drop)]
    if len(names) < LEAST_COLUMNS:
        raise DataError(
            f"{table.name}: a factor analysis needs {LEAST_COLUMNS} variables or more, came:"
            f" {len(names)} ({', '.join(names)})"
        )
    return names


def _label(table: TableFile, number: int, place: int, cell: Any) -> str:
    text = label_in(cell)
    if not text:
        raise DataError(
            f"{table.name}, row {number}: the column {table.header[place]!r} names each row's"
            " respondent or group, and is empty here"
        )
    return text


def _numbers(
    table: TableFile, number: int, names: Sequence[str], cells: Sequence[Any]
) -> NDArray[np.float64]:
    """Return a row's numbers: at once where all cells are plain, else cell by cell."""
    try:
        row = np.array(cells, dtype=np.float64)
        flat = row.shape == (len(names),)  # a cell of JSONL may be a list
        plain = flat and bool(np.isfinite(row).all()) and not any(map(_odd, cells))
    except (TypeError, ValueError, OverflowError):
        plain = False
    if plain:
        return row
    return np.array([_number(table, number, n, c) for n, c in zip(names, cells, strict=True)])


def _odd(cell: Any) -> bool:
    """Whether numpy takes a cell for a number that :func:`number_in` takes for none."""
    return isinstance(cell, bool) or (isinstance(cell, str) and "_" in cell)


def _number(table: TableFile, number: int, name: str, cell: Any) -> float:
    value = number_in(cell)
    if value is None:
        comma = isinstance(cell, str) and number_in(cell.replace(",", ".")) is not None
        hint = " (write decimals with a point)" if comma else f"; leave it out with --drop '{name}'"
        raise DataError(
            f"{table.name}, row {number}, column {name!r}: expected a number, came:"
            f" {str(cell)[:40]!r}{hint}"
        )
    return value


def _check_once(table: TableFile, respondents: Sequence[str]) -> None:
    first: dict[str, int] = {}
    for number, name in enumerate(respondents, start=1):
        if name in first:
            raise DataError(
                f"{table.name}: the respondent {name!r} stands twice, in rows {first[name]} and"
                f" {number}; --id must name a column without repeats (is it --blocks?)"
            )
        first[name] = number
