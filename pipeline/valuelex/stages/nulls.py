"""The three nulls: shuffled words, factors of meaning alone, word frequency."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.artifacts.table import EMBEDDINGS
from valuelex.psychometrics.matrix import correlation
from valuelex.psychometrics.nulls import frequency_link, pseudo_factors, shuffled_null
from valuelex.psychometrics.types import Floats
from valuelex.stages.context import Context
from valuelex.stages.matrix import Usage

_ALPHA = 0.05


def null_models(
    context: Context, usage: Usage, X: Floats, loadings: Floats, terms: list[str]
) -> dict[str, Any]:
    """Return the three nulls for the columns ``terms`` of X (n, p), each with a sentence."""
    column = {term: j for j, term in enumerate(usage.terms)}
    frequency = usage.counts.sum(axis=0)[[column[term] for term in terms]]
    return {
        "shuffled": _shuffled(context, usage, X, loadings),
        "pseudo_factors": _pseudo(context, X, loadings, terms),
        "frequency": _frequency(loadings, frequency),
    }


def _shuffled(context: Context, usage: Usage, X: Floats, loadings: Floats) -> dict[str, Any]:
    draws, seed = context.settings.validate_.null_draws, context.settings.study.seed
    k = loadings.shape[1]
    lists = shuffled_null(X, k, None, loadings, draws, seed=seed)
    families = shuffled_null(X, k, np.array(usage.families), loadings, draws, seed=seed)
    strength_p = np.asarray(families.strength_p)
    above = int((strength_p < _ALPHA).sum())
    return {
        "n": draws,
        "observed": families.observed,
        "threshold": families.threshold,
        "p": families.p,
        "scheme": families.scheme,
        "factors": [
            {"factor": f"F{j + 1}", "strength": value, "p": strength_p[j]}
            for j, value in enumerate(np.asarray(families.strength))
        ],
        "factor_threshold": families.threshold[0],
        "lists": {
            "observed": lists.observed,
            "threshold": lists.threshold,
            "p": lists.p,
            "phi": lists.phi,
        },
        "text": f"{above} of {k} factors are stronger than anything in words shuffled between"
        " families, list length taken out.",
    }


def _pseudo(context: Context, X: Floats, loadings: Floats, terms: list[str]) -> dict[str, Any]:
    settings = context.settings
    stored = EMBEDDINGS.read(context.root)
    row = {term: i for i, term in enumerate(stored["terms"].tolist())}
    vectors: NDArray[np.float64] = stored["vectors"][[row[t] for t in terms]].astype(np.float64)
    found = pseudo_factors(
        vectors,
        loadings,
        correlation(X),
        settings.factor.rotation,
        settings.validate_.null_draws,
        seed=settings.study.seed,
    )
    return {
        "factors": [
            {"factor": f"F{j + 1}", "phi": phi, "chance": found.chance[j], "p": found.p[j]}
            for j, phi in enumerate(found.phi)
        ],
        "r": found.r,
        "text": "Word meaning alone gives factors with a congruence of at most"
        f" {float(np.max(found.phi)):.2f} with these; 0.95 would make them the same.",
    }


def _frequency(loadings: Floats, frequency: Floats) -> dict[str, Any]:
    links = frequency_link(loadings, frequency)
    return {
        "factors": [
            {
                "factor": f"F{link.factor + 1}",
                "r": link.r,
                "lower": link.lower,
                "upper": link.upper,
                "p": link.p,
                "r_absolute": link.r_absolute,
            }
            for link in links
        ],
        "text": "Correlation of loadings with log word frequency, at most"
        f" {max(abs(link.r) for link in links):.2f} in size.",
    }
