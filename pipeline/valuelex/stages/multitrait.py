"""The multitrait-multimethod table as rows and as a verdict in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from valuelex.psychometrics.multitrait import Agreement, Instrument, Table, multitrait
from valuelex.stages.context import Context
from valuelex.stages.traits import BASIS, LEVEL, THEORY, trait_instruments

NAMES = {
    "projective": "the projective test",
    "pvq": "the values questionnaire",
    "portrait": "Value Portrait",
}
NOTE = (
    "Scores are centred within a model, so that scores on different values tend to go against each"
    " other; neighbours on the circle of values may go together. Both bear on the comparison."
)


def multitrait_results(
    context: Context, models: Sequence[str]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the rows of the table, and the content of ``compare/agreement.json``."""
    instruments, mapping = trait_instruments(context, models)
    families = np.array([context.settings.model(model).family for model in models])
    table = multitrait(instruments, families, seed=context.settings.study.seed)
    return _rows(table, instruments), {
        "theory": THEORY,
        "level": LEVEL,
        "statement": statement(table),
        "pairs": [_pair(one) for one in table.agreements],
        "reliability": [_reliability(one) for one in instruments],
        "mapping": mapping,
        "note": NOTE,
    }


def statement(table: Table) -> str:
    """Return in one sentence which instruments agree."""
    if not table.agreements:
        return "only one instrument was given: there is nothing to set against it"
    return " ".join(verdict(one) for one in table.agreements)


def verdict(one: Agreement) -> str:
    """Return in one sentence whether two instruments agree, with the numbers that say so."""
    a, b = (NAMES.get(name, name) for name in (one.instrument_a, one.instrument_b))
    pair = f"{a[0].upper()}{a[1:]} and {b}"
    if len(one.traits) < 2:
        return f"{pair} share {len(one.traits)} values: whether they agree cannot be said."
    shown = (
        f"mean r {_number(one.monotrait)} on the same value and {_number(one.heterotrait)} on"
        f" different ones, over {len(one.traits)} values, {one.n} models, {one.clusters} families"
    )
    said = {
        "agree": "agree: scores on the same value go together, more than on different ones",
        "general": "share a general tendency, but do not tell the same values apart",
        "disagree": "do not agree: scores on the same value do not go together beyond chance",
        "unknown": "cannot be compared: too few families for an interval",
    }
    single = ", ".join(trait.replace("_", "-") for trait in one.open)
    doubt = f" Taken singly, not shown for {single}." if single else ""
    return f"{pair} {said[one.level]} ({shown}).{doubt}"


def _rows(table: Table, instruments: Sequence[Instrument]) -> list[dict[str, Any]]:
    known = {(one.name, t): one.reliability.get(t) for one in instruments for t in one.scores}
    return [
        {
            **asdict(cell),
            "reliability_a": known[cell.instrument_a, cell.trait_a],
            "reliability_b": known[cell.instrument_b, cell.trait_b],
        }
        for cell in table.cells
    ]


def _pair(one: Agreement) -> dict[str, Any]:
    return asdict(one) | {"level": one.level, "verdict": verdict(one)}


def _reliability(one: Instrument) -> dict[str, Any]:
    return {
        "instrument": one.name,
        "basis": BASIS.get(one.name, ""),
        "traits": {trait: one.reliability.get(trait) for trait in one.scores},
    }


def _number(found: tuple[float | None, float | None, float | None]) -> str:
    value, lower, upper = found
    if value is None:
        return "unknown"
    return f"{value:.2f}" + ("" if lower is None else f" [{lower:.2f}, {upper:.2f}]")
