"""What a backend is: one verb over a batch, replies streamed out as they finish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from valuelex.records import Reply, Request

Ask = Callable[[Sequence[Request]], Iterator[Reply]]


class Backend(Protocol):
    """Something that answers requests.

    Many requests in, replies out in any order: an offline engine wants the whole batch, a client
    of a server keeps some in flight inside. Storing, resuming and progress are not its concern
    (:func:`valuelex.backends.ask.answer_all`).

    A backend may carry ``keeps_replies = False`` when its replies cost nothing and say nothing
    (a recorded model asked what was not recorded): they are then not written to the store. One
    that can hold a model to a request's ``pattern`` carries ``constrains = True``.
    """

    @property
    def name(self) -> str:
        """Short name for messages, e.g. ``vllm``."""
        ...

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:
        """Yield exactly one reply per request, each under its request's id, in any order.

        The iterator is lazy: work may go on inside while the caller holds a reply, but closing the
        iterator ends all of it. What goes wrong with one request is an outcome of its reply.

        Raises
        ------
        BackendError
            When the engine cannot be used at all (not installed, no such model, died).
        """
        ...


@runtime_checkable
class HasSession(Protocol):
    """A backend for which starting costs much: it stays loaded between chunks."""

    def session(self) -> AbstractContextManager[Ask]:
        """Start once, and give a function that answers one chunk after the other."""
        ...
