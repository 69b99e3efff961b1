"""The instruments against each other: the verdict first, then the multitrait-multimethod table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from valuelex.reporting.content import Doc, Rows, dig
from valuelex.reporting.sections.elicitation import readable
from valuelex.reporting.tables import Column, TableView, counts, figures, table
from valuelex.reporting.text import coefficient, count, interval
from valuelex.reporting.wording import instrument

_KINDS = {
    "monotrait": "same value, two instruments",
    "heterotrait": "different values, two instruments",
    "monomethod": "different values, one instrument",
}


def view(rows: Rows, document: Doc | None, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the verdicts, the means behind them and the whole table; or nothing to compare."""
    pairs = list(dig(document, "pairs", default=()))
    if not pairs:
        return {"done": False}
    return {
        "done": True,
        "verdicts": [(pair["level"], pair["verdict"]) for pair in pairs],
        "note": dig(document, "note", default=""),
        "pairs": _pairs(pairs),
        "same": _cells("The same value by two instruments", rows, ("monotrait",)),
        "other": _cells("All other pairs", rows, ("heterotrait", "monomethod")),
        "reliability": _reliability(dig(document, "reliability", default=())),
        "basis": [
            (f"Reliability, {instrument(one['instrument'])}", one["basis"])
            for one in dig(document, "reliability", default=())
        ],
        "mapping": _mapping(dig(document, "mapping", default={}), names),
    }


def _mean(name: str) -> Column:
    def cell(row: Mapping[str, Any]) -> str:
        value, lower, upper = row[name]
        return f"{coefficient(value)} {interval(lower, upper)}"

    label = {
        "monotrait": "Same value",
        "heterotrait": "Different values",
        "difference": "Difference",
    }
    return Column(label[name], cell, numeric=True)


def _pairs(pairs: Sequence[Mapping[str, Any]]) -> TableView:
    columns = [
        Column(
            "Instruments",
            lambda row: f"{instrument(row['instrument_a'])} and {instrument(row['instrument_b'])}",
        ),
        Column("Values", lambda row: count(len(row["traits"])), numeric=True),
        *map(_mean, ("monotrait", "heterotrait", "difference")),
        figures("Same value, disattenuated", "disattenuated", coefficient),
        figures("Different values, one instrument", "monomethod", coefficient),
        Column(
            "Comparisons won", lambda row: f"{count(row['won'])} of {count(row['compared'])}", True
        ),
        counts("Models", "n"),
        counts("Families", "clusters"),
    ]
    return table("Mean correlations over models, with 95 % intervals over families", columns, pairs)


def _cells(caption: str, rows: Rows, relations: Sequence[str]) -> TableView | None:
    chosen = [row for row in rows if row["relation"] in relations]
    if not chosen:
        return None
    columns = [
        Column("One", lambda r: f"{instrument(r['instrument_a'])}: {readable(str(r['trait_a']))}"),
        Column(
            "Other", lambda r: f"{instrument(r['instrument_b'])}: {readable(str(r['trait_b']))}"
        ),
        Column("Relation", lambda r: _KINDS.get(r["relation"], r["relation"])),
        figures("r", "r", coefficient),
        Column("95 % interval", lambda r: interval(r["lower"], r["upper"]), numeric=True),
        figures("Reliability of one", "reliability_a", coefficient),
        figures("Reliability of other", "reliability_b", coefficient),
        Column("Disattenuated", _disattenuated, numeric=True),
        counts("Models", "n"),
    ]
    return table(caption, columns, chosen, 600, "compare/multitrait.csv")


def _disattenuated(row: Mapping[str, Any]) -> str:
    mark = " (beyond 1: cut)" if row["exceeds"] else ""
    return coefficient(row["disattenuated"]) + mark


def _reliability(rows: Sequence[Mapping[str, Any]]) -> TableView | None:
    cells = [
        {"instrument": row["instrument"], "trait": trait, "reliability": value}
        for row in rows
        for trait, value in row["traits"].items()
    ]
    columns = [
        Column("Instrument", lambda row: instrument(row["instrument"])),
        Column("Value", lambda row: readable(str(row["trait"]))),
        figures("Reliability", "reliability", coefficient),
    ]
    return table("Reliability of the scores over models", columns, cells) if cells else None


def _mapping(mapping: Mapping[str, Any], names: Mapping[str, str]) -> str:
    def named(groups: Sequence[Any]) -> str:
        return ", ".join(names.get(str(one), str(one)) for one in groups)

    parts = [
        f"{readable(str(value))}: {named(groups)}"
        for value, groups in dig(mapping, "used", default={}).items()
    ]
    left = named(dig(mapping, "left_out", default=()))
    return "; ".join(parts) + (f"; on no value above chance: {left}" if left else "")
