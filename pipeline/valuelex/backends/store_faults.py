"""What goes wrong with a reply store, in words: a damaged row, a damaged or locked file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from valuelex.backends.checksums import checksum
from valuelex.backends.rows import COLUMNS, REPLY_COLUMNS, to_request
from valuelex.errors import remedy
from valuelex.records import OUTCOMES

_REQUEST_WIDTH = len(COLUMNS) - len(REPLY_COLUMNS)
_OUTCOME = COLUMNS.index("outcome")

REMEDY = (
    "Keep a copy, rescue what can be read with `sqlite3 FILE .recover`, or move the file away:"
    " its replies would then be asked again"
)

_REMEDIES = {
    "is full": "What is in it is safe: free space there and run the same command again",
    "readonly": "Give this user the right to write it and its folder, or name another file with"
    " VALUELEX_STORE",
    "unable to open": "Its folder must be one in which this user may write; VALUELEX_STORE names"
    " another file",
    "disk I/O": "The disk fails or is full: look at both, then run the same command again",
}


_DAMAGE = (
    *("not a database", "malformed", "corrupt", "no such table", "no such column"),
    "Could not decode to UTF-8",
)


def _is_damage(text: str) -> bool:
    return any(sign in text for sign in _DAMAGE)


def explain(path: Path, error: Exception) -> str:
    """Say what an error of SQLite or the file system means, and what to do."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return (
            f"{path} is locked: another process has been writing to it all the time that"
            " was waited for; let it finish, then run the same command again"
        )
    damaged = isinstance(error, sqlite3.DatabaseError) and _is_damage(text)
    if damaged or isinstance(error, UnicodeDecodeError):  # of a name in the file
        return f"{path} is damaged ({text}): expected a reply store. {REMEDY}"
    if isinstance(error, OSError):
        text = remedy(error)
    for sign, what in _REMEDIES.items():
        if sign in text:
            return f"{path} cannot be used as a reply store: {text}. {what}"
    return f"{path} cannot be used as a reply store: {text}"


def problem_of(row: Sequence[Any], sha256: str | None) -> str:
    """Return what is wrong with the values of ``COLUMNS``; empty when they are as written."""
    try:
        found = to_request(row).id
    except (ValueError, TypeError) as error:
        return f"its request cannot be read ({error})"
    if row[_OUTCOME] in OUTCOMES and found != row[0]:
        return f"what it holds has the id {found!r}"
    return reply_problem(row[_REQUEST_WIDTH:], sha256)


def reply_problem(values: Sequence[Any], sha256: str | None) -> str:
    """Return what is wrong with the values of ``REPLY_COLUMNS``; empty when they are as written.

    Without a checksum, in a row from before there were any, only the outcome can be looked at.
    """
    outcome = values[_OUTCOME - _REQUEST_WIDTH]
    if outcome not in OUTCOMES:
        return f"outcome must be one of {OUTCOMES}, was: {outcome!r}"
    if sha256 is not None and sha256 != checksum(values):
        return "its reply is not the one that was written (checksum)"
    return ""
