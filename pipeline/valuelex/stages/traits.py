"""The instruments' scores as traits of one theory, each with the reliability that it has here.

The questionnaire scores Schwartz's ten values by its key, Value Portrait by its tags. The
projective test scores the sub-dimensions of the taxonomy: they are mapped by the comparison with
theories that the taxonomy carries, of which only matches above chance count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from valuelex.artifacts.table import (
    ANSWERS,
    PORTRAIT_ANSWERS,
    PORTRAIT_SCORES,
    PORTRAIT_TAGS,
    PROFILES,
    SURVEY_PROFILES,
    TAXONOMY,
)
from valuelex.errors import DataError
from valuelex.instruments.pvq.key import Level
from valuelex.psychometrics.multitrait import Instrument
from valuelex.psychometrics.reliability import alpha
from valuelex.psychometrics.types import Floats
from valuelex.stages.context import Context, read_per_model
from valuelex.stages.portrait_questions import study_folder
from valuelex.stages.questionnaire import load_key
from valuelex.stages.theories import load_theories
from valuelex.taxonomy.theories import Theory

THEORY, FINE = "schwartz", "nineteen"
LEVEL: Level = "ten"
BASIS = {
    "projective": "1 minus the mean squared standard error over the variance between models",
    "pvq": "alpha over the value's items, each model's mean over trials, centred by its mean item",
    "portrait": "alpha over the value's tagged items, mean over versions, centred by all tagged",
}
LEAST_MODELS = 4


def trait_instruments(
    context: Context, models: Sequence[str]
) -> tuple[list[Instrument], dict[str, Any]]:
    """Return the instruments that were given, and how the projective test was mapped."""
    theory = next(t for t in load_theories(context) if t.id == THEORY)
    traits = [value.id for value in theory.on_level(LEVEL)]
    projective, mapping = _projective(context, models, theory)
    found = [projective, _survey(context, models, traits), _portrait(context, models, traits)]
    return [one for one in found if one.scores], mapping


def _projective(
    context: Context, models: Sequence[str], theory: Theory
) -> tuple[Instrument, dict[str, Any]]:
    matches = [
        match
        for one in TAXONOMY.read(context.root).get("theories") or ()
        if (one["theory"], one["level"], one["compared"]) == (THEORY, FINE, "sub-dimensions")
        for match in one["matches"]
    ]
    ten_of = {part: value.id for value in theory.on_level(LEVEL) for part in value.parts}
    groups: dict[str, list[str]] = {}
    for match in matches:
        if match["above_chance"] and match["value"] in ten_of:
            groups.setdefault(ten_of[match["value"]], []).append(match["group"])
    cells = {
        (row["id"], row["model"]): (row["mean"], row["se"])
        for row in PROFILES.read(context.root)
        if row["level"] == "sub_dimension"
    }
    scores, reliability = {}, {}
    for trait, subs in groups.items():
        pairs = np.array(
            [[cells.get((sub, m)) or (None, None) for sub in subs] for m in models], dtype=float
        )
        scores[trait] = pairs[:, :, 0].mean(axis=1)
        error = (pairs[:, :, 1] ** 2).sum(axis=1) / len(subs) ** 2
        reliability[trait] = _of_errors(scores[trait], error)
    instrument = Instrument("projective", _varying(scores), reliability)
    left = [m["group"] for m in matches if not m["above_chance"] or m["value"] not in ten_of]
    return instrument, {"used": groups, "left_out": left}


def _survey(context: Context, models: Sequence[str], traits: Sequence[str]) -> Instrument:
    cells = {
        (_trait(row["value"]), row["model"]): row["centred"]
        for row in SURVEY_PROFILES.read(context.root)
        if row["level"] == LEVEL
    }
    scores = _scores(cells, models, traits)
    key, frame = load_key(context.root), context.settings.survey.frame
    table = np.full((len(models), key.n_items), np.nan)
    for model, rows in read_per_model(context, ANSWERS):
        items: dict[int, list[float]] = {}
        for row in rows:
            if row["answer"] is not None and row["frame"] == frame:
                items.setdefault(row["item"], []).append(row["answer"])
        for item, answers in items.items():
            table[models.index(model), item - 1] = np.mean(answers)
    scales = {_trait(value): items for value, items in key.scales(LEVEL).items()}
    columns = {t: [item - 1 for item in scales[t]] for t in scores if t in scales}
    return Instrument("pvq", scores, _alphas(table, columns))


def _portrait(context: Context, models: Sequence[str], traits: Sequence[str]) -> Instrument:
    if study_folder(context) is None:
        return Instrument("portrait", {}, {})
    rows = [row for row in PORTRAIT_SCORES.read(context.root) if _trait(row["dimension"]) in traits]
    cells = {(_trait(row["dimension"]), row["model"]): row["centred"] for row in rows}
    scores = _scores(cells, models, traits)
    tagged: dict[str, list[tuple[str, int]]] = {}
    for row in PORTRAIT_TAGS.read(context.root):
        if row["used"] and _trait(row["value"]) in scores:
            tagged.setdefault(_trait(row["value"]), []).append((row["portrait"], row["option"]))
    place = {item: i for i, item in enumerate(sorted({i for v in tagged.values() for i in v}))}
    table = np.full((len(models), len(place)), np.nan)
    for model, answers in read_per_model(context, PORTRAIT_ANSWERS):
        given: dict[int, list[float]] = {}
        for row in answers:
            item = place.get((row["portrait"], row["option"]))
            if item is not None and row["answer"] is not None and not row["persona"]:
                given.setdefault(item, []).append(row["answer"])
        for item, numbers in given.items():
            table[models.index(model), item] = np.mean(numbers)
    columns = {trait: [place[item] for item in items] for trait, items in tagged.items()}
    return Instrument("portrait", scores, _alphas(table, columns))


def _scores(
    cells: Mapping[tuple[str, str], float | None], models: Sequence[str], traits: Sequence[str]
) -> dict[str, Floats]:
    return _varying({t: np.array([cells.get((t, m)) for m in models], dtype=float) for t in traits})


def _varying(scores: Mapping[str, Floats]) -> dict[str, Floats]:
    """Keep the traits that enough models have a score on."""
    return {t: v for t, v in scores.items() if np.isfinite(v).sum() >= LEAST_MODELS}


def _alphas(table: Floats, columns: Mapping[str, Sequence[int]]) -> dict[str, float | None]:
    """Return alpha per trait over models x items, each model's own mean taken out.

    Models without any answer are left out, and items that one of the others did not answer.
    """
    there = np.isfinite(table)
    rows = there.any(axis=1)
    whole = np.asarray(there[rows].all(axis=0) & rows.any())
    if not whole.any():
        return dict.fromkeys(columns)
    centred = table[rows] - table[rows][:, whole].mean(axis=1, keepdims=True)
    found: dict[str, float | None] = {}
    for trait, places in columns.items():
        kept = [place for place in places if whole[place]]
        try:
            found[trait] = alpha(centred[:, kept]).alpha
        except DataError:
            found[trait] = None
    return found


def _of_errors(scores: Floats, error: Floats) -> float | None:
    """Return the share of the variance between models that is not squared standard error."""
    use = np.isfinite(scores) & np.isfinite(error)
    if use.sum() < LEAST_MODELS or np.ptp(scores[use]) <= 1e-12:
        return None
    return float(1 - error[use].mean() / scores[use].var(ddof=1))


def _trait(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")
