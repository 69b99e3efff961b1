"""Pin the roster: branches and tags become the commits that a model hub says they are now."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from valuelex.artifacts.codecs import write_bytes
from valuelex.errors import BackendError, SettingsError
from valuelex.reading import load_yaml
from valuelex.roster import ModelEntry
from valuelex.settings import PARAMS, parse_settings
from valuelex.stages.context import Context
from valuelex.stages.provenance import COMMIT, unpinned

Resolve = Callable[[str, str], str]


def pin(context: Context, resolve: Resolve | None = None) -> dict[str, str]:
    """Write the commit of every unpinned model into params.yaml; roster key -> commit.

    Models on servers cannot be pinned and stay as they are. Nothing is written unless all others
    can be.

    Raises
    ------
    BackendError
        When the hub cannot be asked, or does not know a model.
    SettingsError
        When a model's line in params.yaml cannot be edited.
    """
    models = context.settings.models
    loose = {k: models[k] for k in unpinned(models) if models[k].backend != "openai"}
    asked = resolve or hub_commit
    commits = {key: asked(entry.id, entry.revision) for key, entry in loose.items()}
    path = context.root / PARAMS
    text = path.read_text(encoding="utf-8")
    for key, commit in commits.items():
        text = with_revision(text, key, loose[key].revision, commit)
    _check(text, str(path), commits, models)
    write_bytes(path, text.encode("utf-8"))
    return commits


def with_revision(params: str, key: str, old: str, commit: str) -> str:
    """Return the text with one model's revision replaced; the model is one line.

    Raises
    ------
    SettingsError
        When there is no such line.
    """
    line = re.compile(
        rf"^(  {re.escape(key)}: \{{.*\brevision: )[\"']?{re.escape(old)}[\"']?(?=[,}}])", re.M
    )
    found, count = line.subn(rf'\g<1>"{commit}"', params)
    if count != 1:
        raise SettingsError(
            f"{PARAMS}: expected one line '  {key}: {{... revision: {old} ...}}', found {count};"
            f" write the commit there yourself: {commit}"
        )
    return found


def _check(
    text: str, source: str, commits: Mapping[str, str], before: Mapping[str, ModelEntry]
) -> None:
    after = parse_settings(load_yaml(text), source).models
    if dict(after) != {
        key: entry.model_copy(update={"revision": commits.get(key, entry.revision)})
        for key, entry in before.items()
    }:
        raise SettingsError(f"{source} cannot be edited safely: write the commits there yourself")


def hub_commit(model: str, revision: str) -> str:
    """Ask the model hub which commit a branch or tag is.

    Raises
    ------
    BackendError
        When it cannot be asked, does not know the model, or answers something else.
    """
    from huggingface_hub import HfApi

    try:
        commit = HfApi().model_info(model, revision=revision, timeout=30).sha
    except Exception as error:  # noqa: BLE001 - whatever the client says, the user hears it
        said = " ".join(str(error).split())[:200]
        raise BackendError(
            f"the model hub does not say which commit '{model}' at {revision} is: {said}"
            " (HF_HUB_OFFLINE must not be set, and a gated model needs HF_TOKEN)"
        ) from None
    if not commit or not COMMIT.fullmatch(commit):
        raise BackendError(f"the model hub must give a 40-digit commit for '{model}': {commit!r}")
    return commit
