"""Asking durably: look in the store first, ask only what is missing, commit as replies come in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from valuelex.backends.base import Backend
from valuelex.backends.rows import clean
from valuelex.backends.store import ReplyStore
from valuelex.backends.turns import turn
from valuelex.errors import BackendError
from valuelex.records import Reply, Request

CHUNK = 256
_SECONDS = 2.0


def answer_all(
    requests: Sequence[Request],
    backend: Backend,
    store: ReplyStore,
    *,
    chunk: int = CHUNK,
    retry_failed: bool = False,
    on_progress: Callable[[int], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> dict[str, Reply]:
    """Return one reply per request, by request id, in the order of ``requests``.

    The backend gets all that the store does not hold in one call (a model is loaded once, a
    client keeps its slots full). Its replies are committed as they come, ``chunk`` at a time or
    every two seconds, whichever is first, before it is asked for the next one. Killed at any
    moment, the same call continues: at most the uncommitted chunk is asked again.

    Parameters
    ----------
    requests
        What to ask; the same request given twice is asked once.
    backend
        Who answers.
    store
        Where replies are kept.
    chunk
        Replies per commit, >= 1.
    retry_failed
        Ask again what is in the store as ``failed``; otherwise a failure is final.
    on_progress
        Called with the number of requests that are answered *and durable*, first with what the
        store already held.
    on_wait
        Told when another process asks the same model the same questions: it is waited for, and what
        it answered is taken from the store.

    Raises
    ------
    BackendError
        When the backend cannot be used, answers what was not asked, answers twice, or leaves
        requests unanswered. What came before it is committed.
    StoreError
        When the store cannot be read or written.
    ValueError
        When ``chunk`` is below 1.
    """
    if chunk < 1:
        raise ValueError(f"chunk must be at least 1, was: {chunk}")
    asked = {request.id: request for request in requests}
    failed_too = not retry_failed
    say = on_progress or _silent
    found = _held(store, asked, failed_too=failed_too)
    say(len(found))
    if len(found) < len(asked):
        missing = {key: request for key, request in asked.items() if key not in found}
        with turn(store.path, missing.values(), on_wait or _silent):
            answered = _held(store, missing, failed_too=failed_too)  # by whom we waited for
            found.update(answered)
            left = {key: request for key, request in missing.items() if key not in answered}
            for replies in _committed(left, backend, store, chunk) if left else ():
                found.update(replies)
                say(len(found))
    return {key: found[key] for key in asked}


def _held(store: ReplyStore, ids: Iterable[str], *, failed_too: bool) -> dict[str, Reply]:
    held = store.get_many(ids)
    return {key: r for key, r in held.items() if failed_too or r.outcome != "failed"}


def _silent(_: object) -> None:
    """Say nothing."""


def _committed(
    missing: dict[str, Request], backend: Backend, store: ReplyStore, chunk: int
) -> Iterator[dict[str, Reply]]:
    """Yield the replies to ``missing`` chunk by chunk, each chunk durable before it is yielded."""
    keeps = getattr(backend, "keeps_replies", True)

    def commit(replies: dict[str, Reply]) -> dict[str, Reply]:
        if not keeps:
            return replies
        new = store.put_many((missing[key], reply) for key, reply in replies.items())
        # Fewer new ones: another process has answered them meanwhile, and the first answer counts.
        return replies if new == len(replies) else store.get_many(replies)

    pending: dict[str, Reply] = {}
    since = time.monotonic()
    try:
        for reply in _checked(missing, backend):
            if not pending:
                since = time.monotonic()
            pending[reply.request_id] = reply
            if len(pending) >= chunk or time.monotonic() - since >= _SECONDS:
                done, pending = pending, {}
                yield commit(done)
    except BaseException:
        # An engine that died, or Ctrl-C: what was paid for until then is kept.
        if pending:
            commit(pending)
        raise
    if pending:
        yield commit(pending)


def _checked(missing: dict[str, Request], backend: Backend) -> Iterator[Reply]:
    """Yield the backend's replies, cleaned, making sure that there is exactly one per request."""
    refuse_patterns(missing.values(), backend)
    seen: set[str] = set()
    replies = backend.run(list(missing.values()))
    try:
        for reply in replies:
            if reply.request_id not in missing:
                raise BackendError(
                    f"backend '{backend.name}' replied to {reply.request_id!r}, which was not asked"
                )
            if reply.request_id in seen:
                raise BackendError(
                    f"backend '{backend.name}' replied twice to {reply.request_id!r}"
                )
            seen.add(reply.request_id)
            yield clean(reply)
    finally:
        close = getattr(replies, "close", None)  # generators have it; a plain iterator need not
        if close is not None:
            close()
    if len(seen) < len(missing):
        first = next(key for key in missing if key not in seen)
        raise BackendError(
            f"backend '{backend.name}' left {len(missing) - len(seen)} of {len(missing)} requests"
            f" without a reply, first: {first!r}"
        )


def refuse_patterns(requests: Iterable[Request], backend: Backend) -> None:
    """Refuse requests for constrained replies where the backend would answer freely.

    Raises
    ------
    BackendError
        Naming the first such request.
    """
    if getattr(backend, "constrains", False):
        return
    held = next((request for request in requests if request.pattern), None)
    if held is not None:
        raise BackendError(
            f"backend '{backend.name}' cannot hold a reply to a pattern, which {held.prompt} asks"
            " for: switch the constraint off, or use the backend 'vllm'"
        )
