"""The two experiments on the judge's reading: neutral stems, and endings dealt to other stems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.form import Form
from valuelex.instruments.projective.reading import Keyed, deal, keyed
from valuelex.instruments.projective.score import score_cubes
from valuelex.instruments.projective.variance import cell_means
from valuelex.psychometrics.types import Floats
from valuelex.records import Rating

DEALS = 5

Rate = Callable[[Sequence[Completion]], Sequence[Rating]]


def reading_checks(
    form: Form,
    completions: Sequence[Completion],
    neutral: Sequence[Completion],
    ratings: Sequence[Rating],
    rate: Rate,
    subs: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    """Return what neutral stems and dealt endings do to the scores.

    Parameters
    ----------
    completions, neutral
        The endings as cleaned with their own stems, and with neutral ones.
    ratings
        One verdict for each (completion, sub-dimension) on ``completions``.
    rate
        Judges endings anew; asked only for those whose text the neutral stems changed, since a
        judge's verdict depends on nothing but the text.
    seed
        Of the deals.
    """
    before = {c.reply_id: c for c in completions}
    changed = [c for c in neutral if c.text != before[c.reply_id].text]
    anew = {(r.request_id, r.sub_dimension): r for r in rate(changed)} if changed else {}
    after = [anew.get((r.request_id, r.sub_dimension), r) for r in ratings]
    here, there = (_means(form, completions, r, subs) for r in (ratings, after))
    dealt = [keyed(form, deal(completions, seed + i), ratings) for i in range(DEALS)]
    return {
        "neutral_stems": {
            "r": _correlation(here, there),
            "largest_change": float(np.nanmax(np.abs(here - there))) if here.size else None,
            "endings_read_otherwise": len(changed),
            "n": len(completions),
        },
        "dealt_endings": {
            "in_place": asdict(keyed(form, completions, ratings)),
            "dealt": _average(dealt),
            "deals": DEALS,
        },
    }


def _means(
    form: Form, completions: Sequence[Completion], ratings: Sequence[Rating], subs: Sequence[str]
) -> Floats:
    """Return models x sub-dimensions."""
    cubes = score_cubes(form, completions, ratings, subs)
    columns = [np.nanmean(cell_means(_seen(cube.values)), axis=1) for cube in cubes.values()]
    return np.column_stack(columns)


def _seen(values: Floats) -> Floats:
    """Leave out models that have no scored ending: their mean would be of nothing."""
    return values[np.isfinite(values).any(axis=(1, 2))]


def _correlation(a: Floats, b: Floats) -> float | None:
    """Mean correlation over sub-dimensions; None where a score does not vary."""
    if a.shape != b.shape or len(a) < 3:
        return None
    pairs = [(x, y) for x, y in zip(a.T, b.T, strict=True) if x.std() > 0 and y.std() > 0]
    return float(np.mean([np.corrcoef(x, y)[0, 1] for x, y in pairs])) if pairs else None


def _average(found: Sequence[Keyed]) -> dict[str, Any]:
    names = ("taken_up", "distance", "parallel")
    means = {name: float(np.mean([getattr(one, name) for one in found])) for name in names}
    return means | {"n": found[0].n}
