"""Strict settings: ``params.yaml`` becomes typed objects, or one clear error.

An unknown key is an error with the nearest known name; a value out of range says what was expected
and what came. Every field is explained in ``params.yaml`` itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from valuelex.errors import SettingsError, near_miss
from valuelex.reading import UnreadableYamlError, load_yaml
from valuelex.records import Sampling
from valuelex.roster import KEY, Count, ModelEntry, Section, Share, Study, shown

PARAMS = "params.yaml"


class Elicit(Section):
    """How value words are elicited: the prompts and the grid of decoding settings."""

    prompts: str
    temperatures: Annotated[tuple[Annotated[float, Field(ge=0, le=2)], ...], Field(min_length=1)]
    top_ps: Annotated[tuple[Annotated[float, Field(gt=0, le=1)], ...], Field(min_length=1)]
    draws: Count
    max_tokens: Count

    @property
    def grid(self) -> tuple[Sampling, ...]:
        """The decoding settings, one respondent each per model."""
        return tuple(
            Sampling(temperature=t, top_p=p, max_tokens=self.max_tokens)
            for t in self.temperatures
            for p in self.top_ps
        )


class Normalize(Section):
    """From replies to terms, and which terms enter the lexicon."""

    mode: Literal["auto", "list", "prose"]
    min_models: Count
    min_families: Count
    min_respondent_share: Share
    max_terms: Annotated[int, Field(ge=10)]
    max_terms_per_respondent: Annotated[float, Field(gt=0, lt=1)]


class Embed(Section):
    """The embedding of terms."""

    model: Annotated[str, Field(min_length=1)]
    template: Annotated[str, Field(pattern=r"\{term\}")]
    batch_size: Count
    device: Literal["cpu", "cuda"]
    threads: Count
    offline: bool


class Cluster(Section):
    """UMAP and the clusterer."""

    method: Literal[
        "hdbscan-eom",
        "hdbscan-leaf",
        "plscan",
        "agglomerative-ward",
        "agglomerative-average",
        "kmeans",
    ]
    n_components: Annotated[int, Field(ge=2, le=50)]
    n_neighbors: Annotated[int, Field(ge=2)]
    min_dist: Share
    min_cluster_size: Annotated[int, Field(ge=2)]
    resamples: Annotated[int, Field(ge=0)]
    noise_floor: Annotated[float, Field(ge=-1, le=1)] | None


class Factor(Section):
    """The factor analysis of the respondent x term matrix."""

    coding: Literal["presence", "counts", "clr"]
    n_factors: Literal["auto"] | Annotated[int, Field(ge=1)]
    extraction: Literal["minres", "ml", "pca"]
    rotation: Literal["oblimin", "promax", "varimax", "none"]
    permutations: Annotated[int, Field(ge=19)]
    percentile: Annotated[float, Field(gt=50, lt=100)]


class Taxonomy(Section):
    """From factors and meaning to named dimensions."""

    loading_floor: Share
    similarity_floor: Share
    max_sub_dimensions: Annotated[int, Field(ge=1, le=12)]
    min_terms: Annotated[int, Field(ge=2)]
    evidence: Count
    namer: str | None


class Validate(Section):
    """How hard the taxonomy is tested."""

    bootstraps: Annotated[int, Field(ge=20)]
    null_draws: Annotated[int, Field(ge=19)]


class Compose(Section):
    """The projective test that is made from the taxonomy."""

    bank: str
    generator: str | None = None
    stems_per_sub_dimension: Annotated[int, Field(ge=2)]


class Sampled(Section):
    """What an instrument asks with one decoding setting."""

    temperature: Annotated[float, Field(ge=0, le=2)]
    top_p: Annotated[float, Field(gt=0, le=1)]
    max_tokens: Count

    @property
    def sampling(self) -> Sampling:
        """The one decoding setting."""
        return Sampling(self.temperature, self.top_p, self.max_tokens)


class Administer(Sampled):
    """How stems are put to a model."""

    prompts: str
    draws: Count


class Score(Section):
    """Judging of completions."""

    judges: Annotated[tuple[str, ...], Field(min_length=1)]
    anchors: str
    anchor_terms: Count


class OfficialText(Section):
    """A file of the user's with the official portraits; its checksum makes a change visible."""

    file: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Survey(Section):
    """The portrait values questionnaire."""

    items: str
    official: OfficialText | None
    mode: Literal["item", "sheet"]
    frame: str
    trials: Count
    retest_frames: tuple[str, ...]
    retest_trials: Count
    temperature: Annotated[float, Field(ge=0, le=2)]
    top_p: Annotated[float, Field(gt=0, le=1)]
    max_tokens: Count
    sheet_max_tokens: Count
    norms: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    permutations: Annotated[int, Field(ge=19)]
    constrained: bool = False
    bootstraps: Annotated[int, Field(ge=20)]

    @model_validator(mode="after")
    def _frames(self) -> Self:
        frames = (self.frame, *self.retest_frames)
        if len(set(frames)) < len(frames):
            raise ValueError(f"each frame must stand once in frame and retest_frames: {frames}")
        return self

    @property
    def sampling(self) -> Sampling:
        """The one decoding setting of the questionnaire; a sheet needs room for all its lines."""
        tokens = self.sheet_max_tokens if self.mode == "sheet" else self.max_tokens
        return Sampling(self.temperature, self.top_p, tokens)

    @property
    def rounds(self) -> tuple[tuple[str, int], ...]:
        """Each frame with its number of trials; the first is the one that is scored."""
        retests = ((frame, self.retest_trials) for frame in self.retest_frames)
        return ((self.frame, self.trials), *retests)


