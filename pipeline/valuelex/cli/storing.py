"""`valuelex store`: what has been asked and answered so far, taken out, verified, asked again."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from valuelex.cli.terminal import columns, one_line
from valuelex.errors import SettingsError, ValueLexError, near_miss

if TYPE_CHECKING:
    from valuelex.backends.store import ReplyStore
    from valuelex.records import Reply, Request

store_app = typer.Typer(
    help="Show, take out, verify and compact the replies that the store holds; ask failures again.",
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(store_app, name="store")


@store_app.callback(invoke_without_command=True)
def show(context: typer.Context) -> None:
    """Show how many replies the store holds, by model and outcome, and their tokens.

    Examples: valuelex store; valuelex store verify; valuelex store export --out replies.jsonl
    """
    if context.invoked_subcommand is None:
        _show()


@store_app.command()
def verify() -> None:
    """Check the file's pages, and every reply against its key and its checksum.

    Example: valuelex store verify
    """
    with _opened() as store:
        rows, unsummed = store.verify(), store.unsummed()
        print(f"{rows} replies are as they were written: {one_line(str(store.path))}")  # noqa: T201
    if unsummed:
        print(f"{unsummed} of them are older than checksums: only their keys were checked")  # noqa: T201


@store_app.command()
def compact() -> None:
    """Rewrite the file without gaps. Example: valuelex store compact."""
    with _opened() as store:
        print(f"{store.compact()} bytes won")  # noqa: T201


@store_app.command()
def export(
    model: Annotated[str | None, typer.Option(help="roster key")] = None,
    outcome: Annotated[
        str | None, typer.Option(help="answered, refused, truncated or failed")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="a file; default: standard output")] = None,
) -> None:
    """Write replies with what was asked, one JSON line each; `valuelex replay` reads them again.

    Example: valuelex store export --model my-model --out replies.jsonl
    """
    from valuelex.records import OUTCOMES

    named = next((known for known in OUTCOMES if known == outcome), None)
    if outcome is not None and named is None:
        raise SettingsError(
            f"--outcome must be one of {', '.join(OUTCOMES)}, was: {outcome!r}"
            f"{near_miss(outcome, OUTCOMES)}"
        )
    with _opened() as store:
        known = {key for key, _ in store.counts()}
        if model is not None and model not in known:
            raise SettingsError(
                f"the store holds nothing of a model '{model}'{near_miss(model, known)}"
            )
        pairs = store.export(model=model, outcome=named)
        _write((json.dumps(_row(*pair), ensure_ascii=True) for pair in pairs), out)


@store_app.command("retry-failed")
def retry_failed(
    model: Annotated[list[str] | None, typer.Option(help="roster key; may be repeated")] = None,
) -> None:
    """Ask again what has failed for the active study, and say how to export what came.

    Example: valuelex store retry-failed --model my-model
    """
    from valuelex.stages import planning
    from valuelex.stages.context import open_context

    context = open_context(Path.cwd())
    todo = [one for one in planning.plan(context, models=model or ()) if one.failed]
    for one in todo:
        outcomes = planning.retry(context, one)
        said = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        print(f"{one.stage} {one.model}: {said}")  # noqa: T201
    if not todo:
        print("nothing of the active study has failed")  # noqa: T201
        return
    stages = " ".join(f"{one.stage}@{one.model}" for one in todo)
    # without --force DVC would bring back the file that it keeps of the last run
    print(f"to export them: dvc repro --force --single-item {stages} && dvc repro")  # noqa: T201


def _opened() -> ReplyStore:
    """Open the project's store, which must exist."""
    from valuelex.backends.store import ReplyStore
    from valuelex.stages.context import open_context

    path = open_context(Path.cwd()).store
    if not path.exists():
        raise ValueLexError(f"{path} does not exist yet: nothing has been asked")
    return ReplyStore(path)


def _show() -> None:
    from valuelex.records import OUTCOMES

    with _opened() as store:
        counts, totals = store.counts(), store.totals()
    head = ["model", *OUTCOMES, "tokens in", "tokens out", "uncounted"]
    rows = [
        [model, *(str(counts.get((model, outcome), 0)) for outcome in OUTCOMES), *map(str, tokens)]
        for model, tokens in totals.items()
    ]
    sums = [str(sum(int(row[place]) for row in rows)) for place in range(1, len(head))]
    for line in columns([head, *rows, ["all", *sums]], left=1):
        print(line)  # noqa: T201


def _row(request: Request, reply: Reply) -> dict[str, Any]:
    """Return a reply as a plain row; what is not known is left out."""
    sampling = request.sampling
    row = {
        "id": request.id,
        "model": request.model,
        "model_id": request.model_id,
        "revision": request.revision,
        "prompt_id": request.prompt,
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        "temperature": _known(sampling.temperature),
        "top_p": _known(sampling.top_p),
        "max_tokens": sampling.max_tokens or None,
        "draw": request.draw,
        "output": reply.text,
        "outcome": reply.outcome,
        "detail": reply.detail or None,
        "finish_reason": reply.finish_reason or None,
        "tokens_in": reply.tokens_in,
        "tokens_out": reply.tokens_out,
        "engine": reply.engine or None,
    }
    return {name: value for name, value in row.items() if value is not None}


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _write(lines: Iterator[str], out: Path | None) -> None:
    """Write line by line; a file appears whole or not at all."""
    if out is None:
        for line in lines:
            sys.stdout.write(f"{line}\n")
        return
    from valuelex.artifacts.codecs import ELSEWHERE, replacing

    n = 0
    with replacing(out, ELSEWHERE) as file:
        for n, line in enumerate(lines, start=1):  # noqa: B007 - the count is said below
            file.write(f"{line}\n".encode("ascii"))
    print(f"{n} replies: {one_line(str(out))}", file=sys.stderr)  # noqa: T201
