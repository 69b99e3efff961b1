"""Means of people on the nineteen values, as a table states them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from valuelex.errors import DataError, near_miss
from valuelex.instruments.pvq.key import Key, Level

CENTRED_WITHIN = 0.1
"""How far the mean of a table's means may lie from 0; tables are printed with two decimals."""


@dataclass(frozen=True, slots=True)
class Norms:
    """Means of people on centred scores, by value; ``sd`` where the table states it, else empty.

    Both are in scale points; what the deviation is taken over (people, groups) is the table's own
    affair and stands in its provenance.
    """

    mean: Mapping[str, float]
    sd: Mapping[str, float]


def read_norms(rows: Sequence[Mapping[str, str]], key: Key, level: Level) -> Norms:
    """Return human means at ``level`` from rows (``value``, ``mean``, ``sd``) of the nineteen.

    Joined values are item-weighted means of their parts, as the key joins them; the deviations of
    joined values do not follow from those of their parts, and are left out.

    Raises
    ------
    DataError
        When a value is unknown, doubled or missing, a mean is no finite number, a deviation is not
        positive, or the means are not centred.
    """
    means: dict[str, float] = {}
    spreads: dict[str, float] = {}
    known = list(key.scales("nineteen"))
    for number, row in enumerate(rows, start=1):
        value = row["value"].strip()
        if value not in known:
            raise DataError(
                f"row {number}: value must be one of the nineteen, was: {value!r:.60}"
                f"{near_miss(value, known)}"
            )
        if value in means:
            raise DataError(f"row {number}: each value must stand once, '{value}' stands twice")
        means[value] = _number(row["mean"], f"row {number}: mean of '{value}'")
        if row.get("sd", "").strip():
            spreads[value] = _number(row["sd"], f"row {number}: sd of '{value}'", least=0.0)
    if len(means) != len(known):
        missing = sorted(set(known) - set(means))
        raise DataError(f"norms must cover each of the nineteen values, miss: {missing}")
    if spreads and len(spreads) != len(known):
        raise DataError(
            f"sd must stand in every row or in none, misses: {len(known) - len(spreads)}"
        )
    _check_centred(means, key)
    if level == "nineteen":
        return Norms(means, spreads)
    return Norms(_joined(means, key, level), {})


def _check_centred(means: Mapping[str, float], key: Key) -> None:
    """Refuse raw means, which would be set beside centred scores."""
    sizes = {value.id: len(value.items) for value in key.values}
    overall = sum(means[value] * size for value, size in sizes.items()) / key.n_items
    if abs(overall) > CENTRED_WITHIN:
        raise DataError(
            f"means must be centred (each respondent's mean over all items taken out), so that they"
            f" average to 0 over the items; they average to {overall:.3f}"
        )


def _joined(means: Mapping[str, float], key: Key, level: Level) -> dict[str, float]:
    sizes = {value.id: len(value.items) for value in key.values}
    return {
        name: sum(means[part] * sizes[part] for part in parts) / sum(sizes[part] for part in parts)
        for name, parts in key.parts(level).items()
    }


def _number(text: str, what: str, least: float = -np.inf) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not np.isfinite(number) or number <= least:
        wanted = "a finite number" if least < 0 else "a number above 0"
        raise DataError(f"{what} must be {wanted}, was: {text!r:.60}")
    return number
