"""Words in known groups and made-up answers with them: a small world with a known answer.

The groups are ordinary English, written for these tests alone; no part of the pipeline reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from valuelex.space.embed import embed_terms
from valuelex.taxonomy.material import LexiconTerm, Material
from valuelex.taxonomy.theories import Theory, parse_theory

LEXICON = Path(__file__).parents[2] / "lexicon"

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "skill": {
        "craft": (
            "precision",
            "thoroughness",
            "carefulness",
            "rigor",
            "diligence",
            "exactness",
            "meticulousness",
            "craftsmanship",
            "discipline",
            "attention to detail",
            "orderliness",
            "consistency",
            "quality",
            "perfectionism",
            "correctness",
            "concentration",
        ),
        "mind": (
            "curiosity",
            "creativity",
            "imagination",
            "originality",
            "inventiveness",
            "learning",
            "open-mindedness",
            "wisdom",
            "insight",
            "intelligence",
            "reasoning",
            "understanding",
            "discovery",
            "exploration",
            "intellect",
            "critical thinking",
        ),
        "drive": (
            "ambition",
            "success",
            "achievement",
            "determination",
            "perseverance",
            "productivity",
            "efficiency",
            "excellence",
            "leadership",
            "competitiveness",
            "confidence",
            "influence",
            "motivation",
            "initiative",
            "wealth",
            "prestige",
        ),
    },
    "warmth": {
        "kindness": (
            "kindness",
            "compassion",
            "empathy",
            "gentleness",
            "affection",
            "tenderness",
            "love",
            "generosity",
            "forgiveness",
            "caring",
            "warmth",
            "mercy",
            "sympathy",
            "patience",
            "friendliness",
            "charity",
        ),
        "company": (
            "teamwork",
            "cooperation",
            "collaboration",
            "community",
            "solidarity",
            "belonging",
            "unity",
            "partnership",
            "togetherness",
            "mutual support",
            "participation",
            "harmony",
            "sharing",
            "inclusion",
            "friendship",
            "hospitality",
        ),
        "joy": (
            "joy",
            "humor",
            "playfulness",
            "fun",
            "cheerfulness",
            "enjoyment",
            "pleasure",
            "excitement",
            "adventure",
            "enthusiasm",
            "optimism",
            "laughter",
            "celebration",
            "happiness",
            "spontaneity",
            "delight",
        ),
    },
    "order": {
        "truth": (
            "honesty",
            "truthfulness",
            "sincerity",
            "transparency",
            "candor",
            "authenticity",
            "integrity",
            "openness",
            "accountability",
            "trustworthiness",
            "reliability",
            "credibility",
            "frankness",
            "responsibility",
            "straightforwardness",
            "faithfulness",
        ),
        "rights": (
            "justice",
            "fairness",
            "equality",
            "impartiality",
            "human rights",
            "equity",
            "liberty",
            "democracy",
            "due process",
            "tolerance",
            "non-discrimination",
            "civil rights",
            "freedom of speech",
            "neutrality",
            "rule of law",
            "dignity",
        ),
        "safety": (
            "safety",
            "security",
            "protection",
            "privacy",
            "confidentiality",
            "caution",
            "prudence",
            "risk avoidance",
            "stability",
            "obedience",
            "tradition",
            "self-restraint",
            "harm prevention",
            "data protection",
            "discretion",
            "vigilance",
        ),
    },
}


Truth = tuple[NDArray[np.int64], NDArray[np.int64]]


@pytest.fixture(scope="session")
def terms() -> list[str]:
    """Return 144 terms."""
    return [word for subs in GROUPS.values() for members in subs.values() for word in members]


@pytest.fixture(scope="session")
def truth() -> Truth:
    """Return the true dimension (n,), 0-2, and the true sub-dimension (n,), 0-8."""
    sizes = [[len(members) for members in subs.values()] for subs in GROUPS.values()]
    dimension = np.repeat(np.arange(3), [sum(row) for row in sizes])
    return dimension, np.repeat(np.arange(9), [n for row in sizes for n in row])


@pytest.fixture(scope="session")
def vectors(terms: list[str]) -> NDArray[np.float64]:
    """Return the vectors of the terms by the default model."""
    return embed_terms(terms).astype(np.float64)


@pytest.fixture(scope="session")
def theories() -> list[Theory]:
    """Return the theories of the project, in the order of their files."""
    paths = sorted((LEXICON / "theories").glob("*.yaml"))
    return [parse_theory(yaml.safe_load(p.read_text("utf-8")), p.name) for p in paths]


@pytest.fixture(scope="session")
def marker_vectors(theories: list[Theory]) -> dict[str, NDArray[np.floating]]:
    """Return the vectors of all marker words."""
    words = list(dict.fromkeys(word for theory in theories for word in theory.marker_words()))
    return dict(zip(words, embed_terms(words), strict=True))


@pytest.fixture(scope="session")
def answers(truth: Truth) -> Callable[..., NDArray[np.float64]]:
    """Return a sampler of respondents x terms tables of 0/1: who named what.

    The log-odds of naming a term are a base rate that falls like Zipf's law, plus ``general``
    times the respondent's leaning to the term's dimension, plus ``special`` times the leaning to
    its sub-dimension; leanings are standard normal.
    """
    dimension, group = truth

    def draw(
        *, respondents: int = 525, seed: int = 0, general: float = 0.9, special: float = 0.6
    ) -> NDArray[np.float64]:
        rng = np.random.default_rng(seed)
        base = rng.permutation(np.linspace(-0.5, -3.0, len(group)))
        leaning = rng.standard_normal((respondents, dimension.max() + 1))
        taste = rng.standard_normal((respondents, group.max() + 1))
        odds = base + general * leaning[:, dimension] + special * taste[:, group]
        return (rng.random(odds.shape) < 1.0 / (1.0 + np.exp(-odds))).astype(np.float64)

    return draw


@pytest.fixture(scope="session")
def factored() -> Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return a plain factor analysis: correlations (p, p) and three varimax loadings (p, 3)."""

    def fit(table: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        R: NDArray[np.float64] = np.asarray(np.corrcoef(table.T))
        shared = np.full(len(R), 0.3)
        for _ in range(40):  # principal axes, iterated
            reduced = R.copy()
            np.fill_diagonal(reduced, shared)
            values, axes = np.linalg.eigh(reduced)
            L = axes[:, -3:] * np.sqrt(np.maximum(values[-3:], 0.0))
            shared = np.clip((L**2).sum(axis=1), 0.0, 0.95)
        T = np.eye(3)
        for _ in range(100):  # varimax
            B = L @ T
            u, _, v = np.linalg.svd(L.T @ (B**3 - B * (B**2).mean(axis=0)))
            T = u @ v
        L = L @ T
        return R, L * np.sign(L.sum(axis=0))

    return fit


@pytest.fixture
def make_material() -> Callable[..., Material]:
    """Return a maker of materials with plausible counts from terms, loadings and vectors."""

    def make(
        terms: list[str],
        loadings: NDArray[np.float64],
        vectors: NDArray[np.float64],
        phi: NDArray[np.float64] | None = None,
        **more: Any,
    ) -> Material:
        lexicon = [
            LexiconTerm(term, 20 + i, 10, 5, 3, 0.5, (f"r{i}:1", f"r{i}:2"))
            for i, term in enumerate(terms)
        ]
        k = loadings.shape[1]
        return Material(lexicon, loadings, np.eye(k) if phi is None else phi, vectors, **more)

    return make
