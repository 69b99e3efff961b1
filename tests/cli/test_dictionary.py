"""The data dictionary describes every column of every artifact."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.closures import ROOT

from valuelex.artifacts.base import Document, Table
from valuelex.artifacts.table import ARTIFACTS
from valuelex.cli import dictionary

TABLES = [artifact for artifact in ARTIFACTS if isinstance(artifact, Table)]


def _numbers() -> Iterator[tuple[str, str]]:
    for table in TABLES:
        for column in table.columns:
            if column.type == "float":
                yield table.path, column.name


def test_every_column_of_every_table_has_a_meaning_and_a_type() -> None:
    entries = {(entry.file, entry.field): entry for entry in dictionary.entries()}
    for table in TABLES:
        for column in table.columns:
            entry = entries[table.shown, column.name]
            assert len(entry.meaning) > 3, (table.path, column.name)
            assert entry.type


@pytest.mark.parametrize(("path", "name"), sorted(set(_numbers())))
def test_every_number_has_a_unit(path: str, name: str) -> None:
    row = dictionary.described(path, name)
    assert row is not None, f"give {name} of {path} a line in cli/fields.csv: unit and range"
    assert row["unit"], (path, name)


def test_every_file_is_in_the_dictionary() -> None:
    named = {entry.file for entry in dictionary.entries()}
    assert named == {artifact.shown for artifact in ARTIFACTS}


def test_every_description_belongs_to_a_document_that_exists() -> None:
    known = {artifact.path for artifact in ARTIFACTS}
    for name, _, row in dictionary._lines():
        assert name in known | {"*"}, name
        assert row["meaning"], row


def test_a_field_that_nobody_described_is_found_out() -> None:
    assert dictionary.described("factor/diagnostics.json", "kmo") is not None
    assert dictionary.described("factor/diagnostics.json", "brand_new.quantity") is None


def test_paths_reach_every_value() -> None:
    content = {"a": [{"b.c": 1}, {"d": []}], "e": None}
    assert list(dictionary.paths(content)) == ["a[].b_c", "a[].d[]", "e"]


def test_the_page_of_the_documentation_is_generated() -> None:
    page = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary.as_markdown(), "run `make deps`"


def test_documents_have_fields() -> None:
    entries = dictionary.entries()
    for artifact in ARTIFACTS:
        if isinstance(artifact, Document):
            assert [e for e in entries if e.file == artifact.shown], artifact.path
