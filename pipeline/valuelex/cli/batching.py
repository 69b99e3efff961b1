"""`valuelex batch`: outstanding requests as batch files, and the results of batches back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from valuelex.cli.terminal import one_line

if TYPE_CHECKING:
    from valuelex.stages.batching import ImportedBatch

batch_app = typer.Typer(
    no_args_is_help=True,
    help="Ask through batch files: OpenAI's batch interface, or `vllm run-batch`.",
    rich_markup_mode=None,
)

_KINDS = {
    "stored": "answered in the store already",
    "repeated": "came twice in these files",
    "not_done": "not done by the batch, still to ask",
    "unknown": "answer no request of this study",
    "other_model": "answered by another model than asked",
    "unreadable": "no batch result, or cut",
}


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(batch_app, name="batch")


@batch_app.command("export")
def export(
    model: Annotated[list[str] | None, typer.Option(help="roster key; may be repeated")] = None,
    stage: Annotated[
        list[str] | None, typer.Option(help="elicit, survey or administer; may be repeated")
    ] = None,
    out: Annotated[Path, typer.Option(help="a new or empty folder")] = Path("batch"),
    limit: Annotated[int | None, typer.Option(min=1, help="requests of a model at most")] = None,
    max_requests: Annotated[
        int, typer.Option(min=1, max=50_000, help="requests in a file at most")
    ] = 50_000,
) -> None:
    """Write what is outstanding as batch files, one model a file; nothing is sent.

    Example: valuelex batch export --model my-model --out batch
    """
    from valuelex.stages.batching import export_batches
    from valuelex.stages.context import open_context
    from valuelex.stages.planning import STAGES

    files = export_batches(
        open_context(Path.cwd()),
        out,
        models=model or (),
        stages=tuple(stage or STAGES),
        limit=limit,
        max_requests=max_requests,
    )
    for file in files:
        print(f"{one_line(str(file.path))}\t{file.requests} requests")  # noqa: T201
    if not files:
        print("nothing is outstanding of models that a server or vLLM answers")  # noqa: T201


@batch_app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="result files, .gz too, in any order")],
) -> None:
    """Put the results of batches into the reply store; then `dvc repro` only exports.

    Files may come in any order, in parts and twice; nothing that was answered is overwritten.
    Example: valuelex batch import batch_output.jsonl batch_errors.jsonl
    """
    from valuelex.stages.batching import import_batches
    from valuelex.stages.context import open_context

    _show(import_batches(open_context(Path.cwd()), files))


def _show(found: ImportedBatch) -> None:
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(found.new.items()))
    print(f"{found.lines} lines: {found.new.total()} new replies ({outcomes or 'none'})")  # noqa: T201
    for model, count in sorted(found.by_model.items()):
        print(f"  {one_line(model)}: {count}")  # noqa: T201
    print(f"  tokens: {found.tokens_in} in, {found.tokens_out} out")  # noqa: T201
    for kind, words in _KINDS.items():
        count = getattr(found, kind)
        if count:
            print(f"{count} {words}")  # noqa: T201
            if kind not in ("stored", "repeated"):
                for example in found.examples[kind]:
                    print(f"  {one_line(example)}")  # noqa: T201
