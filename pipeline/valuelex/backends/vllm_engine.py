"""vLLM, one subprocess per model: the parent never imports it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from valuelex.backends.engine import LoadedModel, interpreter
from valuelex.backends.registry import Entry, kept_as
from valuelex.errors import BackendError

PYTHON = "VALUELEX_VLLM_PYTHON"  # an interpreter that has vLLM, when this one has not


def open_backend(entry: Entry) -> VllmBackend:
    """Build the backend of a roster entry; the model is loaded when requests come.

    Raises
    ------
    BackendError
        When the entry wants the model's own code to run.
    """
    if entry.trust_remote_code:
        raise BackendError(
            f"the model '{entry.id}' has trust_remote_code: code that comes with a model is never"
            " run here; use a model that vLLM knows, or serve it elsewhere (backend 'openai')"
        )
    return VllmBackend(
        model=entry.id,
        revision=entry.revision,
        interface=entry.interface,
        dtype=entry.dtype,
        tensor_parallel=entry.tensor_parallel,
        max_model_len=entry.max_model_len,
        quantization=entry.quantization,
        thinking=entry.thinking,
        kept_as=kept_as(entry),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VllmBackend(LoadedModel):
    """One model in vLLM; ``python`` is by default what ``VALUELEX_VLLM_PYTHON`` names."""

    python: str = field(default_factory=partial(interpreter, PYTHON))
    name: str = "vllm"

    constrains: ClassVar[bool] = True
    _title: ClassVar[str] = "vLLM"
    _worker: ClassVar[str] = "valuelex.backends.vllm_worker"
    _missing: ClassVar[dict[str, str]] = {
        "vllm": f"pip install 'valuelex[vllm]', or name an interpreter that has it in {PYTHON}"
    }
