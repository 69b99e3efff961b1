"""`valuelex check`: what is there and what is missing, before any spending."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from valuelex.backends.vllm_engine import PYTHON
from valuelex.errors import BackendError
from valuelex.prompts import load_prompt
from valuelex.settings import Settings
from valuelex.stages.context import Context, open_context
from valuelex.stages.provenance import unpinned, why_not

_ENGINES = {"vllm": "vllm", "openai": "aiohttp"}
_ELSEWHERE = {"vllm": PYTHON}  # variables that name an interpreter which has the engine


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


def _say_summary(context: Context) -> None:
    settings = context.settings
    kind = "simulated" if settings.simulated else "real replies"
    respondents = len(settings.models) * len(settings.elicit.grid)
    print(f"study      {settings.study.name} ({kind})")  # noqa: T201
    print(f"models     {len(settings.models)}")  # noqa: T201
    print(f"respondents {respondents} (models x decoding settings)")  # noqa: T201
    print(f"store      {context.store}")  # noqa: T201
    loose = why_not(unpinned(settings.models))
    print(f"revisions  {loose or 'every model is pinned'}")  # noqa: T201
    if loose:
        print("           this study cannot call itself reproducible; see `valuelex pin`")  # noqa: T201
    print("all settings, prompts and engines are in order")  # noqa: T201
