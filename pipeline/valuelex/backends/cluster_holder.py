"""What runs in an actor of a cluster: one model at a time, loaded, asked, and let go.

It knows nothing of the cluster, and so runs as well in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from valuelex.backends.ask import refuse_patterns
from valuelex.backends.base import Ask, Backend, HasSession
from valuelex.errors import BackendError
from valuelex.records import Reply, Request


class Holder:
    """The actor: holds one model at a time, and answers chunks with it."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._ask: Ask | None = None
        self._backend: Backend | None = None

    def hello(self) -> str:
        """Answer as soon as there is a place for this actor."""
        return ""

    def take(self, opener: Callable[[], Backend]) -> str:
        """Let go of the model before, and load another; why that is impossible, or nothing."""
        self.close()
        try:
            self._backend = opener()
            if isinstance(self._backend, HasSession):
                self._ask = self._open.enter_context(self._backend.session())
            else:
                self._ask = self._backend.run
        except BackendError as error:
            self.close()
            return str(error)
        return ""

    def answer(self, chunk: Sequence[Request]) -> tuple[list[Reply], str]:
        """Return the replies to one chunk, and what ended the engine before the last of them."""
        if self._ask is None or self._backend is None:
            return [], "no model is loaded"
        replies: list[Reply] = []
        try:
            refuse_patterns(chunk, self._backend)
            replies.extend(self._ask(chunk))
        except BackendError as error:
            self.close()
            return replies, str(error)
        return replies, ""

    def close(self) -> str:
        """Let go of the model; its engine's processes have ended when this returns."""
        self._ask = self._backend = None
        self._open.close()
        return ""
