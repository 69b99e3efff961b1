"""A study's outstanding requests as batch files, and the results of batches into the reply store.

An import takes what it can use and accounts for every line: results come in any order, in parts,
twice, with lines of other studies among them. What is in the store is never overwritten.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from valuelex.artifacts.codecs import ELSEWHERE, replacing
from valuelex.backends.batch_results import (
    NotDoneError,
    OtherModelError,
    read_result,
    reply_of,
)
from valuelex.backends.completions import MalformedBodyError
from valuelex.backends.recorded.lines import UnreadableLine, try_objects
from valuelex.backends.store import ReplyStore
from valuelex.backends.wire import Wire, body_of, path_of
from valuelex.errors import RecordedFileError, SettingsError
from valuelex.records import Reply, Request
from valuelex.roster import ModelEntry
from valuelex.stages.context import Context
from valuelex.stages.planning import JUDGING, STAGES, plan

MAX_REQUESTS = 50_000
"""Requests in a file, as hosted services accept them."""
MAX_BYTES = 190 * 2**20
"""Bytes in a file: hosted services stop at 200 MB."""
_CHUNK = 500
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class BatchFile:
    """One exported file: its model, and how many requests it holds."""

    path: Path
    model: str
    requests: int


def export_batches(
    context: Context,
    out: Path,
    *,
    models: Sequence[str] = (),
    stages: Sequence[str] = STAGES,
    limit: int | None = None,
    max_requests: int = MAX_REQUESTS,
) -> list[BatchFile]:
    """Write what is outstanding, one model a file, as OpenAI batch input lines.

    The folder may not hold batch files of before: a file that was sent must not change.

    Raises
    ------
    SettingsError
        When the folder holds batch files already, or cannot be written, or a reply is to be
        constrained, or the stage is that of the judges.
    """
    if JUDGING in stages:
        raise SettingsError(
            f"a batch file cannot hold the calls of '{JUDGING}', whose later ones depend on the"
            f" verdicts before; those that it can hold: {', '.join(STAGES)}"
        )
    if out.exists() and (not out.is_dir() or any(out.glob("*.jsonl"))):
        raise SettingsError(f"{out} must be a new or empty folder: it holds something already")
    by_model: dict[str, dict[str, Request]] = {}
    for one in plan(context, stages, models):
        if context.settings.model(one.model).backend in ("openai", "vllm"):
            # two stages or two keys may share a request: it is asked once
            by_model.setdefault(one.model, {}).update((r.id, r) for r in one.outstanding)
    _refuse_patterns(r for requests in by_model.values() for r in requests.values())
    seen: set[str] = set()
    files: list[BatchFile] = []
    for model, requests in by_model.items():
        entry = context.settings.model(model)
        new = [request for key, request in requests.items() if key not in seen]
        seen.update(requests)
        files += _write_model(out, model, entry, new[:limit], max_requests)
    return files


def _refuse_patterns(requests: Iterable[Request]) -> None:
    held = next((request for request in requests if request.pattern), None)
    if held is not None:
        raise SettingsError(
            f"a batch file cannot hold a reply to a pattern, which {held.prompt} asks for:"
            " switch the constraint off, or use the backend 'vllm'"
        )


def _write_model(
    out: Path, model: str, entry: ModelEntry, requests: Sequence[Request], most: int
) -> Iterator[BatchFile]:
    wire = Wire(token_field=entry.wire.token_field, omit=entry.wire.omit)
    waiting = ((request, _line(request, entry, wire)) for request in requests)
    for number, lines in enumerate(_portions(waiting, most), start=1):
        path = out / f"{model}-{number:03d}.jsonl"
        with replacing(path, ELSEWHERE) as file:
            file.writelines(lines)
        yield BatchFile(path, model, len(lines))


def _line(request: Request, entry: ModelEntry, wire: Wire) -> bytes:
    row = {
        "custom_id": request.id,
        "method": "POST",
        "url": f"/v1{path_of(entry.interface)}",
        "body": body_of(request, entry.interface, wire),
    }
    return json.dumps(row, ensure_ascii=True).encode("ascii") + b"\n"


def _portions(lines: Iterator[tuple[Request, bytes]], most: int) -> Iterator[list[bytes]]:
    """Yield lists of at most ``most`` lines and :data:`MAX_BYTES`."""
    portion: list[bytes] = []
    size = 0
    for _, line in lines:
        if portion and (len(portion) >= most or size + len(line) > MAX_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(line)
        size += len(line)
    if portion:
        yield portion


@dataclass(slots=True)
class ImportedBatch:
    """Where every line of the results went; the counts sum to ``lines``.

    ``new`` is in the store now, by outcome; ``stored`` was answered there already; ``repeated``
    came twice in the files; ``not_done`` stays outstanding; ``unknown`` answers nothing of this
    study; ``other_model`` was answered by another model than asked; ``unreadable`` is no result.
    ``examples`` has the first few of each kind that is no reply, with its place; ``failed`` the ids
    of new failures.
    """

    lines: int = 0
    new: Counter[str] = field(default_factory=Counter)
    by_model: Counter[str] = field(default_factory=Counter)
    stored: int = 0
    repeated: int = 0
    not_done: int = 0
    unknown: int = 0
    other_model: int = 0
    unreadable: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    examples: dict[str, list[str]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    @property
    def accounted(self) -> int:
        """The sum of all counts, which is ``lines``."""
        others = (self.stored, self.repeated, self.not_done, self.unknown)
        return self.new.total() + sum(others) + self.other_model + self.unreadable

    def note(self, kind: str, place: str, why: str = "") -> None:
        """Count a line that is no new reply, and keep it as an example if it is among the first."""
        setattr(self, kind, getattr(self, kind) + 1)
        shown = self.examples.setdefault(kind, [])
        if len(shown) < _EXAMPLES:
            shown.append(f"{place}: {why}" if why else place)


def import_batches(context: Context, files: Sequence[Path]) -> ImportedBatch:
    """Put the results of batches into the store; what is there stays as it is.

    Raises
    ------
    RecordedFileError
        When a file cannot be read at all, or no line of all files answers this study.
    StoreError
        When the store cannot be written; what was taken until then is kept.
    """
    known = {request.id: request for one in plan(context) for request in one.requests}
    found = ImportedBatch()
    with ReplyStore(context.store) as store:
        usable = _usable(files, known, found)
        while chunk := list(islice(usable, _CHUNK)):
            _put(store, chunk, found)
    if found.lines and found.unknown + found.unreadable == found.lines:
        why = "; ".join(line for lines in found.examples.values() for line in lines[:1])
        raise RecordedFileError(f"no line answers a request of this study: {why}")
    return found


def _usable(
    files: Sequence[Path], known: Mapping[str, Request], found: ImportedBatch
) -> Iterator[tuple[Request, Reply, str]]:
    """Yield what the lines reply, each request once; every other line is counted and noted."""
    seen: dict[str, str] = {}
    for path in files:
        for number, row in try_objects(path):
            found.lines += 1
            place = f"{path}, line {number}"
            if isinstance(row, UnreadableLine):
                found.note("unreadable", place, row.why)
                continue
            reply = _read(row, known, found, place)
            if reply is None:
                continue
            # a failure of one batch may have been answered by another, before or after it
            if seen.get(reply.request_id, "failed") != "failed" or (
                reply.request_id in seen and reply.outcome == "failed"
            ):
                found.note("repeated", place)
                continue
            seen[reply.request_id] = reply.outcome
            yield known[reply.request_id], reply, place


def _read(
    row: Mapping[str, Any], known: Mapping[str, Request], found: ImportedBatch, place: str
) -> Reply | None:
    try:
        result = read_result(row)
        request = known.get(result.custom_id)
        if request is None:
            found.note("unknown", place, f"custom_id {result.custom_id!r:.60}")
            return None
        return reply_of(result, request)
    except NotDoneError as error:
        found.note("not_done", place, str(error))
    except OtherModelError as error:
        found.note("other_model", place, str(error))
    except MalformedBodyError as error:
        found.note("unreadable", place, str(error))
    return None


def _put(
    store: ReplyStore, chunk: Iterable[tuple[Request, Reply, str]], found: ImportedBatch
) -> None:
    chunk = list(chunk)
    there = store.get_many(request.id for request, _, _ in chunk)
    taken = []
    for request, reply, place in chunk:
        before = there.get(request.id)
        # a failure gives way to an answer, and to nothing else
        if before is not None and (before.outcome != "failed" or reply.outcome == "failed"):
            found.note("stored", place)
        else:
            taken.append((request, reply))
    store.put_many(taken)
    for request, reply in taken:
        if request.id in found.failed:  # of these files: the answer counts, the failure is a repeat
            found.failed.discard(request.id)
            found.new["failed"] -= 1
            found.by_model[request.model] -= 1
            found.repeated += 1
        if reply.outcome == "failed":
            found.failed.add(request.id)
        found.new[reply.outcome] += 1
        found.by_model[request.model] += 1
        found.tokens_in += reply.tokens_in or 0
        found.tokens_out += reply.tokens_out or 0
    found.new = +found.new
