"""Batch files out, results back: in any order, in parts, twice, with everything else between."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.backends.asked import request
from tests.cli.served import KEYS, Project, served_project

from valuelex.artifacts.table import REPLIES
from valuelex.backends.batch_results import read_result, reply_of, same_model
from valuelex.backends.completions import MalformedBodyError
from valuelex.backends.store import ReplyStore
from valuelex.errors import SettingsError
from valuelex.stages.batching import export_batches, import_batches
from valuelex.stages.context import open_context

NOWHERE = "http://127.0.0.1:9/v1"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return served_project(tmp_path / "study", NOWHERE)


def exported(project: Project, *more: str) -> dict[str, list[dict[str, Any]]]:
    """Export by the command; the lines of each file, by its name."""
    out = project.root / "batch"
    project.said("batch", "export", "--out", str(out), *more, CANARY_KEY=None)
    return {
        path.name: [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
        for path in sorted(out.glob("*.jsonl"))
    }


def done(line: dict[str, Any], text: str = "- honesty", **changes: Any) -> dict[str, Any]:
    """Return what a batch gives back for an input line; ``changes`` go into the body."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}}
    body = {
        "model": line["body"]["model"],
        "choices": [{**choice, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 50, "completion_tokens": 4},
        **changes,
    }
    response = {"status_code": 200, "request_id": "r", "body": body}
    return {"id": "b", "custom_id": line["custom_id"], "response": response, "error": None}


def refused(line: dict[str, Any], status: int, error: Any) -> dict[str, Any]:
    response = {"status_code": status, "body": {"error": error}}
    return {"custom_id": line["custom_id"], "response": response, "error": None}


def undone(line: dict[str, Any], code: str) -> dict[str, Any]:
    error = {"code": code, "message": "not executed"}
    return {"custom_id": line["custom_id"], "response": None, "error": error}


def write(path: Path, rows: list[Any], end: str = "\n") -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows) + end, encoding="utf-8")
    return path


def test_what_is_exported_is_what_would_be_sent(project: Project) -> None:
    files = exported(project, "--max-requests", "50")
    each = 30 + project.size("survey")
    full, rest = divmod(each, 50)
    assert [len(lines) for lines in files.values()] == 2 * ([50] * full + [rest] * bool(rest))
    assert next(iter(files)) == "one-001.jsonl"
    for name, lines in files.items():
        assert {line["body"]["model"] for line in lines} == {f"m-{name[:3]}"}
        assert {(line["method"], line["url"]) for line in lines} == {
            ("POST", "/v1/chat/completions")
        }
        for line in lines:
            assert line["body"].keys() == {
                *("model", "messages", "temperature", "top_p", "max_tokens", "seed", "n"),
            }
    ids = [line["custom_id"] for lines in files.values() for line in lines]
    assert len(set(ids)) == len(ids) == 2 * each
    again = project.run("batch", "export", "--out", str(project.root / "batch"))
    assert again.returncode == 2
    assert "must be a new or empty folder" in again.stderr


def test_a_study_is_answered_by_batches_alone(project: Project) -> None:
    files = exported(project)
    lines = [line for found in files.values() for line in found]
    random.Random(3).shuffle(lines)  # noqa: S311 - an order, no secret
    first, rest = lines[:100], lines[90:]
    one = write(project.root / "part1.jsonl", [done(line) for line in first])
    two = project.root / "part2.jsonl.gz"
    two.write_bytes(gzip.compress("\n".join(json.dumps(done(x)) for x in rest).encode()))
    said = project.said("batch", "import", str(one), CANARY_KEY=None)
    assert "100 lines: 100 new replies (100 answered)" in said
    assert "tokens: 5000 in, 400 out" in said
    said = project.said("batch", "import", str(two), str(one), CANARY_KEY=None)
    new = len(lines) - 100
    assert f"{len(rest) + 100} lines: {new} new replies ({new} answered)" in said
    assert "answered in the store already" in said
    for key in KEYS:  # no server, no key: the stage only exports
        said = project.said("run", "elicit", "--model", key, CANARY_KEY=None)
        assert "0 asked, 30 from the store" in said
        rows = REPLIES.read(project.root, key)
        assert {(row["outcome"], row["text"]) for row in rows} == {("answered", "- honesty")}
        assert "0 asked" in project.said("run", "survey", "--model", key, CANARY_KEY=None)
    with ReplyStore(project.store) as store:
        assert store.verify() == len(lines)
    assert "nothing is outstanding" in project.said("batch", "export", "--out", "batch2")


