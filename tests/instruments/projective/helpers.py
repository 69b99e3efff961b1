"""Doubles and small builders for the tests of the projective instrument."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from valuelex.instruments.projective.completions import Completion
from valuelex.records import Outcome

PROMPTS = Path(__file__).resolve().parents[3] / "prompts"
DIMENSIONS = 512


def prompt(name: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = yaml.safe_load((PROMPTS / f"{name}.yaml").read_text("utf-8"))
    return content


# Words of one meaning share a direction, as in a real embedding; the first letters are compared.
MEANINGS = {
    "honesty": ("hones", "cando", "truth", "frank", "since"),
    "courage": ("coura", "brave", "darin", "bold", "fearl"),
    "order": ("tidin", "neatn", "order", "tidy", "neat"),
}
CONTENT = {start: meaning for meaning, starts in MEANINGS.items() for start in starts}


def meanings(texts: Sequence[str]) -> NDArray[np.float64]:
    """Embed texts by their words: words of one meaning near each other, other words light."""
    vectors = np.zeros((len(texts), DIMENSIONS))
    for i, text in enumerate(texts):
        for word in re.findall(r"[a-z]+", text.casefold()) or ["-"]:
            meaning = CONTENT.get(word[:5], "")
            vectors[i] += _direction(word[:5]) + (3.0 * _direction(meaning) if meaning else 0.0)
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@functools.cache
def _direction(word: str) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(DIMENSIONS)


def bag_of_words(texts: Sequence[str]) -> NDArray[np.float64]:
    """Embed texts by their words, each in a random direction of its own: no model is needed."""
    vectors = np.zeros((len(texts), DIMENSIONS))
    for i, text in enumerate(texts):
        for word in re.findall(r"[a-z]+", text.casefold()) or ["-"]:
            vectors[i] += _direction(word[:5])
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def taxonomy(terms: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    subs = [
        {"id": sub, "name": sub.title(), "terms": [{"term": t} for t in words]}
        for sub, words in terms.items()
    ]
    return {
        "version": "1",
        "dimensions": [
            {"id": "d1", "name": "First", "sub_dimensions": subs[:2]},
            {"id": "d2", "name": "Second", "sub_dimensions": subs[2:]},
        ],
    }


def ending(
    text: str,
    *,
    reply_id: str = "r1",
    model: str = "m",
    stem: str = "s01",
    draw: int = 0,
    outcome: Outcome = "answered",
) -> Completion:
    return Completion(reply_id, model, stem, draw, text, outcome)
