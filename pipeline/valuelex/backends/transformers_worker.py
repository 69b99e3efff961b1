"""The subprocess that holds one model in transformers (:mod:`valuelex.backends.engine_pipe`).

Prompts are padded on the left and generated in batches. Every request samples from a random stream
of its own: the processor below picks each row's next token itself, by one uniform number and the
inverse of the row's distribution, and leaves ``generate`` only that token to take.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from valuelex.backends import engine_pipe as pipe
from valuelex.backends.engine_pipe import MERGED, Item

if TYPE_CHECKING:
    import torch

BATCH = 16
_DTYPES = ("float32", "float16", "bfloat16", "auto")


class Model:
    """One model in transformers.

    Parameters
    ----------
    load
        ``model``, ``revision``, ``interface`` (``chat`` or ``completion``), ``dtype`` and
        ``max_model_len`` or null, and ``thinking``.
    """

    def __init__(self, load: Item) -> None:
        import torch
        import transformers

        named = {"revision": load["revision"], "trust_remote_code": False}
        self._chat = load["interface"] == "chat"
        self._thinking = bool(load.get("thinking"))
        self._merge_system = False
        self.seconds = 0.0
        self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(
            load["model"], padding_side="left", **named
        )
        template = pipe.template_of(self._tokenizer) if self._chat else ""
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        dtype = _dtype(load.get("dtype"), self._device)
        model: Any = transformers.AutoModelForCausalLM.from_pretrained(
            load["model"], dtype=dtype, **named
        )
        self._model = model.to(self._device).eval()
        self._ends = _ends(self._model.generation_config, self._tokenizer)
        self._model.generation_config = self._settings()
        known = getattr(self._model.config, "max_position_embeddings", None)
        self._longest = min(n for n in (load.get("max_model_len"), known, 1 << 20) if n)
        self.engine = pipe.engine_name(
            ["transformers", transformers.__version__, _device_name(self._device), dtype],
            template=template,
            commit=str(getattr(self._model.config, "_commit_hash", None) or ""),
            thinking=self._chat and self._thinking,
        )

    def answer(self, chunk: Sequence[Item]) -> Iterator[dict[str, Any]]:
        """Yield one reply per item; an item that cannot be asked gets its own error."""
        asked: list[tuple[Item, list[int]]] = []
        for item in chunk:
            try:
                asked.append((item, self._tokens(item)))
            except (ValueError, TypeError) as error:
                yield {"id": item["id"], "error": pipe.said(error)}
            except Exception as error:
                if type(error).__name__ not in ("TemplateError", "UndefinedError"):
                    raise
                yield {"id": item["id"], "error": pipe.said(error)}
        # alike in length: less padding; alike in limit: nobody waits for a longer reply
        asked.sort(key=lambda pair: (pair[0]["max_tokens"], len(pair[1]), pair[0]["id"]))
        start = 0
        while start < len(asked):
            limit = asked[start][0]["max_tokens"]
            batch = [p for p in asked[start : start + BATCH] if p[0]["max_tokens"] == limit]
            start += len(batch)
            yield from self._generate(batch, limit)

    def _tokens(self, item: Item) -> list[int]:
        """Return an item's prompt as token ids.

        Raises
        ------
        ValueError
            When prompt and reply together would not fit.
        """
        if not self._chat:
            found = self._tokenizer(pipe.plain_text(item))["input_ids"]
        else:
            found = self._tokenizer(self._rendered(item), add_special_tokens=False)["input_ids"]
        if not found:
            raise ValueError("the prompt is empty")
        if len(found) + item["max_tokens"] > self._longest:
            raise ValueError(
                f"the prompt has {len(found)} tokens and the reply {item['max_tokens']}; the model"
                f" takes {self._longest} together"
            )
        return list(found)

    def _rendered(self, item: Item) -> str:
        turns = pipe.turns_of(item, merge_system=self._merge_system)
        try:
            return str(
                self._tokenizer.apply_chat_template(
                    turns,
                    tokenize=False,
                    add_generation_prompt=True,
                    enable_thinking=self._thinking,
                )
            )
        except Exception as error:
            if self._merge_system or "system" not in str(error).lower():
                raise
            self._merge_system = True
            return self._rendered(item)

    def _generate(
        self, batch: Sequence[tuple[Item, list[int]]], limit: int
    ) -> Iterator[dict[str, Any]]:
        import torch

        padded = self._tokenizer.pad(
            {"input_ids": [tokens for _, tokens in batch]}, return_tensors="pt"
        ).to(self._device)
        started = time.perf_counter()
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=padded["input_ids"],
                attention_mask=padded["attention_mask"],
                max_new_tokens=limit,
                logits_processor=[_Sampler([item for item, _ in batch])],
            )
        self.seconds += time.perf_counter() - started
        for (item, tokens), row in zip(
            batch, output[:, padded["input_ids"].shape[1] :].tolist(), strict=True
        ):
            yield self._reply(item, tokens, row)

    def _reply(self, item: Item, asked: list[int], row: list[int]) -> dict[str, Any]:
        end = next((place for place, token in enumerate(row) if token in self._ends), None)
        said = row if end is None else row[:end]
        text = self._tokenizer.decode(said, skip_special_tokens=True)
        if self._chat:
            text = pipe.with_opened_thinking(self._tokenizer.decode(asked[-8:]), text)
        merged = self._merge_system and item["messages"][0][0] == "system"
        return {
            "id": item["id"],
            "text": text,
            "finish_reason": "length" if end is None else "stop",
            "tokens_in": len(asked),
            "tokens_out": len(said) + (end is not None),
            "note": MERGED if merged else "",
        }

    def _settings(self) -> Any:
        """Return a generation config that says everything: the author's sampling is not used."""
        from transformers import GenerationConfig

        config: Any = GenerationConfig
        return config(
            do_sample=False,  # the processor has sampled already
            num_beams=1,
            repetition_penalty=1.0,
            eos_token_id=sorted(self._ends) or None,
            pad_token_id=self._tokenizer.pad_token_id,
            bos_token_id=self._tokenizer.bos_token_id,
        )


