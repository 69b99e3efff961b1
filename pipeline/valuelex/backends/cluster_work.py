"""What is left to ask of each model: chunks, how often they were lost, who holds the model."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from valuelex.records import Reply, Request


@dataclass(slots=True)
class Chunk:
    """Requests that go out together, and how often they did not come back."""

    requests: list[Request]
    losses: int = 0

    def unanswered(self, replies: Iterable[Reply]) -> list[Request]:
        """Return the requests that none of the replies answers."""
        answered = {reply.request_id for reply in replies}
        return [request for request in self.requests if request.id not in answered]


@dataclass(slots=True)
class Work:
    """One model's requests: ``done`` of ``total`` have a final outcome.

    ``hopeless``: the chunk before was lost for good, and none has come back since. One such chunk
    fails; two in a row say that it is not the chunk, and the model is given up instead.
    """

    key: str
    gpus: int
    total: int
    chunks: deque[Chunk] = field(default_factory=deque)
    done: int = 0
    holders: int = 0
    losses: int = 0
    hopeless: bool = False
    gave_up: str = ""

    @property
    def waits(self) -> bool:
        """Whether there is a chunk that nobody works on."""
        return bool(self.chunks) and not self.gave_up

    def wanted(self, replicas: int) -> int:
        """Return how many more actors could hold this model and be of use."""
        return max(0, min(replicas, len(self.chunks) + self.holders) - self.holders) * self.waits

    def give_up(self, why: str) -> None:
        """Ask nothing more of this model; what was not asked stays unasked, not failed."""
        self.gave_up = why
        self.chunks.clear()

    def lose(self, attempts: int, why: str) -> None:
        """Count an actor that was lost while it loaded the model; give up after so many."""
        self.losses += 1
        if self.losses >= attempts:
            self.give_up(f"{self.losses} actors were lost while they loaded it: {why}")


def works_of(requests: Sequence[Request], gpus: Mapping[str, int], chunk: int) -> dict[str, Work]:
    """Sort requests by model and cut them into chunks, in the order given.

    Raises
    ------
    ValueError
        When ``chunk`` is below 1.
    """
    if chunk < 1:
        raise ValueError(f"chunk must be at least 1, was: {chunk}")
    of_model: dict[str, list[Request]] = {}
    for request in requests:
        of_model.setdefault(request.model, []).append(request)
    return {
        key: Work(
            key=key,
            gpus=gpus[key],
            total=len(asked),
            chunks=deque(Chunk(asked[n : n + chunk]) for n in range(0, len(asked), chunk)),
        )
        for key, asked in of_model.items()
    }
