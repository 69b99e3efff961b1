"""Asking one model of the roster: the one door from stages to backends and the reply store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from valuelex.backends.ask import answer_all
from valuelex.backends.base import Backend
from valuelex.backends.registry import kept_as, open_engine
from valuelex.backends.store import ReplyStore
from valuelex.backends.tokens import totals
from valuelex.records import Reply, Request
from valuelex.roster import ModelEntry
from valuelex.stages.context import Context
from valuelex.stages.progress import Progress


def ask(
    context: Context,
    key: str,
    requests: Sequence[Request],
    what: str,
    *,
    retry_failed: bool = False,
) -> dict[str, Reply]:
    """Return one reply per request, from the store where it is there, else from the backend.

    Killed at any moment, the same call continues: each chunk is durable before the next is asked.
    With ``retry_failed`` what has failed is asked again.
    """
    entry = context.settings.model(key)
    with ReplyStore(context.store) as store, Progress(f"{what} {key}", len(requests)) as progress:
        stored = store.get_many(request.id for request in requests)
        replies = stored
        if retry_failed or any(request.id not in stored for request in requests):
            # opened only now: what is in the store needs no engine and no key
            backend = open_backend(context, key, entry)
            replies = answer_all(
                requests,
                backend,
                store,
                retry_failed=retry_failed,
                on_progress=progress.advance_to,
                on_wait=context.say,
            )
    if entry.backend != "recorded":  # nobody is asked there
        new = sum(stored.get(request_id) != reply for request_id, reply in replies.items())
        context.say(f"{what} {key}: {spending(replies, new)}")
    return {request.id: replies[request.id] for request in requests}


def spending(replies: Mapping[str, Reply], asked: int) -> str:
    """Say how many replies were asked for just now, and what tokens all of them took."""
    tokens_in, tokens_out, unknown = totals(replies.values())
    line = f"{asked} asked, {len(replies) - asked} from the store"
    if unknown == len(replies):  # engines that count no tokens: the shipped double, recordings
        return line
    line += f"; {tokens_in} tokens in, {tokens_out} out"
    return f"{line} ({unknown} replies uncounted)" if unknown else line


def open_backend(context: Context, key: str, entry: ModelEntry) -> Backend:
    """Build the backend that a roster entry names; an engine's module is imported only here."""
    if entry.backend == "simulated":
        from valuelex.stages.planted import simulated_backend

        return simulated_backend(context, key, entry)
    return open_engine(entry)


def revision(context: Context, key: str, entry: ModelEntry) -> str:
    """Return what a reply of this entry depends on beside the request itself.

    For a simulated model that is the study's seed, structure and world; for the others the
    roster's revision with what else makes another respondent of the same weights.
    """
    if entry.backend != "simulated":
        return kept_as(entry)
    from valuelex.stages.planted import world_revision

    return world_revision(context, key, entry)


def reply_columns(request: Request, reply: Reply) -> dict[str, Any]:
    """Return the columns that every table of replies shares: what came, and what made it."""
    return {
        "text": reply.text,
        "raw": reply.raw,
        "outcome": reply.outcome,
        "detail": reply.detail,
        "model_id": request.model_id,
        "revision": request.revision,
        "prompt_sha256": request.prompt_sha256,
        "system_sha256": request.system_sha256,
        "engine": reply.engine,
    }
