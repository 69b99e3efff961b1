"""The active study and its roster, as ``params.yaml`` and ``pipeline/rosters`` hold them."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """A block of settings: frozen, strict, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Study(Section):
    """Which study is active, and the seed of everything random outside the models."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    world: str = "world.v1"
    structure: Literal["planted", "none"] = "planted"


class Limits(Section):
    """How hard a model's server may be pressed (:class:`valuelex.backends.limits.Limits`)."""

    concurrency: Annotated[int, Field(ge=1, le=4096)] = 16
    retries: Annotated[int, Field(ge=0, le=100)] = 8
    backoff: Annotated[float, Field(gt=0, le=60)] = 0.5
    connect_timeout: Annotated[float, Field(gt=0)] = 10.0
    read_timeout: Annotated[float, Field(gt=0)] = 120.0
    total_timeout: Annotated[float, Field(gt=0)] = 600.0
    requests_per_minute: Annotated[float, Field(gt=0)] | None = None
    tokens_per_minute: Annotated[float, Field(gt=0)] | None = None


class Wire(Section):
    """What a server calls the token limit, and the fields that it refuses."""

    token_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"  # noqa: S105 - the name of a field
    omit: tuple[Literal["temperature", "top_p", "seed", "n"], ...] = ()


class ModelEntry(Section):
    """One line of the roster: who answers, and what is known about it."""

    backend: Literal["simulated", "vllm", "transformers", "openai", "recorded"]
    id: Annotated[str, Field(min_length=1)]
    revision: Annotated[str, Field(min_length=1)]
    developer: str
    family: Annotated[str, Field(min_length=1)]
    parameters_b: Annotated[float, Field(gt=0)] | None
    training: Literal["pretrained", "instruct", "aligned", "unknown"]
    data_source: str
    interface: Literal["chat", "completion"]
    licence: str
    recording: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    base_url: str | None = None
    key_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    limits: Limits = Limits()
    wire: Wire = Wire()
    dtype: str | None = None
    tensor_parallel: Count = 1
    max_model_len: Count | None = None
    quantization: str | None = None
    thinking: bool = False
    num_gpus: Annotated[int, Field(ge=0)] | None = None
    trust_remote_code: bool = False

    @property
    def gpus(self) -> int:
        """How many GPUs of one machine the model needs: said, or as vLLM spreads it."""
        if self.num_gpus is not None:
            return self.num_gpus
        return self.tensor_parallel if self.backend == "vllm" else 0


def shown(field: str, given: object) -> str:
    """Return what came, for a message; where the name of a key's variable is asked for, not a word.

    Whoever writes the key itself there should not find it in a log.
    """
    return "not shown: it may be the key itself" if field == "key_env" else f"{given!r:.80}"
