"""A chat server that answers after a fixed time, with as many slots as are asked for.

At the level of the protocol, in a process of its own, so that it costs a client under test as
little of the machine as it can. Prints its port; `GET /count` says how many requests were answered.
With `echo` the text names the request's seed, and the count is that of the answers to each seed.

Usage: python benchmarks/latency_server.py [SECONDS] [echo]
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import Counter
from typing import ClassVar, cast


def body(text: str) -> bytes:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": "stop",
        "logprobs": None,
    }
    whole = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [choice],
        "usage": {"prompt_tokens": 40, "completion_tokens": 12, "total_tokens": 52},
    }
    return json.dumps(whole).encode()


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
_FIXED = body("- honesty\n- care\n- courage")
ANSWER = HEAD % (len(_FIXED), _FIXED)


class Slot(asyncio.Protocol):
    """One connection: each whole request on it is answered after the latency."""

    answered = 0
    seeds: ClassVar[Counter[int]] = Counter()

    def __init__(self, seconds: float, *, echo: bool) -> None:
        self._seconds, self._echo = seconds, echo
        self._buffer = b""
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            if head.startswith(b"get "):
                self._buffer = self._buffer[end + 4 :]
                count = json.dumps(Slot.seeds if self._echo else Slot.answered).encode()
                self._transport.write(HEAD % (len(count), count))
                continue
            place = head.find(b"content-length:")
            length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                return
            asked = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            self._loop.call_later(self._seconds, self._answer, asked)

    def _answer(self, asked: bytes) -> None:
        if self._transport.is_closing():
            return
        Slot.answered += 1
        if not self._echo:
            self._transport.write(ANSWER)
            return
        seed = json.loads(asked)["seed"]
        Slot.seeds[seed] += 1
        said = body(f"- value {seed}")
        self._transport.write(HEAD % (len(said), said))


async def main(seconds: float, *, echo: bool) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Slot(seconds, echo=echo), "127.0.0.1", 0, backlog=1024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(float([*sys.argv, "0.05"][1]), echo="echo" in sys.argv))