class Dilemmas(Sampled):
    """Forced choices between two values, asked together with the questionnaire."""

    prompts: str
    trials: Count
    permutations: Annotated[int, Field(ge=19)]


class PortraitItems(Section):
    """A folder of the user's with an item set; its checksum makes a change visible."""

    folder: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Portrait(Sampled):
    """Value Portrait: given when the user has an item set."""

    items: PortraitItems | None
    prompts: str
    tags: Literal["published", "corrected"]
    false_discovery: Annotated[float, Field(gt=0, lt=1)]
    personas: tuple[str, ...]
    permutations: Annotated[int, Field(ge=19)]


class Settings(Section):
    """All of ``params.yaml``."""

    study: Study
    elicit: Elicit
    normalize: Normalize
    embed: Embed
    cluster: Cluster
    factor: Factor
    taxonomy: Taxonomy
    validate_: Annotated[Validate, Field(alias="validate")]
    compose: Compose
    administer: Administer
    score: Score
    survey: Survey
    dilemmas: Dilemmas
    portrait: Portrait
    models: Mapping[str, ModelEntry]

    @model_validator(mode="after")
    def _roster(self) -> Self:
        if not self.models:
            raise ValueError("the roster is empty: `models` needs at least one entry")
        for key in self.models:
            if not KEY.fullmatch(key):
                nearest = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
                raise ValueError(
                    f"model key {key!r} must be lower-case letters, digits and single hyphens"
                    f" (no dots: DVC would read them as a path); try {nearest!r}"
                )
        generator = self.compose.generator
        if generator is not None and generator not in self.models:
            raise ValueError(
                f"`compose.generator` must be null or a roster key, was: {generator!r}"
                f"{near_miss(generator, self.models)}"
            )
        return self

    @property
    def simulated(self) -> bool:
        """Whether any reply of the study comes from the simulated backend."""
        return any(entry.backend == "simulated" for entry in self.models.values())

    def model(self, key: str) -> ModelEntry:
        """Return a roster entry.

        Raises
        ------
        SettingsError
            When the roster has no such key.
        """
        if key not in self.models:
            raise SettingsError(
                f"no model '{key}' in the roster of {PARAMS}{near_miss(key, self.models)}"
            )
        return self.models[key]


def load_settings(root: Path) -> Settings:
    """Read and check ``params.yaml`` below ``root``.

    Raises
    ------
    SettingsError
        With the first offender, what was expected, what came, and the nearest known name.
    """
    path = root / PARAMS
    try:
        content = load_yaml(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except UnreadableYamlError as error:
        raise SettingsError(f"{path} is not valid YAML: {error}") from None
    return parse_settings(content, str(path))


def parse_settings(content: Any, source: str) -> Settings:
    """Check parsed YAML; ``source`` names it in errors.

    Raises
    ------
    SettingsError
        As :func:`load_settings`.
    """
    if not isinstance(content, dict):
        raise SettingsError(f"{source} must be a mapping of sections, was: {content!r:.80}")
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        problems = error.errors()
        rest = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise SettingsError(f"{source}: {_explain(problems[0])}{rest}") from None


def _explain(problem: Any) -> str:
    where = [str(part) for part in problem["loc"]]
    name = ".".join(where) or "top level"
    if problem["type"] == "extra_forbidden":
        known = _fields(where[:-1])
        return (
            f"unknown key '{name}'{near_miss(where[-1], known)};"
            f" known here: {', '.join(sorted(known))}"
        )
    if problem["type"] == "missing":
        return f"'{name}' is missing"
    message = str(problem["msg"]).removeprefix("Value error, ")
    if not where:
        return message
    came = shown(where[-1], problem["input"])
    return f"'{name}': {message[:1].lower()}{message[1:]}, was: {came}"


def _fields(path: Iterable[str]) -> list[str]:
    """Return the keys known at a place in ``params.yaml``."""
    section: type[BaseModel] = Settings
    for part in path:
        if part == "models":
            section = ModelEntry
            continue
        field = next((f for n, f in section.model_fields.items() if part in (n, f.alias)), None)
        kind = field.annotation if field else None
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            section = kind
    return [field.alias or name for name, field in section.model_fields.items()]