def test_every_line_is_accounted_for(project: Project) -> None:
    context = open_context(project.root)
    (file,) = export_batches(context, project.root / "batch", models=["one"], stages=["elicit"])
    a, b, c, d, e, f, g, h, *_ = (json.loads(x) for x in file.path.read_text().splitlines())
    rows = [
        done(a, "first"),
        done(a, "second"),  # repeated
        done(b, model="m-one-2026-11-20"),  # a dated name of the same model
        done(c, model="m-two"),  # another model
        refused(d, 400, {"code": "content_filter", "message": "no"}),
        refused(e, 400, {"code": "context_length_exceeded", "message": "too long"}),
        refused(f, 429, {"message": "slow down"}),  # not done
        undone(g, "batch_expired"),  # not done
        done(h, choices=[]),  # no completion
        {**done(a), "custom_id": "of-another-study"},
        {"custom_id": a["custom_id"]},  # neither response nor error
        {"model": "m", "prompt": "p", "output": "o"},
        [1, 2],
    ]
    path = write(project.root / "results.jsonl", rows, end='\n\n{"custom_id": "cut')
    found = import_batches(context, [path])
    assert found.lines == found.accounted == 14
    assert found.new == {"answered": 2, "refused": 1, "failed": 1}
    assert (found.repeated, found.stored, found.not_done) == (1, 0, 2)
    assert (found.unknown, found.other_model, found.unreadable) == (1, 1, 5)
    assert "asked was 'm-one', answered has 'm-two'" in found.examples["other_model"][0]
    assert f"{path}, line 10: custom_id 'of-another-study'" in found.examples["unknown"]
    with ReplyStore(project.store) as store:
        held = store.get_many(x["custom_id"] for x in (a, b, c, d, e, f, g, h))
        assert held[a["custom_id"]].text == "first"
        assert held[d["custom_id"]].outcome == "refused"
        assert held[e["custom_id"]].detail.startswith("http 400, error: context_length_exceeded")
        assert not {x["custom_id"] for x in (c, f, g, h)} & held.keys()
    (left,) = export_batches(context, project.root / "next", models=["one"], stages=["elicit"])
    assert left.requests == 30 - 4


def test_nothing_is_overwritten_but_a_failure_gives_way_to_an_answer(project: Project) -> None:
    context = open_context(project.root)
    (file,) = export_batches(context, project.root / "batch", models=["one"], stages=["elicit"])
    a, b, *_ = (json.loads(x) for x in file.path.read_text().splitlines())
    bad = {"code": "server_said_no", "message": "x"}
    first = write(project.root / "1.jsonl", [done(a, "kept"), refused(b, 400, bad)])
    assert import_batches(context, [first]).new == {"answered": 1, "failed": 1}
    second = write(
        project.root / "2.jsonl", [done(a, "late"), refused(b, 400, bad), done(b, "late")]
    )
    found = import_batches(context, [second])
    assert (found.new, found.stored, found.lines) == ({"answered": 1}, 2, 3)
    with ReplyStore(project.store) as store:
        texts = {
            key: reply.text
            for key, reply in store.get_many([a["custom_id"], b["custom_id"]]).items()
        }
    assert texts == {a["custom_id"]: "kept", b["custom_id"]: "late"}


@pytest.mark.parametrize("failed_first", [True, False])
def test_an_answer_counts_wherever_its_failure_stands(project: Project, failed_first: bool) -> None:
    context = open_context(project.root)
    (file,) = export_batches(context, project.root / "batch", models=["one"], stages=["elicit"])
    line = json.loads(file.path.read_text().splitlines()[0])
    rows = [refused(line, 400, {"message": "x"}), done(line)]
    path = write(project.root / "r.jsonl", rows if failed_first else rows[::-1])
    found = import_batches(context, [path])
    assert (found.new, found.repeated, found.accounted) == ({"answered": 1}, 1, 2)


def test_a_wrong_file_is_one_error(project: Project) -> None:
    path = write(project.root / "wrong.jsonl", [{"model": "m", "prompt": "p", "output": "o"}])
    done = project.run("batch", "import", str(path))
    assert done.returncode == 2
    assert "no line answers a request of this study" in done.stderr
    missing = project.run("batch", "import", "nowhere.jsonl")
    assert missing.returncode == 2
    assert "nowhere.jsonl cannot be read" in missing.stderr
    assert "Traceback" not in done.stderr + missing.stderr


def test_a_cut_gzip_file_counts_as_one_line(project: Project) -> None:
    context = open_context(project.root)
    (file,) = export_batches(context, project.root / "batch", models=["one"], stages=["survey"])
    rows = [
        done(json.loads(x), f"{n}" * 500) for n, x in enumerate(file.path.read_text().splitlines())
    ]
    noise = random.Random(1)  # noqa: S311 - text that does not pack, no secret
    text = "".join(json.dumps({**row, "x": noise.random()}) + "\n" for row in rows)
    path = project.root / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(text.encode())[:-600])
    found = import_batches(context, [path])
    assert found.unreadable == 1
    assert 0 < found.new.total() < len(rows)
    assert found.accounted == found.lines


@pytest.mark.parametrize(
    ("served", "asked", "same"),
    [
        ("gpt-x", "gpt-x", True),
        ("gpt-x-2026-01-01", "gpt-x", True),
        ("/models/tiny/", "tiny", True),
        ("gpt-x", "gpt-xl", False),
        ("gpt-xl", "gpt-x", False),
        ("org/a", "house/a", True),
    ],
)
def test_names_of_one_model(served: str, asked: str, same: bool) -> None:
    assert same_model(served, asked) == same


_NAMES = st.sampled_from(
    ["custom_id", "response", "error", "body", "status_code", "choices", "model", "code", "message"]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(_NAMES, _JSON, max_size=5))
def test_no_line_is_a_crash_or_an_invented_answer(row: dict[str, Any]) -> None:
    try:
        reply = reply_of(read_result(row), request())
    except (MalformedBodyError, ValueError):
        return
    assert reply.outcome != "answered" or reply.text.strip()


def test_constrained_requests_are_not_exported_as_free_ones(tmp_path: Path) -> None:
    project = served_project(tmp_path / "study", NOWHERE, survey={"constrained": True})
    with pytest.raises(SettingsError, match=r"a batch file cannot hold .* to a pattern"):
        export_batches(open_context(project.root), project.root / "batch")
    assert not (project.root / "batch").exists()