class _Sampler:
    """Picks every row's next token by the row's own temperature, top-p and random stream."""

    def __init__(self, items: Sequence[Item]) -> None:
        import torch

        self._items = items
        self._streams = [torch.Generator().manual_seed(int(item["seed"])) for item in items]

    def __call__(self, _: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Return scores (rows x vocabulary) of which only the picked token's is finite."""
        import torch

        picked = torch.full_like(scores, -torch.inf)
        for row, item in enumerate(self._items):
            picked[row, self._pick(row, item, scores[row])] = 0.0
        return picked

    def _pick(self, row: int, item: Item, scores: torch.Tensor) -> int:
        import torch

        if item["temperature"] == 0:
            return int(scores.argmax())
        shares = torch.softmax(scores.double() / item["temperature"], dim=-1)
        ordered, places = torch.sort(shares, descending=True, stable=True)
        below = torch.cumsum(ordered, dim=-1)
        # the smallest set of tokens that reaches top_p: the one that crosses it is inside
        size = int((below < item["top_p"]).sum()) + 1
        size = min(size, len(ordered))
        point = torch.rand((), generator=self._streams[row], dtype=torch.float64)
        place = int(torch.searchsorted(below[:size], point.to(below) * below[size - 1]))
        return int(places[min(place, size - 1)])


def _ends(author: Any, tokenizer: Any) -> set[int]:
    """Return the tokens that end a reply: the author's and the tokenizer's."""
    found = author.eos_token_id
    listed = found if isinstance(found, list) else [found]
    return {int(token) for token in (*listed, tokenizer.eos_token_id) if token is not None}


def _dtype(wanted: str | None, device: str) -> str:
    dtype = wanted or ("float32" if device == "cpu" else "bfloat16")
    if dtype not in _DTYPES:
        raise ValueError(f"dtype must be one of {_DTYPES}, was: {dtype!r}")
    return dtype


def _device_name(device: str) -> str:
    import torch

    if device == "cpu":
        return f"cpu threads{torch.get_num_threads()}"
    return str(torch.cuda.get_device_name()).replace(" ", "-")


def _use_the_cores() -> None:
    """Let torch use the cores: the parent runs its own linear algebra on one thread."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.pop(name, None)


if __name__ == "__main__":
    _use_the_cores()
    pipe.serve(Model)
    os._exit(0)  # nothing is left to do, and taking torch apart takes seconds
