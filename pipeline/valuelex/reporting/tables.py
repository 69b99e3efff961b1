"""Tables as the templates show them: a caption, columns, and cells that are ready to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valuelex.reporting.text import count, interval

Cell = Any  # a str (escaped by the template), Markup, or None for a dash


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, how a row becomes a cell, and whether it lines up as numbers."""

    label: str
    cell: Callable[[Mapping[str, Any]], Cell]
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """A table to print. The first cell of each row is its heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    omitted: str = ""


def text(label: str, key: str) -> Column:
    """Return a column that shows ``row[key]`` as text."""
    return Column(label, lambda row: row.get(key))


def counts(label: str, key: str) -> Column:
    """Return a column of whole numbers."""
    return Column(label, lambda row: count(row.get(key)), numeric=True)


def bounds(lower: str = "lower", upper: str = "upper") -> Column:
    """Return a column of 95 % intervals whose ends stand under two keys."""
    return Column(
        "95 % interval", lambda row: interval(row.get(lower), row.get(upper)), numeric=True
    )


def figures(label: str, key: str, form: Callable[[Any], str]) -> Column:
    """Return a column of numbers in the given form."""
    return Column(label, lambda row: form(row.get(key)), numeric=True)


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    limit: int | None = None,
    where: str = "",
) -> TableView:
    """Build a table; past ``limit`` rows it says how many are left out and ``where`` they are."""
    content = list(rows)
    shown = content if limit is None else content[:limit]
    omitted = (
        f"{count(len(content) - len(shown))} further rows are in {where}."
        if len(content) > len(shown)
        else ""
    )
    cells = tuple(tuple(column.cell(row) for column in columns) for row in shown)
    return TableView(caption, tuple(columns), cells, omitted)
