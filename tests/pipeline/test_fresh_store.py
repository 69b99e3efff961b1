"""Several processes may open a store that is not there yet: each finds it empty and whole."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from valuelex.backends.store import ReplyStore

ROUNDS, OPENERS = 25, 6


def test_a_fresh_store_is_opened_by_many_at_once(tmp_path: Path) -> None:
    def opened(path: Path, together: threading.Barrier) -> int:
        together.wait(timeout=30)
        with ReplyStore(path) as store:
            return store.verify()

    with ThreadPoolExecutor(OPENERS) as pool:
        for number in range(ROUNDS):
            path, together = tmp_path / str(number) / "s.sqlite", threading.Barrier(OPENERS)
            futures = [pool.submit(opened, path, together) for _ in range(OPENERS)]
            assert [future.result(timeout=60) for future in futures] == [0] * OPENERS
