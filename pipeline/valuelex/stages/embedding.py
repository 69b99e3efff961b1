"""Functions from texts to vectors, by the study's embedding model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.settings import Embed
from valuelex.space.embed import embed_terms, embed_texts
from valuelex.stages.context import Context


def text_embedder(context: Context) -> Callable[[Sequence[str]], NDArray[Any]]:
    """Return a function that embeds whole sentences, as they are, without the terms' template."""
    return sentence_embedder(context.settings.embed)


def sentence_embedder(settings: Embed) -> Callable[[Sequence[str]], NDArray[Any]]:
    """Return the same function for settings that come from elsewhere than ``params.yaml``."""

    def embed(texts: Sequence[str]) -> NDArray[Any]:
        return embed_terms(
            texts,
            model=settings.model,
            batch_size=settings.batch_size,
            device=settings.device,
            threads=settings.threads,
            offline=settings.offline,
        )

    return embed


MOST_KEPT = 60_000
"""Texts whose vectors are kept at once: about 200 MB at 384 dimensions."""


class SentenceReader:
    """Meaning and tone of sentences; each distinct text goes through the model once."""

    def __init__(self, settings: Embed) -> None:
        self._settings = settings
        self._kept: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {}

    def meaning(self, texts: Sequence[str]) -> NDArray[Any]:
        """Return unit vectors (n, d)."""
        self._read(texts)
        return np.array([self._kept[text][0] for text in texts])

    def tone(self, texts: Sequence[str]) -> NDArray[Any]:
        """Return vectors (n, e) in which attitude shows."""
        self._read(texts)
        return np.array([self._kept[text][1] for text in texts])

    def _read(self, texts: Sequence[str]) -> None:
        new = sorted(set(texts) - set(self._kept))
        if not new:
            return
        if len(self._kept) + len(new) > MOST_KEPT:
            self._kept.clear()
            new = sorted(set(texts))
        how = self._settings
        meanings, tones = embed_texts(
            new,
            model=how.model,
            batch_size=how.batch_size,
            device=how.device,
            threads=how.threads,
            offline=how.offline,
        )
        self._kept.update(zip(new, zip(meanings, tones, strict=True), strict=True))
