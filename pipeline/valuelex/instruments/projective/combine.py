"""Several judges of one completion: a stated rule, and the arrays that agreement rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from valuelex.instruments.projective.completions import NOT_RELEVANT
from valuelex.records import Rating

COMBINED = "combined"
NEUTRAL = 3.0


def combine(ratings: Sequence[Rating]) -> tuple[Rating, ...]:
    """Combine the judges' ratings of each (completion, sub-dimension) by their mean.

    A judge that finds a completion not relevant has judged: beside a judge that scored it, the
    verdict counts as the middle of the scale (3). When every judge that judged finds it not
    relevant, so is the combination. Verdicts that are missing for another reason do not count;
    when there is nothing else, the most frequent reason is kept. The order is that of the first
    appearance.
    """
    groups: dict[tuple[str, str], list[Rating]] = {}
    for r in ratings:
        groups.setdefault((r.request_id, r.sub_dimension), []).append(r)
    return tuple(_combined(reply, sub, group) for (reply, sub), group in groups.items())


def _combined(reply: str, sub: str, group: Sequence[Rating]) -> Rating:
    scores = [r.score for r in group if r.score is not None]
    neutral = sum(r.score is None and r.reason == NOT_RELEVANT for r in group)
    if scores:
        mean = (sum(scores) + NEUTRAL * neutral) / (len(scores) + neutral)
        return Rating(reply, COMBINED, sub, round(mean, 6))
    if neutral:
        return Rating(reply, COMBINED, sub, None, NOT_RELEVANT)
    reason, _ = min(Counter(r.reason for r in group).items(), key=lambda kv: (-kv[1], kv[0]))
    return Rating(reply, COMBINED, sub, None, reason)


def judge_matrix(
    ratings: Sequence[Rating], *, neutral: bool = True
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], NDArray[np.float64]]:
    """Arrange ratings as judges x units for an agreement coefficient.

    Parameters
    ----------
    ratings
        Ratings of one or more judges.
    neutral
        Count "not relevant" as 3; otherwise it is missing.

    Returns
    -------
    judges (sorted), units ((completion, sub-dimension), sorted), and the values (judges, units)
    with NaN where a judge gave none.
    """
    judges = tuple(sorted({r.judge for r in ratings}))
    units = tuple(sorted({(r.request_id, r.sub_dimension) for r in ratings}))
    row = {j: i for i, j in enumerate(judges)}
    column = {u: i for i, u in enumerate(units)}
    values = np.full((len(judges), len(units)), np.nan)
    for r in ratings:
        score = r.score
        if score is None and neutral and r.reason == NOT_RELEVANT:
            score = NEUTRAL
        if score is not None:
            values[row[r.judge], column[r.request_id, r.sub_dimension]] = score
    return judges, units, values
