"""The planted truth of a simulated study: for the double that answers, and the recovery check.

Nothing else reads it; an architecture test proves that. A vocabulary, a stop list or an anchor
made from it would make recovery mean nothing.
"""

from __future__ import annotations

import hashlib

from valuelex.backends.simulated.backend import SimulatedBackend
from valuelex.backends.simulated.world import World
from valuelex.lexica import LEXICON, read_yaml
from valuelex.settings import ModelEntry
from valuelex.stages.context import Context


def load_world(context: Context) -> World:
    """Read the planted world that the study names.

    Raises
    ------
    LexiconError
        When the file is missing or malformed.
    """
    return World.from_mapping(
        read_yaml(context.root, f"planted/{context.settings.study.world}.yaml")
    )


def simulated_backend(context: Context, key: str, entry: ModelEntry) -> SimulatedBackend:
    """Return the double that answers for one simulated model."""
    raise NotImplementedError


def world_revision(context: Context) -> str:
    """Return what a simulated reply depends on beside its request."""
    study = context.settings.study
    path = context.root / LEXICON / "planted" / f"{study.world}.yaml"
    world = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"simulated:{world}:{study.structure}:{study.seed}"
