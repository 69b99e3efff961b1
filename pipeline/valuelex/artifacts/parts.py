"""A table that comes in parts: its order is checked, and its groups do not depend on the parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from valuelex.errors import ArtifactError


def in_order(parts: Iterable[Any], key: Sequence[str], name: str) -> Iterator[Any]:
    """Yield Arrow tables whose rows rise by key, from each table to the next as well.

    Raises
    ------
    ArtifactError
        When a row of the table ``name`` does not come after the one before it.
    """
    last: tuple[Any, ...] = ()
    for part in parts:
        for row in zip(*(part[column].to_pylist() for column in key), strict=True):
            if last and row <= last:
                raise ArtifactError(f"{name}: the row {row} came after {last}")
            last = row
        yield part


def in_groups(parts: Iterable[Any], schema: Any, size: int) -> Iterator[Any]:
    """Yield the same rows in Arrow tables of ``size`` rows; one at least, the last one shorter."""
    import pyarrow as pa

    held, whole = schema.empty_table(), 0
    for part in parts:
        held = pa.concat_tables([held, part])
        while len(held) >= size:
            yield held.slice(0, size).combine_chunks()
            held, whole = held.slice(size).combine_chunks(), whole + 1
    if len(held) or not whole:
        yield held.combine_chunks()
