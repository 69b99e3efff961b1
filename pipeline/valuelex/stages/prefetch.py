"""Ask what is outstanding before DVC does: on this machine model by model, or over a Ray cluster.

DVC runs one stage of one model after the other, and each would load its model. Here a model is
loaded once for everything that can be asked of it by now, replies go into the store, and the
stages that follow find them there. No artifact is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from valuelex.artifacts.table import FORM, TAXONOMY
from valuelex.backends.ask import answer_all
from valuelex.backends.base import Backend
from valuelex.backends.ray_cluster import ClusterBackend, Placement
from valuelex.backends.registry import open_engine
from valuelex.backends.store import ReplyStore
from valuelex.errors import BackendError, SettingsError, near_miss
from valuelex.instruments.projective.administer import control_completions
from valuelex.instruments.projective.form import form_from_dict
from valuelex.prompts import load_prompt
from valuelex.records import Reply, Request
from valuelex.stages import administer, elicit, score, survey
from valuelex.stages.asking import ask, open_backend
from valuelex.stages.context import Context
from valuelex.stages.judging import ask_judge
from valuelex.stages.progress import ModelProgress

JUDGING = "score"
PER_MODEL: Mapping[str, Callable[[Context, str], Sequence[Request]]] = {
    "elicit": elicit.requests_of,
    "survey": survey.requests_of,
    "administer": administer.requests_of,
}
DEFAULT = ("elicit", "survey")


@dataclass(frozen=True, slots=True)
class Cluster:
    """How a cluster is used: see :class:`valuelex.backends.ray_cluster.ClusterBackend`."""

    address: str
    chunk: int = 256
    replicas: int = 1
    cpus: float = 1.0


def prefetch(context: Context, stages: Sequence[str] = (), cluster: Cluster | None = None) -> int:
    """Ask every outstanding request of the named stages; the number of requests looked at.

    Raises
    ------
    SettingsError
        On a stage that asks nobody.
    ArtifactError
        When a stage needs a form or completions that are not there yet.
    BackendError
        After all others were asked, when a model could not be asked at all.
    """
    wanted = tuple(dict.fromkeys(stages or DEFAULT))
    known = (*PER_MODEL, JUDGING)
    for stage in wanted:
        if stage not in known:
            raise SettingsError(
                f"no stage '{stage}' that asks models{near_miss(stage, known)}; there are:"
                f" {', '.join(known)}"
            )
    asking = [stage for stage in wanted if stage in PER_MODEL]
    requests = {
        key: [request for stage in asking for request in PER_MODEL[stage](context, key)]
        for key, entry in sorted(context.settings.models.items())
        if entry.backend != "recorded"
    }
    count = sum(len(one) for one in requests.values())
    if cluster is None:
        _ask_here(context, requests)
    else:
        _ask_cluster(context, [r for one in requests.values() for r in one], cluster)
    if JUDGING in wanted:
        count += _judge(context, cluster)
    return count


def _ask_here(context: Context, requests: Mapping[str, Sequence[Request]]) -> None:
    """Ask model by model, each loaded once; one that cannot be asked does not stop the others."""
    problems = []
    for key, asked in requests.items():
        try:
            replies = ask(context, key, asked, "ask")
        except BackendError as error:
            problems.append(f"'{key}': {error}")
            continue
        if asked:
            context.say(f"{key}: {len(replies)} replies are in the store")
    if problems:
        raise BackendError(
            f"{len(problems)} of {len(requests)} models could not be asked: {'; '.join(problems)}"
        )


def _ask_cluster(
    context: Context, requests: Sequence[Request], cluster: Cluster
) -> dict[str, Reply]:
    """Ask all models at once over the cluster; this process alone writes the store."""
    progress = ModelProgress(context.say)
    backend = ClusterBackend(
        models={key: placement(context, key) for key in sorted({r.model for r in requests})},
        address=cluster.address,
        chunk=cluster.chunk,
        replicas=cluster.replicas,
        cpus=cluster.cpus,
        say=context.say,
        on_progress=progress.advance,
    )
    with ReplyStore(context.store) as store:
        return answer_all(requests, backend, store, on_wait=context.say)


def placement(context: Context, key: str) -> Placement:
    """Return how a node opens a model's backend, and the GPUs that it needs.

    An engine is built on its node, from that machine's environment; the simulated double travels
    there whole, since its planted world lies in this project.
    """
    entry = context.settings.model(key)
    if entry.backend == "simulated":
        return Placement(partial(_same, open_backend(context, key, entry)), entry.gpus)
    return Placement(partial(open_engine, entry), entry.gpus)


def _same(backend: Backend) -> Backend:
    return backend


def _judge(context: Context, cluster: Cluster | None) -> int:
    """Ask the judges of the settings that are models; the number of completions judged by each."""
    judges = [name for name in context.settings.score.judges if name != score.EMBEDDING]
    if not judges:
        context.say("score: no judge of the settings is a model; nothing to ask")
        return 0
    taxonomy = TAXONOMY.read(context.root)
    form = form_from_dict(FORM.read(context.root))
    completions = [*score.read_completions(context, form), *control_completions(form)]
    content = load_prompt(context.root, context.settings.score.anchors, ("unanswered",))

    def over_cluster(requests: Sequence[Request]) -> list[Reply]:
        assert cluster is not None  # noqa: S101 - used only when there is one
        return list(_ask_cluster(context, requests, cluster).values())

    for name in judges:
        batch = over_cluster if cluster else None
        ask_judge(context, name, taxonomy, completions, content["unanswered"], batch=batch)
        context.say(f"score: '{name}' has judged {len(completions)} completions")
    return len(completions) * len(judges)
