"""Simulated free lists with a known number of dimensions, for the rules that decide on it.

Models come in families; each has scores on the planted dimensions and its own taste for single
words; each answers several prompts under several settings with a short list, drawn without
replacement, so that words compete for few places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from valuelex.psychometrics.types import Floats, Ints


@dataclass(frozen=True)
class Lists:
    """Presence (n, p), the model and family of each row, and the dimension of each column."""

    X: Floats
    models: Ints
    families: Ints
    dimension: Ints


def simulate(
    seed: int,
    k: int,
    models: int = 35,
    families: int = 12,
    settings: int = 15,
    prompts: int = 15,
    terms: int = 160,
    loading: float = 1.3,
    taste: float = 0.25,
    family_taste: float = 0.15,
    verbosity: float = 0.06,
) -> Lists:
    """Draw one study; ``k = 0`` plants nothing but tastes and talkativeness."""
    rng = np.random.default_rng(seed)
    family = np.sort(np.arange(models) % families)
    dimension = np.arange(terms) % max(k, 1)
    base = -0.75 * np.log(np.arange(terms) + 40)
    weight = loading * (1 - 0.3 * (base - base.mean())) if k else np.zeros(terms)
    theta = rng.normal(0, 0.45, (families, max(k, 1)))[family]
    theta = theta + rng.normal(0, 0.85, theta.shape)
    own = rng.normal(0, taste, (models, terms))
    own = own + rng.normal(0, family_taste, (families, terms))[family]
    prompt = rng.normal(0, 0.12, (prompts, terms))
    talk = np.exp(rng.normal(0, verbosity, models))
    usual = float(np.exp(base).sum())
    X = np.zeros((models * settings, terms))
    for row in range(len(X)):
        m = row // settings
        scores = theta[m] + rng.normal(0, 0.2, max(k, 1))
        liking = base + weight * scores[dimension] + own[m] + prompt
        mean = 5.8 * talk[m] * (np.exp(liking).sum(axis=1) / usual) ** 0.8
        length = np.clip(np.round(rng.normal(mean, 1.3)), 1, 16).astype(int)
        order = np.argsort(-(liking + rng.gumbel(size=liking.shape)), axis=1)
        for q in range(prompts):
            X[row, order[q, : length[q]]] = 1
    use = (X.sum(axis=0) > 5) & (X.sum(axis=0) < len(X) - 5)
    rows = np.repeat(np.arange(models), settings)
    return Lists(X[:, use], rows, family[rows], dimension[use])
