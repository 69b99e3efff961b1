from __future__ import annotations

import pytest

from tests.terms.tables import rows, vocabulary
from valuelex.errors import LexiconError
from valuelex.terms.tables import VocabularyTables


def build(families: list[dict[str, str]]) -> VocabularyTables:
    return VocabularyTables.from_rows(
        values=[{"head": "a", "prose": "yes"}],
        families=families,
        opposites=[],
        frames=[],
        exceptions=[],
        stop={},
    )


def family(form: str, head: str) -> dict[str, str]:
    return {"form": form, "head": head, "link": "noun", "prose": "no"}


def test_chains_are_closed_and_circles_are_errors() -> None:
    assert build([family("c", "b"), family("b", "a")]).families["c"] == ("a", "noun")
    with pytest.raises(LexiconError, match="circle"):
        build([family("b", "c"), family("c", "b")])
    with pytest.raises(LexiconError, match="'link'"):
        build([{"form": "b", "head": "a"}])


def test_the_vocabulary_has_the_size_it_claims() -> None:
    tables = vocabulary()
    assert 600 <= len(tables.values) <= 1500
    assert not set(tables.values) & set(tables.stop)
    assert not set(tables.values) & set(tables.opposites)


def test_every_row_is_clean() -> None:
    for name in ("values.csv", "families.csv", "opposites.csv", "frames.csv", "exceptions.csv"):
        table = rows(name)
        assert len(table) > 10
        for row in table:
            for cell in row.values():
                assert cell == cell.strip()
                assert cell
        first = next(iter(table[0]))
        keys = [row[first] for row in table]
        assert len(keys) == len(set(keys)), name


def test_names_that_the_data_must_not_teach_are_no_values() -> None:
    for word in ("time", "way", "thing", "power plant", "water", "good"):
        assert word not in vocabulary().prose
