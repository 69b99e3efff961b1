"""`valuelex survey portrait` from a folder that is no project, and from one that is."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from tests.backends.server import Answer, Seen, completion, serve
from tests.closures import ROOT
from tests.portrait_set.made import SPEAKS, value_of

from valuelex.backends.store import ReplyStore
from valuelex.cli.app import run_app
from valuelex.records import Sampling
from valuelex.stages.portrait_folder import read_folder
from valuelex.stages.portrait_giving import DEFAULTS

COMMAND = ("survey", "portrait")


def failed(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command line that must fail with one line and exit code 2; return the line."""
    assert run_app([*COMMAND, *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.strip().splitlines()
    return line


def likes_security(one: Seen) -> Answer:
    """Answer "very much like me" to what speaks of security, "not like me" to all else."""
    safe = "keep out of danger" in one.body["messages"][-1]["content"]
    return Answer(completion("Very much like me." if safe else "not like me"))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_a_set_alone_is_examined(
    elsewhere: Path, items: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app([*COMMAND, "--items", str(items), "--permutations", "50"]) == 0
    shown = capsys.readouterr().out
    assert "40 items on 8 questions, rated by 120 people" in shown
    assert "by chance" in shown
    out = elsewhere / "surveys" / "portrait"
    assert sorted(p.name for p in out.iterdir()) == ["portrait.json", "tags.csv"]
    facts = json.loads((out / "portrait.json").read_text())
    assert facts["item_set"]["sha256"] in shown
    rows = rows_of(out / "tags.csv")
    assert sum(row["used"] == "true" for row in rows) == sum(facts["item_set"]["tags"].values())


def test_a_served_model_is_asked_six_versions_and_a_persona_and_scored(
    elsewhere: Path, items: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--items", str(items), "--persona", "woman", "--permutations", "50"]
    with serve(likes_security) as (url, seen):
        assert run_app([*COMMAND, *options, "--base-url", url, "--model", "m"]) == 0
        assert len(seen) == 40 * 6 * 2
        # the same command again asks nothing
        assert run_app([*COMMAND, *options, "--base-url", url, "--model", "m"]) == 0
        assert len(seen) == 480
    shown = capsys.readouterr().out
    assert "480 of 480 answers are on the scale" in shown
    assert "persona shifts whose interval leaves out 0: 0 of" in shown
    out = elsewhere / "surveys" / "portrait"
    scores = {row["dimension"]: row for row in rows_of(out / "scores.csv")}
    assert float(scores["Security"]["centred"]) > 1
    assert all(float(scores[v]["centred"]) < 0.5 for v in SPEAKS if v != "Security")
    answers = rows_of(out / "answers.csv")
    assert {row["answer"] for row in answers} == {"6", "2"}
    facts = json.loads((out / "portrait.json").read_text())
    assert facts["sensitivity"]["all"]["wording"] == 0
    with ReplyStore(elsewhere / "replies.sqlite") as store:
        assert store.counts() == {("m", "answered"): 480}


def test_answers_that_were_written_are_read_again_to_the_same_scores(
    elsewhere: Path, items: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--items", str(items), "--permutations", "50"]
    with serve(likes_security) as (url, _):
        assert run_app([*COMMAND, *options, "--base-url", url, "--model", "m"]) == 0
    first = elsewhere / "surveys" / "portrait"
    again = ["--recorded", str(first / "answers.csv"), "--out", str(elsewhere / "again")]
    assert run_app([*COMMAND, *options, *again]) == 0
    assert (first / "scores.csv").read_bytes() == (elsewhere / "again/scores.csv").read_bytes()
    assert "scored on recorded numbers" in capsys.readouterr().out


def test_recorded_texts_are_read_strictly(
    elsewhere: Path, items: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ["not really like me", "Like me.", "I cannot choose.", "very much like me", ""]
    set_items = read_folder(items).item_set.items
    rows = [
        {
            "portrait_id": item.id[0],
            "option_id": item.id[1],
            "prompt_version": version,
            "raw_response": texts[i % len(texts)],
        }
        for i, item in enumerate(set_items)
        for version in ("v1", "v1_reversed")
    ]
    table = elsewhere / "texts.csv"
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    options = ["--items", str(items), "--permutations", "50", "--recorded", str(table)]
    assert run_app([*COMMAND, *options]) == 0
    shown = capsys.readouterr().out
    assert "32 of 80 answers are on the scale (not: empty 16, negated 16, refusal 16)" in shown
    assert "texts that negate a label: 16, read as agreement: 0" in shown


def test_a_model_of_the_roster_is_asked(
    project: Path, items: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "sim-aster-7b-instruct"
    options = ["--items", str(items), "--roster", key, "--limit", "4", "--permutations", "20"]
    assert run_app([*COMMAND, *options]) == 0
    shown = capsys.readouterr().out
    assert "of 24 answers are on the scale" in shown
    assert (project / "surveys/portrait/answers.csv").exists()
    # the study asks the same: what the store holds by now is not asked again
    assert run_app(["run", "survey", "--model", key]) == 0
    with ReplyStore(project / ".valuelex" / "replies.sqlite") as store:
        in_all = sum(store.counts().values())
    assert in_all == 57 * (1 + 2) + 48 + 40 * 6 * 2  # one trial and two as a retest


def test_outside_a_project_there_is_no_roster(
    elsewhere: Path, items: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert elsewhere.is_dir()
    options = ["--items", str(items), "--roster", "x", "--permutations", "20"]
    assert "--roster needs a project" in failed(options, capsys)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--tags", "publishd"], "did you mean 'published'"),
        (["--base-url", "http://127.0.0.1:9/v1"], "needs --model NAME"),
        (["--roster", "a", "--vllm", "b"], "at most one of"),
        (["--persona", "woman"], "--persona is for a model that is asked"),
        (["--false-discovery", "1"], r"must be in (0, 1)"),
        (["--recorded", "nowhere.csv"], "is not a file"),
        (["--interface", "chats"], "did you mean 'chat'"),
    ],
)
def test_bad_options_are_one_line(
    elsewhere: Path,
    items: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
) -> None:
    assert message in failed(["--items", str(items), *options], capsys)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("portrait_id,option_id,prompt_version\n100,1,v1\n", "raw_response"),
        ("portrait_id,option_id,raw_response\n100,1,x\n", "prompt_version"),
        ("portrait_id,option_id,version,number\n100,1,v1,7\n", "1 to 6 or empty"),
        ("portrait_id,option_id,version,number\n999,1,v1,2\n", r"no item (999, 1)"),
        ("portrait_id,option_id,version,number\n100,1,v1,2\n100,1,v1,3\n", "stands twice"),
        ("portrait_id,option_id,version,number\n", "holds no answers"),
    ],
)
def test_a_bad_table_is_one_line(
    elsewhere: Path, items: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    (elsewhere / "t.csv").write_text(text)
    options = ["--items", str(items), "--recorded", "t.csv", "--permutations", "20"]
    assert message in failed(options, capsys)


def test_defaults_are_those_of_the_shipped_settings() -> None:
    shipped = yaml.safe_load((ROOT / "params.yaml").read_text("utf-8"))["portrait"]
    names = ("temperature", "top_p", "max_tokens")
    assert Sampling(*(shipped[name] for name in names)) == DEFAULTS
    assert shipped["items"] is None


def test_every_reply_of_the_made_set_speaks_of_one_value(items: Path) -> None:
    said = [value_of(item.reply) for item in read_folder(items).item_set.items]
    assert set(said) == set(SPEAKS)
