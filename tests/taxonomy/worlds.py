"""Words in known groups and made-up statistics on them: a small world with a known answer.

The groups are ordinary English, written for these tests alone; no part of the pipeline reads them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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


def words() -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Return the terms with the true dimension (n,) and true sub-dimension (n,) of each."""
    terms: list[str] = []
    dimension: list[int] = []
    group: list[int] = []
    for d, subs in enumerate(GROUPS.values()):
        for s, members in enumerate(subs.values()):
            terms += members
            dimension += [d] * len(members)
            group += [3 * d + s] * len(members)
    return terms, np.array(dimension), np.array(group)


def answers(
    dimension: NDArray[np.int64],
    group: NDArray[np.int64],
    *,
    respondents: int = 525,
    seed: int = 0,
    general: float = 0.9,
    special: float = 0.6,
) -> NDArray[np.float64]:
    """Draw a respondents x terms table of 0/1: who named what.

    The log-odds of naming a term are a base rate that falls like Zipf's law, plus ``general``
    times the respondent's leaning to the term's dimension, plus ``special`` times the leaning to
    its sub-dimension; leanings are standard normal.
    """
    rng = np.random.default_rng(seed)
    base = rng.permutation(np.linspace(-0.5, -3.0, len(group)))
    leaning = rng.standard_normal((respondents, dimension.max() + 1))
    taste = rng.standard_normal((respondents, group.max() + 1))
    odds = base + general * leaning[:, dimension] + special * taste[:, group]
    return (rng.random(odds.shape) < 1.0 / (1.0 + np.exp(-odds))).astype(np.float64)
