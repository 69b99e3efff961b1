"""`valuelex check` and `valuelex store`: what is there and what is missing, before any spending."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from valuelex.backends.store import ReplyStore
from valuelex.errors import BackendError, ValueLexError
from valuelex.prompts import load_prompt
from valuelex.settings import Settings
from valuelex.stages.context import Context, open_context
from valuelex.stages.portrait_questions import study_folder, study_wordings

_ENGINES = {"vllm": "vllm", "openai": "openai"}


def check_project(root: Path) -> None:
    """Print what was checked, and raise the first problem.

    Raises
    ------
    ValueLexError
        The first problem: settings, a prompt file, a missing engine or key.
    """
    context = open_context(root)
    settings = context.settings
    for name in prompt_names(settings):
        load_prompt(root, name)
    # an item set that is gone or changed ends here, and not after hours of asking
    study_folder(context)
    study_wordings(context).chosen(settings.portrait.personas)
    problems = engine_problems(settings)
    if problems:
        raise BackendError("; ".join(problems))
    _say_summary(context)


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


def _say_summary(context: Context) -> None:
    settings = context.settings
    kind = "simulated" if settings.simulated else "real replies"
    respondents = len(settings.models) * len(settings.elicit.grid)
    print(f"study      {settings.study.name} ({kind})")  # noqa: T201
    print(f"models     {len(settings.models)}")  # noqa: T201
    print(f"respondents {respondents} (models x decoding settings)")  # noqa: T201
    print(f"store      {context.store}")  # noqa: T201
    print("all settings, prompts and engines are in order")  # noqa: T201


def show_store(root: Path) -> None:
    """Print counts by model and outcome, and verify the store.

    Raises
    ------
    ValueLexError
        When the store is damaged.
    """
    context = open_context(root)
    if not context.store.exists():
        raise ValueLexError(f"{context.store} does not exist yet: nothing has been asked")
    with ReplyStore(context.store) as store:
        store.verify()
        for (model, outcome), count in sorted(store.counts().items()):
            print(f"{model}\t{outcome}\t{count}")  # noqa: T201
