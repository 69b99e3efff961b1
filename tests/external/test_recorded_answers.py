"""Real answers of real models, through the replay path."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from valuelex.backends.recorded.imports import import_recording
from valuelex.backends.recorded.pairs import recorded_pairs
from valuelex.backends.store import ReplyStore
from valuelex.reading import load_yaml
from valuelex.roster import ModelEntry

pytestmark = pytest.mark.external


def test_every_answer_comes_back_under_its_model(
    external_data: Callable[[str], Path], tmp_path: Path
) -> None:
    path = external_data("opinion-answers/answers.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        rows = [json.loads(line) for line in file]
    with ReplyStore(tmp_path / "replies.sqlite") as store:
        found = import_recording(store, [path], study="recorded")
        assert (found.replies, found.new, len(found.models)) == (7656, 7656, 116)
        assert store.verify() == 7656
        back = [
            (m.name, request.messages[0].content, reply.text)
            for m in found.models
            for request, reply in recorded_pairs(store, m.sha, m.key)
        ]
    assert sorted(back) == sorted((r["model"], r["prompt"], r["output"]) for r in rows)
    assert len({m.key for m in found.models}) == 116
    assert {len(m.pairs) for m in found.models} == {66}
    assert all(request.draw == 0 for m in found.models for request, _ in m.pairs)
    entries = [ModelEntry.model_validate(e) for e in load_yaml(found.roster)["models"].values()]
    assert [entry.id for entry in entries] == [m.name for m in found.models]
    unknown = [entry for entry in entries if entry.family == "unknown"]
    assert 5 <= len(unknown) <= 20
