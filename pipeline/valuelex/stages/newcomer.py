"""Give a released test to a model that is in no roster: a server, or a model that vLLM loads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from valuelex.backends.ask import answer_all
from valuelex.backends.recorded.keys import slug
from valuelex.backends.registry import open_engine
from valuelex.backends.store import ReplyStore
from valuelex.errors import BackendError, SettingsError
from valuelex.instruments.projective.administer import (
    completion_requests,
    completions_of,
    stem_messages,
)
from valuelex.instruments.projective.completions import Completion
from valuelex.prompts import load_prompt
from valuelex.records import Sampling
from valuelex.roster import ModelEntry
from valuelex.settings import PARAMS
from valuelex.stages.context import STORE, say
from valuelex.stages.progress import Progress
from valuelex.stages.released import Release
from valuelex.stages.scorecard import Interface

_WORDINGS = ("chat", "completion")


@dataclass(frozen=True, slots=True)
class Given:
    """A test that was given: the completions, how many of them were in the store before, notes."""

    completions: tuple[Completion, ...]
    stored: int
    store: Path
    notes: tuple[str, ...]


def served(base_url: str, model: str, *, interface: Interface, key_env: str | None) -> ModelEntry:
    """Return the entry of a model behind an OpenAI-compatible server.

    Raises
    ------
    BackendError
        When the address is none, or carries a password.
    SettingsError
        When ``key_env`` is no name of an environment variable.
    """
    url = base_url.rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BackendError(
            f"--base-url must be an address such as http://127.0.0.1:8000/v1, was: {base_url!r}"
        )
    if parts.username or parts.password:
        raise BackendError("--base-url must not carry a password: name its variable by --key-env")
    return _entry("openai", model, url, interface, base_url=url, key_env=key_env)


def loaded(model: str, *, interface: Interface, revision: str) -> ModelEntry:
    """Return the entry of a model that vLLM loads: a hub id or a folder."""
    return _entry("vllm", model, revision, interface)


def _entry(
    backend: str, model: str, revision: str, interface: Interface, **fields: Any
) -> ModelEntry:
    known = {
        "backend": backend,
        "id": model,
        "revision": revision,
        "interface": interface,
        "developer": "unknown",
        "family": slug(model),
        "parameters_b": None,
        "training": "unknown",
        "data_source": "unknown",
        "licence": "unknown",
    }
    try:
        return ModelEntry.model_validate({**known, **fields})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"'{name}' of the model '{model}': {first['msg']}, was: {first['input']!r:.80}"
        ) from None


def store_for(start: Path, out: Path) -> Path:
    """Return where replies are kept: ``VALUELEX_STORE``, else the project's store, else ``out``."""
    named = os.environ.get("VALUELEX_STORE")
    if named:
        return Path(named)
    project = next((p for p in (start, *start.parents) if (p / PARAMS).is_file()), None)
    return project / STORE if project else out / STORE.name


def give(
    release: Release,
    entry: ModelEntry,
    store: Path,
    *,
    draws: int | None = None,
    max_tokens: int | None = None,
    retry_failed: bool = False,
) -> Given:
    """Put every stem of a release to a model, each in a context of its own.

    Killed at any moment, the same call continues: what the store holds is not asked again.

    Raises
    ------
    BackendError
        When the model cannot be asked at all.
    SettingsError
        When ``draws`` or ``max_tokens`` is below 1.
    """
    settings = release.about.administer
    for name, value in (("draws", draws), ("max-tokens", max_tokens)):
        if value is not None and value < 1:
            raise SettingsError(f"--{name} must be at least 1, was: {value}")
    sampling = Sampling(settings.temperature, settings.top_p, max_tokens or settings.max_tokens)
    respondent = {
        "key": slug(entry.id),
        "id": entry.id,
        "revision": entry.revision,
        "interface": entry.interface,
    }
    prompt = load_prompt(release.root, settings.prompts, _WORDINGS)
    n_draws = draws or settings.draws
    requests = completion_requests(release.form, respondent, sampling, n_draws, prompt)
    with ReplyStore(store) as kept, Progress(f"score {entry.id}", len(requests)) as progress:
        stored = len(kept.get_many(request.id for request in requests))
        replies = answer_all(
            requests,
            open_engine(entry),
            kept,
            retry_failed=retry_failed,
            on_progress=progress.advance_to,
            on_wait=say,
        )
    completions = completions_of(requests, replies, release.form, entry.interface)
    notes = []
    if max_tokens not in (None, settings.max_tokens):
        notes.append(
            f"at most {max_tokens} tokens an ending instead of the release's {settings.max_tokens}"
        )
    return Given(completions, stored, store, tuple(notes))


def stem_rows(release: Release, draws: int | None, interface: Interface) -> list[dict[str, Any]]:
    """Return what has to be put to a model, one row a stem and draw, to be filled in elsewhere.

    ``messages`` is the wording; with ``text`` filled in the rows can be scored as they are.
    """
    settings = release.about.administer
    prompt = load_prompt(release.root, settings.prompts, _WORDINGS)
    return [
        {
            "stem": stem.id,
            "draw": draw,
            "messages": [
                {"role": m.role, "content": m.content}
                for m in stem_messages(stem, interface, prompt)
            ],
            "text": "",
        }
        for draw in range(draws or settings.draws)
        for stem in release.form.stems
    ]
