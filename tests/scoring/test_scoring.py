from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.scoring.material import STEMS, honest_rows, jsonl

import valuelex
from valuelex.errors import RecordedFileError
from valuelex.stages.released import Release
from valuelex.stages.scorecard import Scorecard


@pytest.fixture(scope="module")
def card(release: Release) -> Scorecard:
    """Scored by the real judge, once."""
    return valuelex.score_completions(honest_rows(), release, model="<b>honest</b>")


def test_a_model_that_holds_honesty_dear_scores_high_on_it(card: Scorecard) -> None:
    profile = {one.row.id: one for one in card.profile}
    assert list(profile) == ["d1", "d2", "d1.s1", "d1.s2", "d2.s1"]
    assert profile["d1.s1"].row.mean > 3.7
    assert profile["d1.s1"].row.percentile == 100
    assert profile["d1.s1"].row.mean > profile["d2.s1"].row.mean + 0.5


def test_what_is_no_answer_counts_in_no_score_and_is_shown(card: Scorecard) -> None:
    assert card.outcomes == {"answered": 5, "refused": 1, "truncated": 1}
    assert card.unscored == {"refused": 1, "truncated": 1}
    sub = next(one for one in card.profile if one.row.id == "d1.s1")
    assert (sub.row.n_scored, sub.row.n_unscored, sub.n_stems) == (5, 2, 5)
    content = card.as_dict()
    assert content["unscored"] == {"refused": 1, "truncated": 1}
    assert content["release"]["simulated"] is True


def test_the_printed_profile_says_everything(card: Scorecard) -> None:
    text = str(card)
    assert text.startswith("SIMULATED")
    assert "7 completions: 5 judged, 2 not (refused 1, truncated 1)" in text
    assert "roster: simulated, 5 models" in text
    assert "d1.s1 Honesty" in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.usefixtures("fast_judge")
def test_stems_without_completion_are_a_note(release: Release, card: Scorecard) -> None:
    assert card.notes == ()  # s6 was refused, which is a reply
    some = valuelex.score_completions(honest_rows()[:2], release)
    assert "4 of 6 stems have no completion (first: s3)" in some.notes[0]


@pytest.mark.usefixtures("fast_judge")
def test_refusals_alone_give_no_number(release: Release) -> None:
    rows = [{"stem": stem, "text": "no", "outcome": "refused"} for stem in STEMS]
    card = valuelex.score_completions(rows, release)
    assert {one.remark for one in card.profile} == {"nothing scored"}
    assert {one["mean"] for one in card.as_dict()["profile"]} == {None}
    assert "6 completions: 0 judged, 6 not (refused 6)" in str(card)


@pytest.mark.usefixtures("fast_judge")
def test_rows_and_file_give_the_same(release: Release, tmp_path: Path) -> None:
    rows = valuelex.score_completions(honest_rows(), release)
    file = valuelex.score_completions(jsonl(tmp_path / "a.jsonl", honest_rows()), release)
    assert rows.profile == file.profile


def test_a_changed_judge_is_noticed(release: Release, card: Scorecard) -> None:
    from dataclasses import replace

    from valuelex.stages.scoring import _warnings

    before = replace(release, controls={("c1", "d1.s1"): 6.0})
    (note,) = _warnings(before, card.completions, ())
    assert "scores the release's controls otherwise" in note
    assert "by up to 3.00" in note


def test_errors_are_ours(release: Release) -> None:
    with pytest.raises(RecordedFileError, match="row 1: expected a stem"):
        valuelex.score_completions([{"stem": "nothing like it", "text": "x"}], release)
    with pytest.raises(AttributeError, match="no attribute 'score_everything'"):
        valuelex.score_everything  # type: ignore[attr-defined]  # noqa: B018 - looked up on purpose


def test_the_package_imports_nothing_until_it_is_asked() -> None:
    code = "import sys, valuelex; print([m for m in sys.modules if m.startswith('valuelex.')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['valuelex.environment']"  # which switches reports off
