from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from valuelex.artifacts import codecs
from valuelex.artifacts.base import Arrays, Column, Document, Table
from valuelex.artifacts.spool import Spool
from valuelex.errors import ArtifactError

COLUMNS = (
    Column("id", "str", "key"),
    Column("n", "int", "count"),
    Column("x", "float", "number", nullable=True),
    Column("ok", "bool", "flag"),
)
TABLES = [
    Table(path=f"a/t.{ending}", stage="s", grain="one", key=("id",), columns=COLUMNS)
    for ending in ("csv", "parquet")
]
ROWS: list[dict[str, Any]] = [
    {"id": "None", "n": 3, "x": None, "ok": True},
    {"id": "=1+1", "n": -2, "x": 0.1 + 0.2, "ok": False},
    {"id": 'a\u2028b,"c"\nd', "n": 0, "x": -1e-12, "ok": True},
]


@pytest.mark.parametrize("table", TABLES)
def test_rows_come_back_sorted_and_bytes_are_the_same(table: Table, tmp_path: Path) -> None:
    first = table.write(tmp_path, ROWS).read_bytes()
    assert table.write(tmp_path, reversed(ROWS)).read_bytes() == first
    found = table.read(tmp_path)
    assert [row["id"] for row in found] == sorted(row["id"] for row in ROWS)
    for row in found:
        wanted = next(r for r in ROWS if r["id"] == row["id"])
        assert row["n"] == wanted["n"]
        assert row["ok"] is wanted["ok"]
        if wanted["x"] is None:
            assert row["x"] is None
        else:
            assert row["x"] == pytest.approx(wanted["x"], rel=1e-9)


@pytest.mark.parametrize("table", TABLES)
def test_truncation_is_one_clear_error(table: Table, tmp_path: Path) -> None:
    path = table.write(tmp_path, ROWS)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ArtifactError, match=r"t\.(csv|parquet) is damaged .*dvc repro s"):
        table.read(tmp_path)


def arrow(rows: list[dict[str, Any]]) -> Any:
    return codecs.arrow_table([column.cell for column in COLUMNS], rows)


def test_rows_written_in_parts_are_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, rows = TABLES[1], sorted(ROWS, key=lambda row: str(row["id"]))
    whole = table.write(tmp_path, rows).read_bytes()
    parts = [arrow(rows[:1]), arrow(rows[1:])]
    for split in ([arrow(rows)], parts, [arrow([]), *parts]):
        assert table.write_sorted(tmp_path, iter(split)).read_bytes() == whole
    assert list(table.scan(tmp_path, rows=1)) == table.read(tmp_path)
    monkeypatch.setattr("valuelex.artifacts.base.ROW_GROUP", 2)
    table.write_sorted(tmp_path, iter([arrow(rows)]))
    assert [row["id"] for row in table.read(tmp_path)] == [row["id"] for row in rows]
    table.write_sorted(tmp_path, iter(()))
    assert table.read(tmp_path) == []


def test_rows_out_of_order_leave_the_old_file(tmp_path: Path) -> None:
    table, rows = TABLES[1], sorted(ROWS, key=lambda row: str(row["id"]))
    before = table.write_sorted(tmp_path, [arrow(rows)]).read_bytes()
    for wrong in (rows[::-1], [rows[0], rows[0]]):
        with pytest.raises(ArtifactError, match="came after"):
            table.write_sorted(tmp_path, [arrow(wrong[:1]), arrow(wrong[1:])])
    assert table.file(tmp_path).read_bytes() == before
    assert [path.name for path in table.file(tmp_path).parent.iterdir()] == ["t.parquet"]


def test_scanning_a_damaged_file_is_one_clear_error(tmp_path: Path) -> None:
    table = TABLES[1]
    with pytest.raises(ArtifactError, match="run `dvc repro s` first"):
        list(table.scan(tmp_path))
    path = table.write(tmp_path, ROWS)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ArtifactError, match="is damaged"):
        list(table.scan(tmp_path))


@pytest.mark.parametrize("part", [1, 2, 100])
def test_a_spool_gives_its_rows_back_in_order(part: int, tmp_path: Path) -> None:
    rows = [tuple(row.values()) for row in ROWS]
    for name in ("rows", "table"):
        spool = Spool(tmp_path / name, COLUMNS, part)
        for row in rows:
            spool.add(row)
        found = (
            spool.read()
            if name == "rows"
            else [tuple(r.values()) for r in spool.table().to_pylist()]
        )
        assert list(found) == rows
        assert list(tmp_path.iterdir()) == []


def test_a_missing_file_names_the_stage(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="run `dvc repro s` first"):
        TABLES[0].read(tmp_path)


def test_a_doubled_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="two rows share the key"):
        TABLES[0].write(tmp_path, [ROWS[0], ROWS[0]])
    assert not TABLES[0].file(tmp_path).exists()


def test_a_foreign_column_is_named(tmp_path: Path) -> None:
    path = TABLES[0].write(tmp_path, ROWS)
    path.write_text(path.read_text().replace("ok", "okay"))
    with pytest.raises(ArtifactError, match="okay"):
        TABLES[0].read(tmp_path)


def test_family_columns_follow_the_fixed_ones(tmp_path: Path) -> None:
    table = Table(
        path="l.csv",
        stage="factor",
        grain="one",
        key=("t",),
        columns=(Column("t", "str", ""),),
        family="F",
    )
    table.write(tmp_path, [{"t": "b", "F1": 0.5, "F2": 1.0}, {"t": "a", "F1": 1.0, "F2": 0.0}])
    assert table.read(tmp_path) == [
        {"t": "a", "F1": 1.0, "F2": 0.0},
        {"t": "b", "F1": 0.5, "F2": 1.0},
    ]
    assert list(table.frame(tmp_path).columns) == ["t", "F1", "F2"]


def test_arrays_have_the_same_bytes_at_any_time(tmp_path: Path) -> None:
    arrays = Arrays(path="e.npz", stage="embed", grain="one term")
    content = {"v": np.eye(3, dtype=np.float32), "terms": np.array(["a", "b", "c"])}
    first = arrays.write(tmp_path, content).read_bytes()
    assert arrays.write(tmp_path, content).read_bytes() == first
    assert arrays.read(tmp_path)["terms"].tolist() == ["a", "b", "c"]
    (tmp_path / "outputs/e.npz").write_bytes(first[:50])
    with pytest.raises(ArtifactError, match="damaged"):
        arrays.read(tmp_path)


def test_a_document_refuses_nan(tmp_path: Path) -> None:
    document = Document(path="d.json", stage="s", grain="one")
    with pytest.raises(ValueError, match="finite"):
        document.write(tmp_path, {"x": float("nan")})
    document.write(tmp_path, {"x": np.float64(0.1) + 0.2, "y": None, "z": np.arange(2)})
    assert document.read(tmp_path) == {"x": 0.3, "y": None, "z": [0, 1]}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("str", ["", None, "None", "\u2028"]),
        ("int", [1, None, -(2**62)]),
        ("float", [0.5, None, -1e300]),
        ("bool", [True, None, False, *([True] * 9)]),
        ("int", []),
    ],
)
def test_arrow_columns_hold_what_came(kind: str, values: list[Any]) -> None:
    assert codecs.arrow_column(values, kind).to_pylist() == values


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_csv_and_is_no_formula(text: str) -> None:
    data = codecs.csv_bytes(["a", "b"], [{"a": text, "b": "end"}])
    _, rows = codecs.csv_rows(data)
    assert rows == [{"a": text, "b": "end"}]
    assert not codecs.guard_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
