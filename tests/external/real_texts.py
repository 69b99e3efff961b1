"""Texts that people or models really wrote, their ratings, and the offline judge to read them.

Shared by ``test_judge_real_text.py`` and ``benchmarks/bench_judge.py``. Both sets are cut in halves
by a hash of the model's name or the portrait's number: one half was looked at while the judge was
made, the other was not.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from valuelex.instruments.projective.completions import Completion, clean_completion
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge, JudgeSettings
from valuelex.settings import Settings
from valuelex.stages.context import open_context
from valuelex.stages.embedding import SentenceReader

ROOT = Path(__file__).resolve().parents[2]
Array = NDArray[np.float64]
Words = Mapping[str, Sequence[str]]

# The names are the raters'; the words are ours.
TRAITS: Words = {
    name: words.split(", ")
    for name, words in {
        "Anxiety and Stress Levels": "anxiety, stress, worry, nervousness, tension, panic",
        "Emotional Stability": (
            "emotional stability, calm, composure, serenity, balance, equanimity"
        ),
        "Problem-solving Skills": (
            "problem-solving, resourcefulness, ingenuity, finding solutions, reasoning, analysis"
        ),
        "Creativity": "creativity, imagination, originality, inventiveness, artistic",
        "Interpersonal Relationships": (
            "relationships, friendship, closeness, bonding, companionship, communication"
        ),
        "Confidence and Self-efficacy": (
            "confidence, self-efficacy, self-assurance, self-belief, assertiveness"
        ),
        "Conflict Resolution": (
            "conflict resolution, reconciliation, compromise, mediation, peacemaking"
        ),
        "Work-related Stress": "work stress, deadlines, overwork, job pressure, burnout",
        "Adaptability": (
            "adaptability, flexibility, adjusting to change, versatility, openness to change"
        ),
        "Achievement Motivation": (
            "achievement, ambition, drive, determination, motivation, success"
        ),
        "Fear of Failure": (
            "fear of failure, self-doubt, fear of mistakes, insecurity, dread of failing"
        ),
        "Need for Control": "need for control, control, dominance, orderliness, perfectionism",
        "Cognitive Load": (
            "mental overload, confusion, complexity, mental effort, information overload"
        ),
        "Social Support": (
            "social support, help from others, encouragement, comfort, community, solidarity"
        ),
        "Resilience": "resilience, perseverance, endurance, recovery, strength in adversity",
    }.items()
}
NO_VIRTUES = (
    "Anxiety and Stress Levels",
    "Work-related Stress",
    "Fear of Failure",
    "Need for Control",
    "Cognitive Load",
)


def looked_at(model: str) -> bool:
    """Whether a story-teller is in the half that the judge was mended on."""
    return int(hashlib.sha256(model.encode()).hexdigest(), 16) % 2 == 0


def portrait_looked_at(portrait: int) -> bool:
    """Whether a query of Value Portrait is in the half that the judge was mended on."""
    return hashlib.sha256(str(portrait).encode()).digest()[0] % 2 == 0


def stories(folder: Path, continuation: int = 0) -> list[Completion]:
    """Give one continuation of each opening by each model, without the opening."""
    openings = {p.stem: p.read_text("utf-8").strip() for p in (folder / "incipits").glob("*.txt")}
    with gzip.open(folder / "continuations.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["rep"] == continuation]
    return [
        _answered(row["model"], row["dream"], clean_completion(row["text"], openings[row["dream"]]))
        for row in rows
    ]


def ratings(folder: Path) -> pd.DataFrame:
    """Give the mean ratings, (judge, model) x traits; means of repeats first, then of sets."""
    table = pd.read_csv(folder / "judge_ratings.csv.gz")
    names = list(TRAITS)
    table[names] = table[names].apply(pd.to_numeric, errors="coerce")
    sets = table.groupby(["judge", "model", "answer_rep"])[names].mean()
    return sets.groupby(["judge", "model"]).mean()


def ten_values() -> Words:
    """Give the project's own marker words of Schwartz's ten values, in turn from each part."""
    path = ROOT / "lexicon" / "theories" / "schwartz.yaml"
    rows = {row["id"]: row for row in yaml.safe_load(path.read_text("utf-8"))["values"]}
    words = {}
    for row in rows.values():
        if row["level"] == "ten":
            parts = [rows[part]["markers"] for part in row["parts"]]
            longest = max(map(len, parts))
            words[row["name"].replace("-", "_")] = [
                part[i] for i in range(longest) for part in parts if i < len(part)
            ]
    return words


def portraits(folder: Path) -> list[tuple[int, int, Completion]]:
    """Give portrait, option and reply, in the order of the file."""
    items = json.loads((folder / "items_tagged.json").read_text("utf-8"))
    return [
        (int(i["portrait_id"]), int(o["id"]), _answered("people", str(o["id"]), o["content"]))
        for i in items
        for o in i["outputs"]
    ]


def reader() -> SentenceReader:
    """Give the sentence reader of the study's settings."""
    return SentenceReader(settings().embed)


def settings() -> Settings:
    """Give the settings of the study that is shipped."""
    return open_context(ROOT).settings


def offline_judge(words: Words, sentences: SentenceReader) -> EmbeddingJudge:
    """Calibrate the judge as the study sets it up for a flat taxonomy of traits."""
    how = settings().score
    path = ROOT / "prompts" / f"{how.anchors}.yaml"
    anchors: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    subs = [
        {"id": f"s{i}", "name": name, "terms": [{"term": term} for term in terms]}
        for i, (name, terms) in enumerate(words.items(), start=1)
    ]
    taxonomy = {"dimensions": [{"id": "d1", "name": "all", "sub_dimensions": subs}]}
    terms = JudgeSettings(terms=how.anchor_terms)
    return EmbeddingJudge(taxonomy, anchors, sentences.meaning, terms, tone=sentences.tone)


def by_model(completions: Sequence[Completion], values: Array) -> pd.DataFrame:
    """Give the mean of a model's texts, NaN left out: models x traits."""
    return pd.DataFrame(values).groupby([c.model for c in completions]).mean()


def _answered(model: str, stem: str, text: str) -> Completion:
    return Completion(f"{model}|{stem}", model, stem, 0, text, "answered")
