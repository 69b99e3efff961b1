"""A study's recorded replies, back out of the reply store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from valuelex.backends.store import ReplyStore
from valuelex.records import Reply, Request


def revision_of(sha: str) -> str:
    """Return the revision that recorded requests carry: the sha256 over the model's rows."""
    return f"recording:{sha}"


def recorded_pairs(store: ReplyStore, sha: str, model: str) -> Iterator[tuple[Request, Reply]]:
    """Yield what one model was asked and replied in a recording, ordered by request id.

    Parameters
    ----------
    store
        The reply store.
    sha
        The roster's ``recording``: 64 hex digits over the model's rows.
    model
        The roster key to give the requests. It does not enter their id, so a recording may serve
        under another key.
    """
    for request, reply in store.export(revision=revision_of(sha)):
        yield replace(request, model=model), reply


@dataclass(frozen=True, slots=True)
class RecordedBackend:
    """Answers what was not recorded: with a failure that says so.

    A recorded model cannot be asked anything more; its recorded replies are read by
    :func:`recorded_pairs`. The failures are counted, and not kept in the store: a later recording
    may know better.
    """

    name: str = "recorded"
    keeps_replies: bool = False

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:
        """Yield one failed reply per request."""
        for request in requests:
            yield Reply(request.id, "", "failed", "not recorded", engine=self.name)


def open_backend(_entry: object) -> RecordedBackend:
    """Return the backend of a recorded roster entry."""
    return RecordedBackend()
