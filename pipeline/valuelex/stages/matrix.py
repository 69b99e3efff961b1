"""The respondent x term table, as factor, taxonomy and validate all see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.artifacts.table import MENTIONS, TERMS
from valuelex.errors import TooFewRepliesError
from valuelex.stages.context import Context


@dataclass(frozen=True, slots=True)
class Usage:
    """Who used which term how often.

    Attributes
    ----------
    respondents, models, families
        (n,) names of the rows: the respondent, its model, its family.
    terms
        (p,) names of the columns: the terms of the lexicon, sorted.
    counts
        (n, p) mentions.
    rows
        The kept mentions behind the counts, in the order of the artifact.
    """

    respondents: tuple[str, ...]
    models: tuple[str, ...]
    families: tuple[str, ...]
    terms: tuple[str, ...]
    counts: NDArray[np.float64]
    rows: tuple[Mapping[str, Any], ...]


def load_usage(context: Context) -> Usage:
    """Count terms per respondent, over the terms of the lexicon.

    A respondent that named no value at all is left out: it is missing, not a row of zeros.

    Raises
    ------
    TooFewRepliesError
        When no respondent named any term.
    """
    terms = tuple(sorted(r["term"] for r in TERMS.read(context.root) if r["in_lexicon"]))
    column = {term: j for j, term in enumerate(terms)}
    mentions = [row for row in MENTIONS.read(context.root) if row["term"] is not None]
    model_of = {row["respondent"]: row["model"] for row in mentions}
    respondents = tuple(sorted(model_of))
    if not respondents or not terms:
        raise TooFewRepliesError(
            f"{len(respondents)} respondents named values and the lexicon has {len(terms)} terms:"
            " nothing to analyse; see outputs/normalize/attrition.csv"
        )
    row_of = {respondent: i for i, respondent in enumerate(respondents)}
    counts = np.zeros((len(respondents), len(terms)))
    kept = [row for row in mentions if row["term"] in column]
    for row in kept:
        counts[row_of[row["respondent"]], column[row["term"]]] += 1
    models = tuple(model_of[respondent] for respondent in respondents)
    families = tuple(context.settings.model(model).family for model in models)
    return Usage(respondents, models, families, terms, counts, tuple(kept))
