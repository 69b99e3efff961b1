from __future__ import annotations

from pathlib import Path

import pytest

from tests.closures import ROOT
from valuelex.errors import PromptError
from valuelex.prompts import load_prompt
from valuelex.settings import load_settings
from valuelex.stages.elicit import elicitation_requests

GOOD = "id: ask.v1\npurpose: test\nprompts:\n- {id: p1, text: What?}\nchat: '{question}'\n"


def write(root: Path, text: str) -> Path:
    (root / "prompts").mkdir(exist_ok=True)
    (root / "prompts" / "ask.v1.yaml").write_text(text)
    return root


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"did you mean 'ask.v1'"):
        load_prompt(write(tmp_path, GOOD), "ask.v2")


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"must have the fields \['completion'\]"):
        load_prompt(write(tmp_path, GOOD), "ask.v1", ("chat", "completion"))


def test_a_changed_frozen_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "prompts" / "FROZEN").write_text("0" * 64 + "  ask.v1\n")
    with pytest.raises(PromptError, match=r"save the new wording as 'ask.v2'"):
        load_prompt(tmp_path, "ask.v1")


def test_another_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"must have `id: ask.v1`"):
        load_prompt(write(tmp_path, GOOD.replace("ask.v1", "ask.v3")), "ask.v1")


def test_the_elicitation_asks_every_question_under_every_setting() -> None:
    settings = load_settings(ROOT)
    prompts = load_prompt(ROOT, settings.elicit.prompts)
    assert len(prompts["prompts"]) == 15
    for interface in ("chat", "completion"):
        entry = next(iter(settings.models.values())).model_copy(update={"interface": interface})
        requests = elicitation_requests(
            prompts, model="m", entry=entry, revision="r", grid=settings.elicit.grid, draws=2
        )
        assert len(requests) == 15 * 15 * 2
        assert len({r.id for r in requests}) == len(requests)
        assert len({r.respondent for r in requests}) == 15
        assert all("{question}" not in m.content for r in requests for m in r.messages)


def test_a_prompt_without_text_is_named() -> None:
    settings = load_settings(ROOT)
    entry = next(iter(settings.models.values()))
    bad = {"id": "e.v1", "chat": "{question}", "completion": "{question}", "prompts": [{"id": "p"}]}
    with pytest.raises(PromptError, match=r"e.v1: prompt 1 lacks \['text'\]"):
        elicitation_requests(bad, model="m", entry=entry, revision="r", grid=(), draws=1)
