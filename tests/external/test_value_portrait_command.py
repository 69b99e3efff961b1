"""`valuelex survey portrait` on the published data: one command says how far they hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from valuelex.cli.app import run_app

pytestmark = pytest.mark.external

Find = Callable[[str], Path]


@pytest.fixture
def said(
    external_data: Find, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[str, dict[str, object]]:
    answers = external_data("value-portrait/raw_answers.csv.gz")
    options = ["--items", str(answers.parent), "--recorded", str(answers), "--out", str(tmp_path)]
    assert run_app(["survey", "portrait", *options]) == 0
    facts = json.loads((tmp_path / "portrait.json").read_text("utf-8"))
    return capsys.readouterr().out, facts


def test_published_numbers_come_out(said: tuple[str, dict[str, object]]) -> None:
    shown, facts = said
    assert "520 items on 104 questions" in shown
    found = {one["what"]: one for one in facts["published"]}  # type: ignore[attr-defined]
    assert (found["scores"]["n"], found["scores"]["same"]) == (247, 247)
    assert found["scores"]["tolerance"] == 1e-9
    assert found["averages over versions"]["n"] == found["averages over versions"]["same"] == 6760
    assert found["averages over versions"]["tolerance"] == 0
    for family, n in (("pvq", 4400), ("bfi", 2200)):
        one = found[f"human correlations ({family})"]
        assert (one["n"], one["same"]) == (n, n)
        assert "P186" in one["note"]
    assert "P186 rates in several groups" in shown


def test_the_recorded_parse_and_no_negation_as_agreement(
    said: tuple[str, dict[str, object]],
) -> None:
    shown, facts = said
    recorded: dict[str, int] = facts["recorded"]  # type: ignore[assignment]
    assert recorded["compared"] == 40560
    assert recorded["same"] / recorded["compared"] >= 0.998
    assert recorded["negations"] > 100
    assert recorded["negations_agreed"] == 0
    assert re.search(r"texts read as the number beside them: \d+ of 40560 \(99\.\d+%\)", shown)


def test_chance_tags_and_sensitivity(said: tuple[str, dict[str, object]]) -> None:
    _, facts = said
    item_set: dict[str, list[dict[str, float | str]]] = facts["item_set"]  # type: ignore[assignment]
    together = next(r for r in item_set["chance"] if (r["family"], r["value"]) == ("pvq", ""))
    assert together["published"] == 289
    assert together["expected"] == pytest.approx(107, abs=3)
    assert together["false_share"] == pytest.approx(0.37, abs=0.015)
    # few tags stand once thousands of tests are allowed for
    assert 1 <= float(together["corrected"]) <= 30
    form: dict[str, dict[str, float]] = facts["sensitivity"]  # type: ignore[assignment]
    assert form["all"]["wording"] == pytest.approx(0.43, abs=0.01)
    assert form["all"]["order"] == pytest.approx(0.45, abs=0.01)
    assert form["all"]["both"] == pytest.approx(0.50, abs=0.01)
