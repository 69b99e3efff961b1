"""Runs a study over a real Ray cluster of four nodes on this machine, and kills one of them.

Usage: on_cluster.py FOLDER; prints one JSON object with what happened. In a process of its own:
Ray's threads and warnings are not the tests' business.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"

from ray.cluster_utils import Cluster as Nodes

from valuelex.backends.ray_cluster import ClusterBackend, Placement
from valuelex.backends.scripted import ScriptedBackend
from valuelex.backends.store import ReplyStore
from valuelex.errors import BackendError
from valuelex.records import Message, Reply, Request, Sampling
from valuelex.stages import administer
from valuelex.stages.context import Context, open_context
from valuelex.stages.prefetch import Cluster, prefetch

NODES, GPUS = 4, 2
STORE_BYTES = 80_000_000
STAGES = ("elicit", "survey", "administer")


def start() -> tuple[Nodes, list[Any]]:
    """Start a head without resources and four nodes that pretend to have two GPUs each."""
    # a lost node is noticed in a second or two, so that the test need not wait half a minute
    system = {"health_check_period_ms": 500, "health_check_failure_threshold": 3}
    head = {
        "num_cpus": 0,
        "num_gpus": 0,
        "object_store_memory": STORE_BYTES,
        "include_dashboard": False,
        "_system_config": system,
    }
    nodes = Nodes(initialize_head=True, head_node_args=head)
    added = [
        nodes.add_node(num_cpus=GPUS, num_gpus=GPUS, object_store_memory=STORE_BYTES)
        for _ in range(NODES)
    ]
    nodes.wait_for_nodes()
    return nodes, added


def kill_when(context: Context, replies: int, kill: Callable[[], None]) -> threading.Thread:
    """Kill a node as soon as the store holds so many replies."""

    def watch() -> None:
        while not context.store.exists():
            time.sleep(0.05)
        while True:
            with ReplyStore(context.store) as store:
                if sum(store.counts().values()) >= replies:
                    break
            time.sleep(0.05)
        kill()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def study(folder: Path, nodes: Nodes, added: list[Any]) -> dict[str, Any]:
    """Ask the whole study over the cluster while a node dies."""
    said: list[str] = []
    context = open_context(folder)
    context = Context(context.root, context.settings, said.append)
    killed: list[float] = []

    def kill() -> None:
        nodes.remove_node(added.pop(), allow_graceful=False)
        killed.append(time.monotonic())

    thread = kill_when(context, 1200, kill)
    count = prefetch(context, STAGES, Cluster(nodes.address, chunk=16))
    ended = time.monotonic()
    thread.join(timeout=5)
    for key in context.settings.models:
        administer.run(context, key)  # a judge reads the completions from their artifact
    before = rows(context)
    prefetch(context, ["score"], Cluster(nodes.address, chunk=64, replicas=2))
    return {
        "requests": count,
        "before_judging": before,
        "rows": rows(context),
        "said": said,
        "killed_before_the_end": bool(killed) and killed[0] < ended,
    }


def rows(context: Context) -> int:
    with ReplyStore(context.store) as store:
        return store.verify()


def answer(deadly: str, request: Request) -> str:
    """Answer, but take the whole actor along on one request."""
    if request.prompt == deadly:
        os._exit(9)
    return f"answer to {request.prompt}"


class BreaksAtOnce:
    """An engine that comes to an end with every chunk, after its first reply."""

    name = "breaks"

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:
        yield Reply(requests[0].id, "one", "answered")
        raise BackendError("the engine is gone")


def unloadable() -> Any:
    raise BackendError("no such folder")


def faults(address: str) -> dict[str, Any]:
    """Ask models of which most cannot be asked; each is to cost itself alone."""
    openers: dict[str, tuple[Callable[[], Any], int]] = {
        "fine": (partial(ScriptedBackend, partial(answer, "")), 1),
        "deadly": (partial(ScriptedBackend, partial(answer, "p5")), 1),
        "breaks": (BreaksAtOnce, 1),
        "unloadable": (unloadable, 1),
        "huge": (partial(ScriptedBackend, partial(answer, "")), 16),
    }
    requests = [
        Request(key, key, "main", f"p{n}", (Message("user", "?"),), Sampling(1, 1, 9))
        for key in openers
        for n in range(12)
    ]
    backend = ClusterBackend(
        models={key: Placement(opener, gpus) for key, (opener, gpus) in openers.items()},
        address=address,
        chunk=4,
    )
    found: dict[str, dict[str, str]] = {key: {} for key in openers}
    details: dict[str, str] = {}  # of what failed
    by_id = {request.id: request for request in requests}
    problem = ""
    try:
        for reply in backend.run(requests):
            request = by_id[reply.request_id]
            if request.prompt in found[request.model]:
                raise AssertionError("two outcomes for one request")
            found[request.model][request.prompt] = reply.outcome
            if reply.outcome == "failed":
                details[request.model] = reply.detail
    except BackendError as error:
        problem = str(error)
    return {"outcomes": found, "details": details, "problem": problem}


def main(folder: Path) -> None:
    nodes: Any
    nodes, added = start()
    try:
        found = study(folder, nodes, added)
        found["faults"] = faults(nodes.address)
    finally:
        nodes.shutdown()
    print(json.dumps(found))  # noqa: T201 - for the test


if __name__ == "__main__":
    main(Path(sys.argv[1]))
