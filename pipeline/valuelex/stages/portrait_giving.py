"""Give an item set to one model that is asked now: of the roster, behind a server, or by vLLM."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from valuelex.backends.ask import answer_all
from valuelex.backends.base import Backend
from valuelex.backends.recorded.keys import slug
from valuelex.backends.registry import open_engine
from valuelex.backends.store import ReplyStore
from valuelex.errors import SettingsError
from valuelex.instruments.portrait.items import Item
from valuelex.instruments.portrait.requests import Wordings, portrait_requests, read_wordings
from valuelex.instruments.pvq.requests import Respondent
from valuelex.prompts import load_prompt
from valuelex.records import Sampling
from valuelex.roster import ModelEntry
from valuelex.stages.asking import open_backend, revision
from valuelex.stages.context import Context, say
from valuelex.stages.portrait_answers import Answer, answer_of
from valuelex.stages.portrait_tags import PUBLISHED
from valuelex.stages.progress import Progress
from valuelex.stages.released import PACKAGE

SHIPPED = "portrait.v1"
DEFAULTS = Sampling(temperature=0.7, top_p=0.95, max_tokens=24)
"""The settings of the shipped params.yaml, for use outside a project; a test keeps them equal."""


def shipped_root() -> Path:
    """Return the folder with our wordings and facts: an installed wheel's data, or the sources."""
    places = (PACKAGE / "data", PACKAGE.parents[1])
    return next(p for p in places if (p / "lexicon" / PUBLISHED).is_file())


def load_wordings(root: Path, name: str) -> Wordings:
    """Read the wordings and personas of a file under ``prompts/``.

    Raises
    ------
    PromptError
        When the file is missing or malformed.
    """
    return read_wordings(load_prompt(root, name, ("labels", "wordings")))


def roster_backend(project: Context, key: str) -> tuple[ModelEntry, Backend, str]:
    """Return a roster entry, who answers for it, and the revision that its replies depend on."""
    entry = project.settings.model(key)
    return entry, open_backend(project, key, entry), revision(project, key, entry)


def served_backend(entry: ModelEntry) -> tuple[ModelEntry, Backend, str]:
    """Return the same for a model that stands in no roster."""
    return entry, open_engine(entry), entry.revision


def give_items(
    who: tuple[ModelEntry, Backend, str],
    items: Sequence[Item],
    wordings: Wordings,
    store: Path,
    *,
    sampling: Sampling = DEFAULTS,
    personas: Sequence[str] = (),
    key: str | None = None,
    retry_failed: bool = False,
) -> tuple[Answer, ...]:
    """Ask every item in every version, without persona and as each; killed, it continues.

    Raises
    ------
    BackendError
        When the model cannot be asked at all.
    PromptError
        When a persona is unknown.
    """
    entry, backend, version = who
    name = key or slug(entry.id)
    asked = portrait_requests(
        items,
        wordings,
        Respondent(name, entry.id, version, entry.interface),
        sampling=sampling,
        personas=wordings.chosen(personas),
    )
    if not asked:
        raise SettingsError("the item set has no items to give")
    requests = [one.request for one in asked]
    with ReplyStore(store) as kept, Progress(f"portrait {name}", len(requests)) as progress:
        replies = answer_all(
            requests,
            backend,
            kept,
            retry_failed=retry_failed,
            on_progress=progress.advance_to,
            on_wait=say,
        )
    base = entry.interface == "completion"
    return tuple(
        answer_of(one, replies[one.request.id], wordings.scale, continuation=base) for one in asked
    )
