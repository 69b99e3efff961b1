"""Real answers of real models through every stage, up to the report (not part of the project).

What must hold is that nothing is lost without a word and that every term leads back to what was
said. How many dimensions these answers support is a finding, not a target.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from tests.pipeline.project import make_project, run, shipped, start_straight, write_params

from valuelex.artifacts import table as t
from valuelex.settings import load_settings

pytestmark = [
    pytest.mark.external,
    pytest.mark.slow,
]

REPLIES, MODELS, PROMPTS = 7656, 116, 66
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Recorded:
    """The study's folder, and the rows of the file that it was made from."""

    folder: Path
    source: Rows

    @cached_property
    def replies(self) -> dict[str, dict[str, Any]]:
        """Return every reply by its id."""
        models = load_settings(self.folder).models
        return {row["reply_id"]: row for m in models for row in t.REPLIES.read(self.folder, m)}

    @cached_property
    def mentions(self) -> dict[str, dict[str, Any]]:
        """Return every mention by its id."""
        return {row["mention_id"]: row for row in t.MENTIONS.read(self.folder)}

    def lost_and_kept(self, unit: str) -> Rows:
        """Return the attrition rows of one kind of unit."""
        return [row for row in t.ATTRITION.read(self.folder) if row["unit"] == unit]


_cache: dict[Path, Recorded] = {}


@pytest.fixture
def study(
    external_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Recorded:
    """Replay the answers and run every stage with the shipped settings, once for all tests."""
    path = external_data("opinion-answers/answers.jsonl.gz")
    if path not in _cache:
        folder = make_project(tmp_path_factory.mktemp("recorded") / "study")
        write_params(folder, shipped())
        replayed = run(folder, "valuelex", "replay", str(path), "--study", "opinions")
        assert replayed.returncode == 0, replayed.stderr
        process = start_straight(folder)
        out, err = process.communicate(timeout=600)
        assert process.returncode == 0, out[-2000:] + err[-4000:]
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            _cache[path] = Recorded(folder, [json.loads(line) for line in file])
    return _cache[path]


def test_every_answer_is_a_reply(study: Recorded) -> None:
    assert len(study.replies) == len(study.source) == REPLIES
    names = {key: entry.id for key, entry in load_settings(study.folder).models.items()}
    assert len(names) == MODELS
    came = Counter((names[row["model"]], row["text"]) for row in study.replies.values())
    assert came == Counter((row["model"], row["output"]) for row in study.source)


def test_every_reply_is_accounted_for(study: Recorded) -> None:
    counted: Counter[str] = Counter()
    for row in study.lost_and_kept("reply"):
        counted[row["model"]] += row["n"]
        assert study.replies[row["example"]]["model"] == row["model"]
    assert counted == dict.fromkeys(load_settings(study.folder).models, PROMPTS)


def test_every_mention_is_accounted_for(study: Recorded) -> None:
    rows = study.lost_and_kept("mention")
    for kept in (True, False):
        found = sum((m["term"] is not None) is kept for m in study.mentions.values())
        assert sum(row["n"] for row in rows if row["kept"] is kept) == found > 0
    assert all(study.mentions[row["example"]]["model"] == row["model"] for row in rows)


def test_every_mention_stands_in_its_reply(study: Recorded) -> None:
    for mention in study.mentions.values():
        text = study.replies[mention["reply_id"]]["text"]
        assert text[mention["start"] : mention["end"]] == mention["surface"]


def test_prose_is_read_as_prose_and_lists_as_lists(study: Recorded) -> None:
    n: Counter[str] = Counter()
    for row in study.lost_and_kept("reply"):
        n[row["disposition"]] += row["n"]
    assert n["parsed-prose"] > n["parsed-list"] > 0
    assert n["no-values-named"] > 0


def test_the_lexicon_is_shared_vocabulary(study: Recorded) -> None:
    rules = load_settings(study.folder).normalize
    inside = [row for row in t.TERMS.read(study.folder) if row["in_lexicon"]]
    assert 20 <= len(inside) <= rules.max_terms_per_respondent * MODELS
    assert all(row["models"] >= rules.min_models for row in inside)
    assert all(row["families"] >= rules.min_families for row in inside)


def test_every_term_of_the_taxonomy_leads_to_what_was_said(study: Recorded) -> None:
    taxonomy = t.TAXONOMY.read(study.folder)
    assert taxonomy["simulated"] is False
    entries = list(taxonomy["unplaced"])
    for dimension in taxonomy["dimensions"]:
        entries += [e for sub in dimension["sub_dimensions"] for e in sub["terms"]]
        entries += dimension["negative_pole"]
    inside = [row["term"] for row in t.TERMS.read(study.folder) if row["in_lexicon"]]
    assert sorted(entry["term"] for entry in entries) == sorted(inside)
    for entry in entries:
        mentions = [study.mentions[one] for one in entry["evidence"]]
        assert mentions
        assert {mention["term"] for mention in mentions} == {entry["term"]}
        assert all(mention["reply_id"] in study.replies for mention in mentions)


def test_no_instrument_is_scored_for_models_that_cannot_be_asked(study: Recorded) -> None:
    assert all(row["mean"] is None for row in t.PROFILES.read(study.folder))
    assert all(row["raw"] is None for row in t.SURVEY_PROFILES.read(study.folder))
    assert t.FORM_RELIABILITY.read(study.folder)["n_scored"] == 0
    assert "not administered" in t.REPORT.read(study.folder).lower()


def test_the_verdict_is_given_with_its_basis(study: Recorded) -> None:
    stability = t.STABILITY.read(study.folder)
    levels = ("supported", "partly supported", "not supported")
    assert stability["verdict"]["level"] in levels
    assert 1 <= stability["effective_n"] <= MODELS
    assert t.RECOVERY.read(study.folder)["applies"] is False


def test_the_commands_speak_of_the_recorded_study(study: Recorded) -> None:
    taxonomy = t.TAXONOMY.read(study.folder)
    term = taxonomy["dimensions"][0]["sub_dimensions"][0]["terms"][0]["term"]
    for command in (("found",), ("inspect",), ("inspect", term), ("check",), ("store",)):
        done = run(study.folder, "valuelex", *command)
        assert (done.returncode, done.stderr) == (0, ""), command
        assert "SIMULATED" not in done.stdout
