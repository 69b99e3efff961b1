"""Engines that load a model in a subprocess: one model, one subprocess, chunk by chunk.

Freeing GPU memory inside a process is fragile and a crash of the engine would take the study with
it; a subprocess gives everything back when it ends. The parent imports no engine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from valuelex.backends.base import Ask
from valuelex.backends.engine_process import EngineProcess
from valuelex.backends.thinking import spoken_choice
from valuelex.errors import BackendError
from valuelex.records import Reply, Request


def interpreter(variable: str) -> str:
    """Return the Python that has the engine: the one a variable names, else this one."""
    return os.environ.get(variable) or sys.executable


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """One model, loaded for as long as :meth:`run` is iterated or a :meth:`session` is open.

    Parameters
    ----------
    model, revision
        Hub id or folder, and branch, tag or commit.
    interface
        ``chat`` uses the model's chat template; ``completion`` gives it the plain text.
    dtype, max_model_len, quantization, tensor_parallel
        As the engine takes them; ``None`` leaves them to the model.
    thinking
        Whether the chat template is told to let the model think aloud.
    kept_as
        The revision that requests carry (:func:`valuelex.backends.registry.kept_as`).
    chunk
        Requests handed over at a time, >= 1; all replies of one chunk come before the next.
    load_timeout, chunk_timeout
        Seconds to wait for the model to load (the first time it is downloaded), and for the next
        reply.
    python
        The interpreter that has the engine.
    """

    model: str
    revision: str = "main"
    interface: str = "chat"
    dtype: str | None = None
    tensor_parallel: int = 1
    max_model_len: int | None = None
    quantization: str | None = None
    thinking: bool = False
    kept_as: str = ""
    chunk: int = 512
    load_timeout: float = 7200.0
    chunk_timeout: float = 1800.0
    python: str = sys.executable
    name: str = ""

    constrains: ClassVar[bool] = False
    _title: ClassVar[str] = ""
    _worker: ClassVar[str] = ""
    _missing: ClassVar[dict[str, str]] = {}

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:
        """Yield one reply per request, chunk by chunk.

        Raises
        ------
        BackendError
            When the engine is not installed, the model cannot be loaded, a request is for another
            model, or the engine dies or falls silent. What was yielded before stands.
        """
        self._refuse_strangers(requests)
        if not requests:
            return
        with self.session() as ask:
            for start in range(0, len(requests), self.chunk):
                yield from ask(requests[start : start + self.chunk])

    @contextmanager
    def session(self) -> Iterator[Ask]:
        """Load the model once and give a function that answers one chunk after the other.

        Raises
        ------
        BackendError
            As :meth:`run`.
        """
        title = f"{self._title} with '{self.model}'"
        with EngineProcess(title, self.python, self._worker, self._missing) as process:
            process.send({"load": self._load()})
            engine = str(process.receive(self.load_timeout)["ready"])

            def ask(chunk: Sequence[Request]) -> Iterator[Reply]:
                self._refuse_strangers(chunk)
                asked = {request.id: request for request in chunk}
                process.send({"chunk": [_item(request) for request in asked.values()]})
                while "done" not in (message := process.receive(self.chunk_timeout)):
                    said = message["reply"]
                    yield _reply(said, engine, asked[said["id"]])

            yield ask

    def _refuse_strangers(self, requests: Sequence[Request]) -> None:
        known = (self.model, self.kept_as or self.revision)
        for request in requests:
            if (request.model_id, request.revision) != known:
                raise BackendError(
                    f"{self._title} holds '{self.model}' at {known[1]}, but was asked for"
                    f" '{request.model_id}' at {request.revision}"
                )

    def _load(self) -> dict[str, Any]:
        names = ("model", "revision", "interface", "dtype", "tensor_parallel", "max_model_len")
        return {name: getattr(self, name) for name in (*names, "quantization", "thinking")}


def _item(request: Request) -> dict[str, Any]:
    return {
        "id": request.id,
        "messages": [[message.role, message.content] for message in request.messages],
        "temperature": request.sampling.temperature,
        "top_p": request.sampling.top_p,
        "max_tokens": request.sampling.max_tokens,
        "seed": request.seed,
        "pattern": request.pattern,
    }


def _reply(said: dict[str, Any], engine: str, request: Request) -> Reply:
    made_by = f"{engine} constrained" if request.pattern else engine
    if "error" in said:
        return Reply(said["id"], "", "failed", f"not asked: {said['error']}"[:300], engine=made_by)
    choice, raw = spoken_choice(said["text"], said["finish_reason"])
    return Reply(
        request_id=said["id"],
        text=choice.text,
        outcome=choice.outcome,
        detail="; ".join(part for part in (choice.detail, said["note"]) if part),
        finish_reason=choice.finish_reason,
        tokens_in=said["tokens_in"],
        tokens_out=said["tokens_out"],
        engine=made_by,
        raw=raw,
    )
