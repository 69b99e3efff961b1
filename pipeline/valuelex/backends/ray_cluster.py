"""Many models over a Ray cluster: an actor per GPU group holds one model at a time.

Ray places the actors by the GPUs that their models need and keeps those waiting that do not fit
yet. The driver, this process, hands out chunks and is the only one that sees replies: whoever runs
it writes the store. An actor or a node that is lost costs the chunk that it was working on, which
is asked again elsewhere; what is lost again and again becomes *failed*, with the reason.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from valuelex.backends.base import Backend
from valuelex.backends.cluster_holder import Holder
from valuelex.backends.cluster_work import Chunk, Work, works_of
from valuelex.environment import hidden_secrets
from valuelex.errors import BackendError
from valuelex.records import Reply, Request

LOCAL = "local"
_POLL = 5.0  # seconds between looks at what the cluster still has
_STORE_BYTES = 100_000_000  # Ray's object store on this machine; replies are small


@dataclass(frozen=True, slots=True)
class Placement:
    """What an actor needs to hold one model: how to open its backend there, and its GPUs."""

    open: Callable[[], Backend]
    gpus: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterBackend:
    """Answers requests of several models at once, each by a backend of its own on some node.

    Parameters
    ----------
    models
        Roster key -> placement; a request goes to its ``model``.
    address
        Of a running cluster (``auto``, ``host:port``); ``local`` starts one on this machine.
    chunk
        Requests handed to an actor at a time, >= 1: what a lost actor costs at most.
    attempts
        How often a chunk, or the loading of a model, may be lost before it is given up, >= 1.
    replicas
        Actors that may hold the same model at once, >= 1.
    cpus
        CPUs that an actor takes, beside its GPUs.
    say
        Is told in one line what happens to actors.
    on_progress
        Is told (model, replies so far, of how many) after each chunk.
    """

    models: Mapping[str, Placement]
    address: str = LOCAL
    chunk: int = 256
    attempts: int = 3
    replicas: int = 1
    cpus: float = 1.0
    say: Callable[[str], None] = field(default=lambda _: None)
    on_progress: Callable[[str, int, int], None] = field(default=lambda *_: None)
    name: str = "ray"
    constrains: bool = True  # each model's own backend decides, on its node

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:
        """Yield one reply per request as chunks come back.

        Raises
        ------
        BackendError
            When there is no cluster, and, after everything else has been answered, when a model
            could not be asked at all: with every such model and why.
        """
        strangers = sorted({r.model for r in requests} - set(self.models))
        if strangers:
            raise BackendError(f"no placement for the models {strangers[:5]}")
        if not requests:
            return
        with connected(self.address) as ray:
            works = works_of(requests, {k: m.gpus for k, m in self.models.items()}, self.chunk)
            yield from _Driver(ray, self, works).replies()
            lost = {key: work.gave_up for key, work in works.items() if work.gave_up}
        if lost:
            said = "; ".join(f"'{key}': {why}" for key, why in lost.items())
            raise BackendError(f"{len(lost)} of {len(works)} models could not be asked: {said}")


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Give the module ``ray``, connected to a cluster; one that was connected already stays so.

    Raises
    ------
    BackendError
        When Ray is not installed or the cluster cannot be reached.
    """
    try:
        import ray
    except ImportError:
        raise BackendError(
            "the package 'ray' is not installed: pip install 'valuelex[ray]'"
        ) from None
    if ray.is_initialized():
        yield ray
        return
    _refuse_silence(address)
    options: dict[str, Any] = {"address": address}
    if address == LOCAL:
        options |= {"include_dashboard": False, "object_store_memory": _STORE_BYTES}
    try:
        with hidden_secrets():  # what it starts here asks no server
            ray.init(**options, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        said = " ".join(str(error).split())
        raise BackendError(f"no Ray cluster at '{address}': {said:.300}") from None
    try:
        yield ray
    finally:
        ray.shutdown()


def _refuse_silence(address: str) -> None:
    """Refuse an address at which nobody listens: Ray would go on trying for ten minutes.

    Raises
    ------
    BackendError
        When it is neither a word that Ray knows nor a host and port that answer.
    """
    if address in (LOCAL, "auto"):
        return
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or "/" in host:
        raise BackendError(
            f"a Ray cluster's address must be auto, local or host:port, was: {address!r}"
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
    except (OSError, OverflowError) as error:
        raise BackendError(f"no Ray cluster at '{address}': {error}") from None


@dataclass(slots=True, eq=False)
class _Post:
    """One actor as the driver sees it."""

    actor: Any
    gpus: int
    doing: str = "hello"
    work: Work | None = None
    chunk: Chunk | None = None


class _Driver:
    """Hands out chunks and takes replies until every model is done or given up."""

    def __init__(self, ray: Any, cluster: ClusterBackend, works: Mapping[str, Work]) -> None:
        self._ray, self._cluster, self._works = ray, cluster, works
        self._pending: dict[Any, _Post] = {}
        self._stillborn = 0  # actors in a row that were lost before they could do anything

    def replies(self) -> Iterator[Reply]:
        """Yield replies; however this ends, no actor is left behind."""
        try:
            self._hire()
            while self._pending or self._hire():
                ready, _ = self._ray.wait(list(self._pending), timeout=_POLL)
                if not ready:
                    self._hire()
                for ref in ready:
                    yield from self._finished(ref)
        finally:
            for post in self._pending.values():
                self._ray.kill(post.actor)

    def _hire(self) -> bool:
        """Ask Ray for the actors that waiting models need; give up what no node can hold.

        Returns whether anything is under way.
        """
        for gpus in sorted({work.gpus for work in self._works.values()}, reverse=True):
            waiting = [w for w in self._works.values() if w.gpus == gpus and w.waits]
            room = self._room(gpus)
            if waiting and not room:
                self._refuse(waiting, gpus)
                continue
            posts = [p for p in self._pending.values() if p.gpus == gpus and p.doing != "close"]
            idle = sum(post.work is None for post in posts)
            wanted = sum(work.wanted(self._cluster.replicas) for work in waiting) - idle
            for _ in range(min(wanted, room - len(posts))):
                actor = (
                    self._ray.remote(Holder)
                    .options(num_gpus=gpus, num_cpus=self._cluster.cpus, max_restarts=0)
                    .remote()
                )
                self._submit(_Post(actor, gpus), "hello")
        return bool(self._pending)

    def _room(self, gpus: int) -> int:
        """Return how many actors of so many GPUs the nodes that live could hold."""
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        if gpus:
            return sum(int(node.get("GPU", 0) // gpus) for node in nodes)
        each = max(self._cluster.cpus, 0.01)
        return sum(int(node.get("CPU", 0) // each) for node in nodes)

    def _refuse(self, waiting: Sequence[Work], gpus: int) -> None:
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        largest = max((int(node.get("GPU", 0)) for node in nodes), default=0)
        for work in waiting:
            if not work.holders:
                work.give_up(
                    f"it needs {gpus} GPUs on one machine; the largest of {len(nodes)} machines"
                    f" has {largest}"
                )
        for ref, post in list(self._pending.items()):
            if post.gpus == gpus and post.work is None:
                del self._pending[ref]
                self._ray.kill(post.actor)

    def _submit(self, post: _Post, doing: str, *arguments: Any) -> None:
        post.doing = doing
        self._pending[getattr(post.actor, doing).remote(*arguments)] = post

    def _finished(self, ref: Any) -> Iterator[Reply]:
        from ray.exceptions import RayError, RayTaskError

        post = self._pending.pop(ref)
        try:
            result = self._ray.get(ref)
        except RayTaskError as error:  # a fault of the program or of a node's environment
            said = " ".join(str(error.cause or error).split())[-300:]
            result = said if post.doing != "answer" else ([], said)
        except RayError as error:
            yield from self._lost(post, error)
            return
        if post.doing == "close":
            self._ray.kill(post.actor)
            return
        self._stillborn = 0
        if post.doing == "take" and result and post.work is not None:
            post.work.give_up(result)
        if post.doing == "answer":
            yield from self._answered(post, *result)
        self._next(post)

    def _answered(self, post: _Post, replies: list[Reply], problem: str) -> Iterator[Reply]:
        work, chunk = post.work, post.chunk
        if work is None or chunk is None:
            raise BackendError("an actor answered what it was not asked")
        post.chunk = None
        yield from replies
        work.done += len(replies)
        if not problem:
            work.hopeless = False
        else:
            post.work = None  # its engine is gone; it may take the model up again
            work.holders -= 1
            chunk.requests = chunk.unanswered(replies)
            yield from self._missed(work, chunk, problem)
        self._cluster.on_progress(work.key, work.done, work.total)

    def _lost(self, post: _Post, error: Exception) -> Iterator[Reply]:
        """Put a lost actor's chunk back, and ask for another actor."""
        why = " ".join(str(error).split())[:200]
        self._ray.kill(post.actor)  # it may only be out of reach
        work = post.work
        if work is None:
            self._stillborn += 1
            if self._stillborn > 3 * self._cluster.attempts:
                raise BackendError(f"actors cannot be started on the cluster: {why}")
            self._cluster.say(f"an actor without a model was lost: {why}")
        else:
            work.holders -= 1
            self._cluster.say(f"{work.key}: an actor was lost; its chunk is asked again: {why}")
            if post.chunk is not None:
                yield from self._missed(work, post.chunk, f"the actor or its node was lost: {why}")
                self._cluster.on_progress(work.key, work.done, work.total)
            elif post.doing == "take":
                work.lose(self._cluster.attempts, why)
        self._hire()

    def _missed(self, work: Work, chunk: Chunk, why: str) -> Iterator[Reply]:
        chunk.losses += 1
        if not chunk.requests:
            return
        if chunk.losses < self._cluster.attempts:
            work.chunks.appendleft(chunk)
            return
        if work.hopeless:
            work.give_up(f"two chunks were lost {chunk.losses} times each: {why}")
            return
        work.hopeless = True
        work.done += len(chunk.requests)
        self._cluster.say(f"{work.key}: {len(chunk.requests)} requests failed: {why}")
        for request in chunk.requests:
            detail = f"lost {chunk.losses} times: {why}"[:300]
            yield Reply(request.id, "", "failed", detail, engine="ray")

    def _next(self, post: _Post) -> None:
        """Give an actor its next chunk, else another model, else let it go."""
        work = post.work
        if work is not None and work.chunks and not work.gave_up:
            post.chunk = work.chunks.popleft()
            self._submit(post, "answer", post.chunk.requests)
            return
        if work is not None:
            work.holders -= 1
            post.work = None
        waiting = (w for w in self._works.values() if w.gpus == post.gpus)
        other = next((w for w in waiting if w.wanted(self._cluster.replicas)), None)
        if other is None:
            self._submit(post, "close")
            return
        post.work = other
        other.holders += 1
        self._submit(post, "take", self._cluster.models[other.key].open)
