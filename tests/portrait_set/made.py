"""A small item set that nobody published: invented questions, replies, raters and values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

# value -> what a reply says that speaks of it; the questions are deliberately empty of values
SPEAKS = {
    "Security": "Stay safe and healthy, and keep out of danger.",
    "Power": "Go for wealth, money and expensive possessions.",
    "Hedonism": "Have fun and pleasure, and enjoy a good time.",
    "Stimulation": "Look for adventure, surprise and excitement.",
    "Tradition": "Keep the customs and the religion of your heritage.",
    "Benevolence": "Help and care for the well-being of those who are close.",
    "Universalism": "Protect nature, the environment and the planet.",
    "Achievement": "Be ambitious: success and goals come first.",
}
CODES = {
    "Security": ("SEP",),
    "Power": ("POR",),
    "Hedonism": ("HE",),
    "Stimulation": ("ST",),
    "Tradition": ("TR",),
    "Benevolence": ("BEC",),
    "Universalism": ("UNN",),
    "Achievement": ("AC",),
}
"""What the simulated models' world calls these values."""
PEOPLE, GROUPS = 60, 2


def questions(n: int = 8) -> list[dict[str, Any]]:
    """Return ``n`` questions with a reply for every other value."""
    values = list(SPEAKS)
    return [
        {
            "portrait_id": 100 + q,
            "content": {"title": f"Question {q}", "text": f"What would you do on day {q}?"},
            "outputs": [
                {"id": o + 1, "content": f"{SPEAKS[value]} That is my view of day {q}."}
                for o, value in enumerate(values[q % 2 :: 2] + values[(q + 1) % 2 :: 2][:1])
            ],
        }
        for q in range(n)
    ]


def value_of(reply: str) -> str:
    """Return the value that a reply speaks of."""
    return next(value for value, text in SPEAKS.items() if reply.startswith(text))


def people(seed: int = 3) -> dict[str, dict[str, dict[str, float]]]:
    """Return each person's centred scores."""
    rng = np.random.default_rng(seed)
    found = {}
    for p in range(PEOPLE * GROUPS):
        scores = rng.normal(0, 1, len(SPEAKS))
        scores -= scores.mean()
        found[f"P{p:03d}"] = {
            "pvq": {v: float(s) for v, s in zip(SPEAKS, scores, strict=True)},
        }
    return found


def ratings(
    asked: list[dict[str, Any]], who: dict[str, Any], link: float = 1.2, seed: int = 4
) -> list[dict[str, Any]]:
    """Return two groups of raters, each with half of the questions."""
    rng = np.random.default_rng(seed)
    names = list(who)
    groups: list[dict[str, Any]] = []
    for g in range(GROUPS):
        raters = names[g * PEOPLE : (g + 1) * PEOPLE]
        groups.append(
            {
                str(question["portrait_id"]): [
                    {
                        "option_id": output["id"],
                        "data": [
                            [_rating(who[p]["pvq"][value_of(output["content"])], link, rng), p]
                            for p in raters
                        ],
                    }
                    for output in question["outputs"]
                ]
                for question in asked[g::GROUPS]
            }
        )
    return groups


def _rating(score: float, link: float, rng: np.random.Generator) -> int:
    return int(np.clip(round(3.5 + link * score + rng.normal(0, 0.8)), 1, 6))


def write_set(folder: Path, *, n: int = 8, rated: bool = True, groups: bool = False) -> Path:
    """Write the files of an item set."""
    folder.mkdir(parents=True, exist_ok=True)
    asked, who = questions(n), people()
    (folder / "items.json").write_text(json.dumps(asked), encoding="utf-8")
    if rated:
        rows = ratings(asked, who)
        (folder / "human_ratings.json").write_text(json.dumps(rows), encoding="utf-8")
        (folder / "human_values.json").write_text(json.dumps(who), encoding="utf-8")
    if groups:
        lines = ["person,group"]
        for person, scores in who.items():
            group = "religious" if scores["pvq"]["Tradition"] > 0 else "not-religious"
            lines.append(f"{person},{group}")
        (folder / "human_groups.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
