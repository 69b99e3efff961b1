"""The durable reply store: what has been asked is never asked again.

One SQLite file in WAL mode with ``synchronous=FULL``: a reply that :meth:`ReplyStore.put_many` has
returned from survives ``kill -9`` and power failure; several processes may read while one writes.
Each reply lies under its request's id, a hash over everything that determines it, with all of that
beside it, so that any row can be checked against its own id and read without the code that asked.
"""

from __future__ import annotations

import datetime
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from valuelex.backends.checksums import SCHEMA as SCHEMA_OF_CHECKSUMS
from valuelex.backends.checksums import checksum
from valuelex.backends.rows import COLUMNS, REPLY_COLUMNS, clean, to_reply, to_request, to_row
from valuelex.backends.store_faults import REMEDY, explain, problem_of, reply_problem
from valuelex.errors import StoreError
from valuelex.records import Outcome, Reply, Request

VERSION = 2
_APPLICATION = 0x76616C78  # "valx": tells our file from any other SQLite file
_BATCH = 500  # ids per query; SQLite's oldest limit on parameters is 999
_REQUEST_WIDTH = len(COLUMNS) - len(REPLY_COLUMNS)
_OUTCOME = COLUMNS.index("outcome")
_FROM = "FROM replies LEFT JOIN checksums USING (id)"
_SUMMED_REPLY = f"{','.join(('id', *REPLY_COLUMNS))}, sha256 {_FROM}"
_SUMMED_ROW = f"{','.join(COLUMNS)}, sha256 {_FROM}"

_SCHEMA = """
CREATE TABLE replies (
    id            TEXT NOT NULL PRIMARY KEY,
    model         TEXT NOT NULL,
    model_id      TEXT NOT NULL,
    revision      TEXT NOT NULL,
    prompt        TEXT NOT NULL,
    messages      TEXT NOT NULL,
    temperature   REAL,
    top_p         REAL,
    max_tokens    INTEGER NOT NULL,
    draw          INTEGER NOT NULL,
    pattern       TEXT NOT NULL DEFAULT '',
    text          TEXT NOT NULL,
    outcome       TEXT NOT NULL CHECK (outcome IN ('answered', 'refused', 'truncated', 'failed')),
    detail        TEXT NOT NULL,
    finish_reason TEXT NOT NULL,
    tokens_in     INTEGER,
    tokens_out    INTEGER,
    engine        TEXT NOT NULL,
    raw           TEXT NOT NULL DEFAULT '',
    stored_at     TEXT NOT NULL
);
CREATE INDEX replies_by_model ON replies (model, outcome);
CREATE INDEX replies_by_revision ON replies (revision);
"""
# version 1 knew neither thinking nor constrained decoding
_FROM_1 = (
    "ALTER TABLE replies ADD COLUMN pattern TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE replies ADD COLUMN raw TEXT NOT NULL DEFAULT ''",
)


