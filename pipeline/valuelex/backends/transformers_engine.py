"""transformers, one subprocess per model: the engine of small machines, on a CPU or one GPU.

Slower than vLLM, but it comes with the project's own dependencies: nothing else to install.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import ClassVar

from valuelex.backends.engine import LoadedModel
from valuelex.backends.registry import Entry, kept_as
from valuelex.errors import BackendError


def open_backend(entry: Entry) -> TransformersBackend:
    """Build the backend of a roster entry; the model is loaded when requests come.

    Raises
    ------
    BackendError
        When the entry wants something that this engine does not do.
    """
    wanted = {
        "trust_remote_code": entry.trust_remote_code,
        "quantization": entry.quantization is not None,
        "tensor_parallel": entry.tensor_parallel > 1,
    }
    for name, asked in wanted.items():
        if asked:
            raise BackendError(
                f"the model '{entry.id}' has {name}, which the backend 'transformers' does not do:"
                " use the backend 'vllm', or serve it elsewhere (backend 'openai')"
            )
    return TransformersBackend(
        model=entry.id,
        revision=entry.revision,
        interface=entry.interface,
        dtype=entry.dtype,
        max_model_len=entry.max_model_len,
        thinking=entry.thinking,
        kept_as=kept_as(entry),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformersBackend(LoadedModel):
    """One model in transformers."""

    chunk: int = 64
    python: str = field(default=sys.executable)
    name: str = "transformers"

    _title: ClassVar[str] = "transformers"
    _worker: ClassVar[str] = "valuelex.backends.transformers_worker"
