"""From a roster entry to the backend that it names.

The engines' modules are named as text and imported when asked for: a stage that opens a backend
does not depend on the code of every engine, so that an edit of one of them does not make DVC ask
35 models of another again. What an engine's code could change lies in the reply store under the
request's key anyway. :data:`ENGINES` is the one place that names them.

The simulated backend is not among them: it needs the planted truth, which one stage module alone
may read.
"""

from __future__ import annotations

import importlib
from typing import Protocol

from valuelex.backends.base import Backend
from valuelex.errors import BackendError, near_miss

# roster's `backend` -> module and the function in it that takes a roster entry
ENGINES = {
    "recorded": "valuelex.backends.recorded.pairs:open_backend",
    "openai": "valuelex.backends.openai_compatible:open_backend",
    "transformers": "valuelex.backends.transformers_engine:open_backend",
    "vllm": "valuelex.backends.vllm_engine:open_backend",
}


class Entry(Protocol):
    """What backends need to know of a roster entry (:class:`valuelex.settings.ModelEntry`)."""

    @property
    def backend(self) -> str:
        """Name of the backend."""
        ...

    @property
    def id(self) -> str:
        """Name of the model where it is loaded or served."""
        ...

    @property
    def revision(self) -> str:
        """Branch, tag or commit."""
        ...

    @property
    def interface(self) -> str:
        """``chat`` or ``completion``."""
        ...

    @property
    def base_url(self) -> str | None:
        """Address of the server."""
        ...

    @property
    def key_env(self) -> str | None:
        """Name of the environment variable that holds the key."""
        ...

    @property
    def dtype(self) -> str | None:
        """Number format of the weights."""
        ...

    @property
    def tensor_parallel(self) -> int:
        """How many GPUs hold the model."""
        ...

    @property
    def max_model_len(self) -> int | None:
        """Longest prompt and reply together, in tokens."""
        ...

    @property
    def quantization(self) -> str | None:
        """Quantization method."""
        ...

    @property
    def thinking(self) -> bool:
        """Whether the model is to think aloud before it answers."""
        ...

    @property
    def trust_remote_code(self) -> bool:
        """Whether the model's own code may run: always refused."""
        ...


def kept_as(entry: Entry) -> str:
    """Return the revision under which replies of an entry are kept.

    The roster's own, and what else makes another respondent of the same weights: a model that
    thinks aloud, or that is quantized while it is loaded, is asked anew.
    """
    variants = [entry.quantization or "", "thinking" if entry.thinking else ""]
    return "+".join([entry.revision, *(name for name in variants if name)])


def open_engine(entry: Entry) -> Backend:
    """Build the backend that a roster entry names, without loading any model yet.

    Raises
    ------
    BackendError
        When there is no such backend, or the entry lacks what it needs.
    """
    if entry.backend not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        raise BackendError(
            f"no backend '{entry.backend}' for the model '{entry.id}'"
            f"{near_miss(entry.backend, ENGINES)}; known: {known}"
        )
    module, _, function = ENGINES[entry.backend].partition(":")
    backend: Backend = getattr(importlib.import_module(module), function)(entry)
    return backend
