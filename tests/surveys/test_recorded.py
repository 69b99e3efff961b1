"""Recorded answers: long and wide tables, CSV, Parquet and JSONL, read strictly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from valuelex.errors import DataError, RecordedFileError
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.stages.pvq_recorded import read_recorded


def jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_one_trial_a_row(tmp_path: Path, questionnaire: Questionnaire) -> None:
    header = ["model", "seed", *(f"q{i}" for i in range(1, 58))]
    cells = ["m", "11", *("5" if i % 2 else "like me" for i in range(1, 58))]
    cells[2 + 3], cells[2 + 4] = "", "9"
    path = tmp_path / "wide.csv"
    path.write_text("\n".join([",".join(header), ",".join(cells), ",".join(cells)]) + "\n")
    name, rows = read_recorded(path, questionnaire)
    assert name == "m"
    assert len(rows) == 114
    assert {row["trial"] for row in rows} == {0, 1}
    first = {row["item"]: row for row in rows if row["trial"] == 0}
    assert first[1]["answer"] == first[2]["answer"] == 5
    assert (first[4]["answer"], first[4]["reason"]) == (None, "missing")
    assert (first[5]["answer"], first[5]["reason"]) == (None, "out of range")


def test_one_answer_a_row_in_every_format(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = [
        {"item": i, "trial": t, "text": "not really like me" if i == 3 else f"{1 + i % 6}"}
        for t in (4, 9)
        for i in range(1, 58)
    ]
    frame = pd.DataFrame(rows)
    paths = [jsonl(tmp_path / "a.jsonl", rows), tmp_path / "a.csv", tmp_path / "a.parquet"]
    frame.to_csv(paths[1], index=False)
    frame.to_parquet(paths[2])
    read = [read_recorded(path, questionnaire)[1] for path in paths]
    assert read[0] == read[1] == read[2]
    assert {row["trial"] for row in read[0]} == {0, 1}
    assert {row["reason"] for row in read[0] if row["item"] == 3} == {"negated"}
    assert all(row["answer"] == 1 + row["item"] % 6 for row in read[0] if row["item"] != 3)


def test_trials_are_counted_where_none_are_given(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"item": 1, "answer": 4}, {"item": 1, "answer": 5}])
    _, rows = read_recorded(path, questionnaire)
    assert [(row["trial"], row["answer"]) for row in rows] == [(0, 4), (1, 5)]


def test_a_sheet_is_one_row(tmp_path: Path, questionnaire: Questionnaire) -> None:
    items = list(range(57, 0, -1))
    text = "\n".join(f"{place}: {1 + item % 6}" for place, item in enumerate(items, 1))
    row = {"item": items, "trial": 0, "position": 1, "order": "ascending", "text": text}
    _, rows = read_recorded(jsonl(tmp_path / "a.jsonl", [row]), questionnaire)
    assert all(row["answer"] == 1 + row["item"] % 6 for row in rows)
    assert [row["position"] for row in rows] == list(range(1, 58))


def test_refusals_have_no_answer_whatever_their_text(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    row = {"item": 1, "text": "I cannot say. 5", "outcome": "refused"}
    _, rows = read_recorded(jsonl(tmp_path / "a.jsonl", [row]), questionnaire)
    assert (rows[0]["answer"], rows[0]["reason"]) == (None, "refused")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"item": 58, "answer": 4}], r"row 1: item must be a whole number 1\.\.57, was: '58'"),
        ([{"item": True, "answer": 4}], "item must be a whole number"),
        ([{"item": "one", "answer": 4}], "item must be a whole number"),
        ([{"item": 1, "answer": 4, "trial": -1}], "trial must be a whole number"),
        ([{"item": 1, "answer": 4, "trial": 0}] * 2, "row 2: item 1 stands twice"),
        ([{"item": 1, "answer": 4, "outcome": "refusd"}], "did you mean 'refused'"),
        ([{"item": 1, "answer": 4, "order": "up"}], "order must be one of"),
        ([{"item": 1, "anwser": 4}], "did you mean 'answer'"),
        ([{"answer": 4}], "columns item and answer"),
        ([{"item": 1, "answer": 4, "model": n} for n in "ab"], "2 models: say which by --model"),
        ([], "holds no answers"),
    ],
)
def test_a_bad_row_is_named(
    rows: list[dict[str, Any]], message: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    with pytest.raises(RecordedFileError, match=message):
        read_recorded(jsonl(tmp_path / "bad.jsonl", rows), questionnaire)


def test_one_model_of_several(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = [{"item": 1, "answer": n, "model": f"model-{n}"} for n in (3, 4)]
    path = jsonl(tmp_path / "a.jsonl", rows)
    name, found = read_recorded(path, questionnaire, "model-4")
    assert (name, [row["answer"] for row in found]) == ("model-4", [4])
    with pytest.raises(RecordedFileError, match="did you mean 'model-"):
        read_recorded(path, questionnaire, "modl-4")
    with pytest.raises(DataError, match="is not there"):
        read_recorded(tmp_path / "b.csv", questionnaire)
