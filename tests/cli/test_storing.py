"""The store on the command line: counted, taken out, verified, compacted, failures asked again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.backends.server import Answer, Seen, completion, serve
from tests.cli.kills import echoing
from tests.cli.served import CANARY, Project, served_project

from valuelex.backends.recorded.imports import import_recording
from valuelex.backends.store import ReplyStore


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[Project, list[int]]]:
    """A study of which one model was elicited; the server refuses `down[0]` more requests."""
    down = [4]

    def answer(_: Seen) -> Answer:
        if down[0] > 0:
            down[0] -= 1
            return Answer({"error": {"message": f"bad field for {CANARY}"}}, 400)
        return Answer(completion("- honesty\u2028\u001b[31m - =1+1"))

    with serve(answer) as (url, _):
        project = served_project(tmp_path / "study", url)
        project.said("run", "elicit", "--model", "one")
        yield project, down


def test_counts_and_tokens_are_shown(asked: tuple[Project, list[int]]) -> None:
    project, _ = asked
    head, one, total = (line.split() for line in project.said("store").splitlines())
    assert head == [
        "model",
        "answered",
        "refused",
        "truncated",
        "failed",
        "tokens",
        "in",
        "tokens",
        "out",
        "uncounted",
    ]
    assert one == ["one", "26", "0", "0", "4", "130", "26", "4"]
    assert total == ["all", *one[1:]]


def test_what_is_exported_can_be_replayed(asked: tuple[Project, list[int]], tmp_path: Path) -> None:
    project, _ = asked
    out = project.root / "replies.jsonl"
    project.said("store", "export", "--out", str(out))
    rows = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert len(rows) == 30
    with ReplyStore(project.store) as store:
        assert {row["id"]: row["output"] for row in rows} == {
            request.id: reply.text for request, reply in store.export()
        }
    assert out.read_bytes().isascii()
    assert b"\x1b" not in out.read_bytes()
    with ReplyStore(tmp_path / "other.sqlite") as other:
        found = import_recording(other, [out], study="again")
    assert found.outcomes == {"answered": 26, "failed": 4}
    some = project.said("store", "export", "--outcome", "failed", "--model", "one")
    assert [json.loads(line)["outcome"] for line in some.splitlines()] == ["failed"] * 4


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("export", "--model", "onne"), "nothing of a model 'onne' (did you mean 'one'?)"),
        (("export", "--outcome", "answerd"), "did you mean 'answered'?"),
        (("export", "--out", "/dev/null/all.jsonl"), "cannot be written"),
    ],
)
def test_wrong_exports(
    asked: tuple[Project, list[int]], arguments: tuple[str, ...], part: str
) -> None:
    done = asked[0].run("store", *arguments)
    assert done.returncode == 2
    assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_a_turned_bit_is_found(asked: tuple[Project, list[int]]) -> None:
    project, _ = asked
    assert "30 replies are as they were written" in project.said("store", "verify")
    with sqlite3.connect(project.store) as db:
        db.execute("UPDATE replies SET text = replace(text, 'honesty', 'honestz')")
    db.close()
    done = project.run("store", "verify")
    assert done.returncode == 2
    assert "is not the one that was written (checksum)" in done.stderr


def test_replies_older_than_checksums_are_counted(asked: tuple[Project, list[int]]) -> None:
    project, _ = asked
    with sqlite3.connect(project.store) as db:
        db.execute("DROP TABLE checksums")
    db.close()
    said = project.said("store", "verify")
    assert "30 of them are older than checksums" in said
    project.said("run", "elicit", "--model", "two")
    assert "30 of them are older" in project.said("store", "verify")


def test_compacting_gives_space_back(asked: tuple[Project, list[int]]) -> None:
    project, _ = asked
    with sqlite3.connect(project.store) as db:
        db.execute("CREATE TABLE ballast (x BLOB)")
        db.execute("INSERT INTO ballast VALUES (zeroblob(2000000))")
        db.execute("DROP TABLE ballast")
    db.close()
    before = project.store.stat().st_size
    said = project.said("store", "compact")
    assert int(said.split()[0]) > 1_500_000
    assert project.store.stat().st_size < before - 1_500_000
    assert "30 replies" in project.said("store", "verify")


def test_failures_are_asked_again_on_purpose_alone(asked: tuple[Project, list[int]]) -> None:
    project, down = asked
    assert "0 asked, 30 from the store" in project.said("run", "elicit", "--model", "one")
    down[0] = 1
    said = project.said("store", "retry-failed")
    assert "elicit one: 3 answered, 1 failed" in said
    assert "dvc repro --force --single-item elicit@one && dvc repro" in said
    assert "elicit one: 1 answered" in project.said("store", "retry-failed", "--model", "one")
    assert "nothing of the active study has failed" in project.said("store", "retry-failed")


def test_no_store_is_one_error(tmp_path: Path) -> None:
    project = served_project(tmp_path / "study", "http://127.0.0.1:9/v1")
    for command in ((), ("verify",), ("compact",), ("export",)):
        done = project.run("store", *command)
        assert done.returncode == 2
        assert "nothing has been asked" in done.stderr


@pytest.mark.slow
def test_several_processes_read_while_one_writes(tmp_path: Path) -> None:
    with echoing(0.05) as url:
        project = served_project(tmp_path / "study", url, elicit={"draws": 20})
        project.said("run", "elicit", "--model", "two", "--limit", "1")  # a store to read
        writer = project.start("run", "elicit", "--model", "one")
        counts: list[int] = []
        while writer.poll() is None:
            readers = [project.start("store", *more) for more in ((), ("verify",), ("export",))]
            said = [reader.communicate(timeout=120) for reader in readers]
            assert [reader.returncode for reader in readers] == [0, 0, 0], said
            counts.append(len(said[2][0].splitlines()))
        assert writer.wait() == 0, writer.communicate()
        writer.communicate()
    assert counts == sorted(counts)
    assert counts[0] > 1 or len(set(counts)) > 1, "something was read while it was written"
    assert "601 replies are as they were written" in project.said("store", "verify")
