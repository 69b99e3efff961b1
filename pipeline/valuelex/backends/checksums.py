"""A checksum beside each reply: SQLite finds a torn page, but no bit that turned inside a text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from valuelex.backends.rows import REPLY_COLUMNS

# A table of its own: a store from before it opens unchanged, and says how many rows lack one.
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS checksums"
    " (id TEXT NOT NULL PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID"
)


def checksum(values: Sequence[Any]) -> str:
    """Return 32 hex digits over the values of ``REPLY_COLUMNS``; empty ones do not count.

    What was asked is covered by the request's id, which is a hash of it.
    """
    named = [
        [name, value]
        for name, value in zip(REPLY_COLUMNS, values, strict=True)
        if value not in (None, "")
    ]
    text = json.dumps(named, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]
