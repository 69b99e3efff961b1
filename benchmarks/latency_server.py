"""A chat server that answers after a fixed time, with as many slots as are asked for.

At the level of the protocol, in a process of its own, so that it costs a client under test as
little of the machine as it can. Prints its port; `GET /count` says how many requests were answered.

Usage: python benchmarks/latency_server.py [SECONDS]
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys

BODY = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": "- honesty\n- care\n- courage\n- reason",
                },
                "finish_reason": "stop",
                "logprobs": None,
            }
        ],
        "usage": {"prompt_tokens": 40, "completion_tokens": 12, "total_tokens": 52},
    }
).encode()
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
ANSWER = HEAD % (len(BODY), BODY)


class Slot(asyncio.Protocol):
    """One connection: each whole request on it is answered after the latency."""

    answered = 0

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._buffer = b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            if head.startswith(b"get "):
                self._buffer = self._buffer[end + 4 :]
                count = str(Slot.answered).encode()
                self._transport.write(HEAD % (len(count), count))  # type: ignore[attr-defined]
                continue
            place = head.find(b"content-length:")
            length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                return
            self._buffer = self._buffer[end + 4 + length :]
            self._loop.call_later(self._seconds, self._answer)

    def _answer(self) -> None:
        Slot.answered += 1
        if not self._transport.is_closing():
            self._transport.write(ANSWER)  # type: ignore[attr-defined]


async def main(seconds: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Slot(seconds), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.05))
