"""A store that is old, has turned bits, lies on a full or read-only disk, or is shared."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.backends.asked import reply, request, requests
from tests.cli.kills import MODEL, answers_by_seed, echoing
from tests.cli.served import served_project
from tests.disks import fill, read_only, small_disk

from valuelex.backends.store import ReplyStore
from valuelex.backends.turns import turn
from valuelex.errors import StoreError
from valuelex.records import Reply
from valuelex.stages.context import open_context
from valuelex.stages.planning import requests_of

STORES = Path(__file__).parent / "stores"
OLD = sorted(path.stem for path in STORES.glob("*.sql"))
TEXTS = ["", "- honesty\n- caf\u00e9 \u2028 courage", "I would ra", "kindness, justice"]


def old_store(name: str, path: Path) -> Path:
    """Make the store that an earlier state of the code wrote."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript((STORES / f"{name}.sql").read_text(encoding="utf-8"))
    return path


@pytest.mark.parametrize("name", OLD)
def test_a_store_that_older_code_wrote_is_read_and_written(name: str, tmp_path: Path) -> None:
    path = old_store(name, tmp_path / "replies.sqlite")
    new = request(7)
    with ReplyStore(path) as store:
        pairs = list(store.export())
        assert sorted(r.text for _, r in pairs) == TEXTS
        assert {r.outcome for _, r in pairs} == {"answered", "failed", "truncated"}
        assert store.get_many(q.id for q, _ in pairs) == {q.id: r for q, r in pairs}
        assert store.unsummed() == (0 if "checksums" in name else 4)
        assert store.put_many([(new, reply(new, raw="<think></think>"))]) == 1
    with ReplyStore(path) as store:
        assert store.verify() == 5
        assert dict(store.export())[new].raw == "<think></think>"
        failed = next(q for q, r in pairs if r.outcome == "failed")
        assert store.put_many([(failed, reply(failed, "late"))]) == 1


def test_there_is_a_store_of_every_kind_that_was_ever_written() -> None:
    assert OLD == ["v1", "v1-checksums", "v2", "v2-checksums"]


def looked_up(path: Path, ids: Iterable[str]) -> dict[str, Reply] | StoreError:
    try:
        with ReplyStore(path) as store:
            return store.get_many(ids)
    except StoreError as error:
        return error


def test_a_turned_bit_never_gives_another_reply(tmp_path: Path) -> None:
    path, other = tmp_path / "replies.sqlite", tmp_path / "turned.sqlite"
    asked = requests(60)
    wanted = {r.id: reply(r, f"- value {r.prompt} of {r.id}") for r in asked}
    with ReplyStore(path) as store:
        store.put_many((r, wanted[r.id]) for r in asked)
        store.compact()
    whole, draw = path.read_bytes(), random.Random(7)  # noqa: S311 - places of damage
    seen = {"refused": 0, "whole": 0, "asked again": 0}
    for _ in range(400):
        place = draw.randrange(len(whole))
        bit = 1 << draw.randrange(8)
        other.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
        found = looked_up(other, wanted)
        if isinstance(found, StoreError):
            assert str(other) in str(found)
            assert "\n" not in str(found)
            seen["refused"] += 1
        else:
            assert all(found[key] == wanted.get(key) for key in found)
            seen["whole" if len(found) == len(wanted) else "asked again"] += 1
        for left in tmp_path.glob("turned.sqlite-*"):
            left.unlink()
    assert seen["refused"] > 40
    assert seen["whole"] > 40  # a bit of an empty part of a page


