"""The user's item set as the survey stage gives it, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelex.errors import SettingsError
from valuelex.instruments.portrait.requests import (
    PortraitRequest,
    Wordings,
    portrait_requests,
    read_wordings,
)
from valuelex.instruments.pvq.requests import Respondent
from valuelex.prompts import load_prompt
from valuelex.records import Reply
from valuelex.stages.asking import reply_columns, revision
from valuelex.stages.context import Context
from valuelex.stages.portrait_answers import answer_of
from valuelex.stages.portrait_folder import Folder, checksum, read_folder


def study_folder(context: Context) -> Folder | None:
    """Return the item set that the settings name, ``None`` where they name none.

    Raises
    ------
    SettingsError
        When its files are not those whose checksum stands in the settings.
    DataError
        When the folder is not there or malformed.
    """
    items = context.settings.portrait.items
    if items is None:
        return None
    path = (context.root / Path(items.folder).expanduser()).resolve()
    if path.is_dir() and checksum(path) != items.sha256:
        raise SettingsError(
            f"the item set in {path} is not the one of 'portrait.items' (sha256"
            f" {items.sha256[:12]}..., was {checksum(path)[:12]}...): restore it, or put the line"
            " that `valuelex survey portrait --items FOLDER` prints into params.yaml"
        )
    return read_folder(path)


def study_wordings(context: Context) -> Wordings:
    """Read the wordings and personas that the settings name.

    Raises
    ------
    PromptError
        When the file is missing or malformed.
    """
    name = context.settings.portrait.prompts
    return read_wordings(load_prompt(context.root, name, ("labels", "wordings")))


def portrait_questions(context: Context, model: str) -> list[PortraitRequest]:
    """Return every item in every version, and as every persona; nothing without an item set."""
    folder = study_folder(context)
    if folder is None:
        return []
    settings, entry = context.settings.portrait, context.settings.model(model)
    wordings = study_wordings(context)
    return portrait_requests(
        folder.item_set.items,
        wordings,
        Respondent(model, entry.id, revision(context, model, entry), entry.interface),
        sampling=settings.sampling,
        personas=wordings.chosen(settings.personas),
    )


def portrait_rows(
    context: Context, model: str, asked: Sequence[PortraitRequest], replies: Mapping[str, Reply]
) -> list[dict[str, Any]]:
    """Return one row an answer: the reply as it came, and the number read from it or why none."""
    if not asked:
        return []
    scale = study_wordings(context).scale
    base = context.settings.model(model).interface == "completion"
    rows = []
    for one in asked:
        reply = replies[one.request.id]
        answer = answer_of(one, reply, scale, continuation=base)
        rows.append(
            {
                "reply_id": one.request.id,
                "model": model,
                "portrait": one.item.id[0],
                "option": one.item.id[1],
                "version": one.version,
                "persona": one.persona,
                **reply_columns(one.request, reply),
                "answer": answer.number,
                "reason": answer.reason,
            }
        )
    return rows
