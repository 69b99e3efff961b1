"""How good the projective scores are, as one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np

from valuelex.errors import DataError
from valuelex.instruments.projective.combine import judge_matrix
from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.form import Form
from valuelex.instruments.projective.quality import (
    control_accuracy,
    differences,
    halo,
    parallel_means,
    stem_matrix,
)
from valuelex.instruments.projective.score import Cube
from valuelex.instruments.projective.variance import components, cell_means
from valuelex.psychometrics.agreement import krippendorff_alpha
from valuelex.psychometrics.matrix import correlation
from valuelex.psychometrics.reliability import alpha, omega
from valuelex.records import Rating


def form_reliability(
    form: Form,
    completions: Sequence[Completion],
    ratings: Sequence[Rating],
    cubes: Mapping[str, Cube],
) -> dict[str, Any]:
    """Return judges, unscored counts, controls, halo, parallel forms and reliability."""
    pairs = differences(cubes)
    called = sum(not one.within_error for one in pairs)
    return {
        "judges": sorted({rating.judge for rating in ratings}),
        "n_completions": len(completions),
        "n_scored": sum(rating.score is not None for rating in ratings),
        "n_unscored": sum(rating.score is None for rating in ratings),
        "unscored": dict(sorted(Counter(r.reason for r in ratings if r.score is None).items())),
        "halo": asdict(halo(_means(cubes))),
        "forms": {sub: _parallel(cube, form) for sub, cube in cubes.items()},
        "sub_dimensions": [_sub_dimension(cube) for cube in cubes.values()],
        "agreement": _agreement(ratings),
        "differences": {"pairs": len(pairs), "beyond_error": called},
    }
