"""The subprocess that holds one model in vLLM (:mod:`valuelex.backends.engine_pipe`)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from typing import Any

from valuelex.backends import engine_pipe as pipe
from valuelex.backends.engine_pipe import MERGED, Item

_TAIL = 8  # tokens at the end of a prompt in which a template may have opened thinking


class Model:
    """One model in vLLM.

    Parameters
    ----------
    load
        ``model``, ``revision``, ``interface`` (``chat`` or ``completion``), and ``dtype``,
        ``tensor_parallel``, ``max_model_len``, ``quantization``, each of them or null, and
        ``thinking``.
    """

    def __init__(self, load: Item) -> None:
        import vllm
        from vllm.platforms import current_platform

        cpu = current_platform.is_cpu()
        if cpu:  # in one process it is ready in 5 s instead of 26; read when the engine is built
            os.environ.setdefault("VLLM_ENABLE_V1_MULTIPROCESSING", "0")
        self._chat = load["interface"] == "chat"
        self._thinking = bool(load.get("thinking"))
        self._params = vllm.SamplingParams
        self._llm: Any = vllm.LLM(**_arguments(load, cpu=cpu))
        self._tokenizer = self._llm.get_tokenizer()
        self._merge_system = False
        self.seconds = 0.0
        self.engine = pipe.engine_name(
            _parts(vllm.__version__, load, cpu=cpu),
            template=pipe.template_of(self._tokenizer) if self._chat else "",
            commit=_commit(self._llm),
            thinking=self._chat and self._thinking,
        )

    def answer(self, chunk: Sequence[Item]) -> Iterator[dict[str, Any]]:
        """Yield one reply per item; an item that the engine refuses gets its own error."""
        started = time.perf_counter()
        try:
            outputs = self._generate(chunk)
        except Exception as error:
            if not _is_of_the_request(error):
                raise
            yield from self._one_by_one(chunk, error)
            return
        self.seconds += time.perf_counter() - started
        for item, output in zip(chunk, outputs, strict=True):
            yield self._reply(item, output)

    def _one_by_one(self, chunk: Sequence[Item], error: Exception) -> Iterator[dict[str, Any]]:
        if self._chat and not self._merge_system and "system" in str(error).lower():
            self._merge_system = True
            yield from self.answer(chunk)
        elif len(chunk) == 1:
            yield {"id": chunk[0]["id"], "error": pipe.said(error)}
        else:
            for item in chunk:
                yield from self.answer([item])

    def _generate(self, chunk: Sequence[Item]) -> list[Any]:
        sampling = [self._sampling(item) for item in chunk]
        if self._chat:
            turns = [pipe.turns_of(item, merge_system=self._merge_system) for item in chunk]
            return list(
                self._llm.chat(
                    turns,
                    sampling,
                    use_tqdm=False,
                    add_generation_prompt=True,
                    chat_template_kwargs={"enable_thinking": self._thinking},
                )
            )
        prompts = [pipe.plain_text(item) for item in chunk]
        return list(self._llm.generate(prompts, sampling, use_tqdm=False))

    def _sampling(self, item: Item) -> Any:
        # Every field that has a default of its own, in vLLM (16 tokens) or in the model author's
        # generation config, is set: a setting is what the study says, or it is off.
        named: dict[str, Any] = {
            "n": 1,
            "temperature": item["temperature"],
            "top_p": item["top_p"],
            "max_tokens": item["max_tokens"],
            "seed": item["seed"],
            "top_k": 0,
            "min_p": 0.0,
            "min_tokens": 0,
            "presence_penalty": 0.0,
            "frequency_penalty": 0.0,
            "repetition_penalty": 1.0,
            "stop": None,
            "ignore_eos": False,
            "skip_special_tokens": True,
        }
        if item.get("pattern"):
            from vllm.sampling_params import StructuredOutputsParams

            named["structured_outputs"] = StructuredOutputsParams(regex=item["pattern"])
        return self._params(**named)

    def _reply(self, item: Item, output: Any) -> dict[str, Any]:
        first = output.outputs[0]
        asked = list(output.prompt_token_ids or ())
        text = first.text
        if self._chat:
            text = pipe.with_opened_thinking(self._tokenizer.decode(asked[-_TAIL:]), text)
        merged = self._merge_system and item["messages"][0][0] == "system"
        return {
            "id": item["id"],
            "text": text,
            "finish_reason": first.finish_reason or "",
            "tokens_in": len(asked),
            "tokens_out": len(first.token_ids),
            "note": MERGED if merged else "",
        }


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


def _parts(version: str, load: Item, *, cpu: bool) -> list[str]:
    """Return version, device, number format, and the flags that can change words."""
    parts = ["vllm", version, "cpu" if cpu else _gpu(), str(load.get("dtype") or "auto")]
    if cpu:
        parts += ["eager", "no-chunked-prefill"]
    if load.get("max_model_len"):
        parts.append(f"len{load['max_model_len']}")
    if (load.get("tensor_parallel") or 1) > 1:
        parts.append(f"tp{load['tensor_parallel']}")
    if load.get("quantization"):
        parts.append(str(load["quantization"]))
    if os.environ.get("VLLM_BATCH_INVARIANT") == "1":
        parts.append("batch-invariant")
    return parts


def _commit(llm: Any) -> str:
    """Return the commit that was loaded, as the hub's cache knows it; a folder has none."""
    engine = getattr(llm, "llm_engine", None)
    config = getattr(getattr(engine, "model_config", None), "hf_config", None)
    return str(getattr(config, "_commit_hash", None) or "")


def _gpu() -> str:
    from vllm.platforms import current_platform

    return str(current_platform.get_device_name()).replace(" ", "-")


def _is_of_the_request(error: Exception) -> bool:
    """Tell an error of one prompt (too long, a role the template refuses) from a dead engine."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"ValueError", "TypeError", "TemplateError", "VLLMClientError"})


if __name__ == "__main__":
    pipe.serve(Model)
    if os.environ.get("VLLM_ENABLE_V1_MULTIPROCESSING") == "0":
        os._exit(0)  # all is in this process, and taking it apart would take seconds
