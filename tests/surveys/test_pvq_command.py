"""`valuelex survey pvq` from a folder that is no project: served, recorded, printed to fill in."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from tests.backends.server import Answer, Seen, completion, serve

from valuelex.cli.app import run_app
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.key import Key
from valuelex.reporting.security import source_hash
from valuelex.stages.pvq_newcomer import DEFAULTS

ROOT = Path(__file__).parents[2]


def failed(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command line that must fail with one line and exit code 2; return the line."""
    assert run_app(["survey", "pvq", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.strip().splitlines()
    return line


def wide(path: Path, seed: int = 0, trials: int = 10, extra: str = "") -> Path:
    """Write answers of one respondent: a profile of its own, plus noise."""
    rng = np.random.default_rng(seed)
    own = rng.normal(3.6, 1.0, 57)
    table = np.clip(np.round(own + rng.normal(0, 0.5, (trials, 57))), 1, 6).astype(int)
    lines = [",".join(f"q{i}" for i in range(1, 58))]
    lines += [",".join(str(cell) for cell in row) for row in table]
    path.write_text("\n".join(lines) + "\n" + extra)
    return path


def test_defaults_are_those_of_the_shipped_settings() -> None:
    shipped = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["survey"]
    assert shipped == {**DEFAULTS, "retest_frames": list(DEFAULTS["retest_frames"])}


def test_a_recorded_table_becomes_profile_json_csv_and_page(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], key: Key
) -> None:
    path = wide(elsewhere / "my-model.csv")
    assert run_app(["survey", "pvq", "--answers", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "570 items: 570 answered, 0 not" in shown
    assert "no sample of persons" in shown
    out = elsewhere / "surveys" / "my-model"
    card = json.loads((out / "profile.json").read_text())
    answers = np.loadtxt(path, delimiter=",", skiprows=1)
    centred = answers - answers.mean(axis=1, keepdims=True)
    by_value = {(row["level"], row["value"]): row for row in card["profile"]}
    assert len(by_value) == 19 + 10 + 4
    for level in ("nineteen", "ten", "four"):
        for value, items in key.scales(level).items():
            mine = centred[:, np.array(items) - 1].mean(axis=1)
            row = by_value[level, value]
            assert row["centred"] == pytest.approx(mine.mean(), abs=1e-9)
            assert row["lower"] < row["centred"] < row["upper"]
            assert row["n_answered"] == 10 * len(items)
            assert f"\n{value} " in shown
    assert card["people"]["lower"] < card["people"]["r"] < card["people"]["upper"]
    with (out / "profile.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 33
    with (out / "answers.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 570
    page = (out / "profile.html").read_text()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert style
    assert policy
    assert source_hash(style[1]) in html.unescape(policy[1])
    assert "<script" not in page
    assert "style=" not in page
    assert "no sample of persons" in page


def test_the_same_file_gives_the_same_bytes(elsewhere: Path) -> None:
    path = wide(elsewhere / "m.csv")
    written = []
    for out in ("one", "two"):
        assert run_app(["survey", "pvq", "--answers", str(path), "--out", out]) == 0
        written.append([p.read_bytes() for p in sorted((elsewhere / out).iterdir())])
    assert written[0] == written[1]
    assert len(written[0]) == 4


def test_hostile_text_is_shown_and_does_nothing(elsewhere: Path) -> None:
    hostile = "<script>alert(1)</script> \u202e =1+1 like me"
    rows = [
        {"item": i, "text": hostile if i == 5 else "4", "model": "<b>m</b>"} for i in range(1, 58)
    ]
    path = elsewhere / "x.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert run_app(["survey", "pvq", "--answers", str(path), "--out", "o"]) == 0
    page = (elsewhere / "o" / "profile.html").read_text()
    assert "<script" not in page
    assert "<b>m" not in page
    assert "\u202e" not in page
    card = json.loads((elsewhere / "o" / "profile.json").read_text())
    assert sum(card["not_answered"].values()) == 1


@pytest.mark.parametrize("mode", ["item", "sheet"])
def test_a_served_model_is_asked_once_and_its_key_is_kept(
    mode: str,
    elsewhere: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    questionnaire: Questionnaire,
) -> None:
    monkeypatch.setenv("A_KEY", "sk-canary-78")
    point = {portrait.text: 1 + portrait.item % 6 for portrait in questionnaire.portraits}

    def answer(seen: Seen) -> Answer:
        said = seen.body["messages"][-1]["content"]
        if mode == "sheet":
            shown = re.findall(r"^(\d+)\. (This person.*)$", said, flags=re.MULTILINE)
            assert len(shown) == 57
            return Answer(completion("\n".join(f"{n}: {point[text]}" for n, text in shown)))
        (text,) = [text for text in point if text in said]
        if point[text] == 6:
            return Answer(completion("I can't", finish_reason="content_filter"))
        return Answer(completion(f"My answer is {point[text]}."))

    command = ["survey", "pvq", "--model", "served/model", "--key-env", "A_KEY", "--mode", mode]
    with serve(answer) as (url, seen):
        assert run_app([*command, "--trials", "3", "--base-url", url]) == 0
        first = capsys.readouterr()
        asked = len(seen)
        assert asked == (5 if mode == "sheet" else 5 * 57)  # three trials, and two of the retest
        assert {one.headers["authorization"] for one in seen} == {"Bearer sk-canary-78"}
        assert {one.body["max_tokens"] for one in seen} == {700 if mode == "sheet" else 24}
        assert run_app([*command, "--trials", "3", "--base-url", url]) == 0
        assert len(seen) == asked
        again = capsys.readouterr()
    assert first.out == again.out
    refused = 0 if mode == "sheet" else 3 * sum(p == 6 for p in point.values())
    assert f"171 items: {171 - refused} answered, {refused} not" in first.out
    assert "retest over wording: plain" in first.out
    out = elsewhere / "surveys" / "served-model"
    card = json.loads((out / "profile.json").read_text())
    assert card["questionnaire"]["mode"] == mode
    assert not card["questionnaire"]["official"]
    assert {row["facet"] for row in card["retest"]} >= {"option order", "item order"}
    written = [p for p in (*out.iterdir(), *elsewhere.glob("*.sqlite")) if p.is_file()]
    assert len(written) == 5
    assert all(b"sk-canary-78" not in path.read_bytes() for path in written)


def test_what_is_printed_can_be_filled_in_and_scored(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(["survey", "pvq", "--print-items", "--trials", "2"]) == 0
    rows: list[dict[str, Any]] = [json.loads(x) for x in capsys.readouterr().out.splitlines()]
    assert len(rows) == 4 * 57
    for row in rows:
        row["text"] = f"{1 + row['item'] % 6}"
    path = elsewhere / "filled.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert run_app(["survey", "pvq", "--answers", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "114 items: 114 answered" in shown
    assert "retest over option order: equal answers" in shown
    assert "wording: plain: equal answers 100 %" in shown


def test_official_text_and_norms_are_the_users(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], key: Key
) -> None:
    official = elsewhere / "official.csv"
    official.write_text("item,text\n" + "".join(f"{i},Portrait {i}.\n" for i in range(1, 58)))
    assert run_app(["survey", "pvq", "--print-items", "--official", str(official)]) == 0
    assert "Portrait 57." in capsys.readouterr().out
    norms = elsewhere / "teachers.csv"
    values = list(key.scales("nineteen"))
    norms.write_text(
        "# made up\nvalue,mean,sd\n"
        + "".join(f"{v},{(i - 9) / 10},0.5\n" for i, v in enumerate(values))
    )
    path = wide(elsewhere / "m.csv")
    command = ["survey", "pvq", "--answers", str(path), "--norms", str(norms)]
    assert run_app(command) == 0
    assert "teachers.csv" in capsys.readouterr().out
    card = json.loads((elsewhere / "surveys" / "m" / "profile.json").read_text())
    row = next(r for r in card["profile"] if r["value"] == values[0])
    assert row["people"]["human"] == -0.9
    assert row["people"]["z"] == pytest.approx((row["centred"] + 0.9) / 0.5)
    norms.write_text("value,mean\nhedonsim,0.1\n")
    assert "did you mean 'hedonism'" in failed(command[2:], capsys)


def test_one_clear_error_each(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = wide(elsewhere / "m.csv")
    recorded = ["--answers", str(path)]
    assert "was: none of them" in failed([], capsys)
    assert "--answers and --vllm" in failed([*recorded, "--vllm", "x"], capsys)
    assert "--base-url needs --model" in failed(["--base-url", "http://x/v1"], capsys)
    assert "--trials is for models" in failed([*recorded, "--trials", "3"], capsys)
    assert "--mode" in failed(["--print-items", "--mode", "sheets"], capsys)
    assert "did you mean 'plain'" in failed(["--print-items", "--frame", "plane"], capsys)
    assert "--trials" in failed(["--print-items", "--trials", "0"], capsys)
    assert "needs a project" in failed(["--roster", "m"], capsys)
    assert "--out must be a folder" in failed([*recorded, "--out", str(path)], capsys)
    assert "cannot be read" in failed([*recorded, "--norms", "no.csv"], capsys)
    empty = elsewhere / "empty.csv"
    empty.write_text("item,answer\n1,\n")
    assert "answered none of 57 items: {'missing': 1}" in failed(["--answers", str(empty)], capsys)
    assert not (elsewhere / "surveys").exists()


def test_a_model_of_the_roster_is_asked_without_the_pipeline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("prompts", "lexicon", "params.yaml"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VALUELEX_STORE", raising=False)
    command = ["survey", "pvq", "--roster", "sim-fern-8b-instruct", "--trials", "2"]
    assert run_app(command) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("SIMULATED")
    assert "228" not in shown.splitlines()[0]
    page = (tmp_path / "surveys" / "sim-fern-8b-instruct" / "profile.html").read_text()
    assert "Simulated model" in page
    assert run_app(["survey", "pvq", "--roster", "sim-fern-8b-instruc"]) == 2
    assert "did you mean 'sim-fern-8b-instruct'" in capsys.readouterr().err
