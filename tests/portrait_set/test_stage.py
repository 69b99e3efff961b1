"""The item set in a study: every simulated model answers it, and planted values come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from tests.portrait_set.made import CODES, questions, write_set

from valuelex.artifacts.table import (
    DILEMMA_ANSWERS,
    PORTRAIT_ANSWERS,
    PORTRAIT_REPORT,
    PORTRAIT_SCORES,
    PORTRAIT_TAGS,
)
from valuelex.backends.store import ReplyStore
from valuelex.cli.app import run_app
from valuelex.stages.context import open_context
from valuelex.stages.planted import study_truth


def give(project: Path) -> None:
    for key in sorted(open_context(project).settings.models):
        assert run_app(["run", "survey", "--model", key]) == 0


def change(project: Path, **values: Any) -> None:
    path = project / "params.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["portrait"] |= values
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


@pytest.mark.slow
def test_planted_values_are_recovered_and_nothing_is_asked_twice(project: Path) -> None:
    give(project)
    assert run_app(["run", "portrait"]) == 0
    truth = study_truth(open_context(project))
    planted = dict(zip(truth.values, truth.value_profiles.T, strict=True))
    rows = PORTRAIT_SCORES.read(project)
    assert len(rows) == 35 * 8
    for value, codes in CODES.items():
        mine = {row["model"]: row["mean"] for row in rows if row["dimension"] == value}
        theirs = np.mean([planted[code] for code in codes], axis=0)
        r = np.corrcoef([mine[model] for model in truth.models], theirs)[0, 1]
        assert r > 0.85, value
    report = PORTRAIT_REPORT.read(project)
    assert report["given"]
    assert report["simulated"]
    # 40 items x 6 versions x (nobody else, religious)
    assert report["outcomes"]["asked"] == 35 * 480
    assert 0.85 < report["outcomes"]["answered"] / report["outcomes"]["asked"] < 1
    assert sum(report["outcomes"]["unanswered"].values()) > 0
    assert 0.2 < report["sensitivity"]["all"]["wording"] < 0.8
    shifts = [
        row["shift"]
        for row in report["personas"]["shifts"]
        if (row["persona"], row["dimension"]) == ("religious", "Tradition")
    ]
    # planted: a religious persona moves tradition by one scale point, less the ends of the scale
    assert 0.4 < np.mean(shifts) < 1.1
    people = {row["dimension"]: row for row in report["personas"]["people"]}
    assert people["Tradition"]["lower"] > 0
    assert {row["used"] for row in PORTRAIT_TAGS.read(project)} == {True}
    with ReplyStore(project / ".valuelex" / "replies.sqlite") as store:
        before = store.counts()
    again = PORTRAIT_ANSWERS.file(project, "sim-aster-7b-instruct")
    data = again.read_bytes()
    again.unlink()
    assert run_app(["run", "survey", "--model", "sim-aster-7b-instruct"]) == 0
    assert again.read_bytes() == data
    with ReplyStore(project / ".valuelex" / "replies.sqlite") as store:
        assert store.counts() == before


def test_without_an_item_set_nothing_is_asked_and_the_report_says_so(project: Path) -> None:
    change(project, items=None)
    key = "sim-aster-7b-instruct"
    assert run_app(["run", "survey", "--model", key]) == 0
    assert PORTRAIT_ANSWERS.read(project, key) == []
    assert len(DILEMMA_ANSWERS.read(project, key)) == 48
    assert run_app(["run", "portrait"]) == 0
    assert PORTRAIT_SCORES.read(project) == []
    assert PORTRAIT_REPORT.read(project)["why"].startswith("no item set is given")


@pytest.mark.parametrize("what", ["gone", "changed"])
def test_a_folder_that_is_gone_or_changed_is_one_clear_error(
    project: Path, items: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    if what == "gone":
        items.rename(items.with_name("moved"))
    else:
        write_set(items, n=len(questions()) - 2)
    assert run_app(["check"]) == 2
    assert run_app(["run", "survey", "--model", "sim-aster-7b-instruct"]) == 2
    shown = capsys.readouterr().err
    first, second = shown.strip().splitlines()
    assert first == second
    expected = "does not exist" if what == "gone" else "is not the one of 'portrait.items'"
    assert expected in shown
    assert "Traceback" not in shown
    assert not PORTRAIT_ANSWERS.file(project, "sim-aster-7b-instruct").exists()
