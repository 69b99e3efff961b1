"""The planted truth of a simulated study: for the double that answers, and the recovery check.

Nothing else reads it; an architecture test proves that. A vocabulary, a stop list or an anchor
made from it would make recovery mean nothing.
"""

from __future__ import annotations

import hashlib
from typing import Any

from valuelex.backends.simulated.backend import SimulatedBackend
from valuelex.backends.simulated.respondent import ModelTraits
from valuelex.backends.simulated.truth import PlantedTruth, planted_truth
from valuelex.backends.simulated.world import World
from valuelex.errors import LexiconError, SettingsError, near_miss
from valuelex.lexica import LEXICON, read_yaml
from valuelex.roster import ModelEntry
from valuelex.stages.context import Context

CHOICES = "planted/choices.v1.yaml"


def load_world(context: Context) -> World:
    """Read the planted world that the study names.

    Raises
    ------
    LexiconError
        When the file is missing or malformed.
    """
    study = context.settings.study
    content: dict[str, Any] = {**read_yaml(context.root, f"planted/{study.world}.yaml")}
    return World.from_mapping(content | {"structure": study.structure})


def traits(key: str, entry: ModelEntry) -> ModelTraits:
    """Return what a simulated model's answers may depend on: its roster metadata.

    Raises
    ------
    SettingsError
        When the entry has no parameter count or training method.
    """
    if entry.parameters_b is None or entry.training == "unknown":
        raise SettingsError(
            f"the simulated model '{key}' needs parameters_b and training, was:"
            f" {entry.parameters_b}, {entry.training}"
        )
    return ModelTraits(
        family=entry.family,
        developer=entry.developer,
        parameters_b=entry.parameters_b,
        training=entry.training,
        data_source=entry.data_source,
    )


def simulated_backend(context: Context, key: str, entry: ModelEntry) -> SimulatedBackend:
    """Return the double that answers for one simulated model."""
    return SimulatedBackend(
        load_world(context),
        context.settings.study.seed,
        {key: traits(key, entry)},
        read_yaml(context.root, CHOICES),
    )


def study_truth(context: Context) -> PlantedTruth:
    """Return what a perfect analysis of the whole study would find."""
    settings = context.settings
    models = {key: traits(key, settings.models[key]) for key in sorted(settings.models)}
    return planted_truth(load_world(context), settings.study.seed, models, settings.elicit.grid)


def world_revision(context: Context, key: str, entry: ModelEntry) -> str:
    """Return what a simulated reply depends on beside its request, as a short name.

    Raises
    ------
    LexiconError
        When the study's world is missing.
    """
    study = context.settings.study
    path = context.root / LEXICON / "planted" / f"{study.world}.yaml"
    try:
        data = path.read_bytes()
    except OSError as error:
        known = sorted(world.stem for world in path.parent.glob("*.yaml"))
        raise LexiconError(
            f"{path}, named by `study.world`, cannot be read ({error.strerror})"
            f"{near_miss(study.world, known)}; there are: {known}"
        ) from None
    parts = (hashlib.sha256(data).hexdigest(), study.structure, study.seed, traits(key, entry))
    return f"simulated:{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"
