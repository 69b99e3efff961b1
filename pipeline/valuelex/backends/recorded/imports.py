"""Taking recorded replies in: files -> reply store and roster, whole or not at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from valuelex.backends.recorded.recording import RecordedModel, all_pairs, read_recording
from valuelex.backends.recorded.roster import roster_text
from valuelex.backends.store import ReplyStore
from valuelex.errors import RecordedFileError

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ImportedRecording:
    """A recording that lies in the store.

    ``models`` in the order of their roster keys; ``replies`` counts all of them, ``new`` those
    that the store did not hold; ``outcomes`` counts by outcome; ``roster`` is the text of
    ``pipeline/rosters/<study>.yaml``.
    """

    models: tuple[RecordedModel, ...]
    replies: int
    new: int
    outcomes: dict[str, int]
    roster: str


def import_recording(store: ReplyStore, files: Sequence[Path], *, study: str) -> ImportedRecording:
    """Read files of recorded replies and put them into the store, in one transaction.

    The same files again change nothing.

    Raises
    ------
    RecordedFileError
        On the first line that cannot be read, or a study name that is none; nothing is written.
    StoreError
        When the store cannot be written; nothing is written.
    """
    if not _NAME.fullmatch(study):
        raise RecordedFileError(
            f"a study's name must be lower-case letters, digits and single hyphens, was: {study!r}"
        )
    models = read_recording(files)
    new = store.put_many(all_pairs(models))
    outcomes = Counter(reply.outcome for _, reply in all_pairs(models))
    return ImportedRecording(
        models=models,
        replies=outcomes.total(),
        new=new,
        outcomes=dict(sorted(outcomes.items())),
        roster=roster_text(models, study),
    )
