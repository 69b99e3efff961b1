"""A backend that says what it is told to: the double for tests, dry runs and examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from valuelex.records import Reply, Request

Answer = str | Reply
Script = Mapping[str, Answer] | Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class ScriptedBackend:
    """Answers from a script, in the order asked; engine ``scripted``.

    Parameters
    ----------
    script
        A callable from request to answer, or a mapping keyed by request id or else by prompt id.
        An answer is a text (outcome ``answered``) or a whole :class:`Reply`, whose ``request_id``
        and ``engine`` are set here. What the mapping lacks fails with detail ``not scripted``.

    Attributes
    ----------
    asked
        Every request that reached the backend, in order: what the store held is not among them.
    """

    script: Script
    name: str = "scripted"
    asked: list[Request] = field(default_factory=list)

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:
        """Yield the scripted reply of each request."""
        for request in requests:
            self.asked.append(request)
            yield self._reply(request)

    def _reply(self, request: Request) -> Reply:
        answer = self._answer(request)
        if isinstance(answer, Reply):
            return replace(answer, request_id=request.id, engine=self.name)
        return Reply(request.id, answer, "answered", finish_reason="stop", engine=self.name)

    def _answer(self, request: Request) -> Answer:
        if callable(self.script):
            return self.script(request)
        for key in (request.id, request.prompt):
            if key in self.script:
                return self.script[key]
        return Reply(request.id, "", "failed", "not scripted")
