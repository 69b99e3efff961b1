"""A model behind a real local server names groups; what it said lies in the store."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.backends.server import Answer, Seen, serve
from tests.pipeline.project import change_params, make_project

from valuelex.errors import SettingsError
from valuelex.stages.context import Context, open_context
from valuelex.stages.naming import named_by_model
from valuelex.taxonomy.model import Dimension, SubDimension, Taxonomy, TermEntry


def taxonomy() -> Taxonomy:
    entries = tuple(
        TermEntry(term, 0.5, "loading", 1, 0.5, None, 9, 9, 9, 9, 0.1)
        for term in ("honesty", "candor", "truthfulness", "fairness")
    )
    sub = SubDimension("d1.s1", "Honesty & candor", "rule", (), entries)
    return Taxonomy("t", True, "1", (Dimension("d1", "D", "rule", "F1", 1, {}, (), (sub,)),), ())


def script(seen: Seen) -> Answer:
    question = seen.body["messages"][-1]["content"]
    code = re.search(r"\[words (\w+)\]", question)
    assert code is not None
    words = question.split("\n")[1:4]
    name = "Plain dealing" if "Names in use: D, Honesty & candor" in question else "Good faith"
    text = json.dumps({"code": code[1], "name": name, "words": words})
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    return Answer({"id": "x", "object": "chat.completion", "choices": [choice], "model": "m"})


def project(folder: Path, url: str) -> Context:
    root = make_project(folder)
    entry = {"backend": "openai", "id": "namer", "revision": "main", "base_url": url}
    facts = {"family": "n", "parameters_b": 7, "training": "instruct", "data_source": "web"}
    change_params(
        root,
        lambda p: p["models"].update(
            {"namer": entry | facts | {"developer": "n", "interface": "chat", "licence": "n/a"}}
        ),
    )
    return open_context(root)


def test_a_served_model_names_the_groups_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VALUELEX_STORE", raising=False)
    with serve(script) as (url, seen):
        context = project(tmp_path / "study", f"{url}/v1")
        first = named_by_model(context, taxonomy(), "namer")
        again = named_by_model(context, taxonomy(), "namer")
    assert [d.name for d in first.dimensions] == ["Good faith"]
    assert [s.name for s in first.sub_dimensions()] == ["Plain dealing"]
    assert again == first
    assert len(seen) == 2  # one a group; the second time the store had both
    assert all(one["used"] for one in first.naming)


def test_a_judge_that_is_not_in_the_roster(tmp_path: Path) -> None:
    context = project(tmp_path / "study", "http://127.0.0.1:9/v1")
    with pytest.raises(SettingsError, match="did you mean 'namer'"):
        named_by_model(context, taxonomy(), "nmaer")
