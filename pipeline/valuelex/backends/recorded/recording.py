"""A recording: the replies of several models, read from files, grouped, numbered and signed."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from valuelex.backends.completions import MalformedBodyError
from valuelex.backends.recorded.formats import Asked, RecordedReply, parse
from valuelex.backends.recorded.keys import roster_keys
from valuelex.backends.recorded.lines import broken, read_objects
from valuelex.backends.recorded.pairs import revision_of
from valuelex.backends.thinking import spoken
from valuelex.errors import RecordedFileError
from valuelex.records import Reply, Request, Sampling

ENGINE = "recorded"
_PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply stood: file and line, for messages."""

    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class RecordedModel:
    """One model of a recording.

    ``key`` is its roster key, ``name`` the name that it has in the files, ``sha`` 64 hex digits
    over all its rows: another row, another sha.
    """

    key: str
    name: str
    sha: str
    pairs: tuple[tuple[Request, Reply], ...]


def read_recording(files: Sequence[Path]) -> tuple[RecordedModel, ...]:
    """Read files of recorded replies, whole or not at all; models sorted by roster key.

    Repeats of one prompt to one model under one decoding setting become draws 0, 1, 2 in the order
    of the files, where the rows do not number them.

    Raises
    ------
    RecordedFileError
        On the first line that cannot be read, a doubled draw, a file given twice, or no reply.
    """
    doubled = [path for path in files if [p.resolve() for p in files].count(path.resolve()) > 1]
    if doubled:
        raise RecordedFileError(f"{doubled[0]} is given twice: its replies would count double")
    replies: list[tuple[Place, RecordedReply]] = []
    questions: dict[str, Asked] = {}
    for path in files:
        for place, found in _parsed(path):
            if not isinstance(found, Asked):
                replies += [(place, reply) for reply in found]
            elif questions.setdefault(found.custom_id, found) != found:
                raise broken(
                    path, place.line, "each custom_id once", f"another '{found.custom_id}'"
                )
    if not replies:
        names = ", ".join(map(str, files)) or "no file"
        raise RecordedFileError(f"{names}: expected at least one reply, was: none")
    return _grouped(_joined(replies, questions))


def _parsed(path: Path) -> Iterator[tuple[Place, Asked | list[RecordedReply]]]:
    for number, row in read_objects(path):
        try:
            yield Place(path, number), parse(row)
        except MalformedBodyError as error:
            raise RecordedFileError(f"{path}, line {number}: {error}") from None


def _joined(
    replies: Iterable[tuple[Place, RecordedReply]], questions: Mapping[str, Asked]
) -> Iterator[tuple[Place, RecordedReply]]:
    """Give each batch reply the question that was read along, and each a model's name."""
    for place, reply in replies:
        asked = questions.get(reply.asked.custom_id, reply.asked)
        if not asked.model:
            raise broken(
                place.path,
                place.line,
                "a model's name (an error line has none: give the batch input file too)",
                f"custom_id '{asked.custom_id}' without a model",
            )
        yield place, replace(reply, asked=asked)


def _grouped(replies: Iterable[tuple[Place, RecordedReply]]) -> tuple[RecordedModel, ...]:
    by_name: dict[str, list[tuple[Place, RecordedReply]]] = {}
    for place, reply in replies:
        by_name.setdefault(reply.asked.model, []).append((place, reply))
    keys = roster_keys(by_name)
    models = [_model(keys[name], name, rows) for name, rows in by_name.items()]
    return tuple(sorted(models, key=lambda model: model.key))


def _model(key: str, name: str, rows: list[tuple[Place, RecordedReply]]) -> RecordedModel:
    drafts = list(_numbered(key, name, rows))
    sha = _sha(name, drafts)
    signed = ((replace(request, revision=revision_of(sha)), reply) for request, reply in drafts)
    pairs = [(request, replace(reply, request_id=request.id)) for request, reply in signed]
    return RecordedModel(key, name, sha, tuple(sorted(pairs, key=lambda pair: pair[0].id)))


def _numbered(
    key: str, name: str, rows: list[tuple[Place, RecordedReply]]
) -> Iterator[tuple[Request, Reply]]:
    """Yield requests with draw numbers; those given are kept, the others take the next free."""
    drafts = [(place, reply, _request(key, name, reply)) for place, reply in rows]
    taken: dict[str, set[int]] = {}
    for place, reply, request in drafts:
        if reply.draw is not None:
            draws = taken.setdefault(request.id, set())
            if reply.draw in draws:
                came = f"draw {reply.draw} again"
                raise broken(place.path, place.line, "each draw of a prompt once", came)
            draws.add(reply.draw)
    following: dict[str, int] = {}
    for _, reply, request in drafts:
        draw = reply.draw
        if draw is None:
            draw = following.get(request.id, 0)
            while draw in taken.get(request.id, ()):
                draw += 1
            following[request.id] = draw + 1
        yield replace(request, draw=draw), _reply(reply)


def _request(key: str, name: str, reply: RecordedReply) -> Request:
    asked = reply.asked
    unknown = math.nan
    return Request(
        model=key,
        model_id=name,
        revision="",
        prompt=prompt_id(asked),
        messages=asked.messages,
        sampling=Sampling(
            temperature=unknown if asked.temperature is None else asked.temperature,
            top_p=unknown if asked.top_p is None else asked.top_p,
            max_tokens=asked.max_tokens or 0,
        ),
    )


def _reply(reply: RecordedReply) -> Reply:
    choice, raw = spoken(reply.choice)
    return Reply(
        request_id="",
        text=choice.text,
        outcome=choice.outcome,
        detail=choice.detail,
        finish_reason=choice.finish_reason,
        tokens_in=reply.tokens_in,
        tokens_out=reply.tokens_out,
        engine=ENGINE,
        raw=raw,
    )


def prompt_id(asked: Asked) -> str:
    """Return the prompt id of what was asked: the same messages have the same id in any recording.

    12 hex digits over the messages; else the batch line's own id; else ``unstated``.
    """
    if asked.messages:
        return f"recorded/{_digest([[m.role, m.content] for m in asked.messages])[:12]}"
    if not asked.custom_id:
        return "recorded/unstated"
    plain = _PLAIN_ID.fullmatch(asked.custom_id)
    return f"recorded/{asked.custom_id if plain else _digest(asked.custom_id)[:12]}"


def _sha(name: str, pairs: Sequence[tuple[Request, Reply]]) -> str:
    rows = [
        [
            request.prompt,
            [[message.role, message.content] for message in request.messages],
            [repr(request.sampling.temperature), repr(request.sampling.top_p)],
            [request.sampling.max_tokens, request.draw],
            [reply.text, reply.outcome, reply.detail, reply.finish_reason],
        ]
        for request, reply in pairs
    ]
    return _digest([name, sorted(rows)])


def _digest(content: object) -> str:
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def all_pairs(models: Iterable[RecordedModel]) -> Iterator[tuple[Request, Reply]]:
    """Yield every request and reply of a recording."""
    for model in models:
        yield from model.pairs