class ReplyStore:
    """The store at ``path``, created when missing; a context manager.

    Parameters
    ----------
    path
        The SQLite file; its folder is created. WAL needs a local disk, not a network share.
    patience
        Seconds to wait for another process's write to end before giving up.

    Raises
    ------
    StoreError
        When the file is damaged, not a reply store, locked, or of a newer version.
    """

    def __init__(self, path: Path, *, patience: float = 60.0) -> None:
        self.path = path
        self._patience = patience
        with self._guarded():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=patience, isolation_level=None)
        try:
            with self._guarded():
                self._prepare()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; closing twice is harmless."""
        self._db.close()

    def get_many(self, ids: Iterable[str]) -> dict[str, Reply]:
        """Return the stored replies among ``ids``, by request id; those missing are left out.

        Raises
        ------
        StoreError
            When a reply is not the one that was written, or the file cannot be read.
        """
        asked = dict.fromkeys(ids)
        wanted = list(asked)
        found: dict[str, Reply] = {}
        with self._guarded():
            for start in range(0, len(wanted), _BATCH):
                batch = wanted[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                query = f"SELECT {_SUMMED_REPLY} WHERE id IN ({marks})"
                for key, *reply, sha256 in self._db.execute(query, batch):
                    # the index may be whole where the row that it leads to is not
                    strange = "" if key in asked else "nobody asked for its id"
                    self._whole(key, strange or reply_problem(reply, sha256))
                    found[key] = to_reply(key, reply)
        return found

    def _whole(self, key: object, problem: str) -> None:
        if problem:
            raise StoreError(f"{self.path}: row {key!r} is damaged: {problem}. {REMEDY}")

    def put_many(self, pairs: Iterable[tuple[Request, Reply]]) -> int:
        """Write replies in one transaction, durable on return; the number of new ones.

        A reply that is there already stays as it is, unless it had failed: what was answered once
        is never overwritten. Lone surrogates are replaced (:func:`valuelex.backends.rows.clean`).

        Raises
        ------
        StoreError
            When a reply does not belong to its request, or the file cannot be written; then
            nothing is written.
        """
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        columns = (*COLUMNS, "stored_at")
        updates = ",".join(f"{c}=excluded.{c}" for c in (*REPLY_COLUMNS, "stored_at"))
        statement = (
            f"INSERT INTO replies ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})"  # noqa: S608 - our own column names
            f" ON CONFLICT (id) DO UPDATE SET {updates}"
        )
        given: dict[str, tuple[Any, ...]] = {}
        for request, reply in pairs:
            row = to_row(request, clean(_own(request, reply)))
            if row[0] not in given or given[row[0]][_OUTCOME] == "failed":
                given[row[0]] = row
        with self._transaction():
            final = {
                key
                for key, outcome in self._outcomes(given)
                if outcome != "failed"  # what was answered once is never overwritten
            }
            rows = [row for key, row in given.items() if key not in final]
            self._db.executemany(statement, [(*row, now) for row in rows])
            self._db.executemany(
                "INSERT OR REPLACE INTO checksums VALUES (?, ?)",
                [(row[0], checksum(row[_REQUEST_WIDTH:])) for row in rows],
            )
        return len(rows)

    def _outcomes(self, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
        wanted = list(ids)
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(batch))
            yield from self._db.execute(
                f"SELECT id, outcome FROM replies WHERE id IN ({marks})",  # noqa: S608 - placeholders
                batch,
            )

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how many replies there are by (roster key, outcome), in that order.

        Two roster keys that name one model id and revision share its replies; they are counted
        under the key that asked first.
        """
        query = "SELECT model, outcome, COUNT(*) FROM replies GROUP BY 1, 2 ORDER BY 1, 2"
        with self._guarded():
            return {(model, outcome): n for model, outcome, n in self._db.execute(query)}

    def totals(self) -> dict[str, tuple[int, int, int]]:
        """Return (tokens in, tokens out, replies that do not tell both) by roster key."""
        query = (
            "SELECT model, COALESCE(SUM(tokens_in), 0), COALESCE(SUM(tokens_out), 0),"
            " SUM(tokens_in IS NULL OR tokens_out IS NULL) FROM replies GROUP BY 1 ORDER BY 1"
        )
        with self._guarded():
            return {model: tuple(numbers) for model, *numbers in self._db.execute(query)}

    def export(
        self,
        *,
        model: str | None = None,
        revision: str | None = None,
        outcome: Outcome | None = None,
    ) -> Iterator[tuple[Request, Reply]]:
        """Yield what the store holds, ordered by request id, of one model, revision or outcome.

        The time stamp stays inside: the same replies are the same bytes whenever they were asked.
        """
        given = {"model": model, "revision": revision, "outcome": outcome}
        chosen = {name: value for name, value in given.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in chosen) or "1"
        query = f"SELECT {_SUMMED_ROW} WHERE {where} ORDER BY id"
        with self._guarded():
            for *row, sha256 in self._db.execute(query, list(chosen.values())):
                self._whole(row[0], problem_of(row, sha256))
                yield to_request(row), to_reply(row[0], row[_REQUEST_WIDTH:])

    def verify(self) -> int:
        """Check the file, and every row against its own id and its checksum; the number of rows.

        Raises
        ------
        StoreError
            On the first page or row that is not what was written.
        """
        with self._guarded():
            (found,) = self._db.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise StoreError(f"{self.path} is damaged: {found}. {REMEDY}")
        rows = 0
        with self._guarded():
            for *row, sha256 in self._db.execute(f"SELECT {_SUMMED_ROW}"):
                rows += 1
                self._whole(row[0], problem_of(row, sha256))
        return rows

    def unsummed(self) -> int:
        """Return how many replies were written before there were checksums."""
        query = "SELECT COUNT(*) FROM replies WHERE id NOT IN (SELECT id FROM checksums)"
        with self._guarded():
            return int(self._db.execute(query).fetchone()[0])

    def compact(self) -> int:
        """Rewrite the file without gaps and empty its log; the number of bytes won."""
        before = self._size()
        with self._guarded():
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return before - self._size()

    def _size(self) -> int:
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def _prepare(self) -> None:
        self._db.execute("BEGIN")  # one snapshot: another process may be creating the tables
        version = self._version()
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA synchronous = FULL")
        self._write_ahead()
        if version < VERSION:
            self._create()
        self._db.execute(SCHEMA_OF_CHECKSUMS)

    def _write_ahead(self) -> None:
        """Switch to WAL; SQLite gives up at once, not after ``patience``, when others open it."""
        until = time.monotonic() + self._patience
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() >= until:
                    raise
                time.sleep(0.01)
            else:
                return

    def _version(self) -> int:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        (application,) = self._db.execute("PRAGMA application_id").fetchone()
        (tables,) = self._db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        if (version or tables) and application != _APPLICATION:
            raise StoreError(
                f"{self.path} is an SQLite file, but no reply store (application id"
                f" {application:#x}, expected {_APPLICATION:#x}): give another path"
            )
        if version > VERSION:
            raise StoreError(
                f"{self.path} is a reply store of version {version}; this program knows versions"
                f" up to {VERSION}: update the program, or give another path"
            )
        return int(version)

    def _create(self) -> None:
        with self._transaction():
            version = self._version()
            if version == VERSION:  # another process was faster
                return
            for statement in _FROM_1 if version == 1 else _SCHEMA.split(";"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._db.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._guarded():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Turn what SQLite and the file system say into one clear error."""
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise StoreError(explain(self.path, error)) from error


def _own(request: Request, reply: Reply) -> Reply:
    if reply.request_id != request.id:
        raise StoreError(
            f"a reply must carry its request's id, {request.id!r}, was: {reply.request_id!r}"
        )
    return reply
