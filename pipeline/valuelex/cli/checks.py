"""`valuelex check`: what is there and what is missing, before any spending."""

from __future__ import annotations

import importlib.util
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

from valuelex.artifacts import written
from valuelex.artifacts.table import ARTIFACTS
from valuelex.backends.vllm_engine import PYTHON
from valuelex.cli.mending import mend
from valuelex.cli.resources import disk_lines, gpu_lines, gpus, requests
from valuelex.cli.studies import studied
from valuelex.cli.terminal import one_line_keep_indent
from valuelex.errors import BackendError
from valuelex.prompts import load_prompt
from valuelex.settings import Settings
from valuelex.stages.context import Context, open_context
from valuelex.stages.portrait_questions import study_folder, study_wordings
from valuelex.stages.provenance import unpinned, why_not

_ENGINES = {"vllm": "vllm", "openai": "aiohttp"}
_LOOSE = "           this study cannot call itself reproducible; see `valuelex pin`"
_ELSEWHERE = {"vllm": PYTHON}  # variables that name an interpreter which has the engine


def check_project(root: Path, study: str | None = None) -> None:
    """Print what a study needs and what was found; nothing is asked, loaded or downloaded.

    What a killed DVC left half written is taken away first.

    Parameters
    ----------
    root
        The project folder.
    study
        A file of ``pipeline/rosters/``; the active study when absent.

    Raises
    ------
    ValueLexError
        When settings or a prompt file are wrong, or an engine, a key or disk space is missing: all
        of what is missing in one message.
    """
    for done in mend(root):
        print(f"mended     {done}")  # noqa: T201
    context = open_context(root)
    if study is not None:
        context = replace(context, settings=studied(root, study))
    settings = context.settings
    for name in prompt_names(settings):
        load_prompt(root, name)
    # an item set that is gone or changed ends here, and not after hours of asking
    study_folder(context)
    study_wordings(context).chosen(settings.portrait.personas)
    said, doubts = gpu_lines(settings, gpus())
    disk, full = disk_lines(settings, context.store)
    problems = engine_problems(settings) + full
    outputs, changed = output_lines(context)
    doubts += changed
    told = (*_summary(context), *said, *disk, *outputs)
    for line in (*told, *(f"doubtful   {doubt}" for doubt in doubts)):
        print(one_line_keep_indent(line))  # noqa: T201
    if problems:
        raise BackendError("; ".join(problems))
    print("settings, prompts, engines, keys and disk are in order")  # noqa: T201


def prompt_names(settings: Settings) -> tuple[str, ...]:
    """Return the prompt files that the settings name."""
    return (
        settings.elicit.prompts,
        settings.compose.bank,
        settings.administer.prompts,
        settings.score.anchors,
        settings.survey.items,
        settings.dilemmas.prompts,
        settings.portrait.prompts,
    )


def engine_problems(settings: Settings) -> list[str]:
    """Return what the roster's backends need and do not find: packages and keys."""
    problems = []
    backends = sorted({entry.backend for entry in settings.models.values()})
    for backend in backends:
        package = _ENGINES.get(backend)
        if os.environ.get(_ELSEWHERE.get(backend, "")):
            continue  # it is asked when it is started
        if package and importlib.util.find_spec(package) is None:
            problems.append(
                f"the roster asks for the backend '{backend}', but the package '{package}' is not"
                f" installed: pip install 'valuelex[{backend}]'"
            )
    problems.extend(
        f"model '{key}' needs the environment variable {entry.key_env}, which is not set"
        for key, entry in settings.models.items()
        if entry.key_env and not os.environ.get(entry.key_env)
    )
    return problems


def output_lines(context: Context) -> tuple[list[str], list[str]]:
    """Return what to say about the files under outputs/, and which are not what was written."""
    same = unknown = 0
    changed = []
    for artifact in ARTIFACTS:
        for model in artifact.keys(context.root, context.settings.models):
            file = artifact.file(context.root, model)
            try:
                compared = written.check(context.root, file)
            except FileNotFoundError:
                continue
            except (ValueError, OSError) as error:
                changed.append(str(artifact.broken(context.root, model, error)))
                continue
            same, unknown = same + compared, unknown + (not compared and file.exists())
    if not same + unknown + len(changed):
        return [], []
    compared_with = f", {unknown} with nothing to compare them with" if unknown else ""
    return [f"outputs    {same} files as they were written{compared_with}"], changed


def _summary(context: Context) -> list[str]:
    settings = context.settings
    kind = "simulated" if settings.simulated else "real replies"
    respondents = len(settings.models) * len(settings.elicit.grid)
    backends = Counter(entry.backend for entry in settings.models.values())
    named = ", ".join(f"{backend} {n}" for backend, n in sorted(backends.items()))
    asked = requests(settings) - requests(settings) * backends["recorded"] // len(settings.models)
    loose = why_not(unpinned(settings.models))
    return [
        f"study      {settings.study.name} ({kind})",
        f"models     {len(settings.models)} ({named})",
        f"respondents {respondents} (models x decoding settings)",
        f"requests   {asked} for words and portraits; stems come on top",
        f"store      {context.store}",
        f"revisions  {loose or 'every model is pinned'}",
        *(
            ["           this study cannot call itself reproducible; see `valuelex pin`"]
            if loose
            else []
        ),
    ]
