"""`valuelex prefetch`: ask what is outstanding, each model loaded once, here or over a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("prefetch")(prefetch)


def prefetch(
    stages: Annotated[
        list[str] | None,
        typer.Argument(help="elicit, survey, administer, score; default: elicit and survey"),
    ] = None,
    ray: Annotated[
        str | None, typer.Option(help="a Ray cluster: auto, host:port, or local to start one")
    ] = None,
    chunk: Annotated[int, typer.Option(min=1, help="requests that go to a node at a time")] = 256,
    replicas: Annotated[
        int, typer.Option(min=1, help="actors that may hold one model at once")
    ] = 1,
    cpus: Annotated[
        float, typer.Option(min=0, help="CPUs that an actor takes, beside its GPUs")
    ] = 1.0,
) -> None:
    """Ask the models of the study into the reply store, each loaded once; `dvc repro` then exports.

    Elicitation and questionnaire are asked with the same load. The projective test needs its form
    first (`dvc repro compose`), judging by a model needs the completions.

    Examples: valuelex prefetch; valuelex prefetch --ray auto;
    valuelex prefetch administer --ray auto
    """
    from valuelex.stages.context import open_context
    from valuelex.stages.prefetch import Cluster
    from valuelex.stages.prefetch import prefetch as ask_all

    context = open_context(Path.cwd())
    cluster = None if ray is None else Cluster(ray, chunk, replicas, cpus)
    count = ask_all(context, stages or (), cluster)
    context.say(f"{count} requests looked at; what was outstanding is now in {context.store}")
