"""`valuelex agreement` on tables as people have them: wide, long, with gaps, words and doubles."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.cli_tables.made import Done, write_csv
from tests.cli_tables.test_guard_rails import refused

Command = Callable[..., Done]
HEADER = ["judge", "subject", "text", "look", "calm", "brave"]


def ratings(seed: int = 1) -> list[list[Any]]:
    """Three judges, 20 subjects, two texts each, two looks, two traits on 1-10."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(5.5, 1.5, (20, 2))
    rows = []
    for j, shift in enumerate((-0.5, 0.0, 0.5)):
        for s in range(20):
            for text in ("a", "b"):
                for look in (0, 1):
                    score = np.clip(truth[s] + shift + rng.normal(0, 0.5, 2), 1, 10).round(1)
                    rows.append([f"judge {j}", f"m{s:02}", text, look, *score.tolist()])
    return rows


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "ratings.csv", HEADER, ratings())


ROLES = ("--item", "text", "--repeat", "look", "--draws", "40")


def content(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "agreement.json").read_bytes())
    return found


def test_a_wide_table(table: Path, tmp_path: Path, command: Command) -> None:
    done = command("agreement", table, *ROLES, "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert (
        "3 judges, 20 subjects (40 units with their items), 2 traits, up to 2 ratings" in done.out
    )
    assert "480 ratings in 240 of 240 rows" in done.out
    found = content(tmp_path / "out")
    severity = {row["judge"]: row["severity"] for row in found["judges"]}
    assert severity == pytest.approx({"judge 0": -0.5, "judge 1": 0.0, "judge 2": 0.5}, abs=0.1)
    row = found["traits"][0]
    assert row["icc3"] > row["icc2"] > 0.7  # the judges differ in severity
    assert 0.8 < row["items_icc_k"] <= 1
    with (tmp_path / "out" / "judges.csv").open(newline="") as file:
        judges = list(csv.DictReader(file))
    assert [r["n_repeated"] for r in judges] == ["40"] * 6
    assert all(0.8 < float(r["repeat_icc"]) < 1 for r in judges)
    again = command("agreement", table, *ROLES, "--out", tmp_path / "again")
    assert again.code == 0
    for name in ("agreement.json", "traits.csv", "pairs.csv", "judges.csv", "agreement.md"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_long_parquet_jsonl_and_gzip_say_the_same(
    table: Path, tmp_path: Path, command: Command
) -> None:
    frame = pd.DataFrame(ratings(), columns=HEADER)
    frame.to_parquet(tmp_path / "r.parquet", index=False)
    frame.to_json(tmp_path / "r.jsonl", orient="records", lines=True)
    (tmp_path / "r.csv.gz").write_bytes(gzip.compress(table.read_bytes()))
    long = frame.melt(id_vars=HEADER[:4], var_name="trait", value_name="score")
    long.sample(frac=1, random_state=3).to_csv(tmp_path / "long.csv", index=False)
    assert command("agreement", table, *ROLES, "--out", tmp_path / "0").code == 0
    want = content(tmp_path / "0")
    options = {"long.csv": ("--trait", "trait", "--value", "score")}
    for name in ("r.parquet", "r.jsonl", "r.csv.gz", "long.csv"):
        done = command(
            "agreement", tmp_path / name, *ROLES, *options.get(name, ()), "--out", tmp_path / "1"
        )
        assert done.code == 0, done.err
        found = content(tmp_path / "1")
        by_trait = {row["trait"]: row for row in found["traits"] if row["level"] == "unit"}
        for row in want["traits"]:
            if row["level"] == "unit":
                for key in ("mean_r", "icc2", "alpha_ordinal", "n_targets"):
                    assert by_trait[row["trait"]][key] == pytest.approx(row[key], abs=1e-9)


def test_cells_that_hold_no_rating_are_counted(tmp_path: Path, command: Command) -> None:
    rows = ratings()
    rows[0][4], rows[1][4], rows[2][4], rows[3][5] = "N/A", "refused", 11, "8/10"
    rows[4][0] = ""
    path = write_csv(tmp_path / "r.csv", HEADER, rows)
    done = command("agreement", path, *ROLES, "--low", 1, "--high", 10, "--out", tmp_path)
    assert done.code == 0, done.err
    assert "missing 1, not a number 2, outside the scale 1" in done.out
    assert "left out: rows without a judge or a subject 1" in done.out
    assert "cells of 'calm' that are no number, for example: 'refused'" in done.out
    first = content(tmp_path)["judges_by_trait"][0]
    assert (first["n_missing"], first["n_not_a_number"], first["n_outside"]) == (1, 1, 1)
    assert first["n_ratings"] == 76


def test_doubles_are_left_out_and_contradictions_kept(tmp_path: Path, command: Command) -> None:
    rows = ratings()
    path = write_csv(tmp_path / "r.csv", HEADER, [*rows, rows[5], [*rows[6][:4], 1.0, 1.0]])
    done = command("agreement", path, *ROLES)
    assert "left out: rows that stand twice 1" in done.out
    assert "note: 1 rows repeat a judge, subject, item and repeat with other ratings" in done.out
    assert "482 ratings in 241 of 242 rows" in done.out


def test_words_of_a_scale_and_reversed_traits(tmp_path: Path, command: Command) -> None:
    words = ["never", "rarely", "often", "always"]
    rng = np.random.default_rng(4)
    truth = rng.integers(0, 4, 30)
    rows = [
        [j, f"s{s}", words[int(np.clip(truth[s] + rng.integers(-1, 2), 0, 3))], 5 - truth[s]]
        for j in "abc"
        for s in range(30)
    ]
    path = write_csv(tmp_path / "r.csv", ["rater", "model", "kind", "cold"], rows)
    options = ("--levels", "never,rarely,often,always", "--draws", 10, "--out", tmp_path)
    done = command("agreement", path, *options, "--low", 1, "--high", 5, "--reverse", "cold")
    assert done.code == 0, done.err
    kind, cold = content(tmp_path)["traits"]
    assert 0.3 < kind["mean_r"] < 1
    assert kind["mean"] == pytest.approx(truth.mean() + 1, abs=0.3)
    assert cold["mean"] == pytest.approx(truth.mean() + 1, abs=1e-9)  # 1 + 5 - (5 - truth)
    assert cold["icc2"] == pytest.approx(1)


def test_one_judge_has_a_reliability_of_its_own(tmp_path: Path, command: Command) -> None:
    rows = [row for row in ratings() if row[0] == "judge 1"]
    path = write_csv(tmp_path / "r.csv", HEADER, rows)
    done = command("agreement", path, *ROLES, "--out", tmp_path)
    assert done.code == 0, done.err
    found = content(tmp_path)
    assert found["traits"][0]["mean_r"] is None
    assert found["judges_by_trait"][0]["repeat_icc"] > 0.8
    refused(command("agreement", path, "--drop", "text,look"), "two judges or more", "'judge 1'")


def test_hostile_names_stay_text(tmp_path: Path, command: Command) -> None:
    hostile = ["=1+1", "<script>alert(1)</script>", "a|b\u202ec\x1b[31m"]
    rows = ratings()
    for row in rows:
        row[0] = hostile[int(str(row[0])[-1])]
    path = write_csv(tmp_path / "r.csv", HEADER, rows)
    done = command("agreement", path, *ROLES, "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    text = (tmp_path / "out" / "agreement.md").read_text()
    assert "<script>" not in text
    assert "\u202e" not in text
    cells = (tmp_path / "out" / "judges.csv").read_text().splitlines()
    assert not any(line.startswith("=") for line in cells)


def test_bad_input_is_one_line(table: Path, tmp_path: Path, command: Command) -> None:
    refused(command("agreement", table), "the column 'look' numbers the rows", "--repeat")
    refused(command("agreement", table, "--judge", "jugde"), "'jugde'", "did you mean 'judge'")
    refused(command("agreement", table, *ROLES, "--traits", "clam"), "did you mean 'calm'")
    refused(command("agreement", table, *ROLES, "--trait", "calm"), "--trait and --value")
    refused(command("agreement", table, *ROLES, "--reverse", "calm"), "--low and --high")
    refused(command("agreement", table, *ROLES, "--low", 9, "--high", 1), "--low must be below")
    refused(command("agreement", table, "--item", "judge"), "'judge' has two parts")
    refused(command("agreement", table, *ROLES, "--out", table), "--out must be a folder")
    refused(command("agreement", tmp_path / "ratings.cvs"), "did you mean 'ratings.csv'")
    other = write_csv(tmp_path / "x.csv", ["who", "what", "score"], [["a", "b", 1]])
    refused(command("agreement", other), "no column 'judge'", "who, what, score")
    mixed = [[j, f"s{s}", "good" if s % 3 else s, s + 0.5] for j in "ab" for s in range(9)]
    path = write_csv(tmp_path / "m.csv", ["judge", "subject", "mood", "score"], mixed)
    refused(command("agreement", path), "'mood' holds numbers in only 6 of 18", "--drop")
    one = write_csv(tmp_path / "o.csv", ["judge", "subject", "x"], [["a", "s", 1], ["b", "s", 2]])
    refused(command("agreement", one), "two subjects or more")
    (tmp_path / "bad.jsonl").write_text('{"judge": "a", "subject": "s", "x": 1}\n[1]\n')
    refused(command("agreement", tmp_path / "bad.jsonl"), "bad.jsonl, line 2", "'[1]'")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(table.read_bytes())[:200])
    refused(command("agreement", tmp_path / "cut.csv.gz", *ROLES), "cut.csv.gz cannot be read")
    assert not list(tmp_path.glob("**/agreement.json"))


def test_a_column_of_words_is_left_out_aloud(tmp_path: Path, command: Command) -> None:
    rows = [[*row, "a remark"] for row in ratings()]
    path = write_csv(tmp_path / "r.csv", [*HEADER, "why"], rows)
    done = command("agreement", path, *ROLES)
    assert done.code == 0, done.err
    assert "left out: columns without a number (why) 1" in done.out
    assert "2 traits" in done.out
