"""The process that holds one model in vLLM: ``python -m valuelex.backends.vllm_worker``.

Speaks JSON lines over its pipes and imports nothing of ours, so that it can run under an
interpreter that has vLLM and nothing else::

    in   {"load": {model, revision, interface, dtype, ...}}
    out  {"ready": "vllm 0.32.0 cuda bfloat16 ..."}            or  {"fatal": "..."}
    in   {"chunk": [{id, messages, temperature, top_p, max_tokens, seed}, ...]}
    out  {"reply": {id, text, finish_reason, tokens_in, tokens_out, note}}   one for each, or
         {"reply": {id, error}}                                     for one that cannot be asked
    out  {"done": 2}
    in   {"stop": true}

When the parent dies, standard input ends, and the worker ends its whole process group at once:
nobody would read what it still computes.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]
Emit = Callable[[Mapping[str, Any]], None]
MERGED = "system message put before the user's: the chat template takes none"


def main() -> None:
    """Load one model, answer chunks until told to stop."""
    emit = _emitter()
    lines = _lines()
    order = next(lines)
    try:
        model = Model(order["load"])
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        emit({"fatal": f"cannot load: {_said(error)}"})
        return
    emit({"ready": model.engine})
    for order in lines:
        if "stop" in order:
            return
        try:
            for reply in model.answer(order["chunk"]):
                emit({"reply": reply})
        except Exception as error:  # noqa: BLE001 - the engine is gone, the parent must hear of it
            emit({"fatal": f"the engine failed: {_said(error)}"})
            return
        emit({"done": len(order["chunk"])})


class Model:
    """One model in vLLM.

    Parameters
    ----------
    load
        ``model``, ``revision``, ``interface`` (``chat`` or ``completion``), and ``dtype``,
        ``tensor_parallel``, ``max_model_len``, ``quantization``, each of them or null.
    """

    def __init__(self, load: Item) -> None:
        import vllm
        from vllm.platforms import current_platform

        cpu = current_platform.is_cpu()
        if cpu:  # in one process it is ready in 5 s instead of 26; read when the engine is built
            os.environ.setdefault("VLLM_ENABLE_V1_MULTIPROCESSING", "0")
        self._chat = load["interface"] == "chat"
        self._params = vllm.SamplingParams
        self._llm: Any = vllm.LLM(**_arguments(load, cpu=cpu))
        self._merge_system = False
        template = self._template() if self._chat else ""
        self.engine = _engine_name(vllm.__version__, load, cpu=cpu, template=template)

    def answer(self, chunk: Sequence[Item]) -> Iterator[dict[str, Any]]:
        """Yield one reply per item; an item that the engine refuses gets its own error."""
        try:
            outputs = self._generate(chunk)
        except Exception as error:
            if not _is_of_the_request(error):
                raise
            yield from self._one_by_one(chunk, error)
            return
        for item, output in zip(chunk, outputs, strict=True):
            yield self._reply(item, output)

    def _one_by_one(self, chunk: Sequence[Item], error: Exception) -> Iterator[dict[str, Any]]:
        if self._chat and not self._merge_system and "system" in str(error).lower():
            self._merge_system = True
            yield from self.answer(chunk)
        elif len(chunk) == 1:
            yield {"id": chunk[0]["id"], "error": _said(error)}
        else:
            for item in chunk:
                yield from self.answer([item])

    def _generate(self, chunk: Sequence[Item]) -> list[Any]:
        sampling = [self._sampling(item) for item in chunk]
        if self._chat:
            turns = [self._turns(item) for item in chunk]
            return list(
                self._llm.chat(
                    turns,
                    sampling,
                    use_tqdm=False,
                    add_generation_prompt=True,
                    chat_template_kwargs={"enable_thinking": False},
                )
            )
        prompts = ["\n\n".join(text for _, text in item["messages"]) for item in chunk]
        return list(self._llm.generate(prompts, sampling, use_tqdm=False))

    def _turns(self, item: Item) -> list[dict[str, str]]:
        turns = [{"role": role, "content": text} for role, text in item["messages"]]
        if self._merge_system and len(turns) > 1 and turns[0]["role"] == "system":
            merged = f"{turns[0]['content']}\n\n{turns[1]['content']}"
            return [{"role": "user", "content": merged}, *turns[2:]]
        return turns

    def _sampling(self, item: Item) -> Any:
        # Every field that has a default of its own, in vLLM (16 tokens) or in the model author's
        # generation config, is set: a setting is what the study says, or it is off.
        return self._params(
            n=1,
            temperature=item["temperature"],
            top_p=item["top_p"],
            max_tokens=item["max_tokens"],
            seed=item["seed"],
            top_k=0,
            min_p=0.0,
            min_tokens=0,
            presence_penalty=0.0,
            frequency_penalty=0.0,
            repetition_penalty=1.0,
            stop=None,
            ignore_eos=False,
            skip_special_tokens=True,
        )

    def _reply(self, item: Item, output: Any) -> dict[str, Any]:
        first = output.outputs[0]
        merged = self._merge_system and item["messages"][0][0] == "system"
        return {
            "id": item["id"],
            "text": first.text,
            "finish_reason": first.finish_reason or "",
            "tokens_in": len(output.prompt_token_ids or ()),
            "tokens_out": len(first.token_ids),
            "note": MERGED if merged else "",
        }

    def _template(self) -> str:
        """Return the chat template; a chat model without one is refused before any reply."""
        tokenizer = self._llm.get_tokenizer()
        if hasattr(tokenizer, "chat_template") and not tokenizer.chat_template:
            raise ValueError(
                "the model has no chat template: a base model wants `interface: completion`"
            )
        return str(getattr(tokenizer, "chat_template", "") or "built in")


def _arguments(load: Item, *, cpu: bool) -> dict[str, Any]:
    named = {
        "model": load["model"],
        "revision": load["revision"],
        "tokenizer_revision": load["revision"],
        "dtype": load.get("dtype") or "auto",
        "tensor_parallel_size": load.get("tensor_parallel") or 1,
        "max_model_len": load.get("max_model_len"),
        "quantization": load.get("quantization"),
        "trust_remote_code": False,
        "seed": 0,
        # The author's config is read for its end-of-turn tokens; its sampling values are not used,
        # since every request brings its own.
        "generation_config": "auto",
    }
    if cpu:
        # Seeded requests crash the CPU engine when a prompt is prefilled in parts.
        length = load.get("max_model_len") or 0
        named.update(enforce_eager=True, enable_chunked_prefill=False)
        named["max_num_batched_tokens"] = max(int(length), 4096)
    return {name: value for name, value in named.items() if value is not None}


def _engine_name(version: str, load: Item, *, cpu: bool, template: str) -> str:
    """Name what made the replies: version, device, number format, and what else changes words."""
    parts = ["vllm", version, "cpu" if cpu else _gpu(), str(load.get("dtype") or "auto")]
    if (load.get("tensor_parallel") or 1) > 1:
        parts.append(f"tp{load['tensor_parallel']}")
    if load.get("quantization"):
        parts.append(str(load["quantization"]))
    if os.environ.get("VLLM_BATCH_INVARIANT") == "1":
        parts.append("batch-invariant")
    if template:
        parts.append(f"template:{hashlib.sha256(template.encode()).hexdigest()[:12]}")
    return " ".join(parts)


def _gpu() -> str:
    from vllm.platforms import current_platform

    return str(current_platform.get_device_name()).replace(" ", "-")


def _is_of_the_request(error: Exception) -> bool:
    """Tell an error of one prompt (too long, a role the template refuses) from a dead engine."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"ValueError", "TypeError", "TemplateError", "VLLMClientError"})


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:500]


def _emitter() -> Emit:
    """Take standard output for our lines alone; what libraries print goes to standard error."""
    private = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)

    def emit(message: Mapping[str, Any]) -> None:
        private.write(json.dumps(message, ensure_ascii=True) + "\n")
        private.flush()

    return emit


def _lines() -> Iterator[dict[str, Any]]:
    """Yield the parent's orders; when the parent is gone, end this process group."""
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    stopping = threading.Event()

    def read() -> None:
        for line in _raw_lines():
            order = json.loads(line)
            if "stop" in order:
                stopping.set()
            orders.put(order)
        if not stopping.is_set():
            _end_group()

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield orders.get()


def _raw_lines() -> Iterator[bytes]:
    """Yield lines of standard input, by plain reads.

    A thread that sits in ``sys.stdin`` holds its lock, and the interpreter could not end.
    """
    rest = b""
    while data := os.read(0, 1 << 16):
        *whole, rest = (rest + data).split(b"\n")
        yield from whole


def _end_group() -> None:
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
