"""Asks 400 requests in chunks of 5 and prints what is acknowledged: to be killed at any moment.

Usage: killed.py STORE ASKED; ASKED is a file to which every request that reached the backend is
appended.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path

from valuelex.backends.ask import answer_all
from valuelex.backends.scripted import ScriptedBackend
from valuelex.backends.store import ReplyStore
from valuelex.records import Message, Request, Sampling

N = 400


def requests() -> list[Request]:
    return [
        Request("m", "house/m", "main", f"p{n}", (Message("user", f"{n}?"),), Sampling(1, 1, 9))
        for n in range(N)
    ]


def text(request: Request) -> str:
    return hashlib.sha256(request.id.encode()).hexdigest() * 8


def main(path: Path, asked: Path) -> None:
    handle = os.open(asked, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def say(request: Request) -> str:
        os.write(handle, f"{request.id}\n".encode())
        time.sleep(0.0005)
        return text(request)

    with ReplyStore(path) as store:
        answer_all(
            requests(),
            ScriptedBackend(say),
            store,
            chunk=5,
            on_progress=lambda done: print(done, flush=True),  # noqa: T201 - the acknowledgement
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
