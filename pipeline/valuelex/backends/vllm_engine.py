"""vLLM, one subprocess per model: the parent never imports it.

Freeing GPU memory inside a process is fragile and a crash of the engine would take the study with
it; a subprocess gives everything back when it ends. It is a process group of its own, which is
ended as a whole: at the end, on a timeout, on an error, and when the parent dies.
"""

from __future__ import annotations

import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import valuelex
from valuelex.backends.completions import Choice, judge
from valuelex.backends.registry import Entry
from valuelex.errors import BackendError
from valuelex.records import Reply, Request

PYTHON = "VALUELEX_VLLM_PYTHON"  # an interpreter that has vLLM, when this one has not
_WORKER = "valuelex.backends.vllm_worker"
_GRACE = 20.0  # seconds for the engine to end by itself


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
    )


def _python() -> str:
    return os.environ.get(PYTHON) or sys.executable


@dataclass(frozen=True, slots=True, kw_only=True)
class VllmBackend:
    """One model, loaded in a subprocess for as long as :meth:`run` is iterated.

    Parameters
    ----------
    model, revision
        Hub id or folder, and branch, tag or commit.
    interface
        ``chat`` uses the model's chat template; ``completion`` gives it the plain text.
    dtype, tensor_parallel, max_model_len, quantization
        As vLLM takes them; ``None`` leaves them to the model.
    chunk
        Requests handed over at a time, >= 1; all replies of one chunk come before the next.
    load_timeout, chunk_timeout
        Seconds to wait for the model to load (the first time it is downloaded), and for the next
        reply.
    python
        The interpreter that has vLLM; default: the environment variable ``VALUELEX_VLLM_PYTHON``,
        else this one.
    """

    model: str
    revision: str = "main"
    interface: str = "chat"
    dtype: str | None = None
    tensor_parallel: int = 1
    max_model_len: int | None = None
    quantization: str | None = None
    chunk: int = 512
    load_timeout: float = 7200.0
    chunk_timeout: float = 1800.0
    python: str = field(default_factory=_python)
    name: str = "vllm"

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:
        """Yield one reply per request, chunk by chunk.

        Raises
        ------
        BackendError
            When vLLM is not installed, the model cannot be loaded, a request is for another
            model, or the engine dies or falls silent. What was yielded before stands.
        """
        strangers = [r for r in requests if (r.model_id, r.revision) != (self.model, self.revision)]
        if strangers:
            raise BackendError(
                f"vLLM holds '{self.model}' at {self.revision}, but was asked for"
                f" '{strangers[0].model_id}' at {strangers[0].revision}"
            )
        if not requests:
            return
        with _Worker(self) as worker:
            engine = worker.load(self._load())
            for start in range(0, len(requests), self.chunk):
                yield from self._answer(worker, engine, requests[start : start + self.chunk])

    def _load(self) -> dict[str, Any]:
        names = ("model", "revision", "interface", "dtype", "tensor_parallel", "max_model_len")
        return {name: getattr(self, name) for name in (*names, "quantization")}

    def _answer(self, worker: _Worker, engine: str, chunk: Sequence[Request]) -> Iterator[Reply]:
        worker.send({"chunk": [_item(request) for request in chunk]})
        while "done" not in (message := worker.receive(self.chunk_timeout)):
            yield _reply(message["reply"], engine)


def _item(request: Request) -> dict[str, Any]:
    return {
        "id": request.id,
        "messages": [[message.role, message.content] for message in request.messages],
        "temperature": request.sampling.temperature,
        "top_p": request.sampling.top_p,
        "max_tokens": request.sampling.max_tokens,
        "seed": request.seed,
    }


def _reply(said: dict[str, Any], engine: str) -> Reply:
    if "error" in said:
        return Reply(said["id"], "", "failed", f"not asked: {said['error']}"[:300], engine=engine)
    choice: Choice = judge(said["text"], said["finish_reason"])
    return Reply(
        request_id=said["id"],
        text=choice.text,
        outcome=choice.outcome,
        detail="; ".join(part for part in (choice.detail, said["note"]) if part),
        finish_reason=choice.finish_reason,
        tokens_in=said["tokens_in"],
        tokens_out=said["tokens_out"],
        engine=engine,
    )


class _Worker:
    """The subprocess and its pipes; a context manager that ends the whole process group."""

    def __init__(self, backend: VllmBackend) -> None:
        self._backend = backend
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._process = self._start()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._end(in_peace=kind is None)
        self._reader.join(timeout=_GRACE)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._log.close()

    def load(self, order: dict[str, Any]) -> str:
        """Load the model; what the engine calls itself."""
        self.send({"load": order})
        return str(self.receive(self._backend.load_timeout)["ready"])

    def send(self, order: dict[str, Any]) -> None:
        """Hand one order over."""
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe above
        try:
            self._process.stdin.write(json.dumps(order).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise self._died() from None

    def receive(self, timeout: float) -> dict[str, Any]:
        """Return the next message.

        Raises
        ------
        BackendError
            When none comes in ``timeout`` seconds, the process ends, or it says that it is done
            for.
        """
        try:
            line = self._said.get(timeout=timeout)
        except queue.Empty:
            raise BackendError(
                f"vLLM with '{self._backend.model}' was silent for {timeout:g} s and is ended;"
                f" {self._last_words()}"
            ) from None
        if not line:
            raise self._died()
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:
            raise BackendError(f"vLLM's worker must write JSON lines, was: {line!r:.200}") from None
        if "fatal" in message:
            raise BackendError(
                f"vLLM, model '{self._backend.model}': {_explained(message['fatal'])}"
            )
        return message

    def _start(self) -> subprocess.Popen[bytes]:
        source = str(Path(valuelex.__file__).parents[1])
        path = os.pathsep.join(p for p in (source, os.environ.get("PYTHONPATH", "")) if p)
        quiet = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "TOKENIZERS_PARALLELISM": "false"}
        try:
            return subprocess.Popen(  # noqa: S603 - our own module, by a chosen interpreter
                [self._backend.python, "-m", _WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env={**os.environ, **quiet, "PYTHONPATH": path},
                start_new_session=True,  # a group of its own: vLLM starts processes too
            )
        except OSError as error:
            self._log.close()
            raise BackendError(f"{self._backend.python} cannot be started: {error}") from None

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe above
        for line in self._process.stdout:
            self._said.put(line)
        self._said.put(b"")  # the end

    def _end(self, *, in_peace: bool) -> None:
        if in_peace and self._process.poll() is None:
            with suppress(BackendError, subprocess.TimeoutExpired):
                self.send({"stop": True})
                self._process.wait(timeout=_GRACE)
        # The leader may be gone and its engine not: the group is ended in any case.
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=2.0)
        self._process.wait()

    def _died(self) -> BackendError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2.0)
        return BackendError(
            f"vLLM with '{self._backend.model}' ended unexpectedly (exit code"
            f" {self._process.poll()}); {self._last_words()}; the same command continues"
        )

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read()[-4000:].decode("utf-8", "replace").splitlines()
        said = [line.strip() for line in lines if line.strip()]
        last = list(itertools.islice(reversed(said), 2))
        return (
            f"its last words: {' | '.join(reversed(last))[:400]!r}" if last else "it said nothing"
        )


def _explained(fatal: str) -> str:
    if "No module named 'vllm'" in fatal:
        return (
            "the package 'vllm' is not installed: pip install 'valuelex[vllm]', or name an"
            f" interpreter that has it in {PYTHON}"
        )
    return fatal
