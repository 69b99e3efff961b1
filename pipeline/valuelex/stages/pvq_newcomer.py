"""Give the questionnaire to one model: of the roster, behind a server, or loaded by vLLM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from valuelex.backends.ask import answer_all
from valuelex.backends.base import Backend
from valuelex.backends.recorded.keys import slug
from valuelex.backends.registry import open_engine
from valuelex.backends.store import ReplyStore
from valuelex.errors import SettingsError
from valuelex.instruments.pvq.give import Asked, give, read_reply
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.requests import Respondent
from valuelex.records import Reply
from valuelex.roster import ModelEntry
from valuelex.settings import PARAMS, Survey
from valuelex.stages.asking import open_backend, revision
from valuelex.stages.context import Context, open_context, say
from valuelex.stages.progress import Progress
from valuelex.stages.pvq_card import Taken
from valuelex.stages.pvq_recorded import read_recorded
from valuelex.stages.scorecard import Interface

DEFAULTS: Mapping[str, Any] = {
    "items": "pvq.v1",
    "official": None,
    "mode": "item",
    "frame": "person",
    "trials": 10,
    "retest_frames": ("plain",),
    "retest_trials": 2,
    "temperature": 0.7,
    "top_p": 0.95,
    "max_tokens": 24,
    "sheet_max_tokens": 700,
    "norms": "pvq-rr-human",
    "permutations": 200,
    "bootstraps": 200,
    "constrained": False,
}
"""The settings of the shipped params.yaml, for use outside a project; a test keeps them equal."""

SEED = 20261


def find_project(start: Path) -> Context | None:
    """Return the project around a folder, or nothing.

    Raises
    ------
    SettingsError
        When its params.yaml is wrong.
    """
    root = next((p for p in (start, *start.parents) if (p / PARAMS).is_file()), None)
    return open_context(root) if root else None


def choose(project: Context | None, changes: Mapping[str, Any]) -> Survey:
    """Return the project's settings of the questionnaire, or the shipped ones, with changes.

    Raises
    ------
    SettingsError
        When a change is not allowed: what was expected, and what came.
    """
    base = project.settings.survey.model_dump() if project else dict(DEFAULTS)
    given = {name: value for name, value in changes.items() if value is not None}
    if "max_tokens" in given:  # whichever the mode uses
        given["sheet_max_tokens"] = given["max_tokens"]
    merged = {**base, **given}
    merged["retest_frames"] = tuple(f for f in merged["retest_frames"] if f != merged["frame"])
    try:
        return Survey.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        name = "-".join(str(part) for part in first["loc"]).replace("_", "-") or "settings"
        message = str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(f"--{name}: {message}, was: {first['input']!r:.80}") from None


def ask_newcomer(
    entry: ModelEntry,
    questionnaire: Questionnaire,
    settings: Survey,
    store: Path,
    *,
    seed: int = SEED,
    retry_failed: bool = False,
) -> tuple[Taken, int]:
    """Ask a model that is in no roster; return its answers and how many replies were there before.

    Killed at any moment, the same call continues: what the store holds is not asked again.

    Raises
    ------
    BackendError
        When the model cannot be asked at all.
    """
    respondent = Respondent(slug(entry.id), entry.id, entry.revision, entry.interface)
    asked = _asked(questionnaire, respondent, settings, seed)
    backend = open_engine(entry)
    replies, stored = _replies(asked, backend, store, entry.id, retry_failed)
    return _taken(entry.id, asked, replies, questionnaire, settings, entry), stored


def ask_roster(
    project: Context,
    key: str,
    questionnaire: Questionnaire,
    settings: Survey,
    *,
    retry_failed: bool = False,
) -> tuple[Taken, int]:
    """Ask a model of the project's roster; what the pipeline has asked is not asked again.

    Raises
    ------
    SettingsError
        When the roster has no such key.
    BackendError
        When the model cannot be asked at all.
    """
    entry = project.settings.model(key)
    respondent = Respondent(key, entry.id, revision(project, key, entry), entry.interface)
    asked = _asked(questionnaire, respondent, settings, project.settings.study.seed)
    backend = open_backend(project, key, entry)
    replies, stored = _replies(asked, backend, project.store, key, retry_failed)
    return _taken(key, asked, replies, questionnaire, settings, entry), stored


def read_answers(
    path: Path, questionnaire: Questionnaire, settings: Survey, model: str | None
) -> Taken:
    """Read recorded answers; the frame that is scored is the settings', else the file's first.

    Raises
    ------
    RecordedFileError, DataError
        When the file cannot be used; with the row.
    """
    name, rows = read_recorded(path, questionnaire, model)
    frames = list(dict.fromkeys(row["frame"] for row in rows))
    frame = settings.frame if settings.frame in frames else frames[0]
    return Taken(model or name or path.name.split(".")[0], rows, frame, "recorded")


def _asked(
    questionnaire: Questionnaire, respondent: Respondent, settings: Survey, seed: int
) -> list[Asked]:
    asked = give(
        questionnaire,
        respondent,
        mode=settings.mode,
        rounds=settings.rounds,
        sampling=settings.sampling,
        order_seed=seed,
    )
    if not settings.constrained or settings.mode == "sheet":
        return asked
    pattern = f"[{questionnaire.low}-{questionnaire.high}]"
    return [replace(one, request=replace(one.request, pattern=pattern)) for one in asked]


def _replies(
    asked: list[Asked], backend: Backend, store: Path, name: str, retry_failed: bool
) -> tuple[dict[str, Reply], int]:
    requests = [one.request for one in asked]
    with ReplyStore(store) as kept, Progress(f"survey {name}", len(requests)) as progress:
        stored = len(kept.get_many(request.id for request in requests))
        replies = answer_all(
            requests,
            backend,
            kept,
            retry_failed=retry_failed,
            on_progress=progress.advance_to,
            on_wait=say,
        )
    return replies, stored


def _taken(
    name: str,
    asked: list[Asked],
    replies: Mapping[str, Reply],
    questionnaire: Questionnaire,
    settings: Survey,
    entry: ModelEntry,
) -> Taken:
    base = entry.interface == "completion"
    rows = [
        {
            **asdict(found),
            "outcome": replies[one.request.id].outcome,
            "text": replies[one.request.id].text,
        }
        for one in asked
        for found in read_reply(one, replies[one.request.id], questionnaire, continuation=base)
    ]
    return Taken(name, rows, settings.frame, settings.mode, entry.backend == "simulated")


def item_rows(
    questionnaire: Questionnaire, settings: Survey, interface: Interface, seed: int = SEED
) -> list[dict[str, Any]]:
    """Return what has to be put to a model, one row a reply, to be filled in elsewhere.

    With ``text`` filled in the rows can be scored as they are.
    """
    respondent = Respondent("newcomer", "newcomer", "none", interface)
    return [
        {
            "item": one.items[0] if len(one.items) == 1 else list(one.items),
            "trial": one.trial,
            "frame": one.frame,
            "position": one.first,
            "order": one.order,
            "messages": [{"role": m.role, "content": m.content} for m in one.request.messages],
            "text": "",
        }
        for one in _asked(questionnaire, respondent, settings, seed)
    ]
