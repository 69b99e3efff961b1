"""The instruments of a study side by side: dilemmas, the item set, and the table of traits."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.pipeline.project import mini

from valuelex.artifacts.table import (
    AGREEMENT,
    DILEMMA_ANSWERS,
    DILEMMA_REPORT,
    DILEMMAS,
    MULTITRAIT,
    PORTRAIT_REPORT,
    PORTRAIT_SCORES,
)

pytestmark = [pytest.mark.slow]

ROSTER = sorted(mini()["models"])


def test_every_answer_to_a_dilemma_is_accounted_for(study: Path) -> None:
    answers = [row for model in ROSTER for row in DILEMMA_ANSWERS.read(study, model)]
    assert len(answers) == len(ROSTER) * 24 * 2
    assert {row["engine"] for row in answers} == {"simulated"}
    outcomes = DILEMMA_REPORT.read(study)["outcomes"]
    reasons = Counter(row["reason"] for row in answers if row["choice"] is None)
    assert outcomes == {
        "asked": len(answers),
        "chosen": len(answers) - sum(reasons.values()),
        "open": dict(sorted(reasons.items())),
    }
    rows = DILEMMAS.read(study)
    assert len(rows) == len(ROSTER) * 24
    assert sum(row["n_value"] + row["n_other"] for row in rows) == outcomes["chosen"]
    assert sum(row["n_open"] for row in rows) == sum(reasons.values())
    assert all((row["share"] is None) == (row["n_value"] + row["n_other"] == 0) for row in rows)
    assert all(row["consistent"] <= row["n_pairs"] <= 1 for row in rows)


def test_the_prediction_says_on_what_it_rests(study: Path) -> None:
    report = DILEMMA_REPORT.read(study)
    found = report["foretold"]
    assert report["simulated"]
    assert found["n"] == report["outcomes"]["chosen"]
    assert (found["n_models"], found["n_families"]) == (6, 3)
    assert found["lower"] <= found["gain"] <= found["upper"]
    assert {row["model"] for row in report["models"]} == set(ROSTER)
    assert 0 < report["order"]["consistency"]["share"] <= 1
    assert report["statement"].startswith("profiles")


def test_the_item_set_is_scored(study: Path) -> None:
    report = PORTRAIT_REPORT.read(study)
    assert report["given"]
    assert report["outcomes"]["asked"] == len(ROSTER) * 20 * 6 * 2
    assert {row["model"] for row in PORTRAIT_SCORES.read(study)} == set(ROSTER)
    assert {row["persona"] for row in report["personas"]["shifts"]} == {"religious"}


def test_instruments_are_set_against_each_other(study: Path) -> None:
    agreement = AGREEMENT.read(study)
    rows = MULTITRAIT.read(study)
    named = {row["instrument_a"] for row in rows} | {row["instrument_b"] for row in rows}
    assert {"pvq", "portrait"} <= named
    pairs = {(one["instrument_a"], one["instrument_b"]): one for one in agreement["pairs"]}
    both = pairs["pvq", "portrait"]
    assert len(both["traits"]) == 8
    assert both["n"] == len(ROSTER)
    assert both["verdict"] in agreement["statement"]
    mono = [
        row
        for row in rows
        if (row["instrument_a"], row["instrument_b"]) == ("pvq", "portrait")
        and row["relation"] == "monotrait"
    ]
    assert len(mono) == 8
    for row in rows:
        if row["disattenuated"] is not None:
            assert -1 <= row["disattenuated"] <= 1
            assert row["exceeds"] == (abs(row["disattenuated"]) == 1.0)
