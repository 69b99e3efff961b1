"""Whether the judge reads the completion, and whether scores hang on what was said to which stem.

Two experiments on the endings that were given. With *neutral stems* every stem, and each echo of it
in an answer, becomes the same bare "I": scores must hold. With endings *dealt* at random to the
other stems of the same model, what a stem was made to bring out no longer stands under it: keyed
scores must fall.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from valuelex.instruments.projective.completions import NOT_RELEVANT, Completion
from valuelex.instruments.projective.form import Form
from valuelex.records import Rating, reverse

NEUTRAL_STEM = "I"
MIDDLE, LOW, HIGH = 3.0, 0.0, 6.0


@dataclass(frozen=True, slots=True)
class Keyed:
    """How endings stand to the key of the stem that they are under.

    ``taken_up`` is the share of judged endings with a score on the key, ``distance`` their mean
    distance from the middle of the scale (points of 0-6; one that has nothing to do with the key
    counts 0), ``parallel`` the correlation of form A with form B over models, averaged over
    sub-dimensions; NaN where it cannot be had.
    """

    taken_up: float
    distance: float
    parallel: float
    n: int


def neutral_form(form: Form) -> Form:
    """Return the form with every stem replaced by the neutral one."""
    return replace(form, stems=tuple(replace(s, text=NEUTRAL_STEM) for s in form.stems))


def neutral_reply(text: str, stem: str) -> str:
    """Replace the stem's echo in a raw reply, whatever its case and spacing, by the neutral one."""
    words = [re.escape(word) for word in stem.split()]
    return re.sub(r"\s+".join(words), NEUTRAL_STEM, text, flags=re.IGNORECASE) if words else text


def deal(completions: Sequence[Completion], seed: int) -> tuple[Completion, ...]:
    """Deal each model's endings at random to its stems and draws; ids stay with the endings."""
    rng = np.random.default_rng(seed)
    places: dict[str, list[int]] = {}
    for i, completion in enumerate(completions):
        places.setdefault(completion.model, []).append(i)
    found = list(completions)
    for rows in places.values():
        for place, source in zip(rows, rng.permutation(rows), strict=True):
            one = completions[place]
            found[place] = replace(completions[source], stem=one.stem, draw=one.draw)
    return tuple(found)


def keyed(form: Form, completions: Sequence[Completion], ratings: Sequence[Rating]) -> Keyed:
    """Score every ending on the key of its stem alone.

    ``ratings`` hold one verdict for each (completion, sub-dimension).
    """
    stems = {s.id: s for s in form.stems}
    verdict: Mapping[tuple[str, str], Rating] = {
        (r.request_id, r.sub_dimension): r for r in ratings
    }
    rows: list[tuple[str, str, str, float]] = []
    about = 0
    for c in completions:
        stem = stems[c.stem]
        rating = verdict[c.reply_id, stem.sub_dimension]
        if rating.score is None and rating.reason != NOT_RELEVANT:
            continue
        about += rating.score is not None
        score = MIDDLE if rating.score is None else rating.score
        score = reverse(score, LOW, HIGH) if stem.keying < 0 else score
        rows.append((stem.sub_dimension, c.model, form.part[c.stem], score))
    n = len(rows)
    distance = float(np.mean([abs(r[3] - MIDDLE) for r in rows])) if n else float("nan")
    return Keyed(about / n if n else float("nan"), distance, _parallel(rows), n)


def _parallel(rows: Sequence[tuple[str, str, str, float]]) -> float:
    cells: dict[tuple[str, str, str], list[float]] = {}
    for sub, model, part, score in rows:
        cells.setdefault((sub, part, model), []).append(score)
    found = []
    for sub in sorted({row[0] for row in rows}):
        models = [m for s, p, m in cells if s == sub and p == "A" and (sub, "B", m) in cells]
        halves = np.array([[np.mean(cells[sub, p, m]) for m in models] for p in ("A", "B")])
        r = _correlation(halves) if len(models) > 2 else float("nan")
        found += [r] if np.isfinite(r) else []
    return float(np.mean(found)) if found else float("nan")


def _correlation(halves: NDArray[np.float64]) -> float:
    if (halves.std(axis=1) <= 1e-12).any():
        return float("nan")
    return float(np.corrcoef(halves[0], halves[1])[0, 1])
