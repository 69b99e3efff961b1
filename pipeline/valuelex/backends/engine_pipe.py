"""The worker's end of an engine's subprocess: orders in, replies out, one JSON object a line.

::

    in   {"load": {"model": ..., "revision": ..., "interface": "chat" | "completion", ...}}
    out  {"ready": "vllm 0.32.0 cuda bfloat16 ..."}                 or  {"fatal": "..."}
    in   {"chunk": [{id, messages, temperature, top_p, max_tokens, seed, pattern}, ...]}
    out  {"reply": {id, text, finish_reason, tokens_in, tokens_out, note}}   one for each, or
         {"reply": {id, error}}                                     for one that cannot be asked
    out  {"done": 2, "seconds": 0.4}
    in   {"stop": true}

When the parent dies, standard input ends, and the worker ends its whole process group at once:
nobody would read what it still computes.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

Item = Mapping[str, Any]
Emit = Callable[[Mapping[str, Any]], None]
MERGED = "system message put before the user's: the chat template takes none"
_OPENED = re.compile(r"(<[a-z:]*(?:think|thought|reasoning)[a-z]*>|\[THINK\])\s*$", re.IGNORECASE)


class Model(Protocol):
    """A loaded model; ``seconds`` is what generating has taken so far."""

    engine: str
    seconds: float

    def answer(self, chunk: Sequence[Item]) -> Iterator[dict[str, Any]]:
        """Yield one reply per item; an item that the engine refuses gets its own error."""
        ...


def serve(load: Callable[[Item], Model]) -> None:
    """Load one model, answer chunks until told to stop."""
    emit = _emitter()
    lines = _lines()
    order = next(lines)
    try:
        model = load(order["load"])
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        emit({"fatal": f"cannot load: {said(error)}"})
        return
    emit({"ready": model.engine})
    for order in lines:
        if "stop" in order:
            return
        try:
            for reply in model.answer(order["chunk"]):
                emit({"reply": reply})
        except Exception as error:  # noqa: BLE001 - the engine is gone, the parent must hear of it
            emit({"fatal": f"the engine failed: {said(error)}"})
            return
        emit({"done": len(order["chunk"]), "seconds": model.seconds})


def turns_of(item: Item, *, merge_system: bool) -> list[dict[str, str]]:
    """Return an item's messages as a chat template takes them."""
    turns = [{"role": role, "content": text} for role, text in item["messages"]]
    if merge_system and len(turns) > 1 and turns[0]["role"] == "system":
        merged = f"{turns[0]['content']}\n\n{turns[1]['content']}"
        return [{"role": "user", "content": merged}, *turns[2:]]
    return turns


def plain_text(item: Item) -> str:
    """Return an item's messages as the text that a base model goes on with."""
    return "\n\n".join(text for _, text in item["messages"])


def with_opened_thinking(prompt_end: str, text: str) -> str:
    """Put back the mark of thinking that a chat template has written at the end of the prompt."""
    opened = _OPENED.search(prompt_end)
    return f"{opened[1]}\n{text}" if opened else text


def engine_name(parts: Sequence[str], *, template: str, commit: str, thinking: bool) -> str:
    """Name what made the replies: engine, version, device, number format, flags, hashes.

    ``commit`` is what the hub's cache says was loaded, whatever the roster calls it.
    """
    said_too = list(parts)
    if thinking:
        said_too.append("thinking")
    if template:
        said_too.append(f"template:{hashlib.sha256(template.encode()).hexdigest()[:12]}")
    if commit:
        said_too.append(f"commit:{commit}")
    return " ".join(part for part in said_too if part)


def template_of(tokenizer: Any) -> str:
    """Return the chat template; a chat model without one is refused before any reply."""
    if hasattr(tokenizer, "chat_template") and not tokenizer.chat_template:
        raise ValueError(
            "the model has no chat template: a base model wants `interface: completion`"
        )
    return str(getattr(tokenizer, "chat_template", "") or "built in")


def said(error: Exception) -> str:
    """Return an error as one line of bounded length."""
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
