"""Refusals in words against the judgement of two people."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from valuelex.terms.outcomes import disclaimer_rule, refusal_rule

pytestmark = pytest.mark.external


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_refusal(row: dict[str, str]) -> bool:
    """The adjudicated decision where the two disagreed, else both."""
    if row["decision"].strip():
        return "refusal" in row["decision"]
    return row["annot1_refusal"] == row["annot2_refusal"] == "1"


def test_refusals_proper(external_data: Callable[[str], Path]) -> None:
    found = rows(external_data("stance-and-refusal/invalid_completions_240124.csv"))
    pairs = [(is_refusal(row), bool(refusal_rule(row["completion"]))) for row in found]
    hits = sum(truth and said for truth, said in pairs)
    assert hits / sum(said for _, said in pairs) >= 0.90
    assert hits / sum(truth for truth, _ in pairs) >= 0.80


def test_denials_of_having_an_opinion(external_data: Callable[[str], Path]) -> None:
    found = rows(external_data("stance-and-refusal/invalid_completions_240124.csv"))
    pairs = [
        (
            row["annot1_donothave"] == row["annot2_donothave"] == "1",
            bool(disclaimer_rule(row["completion"])),
        )
        for row in found
    ]
    hits = sum(truth and said for truth, said in pairs)
    assert hits / sum(said for _, said in pairs) >= 0.90
    assert hits / sum(truth for truth, _ in pairs) >= 0.90


def test_stances_are_no_refusals(external_data: Callable[[str], Path]) -> None:
    found = rows(external_data("stance-and-refusal/agreement_classification_240124.csv"))
    stances = [r for r in found if "other" not in r["annot1_label"]]
    refused = [r["completion"][:200] for r in stances if refusal_rule(r["completion"])]
    assert len(refused) <= 0.01 * len(stances), refused


def test_real_advice_is_hardly_ever_a_refusal(external_data: Callable[[str], Path]) -> None:
    """7,656 replies of 116 models to requests for advice: a false alarm would show here."""
    path = external_data("opinion-answers/answers.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        found = [json.loads(line)["output"] for line in file]
    refused = [text[:200] for text in found if refusal_rule(text)]
    assert 1 <= len(refused) <= 0.002 * len(found), refused
