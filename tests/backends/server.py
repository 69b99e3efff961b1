"""A local server that answers as a test tells it to."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What the server sends; ``body`` is JSON unless it is bytes; ``hang_up`` sends nothing."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False
    cut: int | None = None  # bytes after which the socket is closed
    chunked: bool = False  # no length is told
    drip: float = 0.0  # seconds before each byte


@dataclass
class Seen:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


Script = Callable[[Seen], Answer]


@contextmanager
def serve(script: Script) -> Iterator[tuple[str, list[Seen]]]:
    """Serve ``script`` on the loopback; yields (base URL, what arrived)."""
    seen: list[Seen] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            one = Seen(self.path, dict(self.headers), json.loads(self.rfile.read(length)))
            with lock:
                seen.append(one)
            answer = script(one)
            if answer.hang_up:
                self.close_connection = True
                return
            body = answer.body
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            if not answer.chunked:
                self.send_header("content-length", str(len(data)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # a client that has heard enough
                for piece in _pieces(data[: answer.cut], answer.drip):
                    self.wfile.write(piece)
            self.close_connection = answer.cut is not None or answer.chunked

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _pieces(data: bytes, drip: float) -> Iterator[bytes]:
    if not drip:
        yield data
        return
    for place in range(len(data)):
        time.sleep(drip)
        yield data[place : place + 1]


def completion(text: str | None = "honesty", **changes: Any) -> dict[str, Any]:
    """Return a chat completion body; ``changes`` go into the choice."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": "stop",
    }
    return {
        "object": "chat.completion",
        "model": "m",
        "choices": [{**choice, **changes}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 1},
    }
