"""The commands and their help; heavy work is imported inside the command that needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from valuelex.cli.agreement import register as register_agreement
from valuelex.cli.assigning import register as register_assigning
from valuelex.cli.batching import register as register_batch
from valuelex.cli.exporting import register as register_export
from valuelex.cli.pinning import register as register_pin
from valuelex.cli.planning import register as register_plan
from valuelex.cli.prefetching import register as register_prefetch
from valuelex.cli.storing import register as register_store
from valuelex.cli.survey import register as register_survey
from valuelex.cli.tables import register as register_tables
from valuelex.cli.terminal import one_line
from valuelex.errors import ValueLexError, remedy

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Find out what language models value, in their own words.\n\n"
    "The whole pipeline: `dvc repro`. Its parts, its results and its checks: the commands below.",
)


def run_app(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; a user's error is one line on stderr."""
    code = _run(arguments)
    try:
        sys.stdout.flush()  # a full disk behind `> file` is known here, or never
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # not tried again at the end
        if isinstance(error, BrokenPipeError):  # `| head` has seen enough
            return code or 1
        return _machine(error)
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        app(args=list(arguments), prog_name="valuelex")
    except ValueLexError as error:
        print(f"error: {one_line(str(error))}", file=sys.stderr)  # noqa: T201
        return 2
    except OSError as error:
        return _machine(error)
    except KeyboardInterrupt:
        print("interrupted; the same command continues where it stopped", file=sys.stderr)  # noqa: T201
        return 1
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1
    return 0


def _machine(error: OSError) -> int:
    """Say what the machine would not do: a full disk, a file that is not ours."""
    where = one_line(str(error.filename or "a file"))
    print(f"error: {where}: {one_line(remedy(error))}", file=sys.stderr)  # noqa: T201
    return 2


@app.command()
def check(
    study: Annotated[
        str | None, typer.Argument(help="a file of pipeline/rosters/; default: the active study")
    ] = None,
) -> None:
    """Check settings, prompts, engines, keys, GPU memory and disk; say what is missing.

    Nothing is asked, loaded or downloaded. Examples: valuelex check; valuelex check open-weight
    """
    from valuelex.cli.checks import check_project

    check_project(Path.cwd(), study)


@app.command()
def run(
    stage: Annotated[str, typer.Argument(help="a stage of dvc.yaml, e.g. elicit or factor")],
    model: Annotated[str | None, typer.Option(help="roster key, for per-model stages")] = None,
    dry_run: Annotated[bool, typer.Option(help="show what would be asked; send nothing")] = False,
    prices: Annotated[Path | None, typer.Option(help="with --dry-run: a price file")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="ask at most so many outstanding requests, then stop")
    ] = None,
) -> None:
    """Run one stage by hand, as dvc.yaml does.

    Examples: valuelex run elicit --model sim-aster-7b;
    valuelex run elicit --model my-model --dry-run; valuelex run elicit --model my-model --limit 20
    """
    if dry_run:
        from valuelex.cli.planning import show_plan

        show_plan(Path.cwd(), (stage,), (model,) if model else (), prices, limit)
        return
    from valuelex.cli.dispatch import run_stage

    run_stage(Path.cwd(), stage, model, limit)


@app.command()
def inspect(
    what: Annotated[str | None, typer.Argument(help="a dimension, term or model")] = None,
    limit: Annotated[int, typer.Option(min=1, help="how many replies to show as evidence")] = 5,
) -> None:
    """Show the taxonomy, one dimension, one term with the replies behind it, or one model.

    Examples: valuelex inspect; valuelex inspect d1; valuelex inspect honesty;
    valuelex inspect sim-aster-7b-instruct
    """
    from valuelex.cli.inspecting import inspect_taxonomy

    inspect_taxonomy(Path.cwd(), what, limit)


