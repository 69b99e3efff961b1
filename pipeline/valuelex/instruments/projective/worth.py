"""Whether a sub-dimension is something good or something bad, from its own words.

A taxonomy of values holds good things, and the judge takes it for granted that conduct which most
people would call good affirms them. Traits need not be good: panic is no deed in favour of calm,
but it is one of anxiety. So a sub-dimension gets a *worth* between -1 and 1, by which all that is
evaluative in a clause is multiplied before it counts for or against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from valuelex.instruments.projective.calibration import Array, fit_ridge
from valuelex.instruments.projective.themes import unit

PENALTY = 5.0
GOOD_FROM, BAD_UNTIL = 0.1, -0.1
"""Mean valence of words (about -1 to 1) from which on a sub-dimension is wholly good, and up to
which it is wholly bad; the doubtful between the two weigh less. Set on single words left out of the
fit, of which 92 in 100 lie on the right side of 0."""


def faults(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words for what is bad; none in an anchors' file without ``faults``."""
    if not content.get("faults"):
        return ()
    ills = [cue for cue in content["cues"]["ills"] if not set(cue) & {"*", " "}]
    return tuple(dict.fromkeys([*map(str, content["faults"]), *ills]))


def worths(good: Array, bad: Array, own: Sequence[Array]) -> Array:
    """Return the worth (k,) of k sub-dimensions.

    Parameters
    ----------
    good, bad
        Unit vectors of bare words for what is good (n, d) and bad (m, d); with no bad ones
        everything is taken for good.
    own
        For each sub-dimension the unit vectors of its own words, (any number, d).
    """
    if not len(bad) or not len(good):
        return np.ones(len(own))
    x = np.vstack([good, bad])
    mean = (good.mean(axis=0) + bad.mean(axis=0)) / 2
    y = np.concatenate([np.ones(len(good)), -np.ones(len(bad))])
    weight = np.concatenate([np.full(len(good), 1 / len(good)), np.full(len(bad), 1 / len(bad))])
    valence = fit_ridge(unit(x - mean), y, penalty=PENALTY, weight=weight)
    found = np.array([valence(unit(words - mean)).mean() for words in own])
    place = (found - BAD_UNTIL) / (GOOD_FROM - BAD_UNTIL)
    return np.asarray(np.clip(2.0 * place - 1.0, -1.0, 1.0), dtype=np.float64)
