"""Tables that cannot be factored, or only with a remedy that is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.cli_tables.made import NAMES, Done, planted, write_csv

Command = Callable[..., Done]


def refused(done: Done, *parts: str) -> None:
    assert done.code == 2
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1
    for part in parts:
        assert part in done.err


def rows(n: int = 240) -> list[list[Any]]:
    return [list(row) for row in planted(n).tolist()]


def test_an_unknown_column_offers_the_near_miss(table: Path, command: Command) -> None:
    refused(command("factor", table, "--drop", "a11"), "'a11' (--drop)", "did you mean 'a1'?")
    refused(command("factor", table, "--blocks", "model"), "'model' (--blocks)", "13 columns")
    refused(command("factor", table, "--columns", "a1,a2,bb3"), "'bb3'", "did you mean 'b3'?")


def test_a_cell_that_is_no_number_is_named(tmp_path: Path, command: Command) -> None:
    cells = rows()
    cells[6][4] = "often"
    path = write_csv(tmp_path / "t.csv", NAMES, cells)
    refused(command("factor", path), "row 7, column 'b1'", "came: 'often'", "--drop 'b1'")
    cells[6][4] = "3,5"
    write_csv(path, NAMES, cells)
    refused(command("factor", path), "came: '3,5' (write decimals with a point)")
    for cell in ("1_000", "inf"):
        cells[6][4] = cell
        write_csv(path, NAMES, cells)
        refused(command("factor", path), f"came: '{cell}'")


@pytest.mark.parametrize("cell", ["", "NA", "nan", "None"])
def test_missing_cells_need_a_choice(tmp_path: Path, command: Command, cell: str) -> None:
    cells = rows()
    for i in range(0, 240, 30):
        cells[i][i % 12] = cell
    path = write_csv(tmp_path / "t.csv", NAMES, cells)
    refused(command("factor", path), "8 of 2880 cells", "row 1 (row 001), column 'a1'", "drop_rows")
    dropped = command("factor", path, "--missing", "drop_rows", "--factors", 3)
    assert "232 respondents (of 240 rows)" in dropped.out
    filled = command("factor", path, "--missing", "mean", "--factors", 3)
    assert "240 respondents x" in filled.out
    assert "remedy: mean" in filled.out


def test_an_empty_cell_of_parquet_is_missing(tmp_path: Path, command: Command) -> None:
    frame = pd.DataFrame(planted(), columns=NAMES)
    frame.loc[3, "a2"] = None
    frame.to_parquet(tmp_path / "t.parquet", index=False)
    refused(command("factor", tmp_path / "t.parquet"), "row 4", "column 'a2'")


def test_a_constant_and_a_doubled_column_are_dropped_aloud(
    tmp_path: Path, command: Command
) -> None:
    cells = [[*row, 4, row[0], int(i == 0)] for i, row in enumerate(rows())]
    path = write_csv(tmp_path / "t.csv", [*NAMES, "flat", "twin", "rare"], cells)
    done = command("factor", path, "--factors", 3, "--out", tmp_path)
    assert done.code == 0
    assert "12 variables (3 dropped)" in done.out
    said = json.loads((tmp_path / "diagnostics.json").read_bytes())
    assert {d["term"]: d["reason"] for d in said["dropped_terms"]} == {
        "flat": "never varies",
        "twin": "repeats another column exactly",
        "rare": "varies in fewer than 2 rows",
    }
    flat = write_csv(tmp_path / "flat.csv", NAMES, [[1] * 12] * 20)
    refused(command("factor", flat), "0 of 12")


def test_more_columns_than_rows(tmp_path: Path, command: Command) -> None:
    path = write_csv(tmp_path / "wide.csv", NAMES, rows(10))
    done = command("factor", path, "--factors", 2, "--out", tmp_path)
    assert done.code == 0
    assert "remedy: shrunk towards the identity" in done.out
    assert "Bartlett not defined: 10 rows for 12 variables" in done.out
    refused(command("factor", path, "--factors", 2, "--extraction", "ml"), "singular", "minres")
    refused(command("factor", path, "--factors", 10), "between 1 and 9", "was: 10")


def test_too_few_blocks(tmp_path: Path, command: Command) -> None:
    for count in (1, 3):
        cells = [[f"m{i % count}", *row] for i, row in enumerate(rows())]
        path = write_csv(tmp_path / "t.csv", ["model", *NAMES], cells)
        refused(command("factor", path, "--blocks", "model"), f"names {count} block", "4 or more")
        assert command("factor", path, "--blocks", "model", "--factors", 3).code == 0


def test_names_that_stand_twice(tmp_path: Path, command: Command) -> None:
    path = write_csv(tmp_path / "t.csv", [*NAMES[:-1], "a1"], rows())
    refused(command("factor", path), "'a1' stands twice, in places 1 and 12")
    cells = [[f"p{i % 200}", *row] for i, row in enumerate(rows())]
    path = write_csv(tmp_path / "u.csv", ["who", *NAMES], cells)
    refused(command("factor", path, "--id", "who"), "'p0' stands twice, in rows 1 and 201")
    cells[4][0] = " "
    write_csv(path, ["who", *NAMES], cells)
    refused(command("factor", path, "--blocks", "who"), "row 5", "'who'", "empty")


def test_files_that_cannot_be_read(table: Path, tmp_path: Path, command: Command) -> None:
    refused(command("factor", table.with_name("answer.csv")), "not there", "'answers.csv'?")
    refused(command("factor", tmp_path), "is a folder")
    bad = tmp_path / "bad.csv"
    for data, part in (
        (b"", "is empty"),
        (b"a,b,c\n\xff\xfe1,2,3\n", "not UTF-8 text (byte 0xff)"),
        (b"a,b,c\n1,2,3\n1,2\n", "line 3: expected 3 cells"),
        (b"a,b,c\n1,2,3\n", "expected 5 rows or more, came: 1"),
        (b"a,b\n1,2\n", "needs 3 variables or more, came: 2"),
        (b'a,b,c\n1,2,"3\n', "cannot be read"),
    ):
        bad.write_bytes(data)
        refused(command("factor", bad), part)
    broken = tmp_path / "bad.parquet"
    broken.write_bytes(b"PAR1 but no")
    refused(command("factor", broken), "cannot be read as Parquet")


def test_options_out_of_range(table: Path, command: Command) -> None:
    for options, parts in (
        (("--rotation", "oblmin"), ("--rotation must be one of", "did you mean 'oblimin'?")),
        (("--factors", "few"), ("--factors must be auto or a number", "'few'")),
        (("--factors", "0"), ("--factors must be 1 or more",)),
        (("--permutations", "5"), ("19 or more",)),
        (("--percentile", "40"), ("between 50 and 100",)),
        (("--matrix", "covariance"), ("goes with --extraction pca",)),
        (("--midpoint", "5"), ("--ipsatise balanced",)),
        (("--length", "sum", "--ipsatise", "centre"), ("choose one",)),
        (("--factors", "9"), ("no degrees of freedom",)),
        (("--columns", "a1,a2,a3", "--drop", "a1"), ("'a1'", "something else")),
    ):
        refused(command("factor", table, *options), *parts)


def test_a_respondent_without_spread_cannot_be_standardised(
    tmp_path: Path, command: Command
) -> None:
    cells = [["p", *row] if i else ["flat one", *[3] * 12] for i, row in enumerate(rows())]
    cells = [[f"{row[0]}{i}", *row[1:]] for i, row in enumerate(cells)]
    path = write_csv(tmp_path / "t.csv", ["", *NAMES], cells)
    refused(command("factor", path, "--ipsatise", "standardise"), "'flat one0'", "centre")


def test_a_folder_that_cannot_be_written(table: Path, command: Command) -> None:
    refused(command("factor", table, "--factors", 3, "--out", table), "cannot be written", "--out")
