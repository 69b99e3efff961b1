"""Distinct values of a published inventory stay distinct, word families and spellings apart."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.terms.tables import normalizer

pytestmark = pytest.mark.external

MERGING = {"identity", "family", "inflection", "spelling", "exception", "frame"}


def names(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row["name"] for row in csv.DictReader(file) if row["level"] == "0"]


def letters(name: str) -> str:
    return "".join(c for c in name if c.isalpha())


def test_only_families_and_spellings_are_merged(external_data: Callable[[str], Path]) -> None:
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    dropped = []
    total = names(external_data("values-in-the-wild/values_tree.csv"))
    for name in total:
        result = normalizer().normalize(name)
        if result.term is None:
            dropped.append((name, result.dropped))
        else:
            groups[result.term].append((name, result.rule))
    merged = {term: found for term, found in groups.items() if len(found) > 1}
    for term, found in merged.items():
        assert {rule for _, rule in found} <= MERGING, (term, found)
        assert sum(rule == "frame" for _, rule in found) == 0, (term, found)
        for name, _ in found:
            shared = min(5, len(letters(term)))  # a family shares its stem
            assert letters(name)[:shared] == letters(term)[:shared], (term, found)
    assert len(merged) <= 0.01 * len(total), merged
    assert len(dropped) <= 0.005 * len(total), dropped


def test_normal_forms_are_stable(external_data: Callable[[str], Path]) -> None:
    for name in names(external_data("values-in-the-wild/values_tree.csv")):
        term = normalizer().normalize(name).term
        assert term is None or normalizer().normalize(term).term == term
