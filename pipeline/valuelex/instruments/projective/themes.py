"""Conduct by theme: sentences of both poles for common human concerns, matched to a taxonomy.

Terms name a value ("mercy"); completions show conduct ("stay at the bedside"). The themes of
``prompts/anchors.v3.yaml`` bridge the two: each has words that name it and sentences of conduct at
both poles. A sub-dimension borrows the sentences of the themes whose words are nearest to its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import PromptError, well_formed
from valuelex.instruments.projective.calibration import Array

SHARPNESS = 30.0
"""How much the nearest theme outweighs the others: weights are exp(SHARPNESS * cosine)."""
UNRELATED = 0.3
"""Cosine of word centroids from which on a theme is no relative of a sub-dimension."""


@dataclass(frozen=True, slots=True)
class Themes:
    """Sentences of conduct: ``texts`` n, ``theme`` (n,) their place in ``words``, ``pole`` (n,).

    ``framed`` and ``framed_pole`` hold each deed once more inside an attitude ("I would never"),
    "" where a sentence is no bare deed, so that attitudes are learned in every neighbourhood.
    """

    words: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    theme: NDArray[np.int_]
    pole: Array
    framed: tuple[str, ...]
    framed_pole: Array


@well_formed("the file of anchors", PromptError)
def read_themes(content: Mapping[str, Any]) -> Themes:
    """Read ``themes`` of the anchors' file; a file without it has none.

    Raises
    ------
    PromptError
        When a theme lacks words or a pole.
    """
    words: list[tuple[str, ...]] = []
    rows: list[tuple[str, int, float]] = []
    for name, entry in dict(content.get("themes", {})).items():
        lacking = [field for field in ("words", "high", "low") if not entry.get(field)]
        if lacking:
            raise PromptError(f"the theme '{name}' must have {lacking}, has: {sorted(entry)}")
        for pole, texts in ((1.0, entry["high"]), (-1.0, entry["low"])):
            rows += [(str(text), len(words), pole) for text in texts]
        words.append(tuple(str(word) for word in entry["words"]))
    poles = np.array([pole for _, _, pole in rows], dtype=np.float64)
    framed, turns = _framed([text for text, _, _ in rows], content)
    return Themes(
        tuple(words),
        tuple(text for text, _, _ in rows),
        np.array([theme for _, theme, _ in rows], dtype=np.int_),
        poles,
        framed,
        poles * turns,
    )


def _framed(texts: Sequence[str], content: Mapping[str, Any]) -> tuple[tuple[str, ...], Array]:
    """Put each bare deed into one frame of attitude, frame by frame; -1 where it turns the pole."""
    attitudes = content.get("attitudes", {"no_deed": [], "keep": [], "turn": []})
    frames = [(f, 1.0) for f in attitudes["keep"]] + [(f, -1.0) for f in attitudes["turn"]]
    other, found, turns = set(attitudes["no_deed"]), [], []
    for i, text in enumerate(texts):
        deed = bool(frames) and text.split()[0].strip(",") not in other
        frame, turn = frames[i % len(frames)] if deed else ("", 1.0)
        found.append(frame.replace("{deed}", text))
        turns.append(turn)
    return tuple(found), np.array(turns)


def match(subs: Array, themes: Array) -> Array:
    """Return how much each sub-dimension borrows of each theme, (k, t); rows sum to at most 1.

    Parameters
    ----------
    subs, themes
        Unit centroids of the words, (k, d) and (t, d).
    """
    if not len(themes):
        return np.zeros((len(subs), 0))
    cosine = subs @ themes.T
    best = cosine.max(axis=1, keepdims=True)
    weight = np.exp(SHARPNESS * (cosine - best))
    trust = np.sqrt(np.clip((best - UNRELATED) / (1.0 - UNRELATED), 0.0, 1.0))
    return np.asarray(trust * weight / weight.sum(axis=1, keepdims=True), dtype=np.float64)


def unit(x: Array) -> Array:
    """Scale rows to length 1; a row of zeros stays one."""
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12))


def centroid(vectors: Array) -> Array:
    """Return the unit mean (d,) of unit vectors (n, d)."""
    return unit(unit(vectors).mean(axis=0))


def groups(labels: NDArray[np.int_], n: int) -> tuple[NDArray[np.int_], ...]:
    """Return the rows of each of ``n`` labels."""
    return tuple(np.flatnonzero(labels == k) for k in range(n))