def test_a_cut_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    with ReplyStore(path) as store:
        store.put_many((r, reply(r, "word " * 50)) for r in requests(100))
        store.compact()
    whole = path.read_bytes()
    for share in (0.1, 0.5, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(StoreError, match=r"is damaged .*recover"), ReplyStore(path) as store:
            store.verify()


def test_a_row_that_reads_as_another_is_refused(tmp_path: Path) -> None:
    first, second = requests(2)
    with ReplyStore(tmp_path / "replies.sqlite") as store:
        store.put_many([(first, reply(first, "one")), (second, reply(second, "two"))])
        store._db.execute("UPDATE replies SET text = 'two' WHERE id = ?", [first.id])
        assert store.get_many([second.id]) == {second.id: reply(second, "two")}
        with pytest.raises(StoreError, match=r"is damaged: its reply is not the one .*checksum"):
            store.get_many([first.id, second.id])
        with pytest.raises(StoreError, match="checksum"):
            list(store.export())


def put_on(store: ReplyStore) -> Iterator[int]:
    """Put replies, twenty at a time; how many have been acknowledged."""
    for start in range(0, 10_000, 20):
        asked = [request(n) for n in range(start, start + 20)]
        store.put_many((r, reply(r, "word " * 100)) for r in asked)
        yield start + 20


def test_a_full_disk_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 512) as disk:
        path, kept = disk / "replies.sqlite", 0
        with (
            pytest.raises(StoreError, match=r"is full\. What is in it is safe: free space"),
            ReplyStore(path) as store,
        ):
            for kept in put_on(store):  # noqa: B007 - the last one counts
                pass
        assert 0 < kept < 1000
        filler = fill(disk, leave=0)
        with pytest.raises(StoreError, match="is full"):
            ReplyStore(disk / "another.sqlite")
        filler.unlink()
        (disk / "another.sqlite").unlink(missing_ok=True)
        for size in ("", "-wal", "-shm"):
            source = disk / f"replies.sqlite{size}"
            if source.exists():
                (tmp_path / source.name).write_bytes(source.read_bytes())
    with ReplyStore(tmp_path / "replies.sqlite") as store:
        assert store.verify() == kept


def test_a_read_only_store_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "replies.sqlite"
    one = request()
    with ReplyStore(path) as store:
        store.put_many([(one, reply(one))])
    with read_only(path.parent), pytest.raises(StoreError, match="VALUELEX_STORE") as caught:
        ReplyStore(path)
    assert "\n" not in str(caught.value)
    with ReplyStore(path) as store:
        assert store.verify() == 1


def test_who_waits_for_another_process_asks_nothing_twice(tmp_path: Path) -> None:
    with echoing(0.0) as url:
        project = served_project(tmp_path / "study", url)
        asked = requests_of(open_context(project.root), "elicit", MODEL)
        said: list[str] = []
        with turn(project.store, asked, said.append):
            process = project.start("run", "elicit", "--model", MODEL)
            assert process.stderr is not None
            waits = next(line for line in process.stderr if "another process" in line)
            assert "the questions of elicit.v" in waits
            with ReplyStore(project.store) as store:
                pairs = ((r, Reply(r.id, f"- value {r.seed}", "answered")) for r in asked)
                store.put_many(pairs)
        _, err = process.communicate(timeout=120)
        assert (process.returncode, said) == (0, []), err
        assert answers_by_seed(url) == {}


def test_two_processes_on_one_store_ask_each_question_once(tmp_path: Path) -> None:
    with echoing(0.1) as url:
        project = served_project(tmp_path / "study", url, elicit={"draws": 4})
        both = [project.start("run", "elicit", "--model", MODEL) for _ in range(2)]
        for process in both:
            _, err = process.communicate(timeout=240)
            assert process.returncode == 0, err
            assert "locked" not in err
        counts = answers_by_seed(url)
    assert set(counts.values()) == {1}
    with ReplyStore(project.store) as store:
        assert store.verify() == len(counts) == 15 * 2 * 4


def test_a_turn_is_free_when_its_holder_is_killed(tmp_path: Path) -> None:
    store, one = tmp_path / "replies.sqlite", request()
    program = (
        "import sys\nfrom pathlib import Path\nfrom tests.backends.asked import request\n"
        "from valuelex.backends.turns import turn\n"
        "with turn(Path(sys.argv[1]), [request()], print):\n    print('held', flush=True)\n"
        "    input()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(store)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    elsewhere = request(prompt="survey.v1/p0")
    waited: list[str] = []
    with turn(store, [elsewhere], waited.append):
        assert waited == []

    def kill(sentence: str) -> None:
        waited.append(sentence)
        holder.kill()

    with turn(store, [one, elsewhere], kill):
        assert len(waited) == 1
    holder.communicate()


def test_a_clock_that_jumps_back_changes_no_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, one = tmp_path / "replies.sqlite", request()
    with ReplyStore(path) as writer:
        writer._db.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(time, "time", lambda: 0.0)
        with (
            ReplyStore(path, patience=0.05) as other,
            pytest.raises(StoreError, match="is locked"),
        ):
            other.put_many([(one, reply(one))])
        writer._db.execute("ROLLBACK")
