"""The command itself, from a folder that is no project."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.backends import server
from tests.backends.server import Answer, Seen, completion, serve
from tests.scoring.material import STEMS, honest_rows, jsonl

from valuelex.backends.store import ReplyStore
from valuelex.cli.app import run_app
from valuelex.reporting.security import source_hash

pytestmark = pytest.mark.usefixtures("fast_judge")


def failed(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command line that must fail with one line and exit code 2; return the line."""
    assert run_app(["score", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.strip().splitlines()
    return line


def test_a_recorded_file_becomes_profile_json_csv_and_page(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "<script>alert(1)</script> \u202e <img src=x onerror=alert(1)> honesty"
    rows = [*honest_rows(), {"stem": "s4", "text": hostile}]
    path = jsonl(elsewhere / "my-model.jsonl", rows)
    assert run_app(["score", "--completions", str(path), "--release", "hand-v1"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("SIMULATED")
    assert "8 completions: 5 judged, 3 not (only instructions 1, refused 1, truncated 1)" in shown
    out = elsewhere / "scores" / "my-model"
    scores = json.loads((out / "scores.json").read_text())
    assert scores["unscored"] == {"only instructions": 1, "refused": 1, "truncated": 1}
    assert len(scores["completions"]) == 8
    ratings = list(csv.DictReader((out / "ratings.csv").read_text().splitlines()))
    assert len(ratings) == 8 * 3
    assert {r["score"] for r in ratings if r["outcome"] == "refused"} == {""}
    page = (out / "scores.html").read_text()
    assert "<script" not in page
    assert "<img" not in page
    assert "onerror=alert(1)&gt;" in page
    assert "\u202e" not in page
    for row in rows[:6]:
        assert html.escape(row["text"])[:40] in page
    assert page.count("not judged: refused") == 1
    assert page.count("not judged: truncated") == 1
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert source_hash(style[1]) in html.unescape(policy[1])
    assert "default-src 'none'" in html.unescape(policy[1])
    assert "style=" not in page
    assert "SIMULATED" in page


def test_the_same_file_gives_the_same_bytes(elsewhere: Path) -> None:
    path = jsonl(elsewhere / "m.jsonl", honest_rows())
    written = []
    for out in ("one", "two"):
        command = ["score", "--completions", str(path), "--out", out, "--release", "hand-v1"]
        assert run_app(command) == 0
        written.append([p.read_bytes() for p in sorted((elsewhere / out).iterdir())])
    assert written[0] == written[1]
    assert len(written[0]) == 3


def test_a_served_model_is_asked_once_and_its_key_is_kept(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "sk-canary-77")

    def answer(seen: Seen) -> Answer:
        asked = seen.body["messages"][-1]["content"]
        if STEMS["s1"][0] in asked:
            return Answer(completion("I can't", finish_reason="content_filter"))
        if STEMS["s2"][0] in asked:
            return Answer(completion("go on and on and", finish_reason="length"))
        return Answer(completion("speak with honesty and candor."))

    command = ["score", "--model", "served/model", "--key-env", "A_KEY", "--release", "hand-v1"]
    with serve(answer) as (url, seen):
        assert run_app([*command, "--base-url", url]) == 0
        first = capsys.readouterr()
        assert len(seen) == 12  # six stems, two draws
        assert {one.headers["authorization"] for one in seen} == {"Bearer sk-canary-77"}
        assert {one.body["temperature"] for one in seen} == {0.7}
        assert run_app([*command, "--base-url", url]) == 0
        assert len(seen) == 12
        again = capsys.readouterr()
    assert "12 completions: 8 judged, 4 not (refused 2, truncated 2)" in first.out
    assert first.out == again.out
    assert "12 completions, 12 of them from" in again.err
    written = [*(elsewhere / "scores" / "served-model").iterdir(), elsewhere / "replies.sqlite"]
    assert all(b"sk-canary-77" not in path.read_bytes() for path in written)
    assert "sk-canary-77" not in first.out + first.err


@pytest.mark.usefixtures("elsewhere")
def test_a_base_model_is_asked_by_completion(capsys: pytest.CaptureFixture[str]) -> None:
    def answer(seen: Seen) -> Answer:
        assert seen.path.endswith("/completions")
        assert str(seen.body["prompt"]).endswith(tuple(text for text, *_ in STEMS.values()))
        choice = {"text": " tell the truth.\n\nWhen I", "finish_reason": "length", "index": 0}
        return Answer({"object": "text_completion", "model": "m", "choices": [choice]})

    with serve(answer) as (url, seen):
        options = ["--interface", "completion", "--draws", "1", "--release", "hand-v1"]
        assert run_app(["score", "--base-url", url, "--model", "base", *options]) == 0
    assert len(seen) == 6
    assert "6 completions: 6 judged, 0 not" in capsys.readouterr().out


def test_vllm_loads_the_model_that_is_named(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(server.__file__).parent / "stub"))
    options = ["--revision", "v2", "--draws", "1", "--max-tokens", "500", "--release", "hand-v1"]
    assert run_app(["score", "--vllm", "echo", *options]) == 0
    shown = capsys.readouterr().out
    assert "echo on hand-v1" in shown
    assert "note: at most 500 tokens an ending instead of the release's 80" in shown
    with ReplyStore(elsewhere / "replies.sqlite") as store:
        assert store.counts() == {
            ("echo", "answered"): 5,
            ("echo", "truncated"): 1,  # the stub cuts what is "long"
        }


def test_a_server_that_is_gone_is_one_line(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # all retries, without the minutes between them
    monkeypatch.setattr("valuelex.backends.retrying.LONGEST", 0.0)
    assert elsewhere.is_dir()
    options = ["--base-url", "http://127.0.0.1:9/v1", "--model", "m", "--release", "hand-v1"]
    line = failed(options, capsys)
    assert line.startswith("error: http://127.0.0.1:9/v1 ")


def test_stems_are_printed_to_be_filled_in(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["score", "--print-stems", "--draws", "2", "--release", "hand-v1"]
    assert run_app(command) == 0
    rows: list[dict[str, Any]] = [json.loads(x) for x in capsys.readouterr().out.splitlines()]
    assert [(r["stem"], r["draw"]) for r in rows] == [(s, d) for d in (0, 1) for s in STEMS]
    assert STEMS["s1"][0] in rows[0]["messages"][-1]["content"]
    filled = [{**row, "text": "be honest."} for row in rows]
    path = jsonl(elsewhere / "filled.jsonl", filled)
    assert run_app(["score", "--completions", str(path), "--release", "hand-v1"]) == 0
    assert "12 completions: 12 judged" in capsys.readouterr().out


def test_bad_input_is_one_line_and_exit_2(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = str(jsonl(elsewhere / "good.jsonl", honest_rows()))
    bad = str(jsonl(elsewhere / "bad.jsonl", [{"stem": "s11", "text": "x"}]))
    (elsewhere / "broken.jsonl").write_text('{"stem": "s1", "text"\n')
    hand = ["--release", "hand-v1"]
    assert "did you mean 's1'" in failed(["--completions", bad, *hand], capsys)
    assert "broken.jsonl, line 1: expected one JSON object" in failed(
        ["--completions", "broken.jsonl", *hand], capsys
    )
    assert "no release 'hand-v9' (did you mean 'hand-v1'?)" in failed(
        ["--completions", good, "--release", "hand-v9"], capsys
    )
    assert "one of --completions" in failed(hand, capsys)
    assert "was: --completions and --vllm" in failed(
        ["--completions", good, "--vllm", "m", *hand], capsys
    )
    assert "--base-url needs --model" in failed(["--base-url", "http://127.0.0.1/v1"], capsys)
    assert "must be an address" in failed(
        ["--base-url", "localhost:8000", "--model", "m", *hand], capsys
    )
    assert "must not carry a password" in failed(
        ["--base-url", "http://u:p@127.0.0.1/v1", "--model", "m", *hand], capsys
    )
    assert "A_MISSING_KEY" in failed(
        ["--base-url", "http://127.0.0.1/v1", "--model", "m", "--key-env", "A_MISSING_KEY", *hand],
        capsys,
    )
    assert "did you mean 'chat'" in failed(
        ["--completions", good, "--interface", "chatt", *hand], capsys
    )
    assert "--out must be a folder" in failed(["--completions", good, "--out", good, *hand], capsys)


def test_a_language_model_judges_beside(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A judge behind a server: its verdicts stand beside, its key nowhere, junk is unscored."""
    monkeypatch.setenv("JUDGE_KEY", "sk-canary-78")
    path = jsonl(elsewhere / "m.jsonl", honest_rows())

    def answer(seen: Seen) -> Answer:
        asked = seen.body["messages"][-1]["content"]
        assert "m.jsonl" not in asked
        if "glass of water" in asked:
            return Answer(completion("It deserves a six."))
        code = re.findall(r"\b[0-9a-f]{12,}\b", asked)[0]
        scores = {"d1.s1": 5 if "honesty" in asked else None, "d1.s2": None, "d2.s1": 2}
        return Answer(completion(json.dumps({"code": code, "scores": scores})))

    judge = ["--judge-model", "big", "--judge-key-env", "JUDGE_KEY"]
    command = ["score", "--completions", str(path), "--release", "hand-v1", *judge]
    with serve(answer) as (url, seen):
        assert run_app([*command, "--judge-url", url]) == 0
        first = capsys.readouterr()
        calls = len(seen)
        assert run_app([*command, "--judge-url", url]) == 0
        assert len(seen) == calls  # a verdict is not asked for twice
    assert first.out == capsys.readouterr().out
    assert "second judge llm-big; no verdict: refused 1, truncated 1, unparsable 1" in first.out
    assert "it has no percentiles" in first.out
    out = elsewhere / "scores" / "m"
    second = json.loads((out / "scores.json").read_bytes())["second_judge"]
    found = {row["id"]: row["mean"] for row in second["profile"]}
    assert found["d1.s1"] == pytest.approx(5.0)
    assert second["agreement"]["n"] == 12
    rows = list(csv.DictReader((out / "ratings.csv").read_text().splitlines()))
    assert {row["judge"] for row in rows} == {"embedding", "llm-big"}
    page = (out / "scores.html").read_text()
    assert page.count("second judge:") == 7
    assert "no verdict: unparsable" in page
    everything = b"".join(p.read_bytes() for p in (*out.iterdir(), elsewhere / "replies.sqlite"))
    assert b"sk-canary-78" not in everything
    assert "--judge-url and --judge-model" in failed(command[1:], capsys)
