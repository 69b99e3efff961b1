"""What a killed DVC leaves half written, and every later `dvc repro` stops at: taken away.

DVC (as of 3.67) writes its list of who reads and writes what, and dvc.lock, in place. The first is
worth nothing once its process is gone. Without the second DVC looks at every stage again: what its
cache holds it restores, what the reply store holds is not asked again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from valuelex.artifacts.written import LOCK
from valuelex.reading import UnreadableYamlError, load_yaml

_WHO = Path(".dvc") / "tmp" / "rwlock"
_ASIDE = "dvc.lock.damaged"
_MOMENT = 1.0  # seconds; a DVC that lives has written its file long before


def mend(root: Path) -> list[str]:
    """Take away what is half written in the project folder; what was done, in sentences."""
    said = []
    who = root / _WHO
    if _cut(who, json.loads, ValueError):
        who.unlink()
        said.append(f"removed {_WHO}: DVC was killed while it wrote it, and would stop at it")
    lock = root / LOCK
    if _cut(lock, load_yaml, UnreadableYamlError):
        lock.replace(root / _ASIDE)
        said.append(
            f"moved {LOCK} to {_ASIDE}: it is cut off, and DVC would stop at it; without it DVC"
            " looks at every stage again (or take it from git)"
        )
    return said


def _cut(path: Path, read: Callable[[bytes], object], fault: type[Exception]) -> bool:
    """Tell whether a file is cut off, and nobody is just writing it."""
    try:
        before = path.stat()
        if _whole(path.read_bytes(), read, fault):
            return False
        time.sleep(_MOMENT)
        after = path.stat()
    except OSError:
        return False
    return (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)


def _whole(data: bytes, read: Callable[[bytes], object], fault: type[Exception]) -> bool:
    try:
        return isinstance(read(data), dict)
    except fault:
        return False
