"""A function from texts to unit vectors, by the study's embedding model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from valuelex.settings import Embed
from valuelex.space.embed import embed_terms
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
