from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from valuelex.backends.registry import open_engine
from valuelex.backends.vllm_engine import VllmBackend
from valuelex.reading import load_yaml
from valuelex.roster import KEY, ModelEntry, Study

ROSTER = Path(__file__).parents[2] / "pipeline" / "rosters" / "open-weight.yaml"


@pytest.fixture(scope="module")
def models() -> dict[str, ModelEntry]:
    content = load_yaml(ROSTER.read_bytes())
    assert Study.model_validate(content["study"]).name == ROSTER.stem
    return {key: ModelEntry.model_validate(entry) for key, entry in content["models"].items()}


def test_every_entry_is_complete_and_its_own(models: dict[str, ModelEntry]) -> None:
    assert len(models) >= 35
    assert all(KEY.fullmatch(key) for key in models)
    assert len({entry.id for entry in models.values()}) == len(models)
    for entry in models.values():
        assert entry.backend == "vllm"
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", entry.id)
        assert entry.revision == "main" or re.fullmatch(r"[0-9a-f]{40}", entry.revision)
        assert entry.parameters_b is not None
        assert entry.dtype == "bfloat16"
        assert entry.tensor_parallel >= entry.parameters_b * 2 / 80  # the weights alone fit
        assert not entry.trust_remote_code
        assert (entry.training != "pretrained") or entry.interface == "completion"


def test_the_roster_can_carry_comparisons(models: dict[str, ModelEntry]) -> None:
    entries = list(models.values())
    sizes = [entry.parameters_b or 0 for entry in entries]
    assert min(sizes) < 1
    assert max(sizes) > 65
    training = Counter(entry.training for entry in entries)
    assert min(training["pretrained"], training["instruct"], training["aligned"]) >= 10
    assert len({entry.data_source for entry in entries}) == 5
    by_family: dict[str, set[str]] = {}
    for entry in entries:
        by_family.setdefault(entry.family, set()).add(entry.training)
    assert len(by_family) >= 12
    assert sum(len(kinds) == 3 for kinds in by_family.values()) >= 3
    assert sum(len(kinds) >= 2 for kinds in by_family.values()) >= 12


def test_one_model_a_line_and_the_counts_in_the_head_are_right(
    models: dict[str, ModelEntry],
) -> None:
    text = ROSTER.read_text(encoding="utf-8")
    assert len(re.findall(r"^  [a-z0-9-]+: \{.*\}$", text, flags=re.MULTILINE)) == len(models)
    families = {entry.family for entry in models.values()}
    assert f"{len(models)} models of {len(families)} families" in text


def test_each_entry_opens(models: dict[str, ModelEntry]) -> None:
    for entry in models.values():
        backend = open_engine(entry)
        assert isinstance(backend, VllmBackend)
        assert backend.model == entry.id