@app.command()
def replay(
    files: Annotated[list[Path], typer.Argument(help="JSONL files, .gz too, of recorded replies")],
    study: Annotated[str, typer.Option(help="name of the study that these replies become")],
    use: Annotated[bool, typer.Option(help="make it the active study at once")] = True,
) -> None:
    """Make recorded replies the replies of a study; then `dvc repro` runs on them unchanged.

    Example: valuelex replay answers.jsonl.gz --study recorded
    """
    from valuelex.cli.studies import replay_files

    replay_files(Path.cwd(), files, study, use=use)


@app.command()
def study(
    name: Annotated[str | None, typer.Argument(help="a file of pipeline/rosters/")] = None,
) -> None:
    """List the studies, or make one the active study of params.yaml.

    Examples: valuelex study; valuelex study open-weight
    """
    from valuelex.cli.studies import list_studies, use_study

    if name is None:
        list_studies(Path.cwd())
    else:
        use_study(Path.cwd(), name)


@app.command()
def clean() -> None:
    """Remove files of models that are no longer in the roster from outputs/.

    Replies are safe: they stay in the reply store. Example: valuelex clean
    """
    from valuelex.cli.studies import remove_strangers

    remove_strangers(Path.cwd())


@app.command()
def found() -> None:
    """Say what the pipeline found, how far to trust it, and what to try next.

    Example: valuelex found
    """
    from valuelex.cli.found import say_what_was_found

    say_what_was_found(Path.cwd())


@app.command()
def score(
    completions: Annotated[
        Path | None,
        typer.Option(help="JSONL, .gz too: stem (id or exact text), text, draw, outcome"),
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="an OpenAI-compatible server")] = None,
    vllm: Annotated[
        str | None, typer.Option(help="a model that vLLM loads: hub id, folder")
    ] = None,
    model: Annotated[str | None, typer.Option(help="the model's name")] = None,
    release: Annotated[
        str | None, typer.Option(help="a released test; default: the newest")
    ] = None,
    interface: Annotated[str, typer.Option(help="chat | completion (base models)")] = "chat",
    key_env: Annotated[
        str | None, typer.Option(help="variable that holds the server's key")
    ] = None,
    revision: Annotated[str, typer.Option(help="branch, tag or commit of --vllm")] = "main",
    draws: Annotated[int | None, typer.Option(min=1, help="completions of each stem")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="for models that think")] = None,
    retry_failed: Annotated[bool, typer.Option(help="ask again what failed")] = False,
    print_stems: Annotated[bool, typer.Option(help="write the stems, to be filled in")] = False,
    judge_url: Annotated[
        str | None, typer.Option(help="server of a language model that judges too")
    ] = None,
    judge_model: Annotated[str | None, typer.Option(help="its name there")] = None,
    judge_key_env: Annotated[str | None, typer.Option(help="variable with its key")] = None,
    out: Annotated[Path | None, typer.Option(help="folder; default: scores/<model>")] = None,
) -> None:
    """Score a new model on a released projective test, from any folder; no pipeline is needed.

    Examples: valuelex score --completions answers.jsonl;
    valuelex score --base-url http://127.0.0.1:8000/v1 --model my-model
    """
    from valuelex.cli import scoring

    scoring.score(
        scoring.Asked(
            completions=completions,
            base_url=base_url,
            vllm=vllm,
            model=model,
            release=release,
            interface=interface,
            key_env=key_env,
            revision=revision,
            draws=draws,
            max_tokens=max_tokens,
            retry_failed=retry_failed,
            print_stems=print_stems,
            judge_url=judge_url,
            judge_model=judge_model,
            judge_key_env=judge_key_env,
            out=out,
        )
    )


@app.command()
def release(
    name: Annotated[str, typer.Argument(help="what it is to be called, e.g. simulated-v1")],
) -> None:
    """Make a released test of outputs/: taxonomy, form and norms, for `valuelex score`.

    Example: valuelex release simulated-v1
    """
    from valuelex.cli.scoring import make

    make(name)


register_plan(app)
register_batch(app)
register_store(app)
register_tables(app)
register_assigning(app)
register_prefetch(app)
register_pin(app)
register_agreement(app)
register_survey(app)
register_export(app)
register_survey(app)
