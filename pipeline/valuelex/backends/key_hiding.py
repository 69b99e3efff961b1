"""Striking a key out of what a server sends: before any message quotes a part of it, or keeps it.

A server may send back what it was sent, in an error, in a name, or as the completion itself.
"""

from __future__ import annotations

import json

STRUCK = "***"


def struck(body: bytes, key: str) -> bytes:
    """Return a body without the key, spelled plainly or with the escapes that JSON allows."""
    if not key:
        return body
    plain = body.replace(key.encode("ascii"), STRUCK.encode("ascii"))
    if b"\\" not in plain:
        return plain
    try:
        text = json.dumps(json.loads(plain), ensure_ascii=False)
    except (ValueError, RecursionError):
        return plain
    written = json.dumps(key)[1:-1]
    if written not in text:
        return plain
    return text.replace(written, STRUCK).encode("utf-8", "surrogatepass")
