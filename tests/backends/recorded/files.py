"""Writing files of recorded replies for tests."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write(path: Path, rows: Iterable[Any]) -> Path:
    """Write one line per row; a string goes in as it is, anything else as JSON."""
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows]
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def plain(n: int = 0, **changes: Any) -> dict[str, Any]:
    row = {"model": "A-Model_7B", "prompt": f"Question {n}?", "output": f"answer {n}"}
    return {**row, **changes}


def body(text: str = "care", **changes: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}}
    return {
        "object": "chat.completion",
        "model": "served-model",
        "choices": [{**choice, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 2},
        **changes,
    }
