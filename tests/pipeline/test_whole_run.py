"""A whole study from nothing: every artifact is there, reads by its own schema, and adds up."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.pipeline.conftest import Twins
from tests.pipeline.project import mini, outputs

from valuelex.artifacts.base import Document, Table
from valuelex.artifacts.table import (
    ARTIFACTS,
    ATTRITION,
    CODE,
    MENTIONS,
    METRICS,
    REPLIES,
    REPORT,
    TAXONOMY,
    TAXONOMY_TEXT,
    TERMS,
)
from valuelex.cli.dispatch import STAGES

pytestmark = [pytest.mark.slow]

ROSTER = sorted(mini()["models"])
# what stands under basis/ signs inputs; the others are results
DOCUMENTS = [a for a in ARTIFACTS if isinstance(a, Document) and not a.path.startswith("basis/")]
TABLES = [one for one in ARTIFACTS if isinstance(one, Table)]


def per_model(table: Table, study: Path) -> Iterator[list[dict[str, Any]]]:
    for model in ROSTER if "{model}" in table.path else [None]:
        yield table.read(study, model)


def read_all(table: Table, study: Path) -> list[dict[str, Any]]:
    return list(itertools.chain.from_iterable(per_model(table, study)))


def entries(taxonomy: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for dimension in taxonomy["dimensions"]:
        found += [entry for sub in dimension["sub_dimensions"] for entry in sub["terms"]]
        found += dimension["negative_pole"]
    return found


def test_the_table_of_artifacts_is_what_lies_under_outputs(study: Path) -> None:
    expected = {
        one.path.format(model=model)
        for one in ARTIFACTS
        for model in (ROSTER if "{model}" in one.path else [None])
        if "{stage}" not in one.path
    } | {CODE.path.format(stage=name) for name in STAGES if name.partition("-")[0] != "basis"}
    assert set(outputs(study)) == expected


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_a_table_reads_by_its_own_columns_and_key(table: Table, study: Path) -> None:
    for rows in per_model(table, study):
        assert rows
        keys = [tuple(row[name] for name in table.key) for row in rows]
        assert keys == sorted(set(keys))
        required = [column.name for column in table.columns if not column.nullable]
        assert all(row[name] is not None for row in rows for name in required)


def test_the_taxonomy_follows_its_published_schema(study: Path) -> None:
    schema = json.loads((study / "lexicon/schemas/taxonomy.v1.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    taxonomy = TAXONOMY.read(study)
    jsonschema.Draft202012Validator(schema).validate(taxonomy)
    assert len(taxonomy["dimensions"]) == 2
    assert entries(taxonomy)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.path)
def test_every_document_says_that_the_study_is_simulated(document: Document, study: Path) -> None:
    assert document.read(study)["simulated"] is True


def test_both_pages_say_that_the_study_is_simulated(study: Path) -> None:
    assert "SIMULATED" in REPORT.read(study)
    assert "simulated study: no real model" in TAXONOMY_TEXT.read(study).lower()


def test_every_reply_is_accounted_for(study: Path) -> None:
    replies = read_all(REPLIES, study)
    assert len(replies) == len(ROSTER) * 6 * 15
    rows = [row for row in ATTRITION.read(study) if row["unit"] == "reply"]
    counted = Counter(dict.fromkeys(ROSTER, 0))
    for row in rows:
        counted[row["model"]] += row["n"]
    assert counted == Counter(reply["model"] for reply in replies)
    owner = {reply["reply_id"]: reply["model"] for reply in replies}
    assert all(owner[row["example"]] == row["model"] for row in rows)
    assert METRICS.read(study)["replies"] == len(replies)


def test_every_mention_is_accounted_for(study: Path) -> None:
    mentions = MENTIONS.read(study)
    rows = [row for row in ATTRITION.read(study) if row["unit"] == "mention"]
    for kept in (True, False):
        counted: Counter[str] = Counter()
        for row in rows:
            counted[row["model"]] += row["n"] * (row["kept"] is kept)
        found = Counter(m["model"] for m in mentions if (m["term"] is not None) is kept)
        assert +counted == found
    assert all((m["term"] is None) == bool(m["dropped"]) for m in mentions)
    known = {mention["mention_id"]: mention["model"] for mention in mentions}
    assert all(known[row["example"]] == row["model"] for row in rows)


def test_every_term_is_accounted_for(study: Path) -> None:
    terms = TERMS.read(study)
    lost = [row for row in ATTRITION.read(study) if row["unit"] == "term"]
    for kept in (True, False):
        found = Counter(t["reason"] for t in terms if t["in_lexicon"] is kept)
        assert sum(row["n"] for row in lost if row["kept"] is kept) == found.total()
    assert all(term["in_lexicon"] == (term["reason"] == "") for term in terms)
    kept_mentions = Counter(m["term"] for m in MENTIONS.read(study) if m["term"] is not None)
    assert {term["term"]: term["mentions"] for term in terms} == dict(kept_mentions)


def test_every_mention_stands_in_its_reply(study: Path) -> None:
    texts = {reply["reply_id"]: reply["text"] for reply in read_all(REPLIES, study)}
    for mention in MENTIONS.read(study):
        text = texts[mention["reply_id"]]
        assert text[mention["start"] : mention["end"]] == mention["surface"]


def test_every_term_of_the_taxonomy_leads_to_its_mentions(study: Path) -> None:
    mentions = {mention["mention_id"]: mention for mention in MENTIONS.read(study)}
    counted = {row["term"]: row for row in TERMS.read(study)}
    taxonomy = TAXONOMY.read(study)
    for entry in entries(taxonomy):
        assert entry["evidence"]
        assert {mentions[one]["term"] for one in entry["evidence"]} == {entry["term"]}
        assert entry["mentions"] == counted[entry["term"]]["mentions"]
    placed = [entry["term"] for entry in entries(taxonomy) + taxonomy["unplaced"]]
    assert sorted(placed) == sorted(t for t, row in counted.items() if row["in_lexicon"])


def test_two_clean_runs_give_the_same_bytes(twins: Twins) -> None:
    first, second = outputs(twins.by_dvc), outputs(twins.by_hand)
    assert first.keys() == second.keys()
    different = [path for path, data in first.items() if data != second[path]]
    assert [path for path in different if path != REPORT.path] == []
