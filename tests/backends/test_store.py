from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.backends.asked import reply, request, requests

from valuelex.backends.rows import COLUMNS, clean, to_reply, to_request, to_row
from valuelex.backends.store import VERSION, ReplyStore
from valuelex.errors import StoreError
from valuelex.records import OUTCOMES, Message, Reply, Request, Sampling


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReplyStore]:
    with ReplyStore(tmp_path / "deep" / "replies.sqlite") as opened:
        yield opened


def test_what_was_put_is_got_back_whole(store: ReplyStore) -> None:
    asked = requests(3)
    replies = [
        Reply(asked[0].id, "- honesty\x00\u2028- care", "answered", "", "stop", 10, 20, "scripted"),
        Reply(asked[1].id, "", "failed", "http 500"),
        Reply(asked[2].id, "I would ra", "truncated", "", "length"),
    ]
    assert store.put_many(zip(asked, replies, strict=True)) == 3
    found = store.get_many([r.id for r in asked] + ["unknown"])
    assert found == {r.request_id: r for r in replies}


def test_an_answer_is_never_overwritten_but_a_failure_may_be(store: ReplyStore) -> None:
    first, second = requests(2)
    store.put_many([(first, reply(first, "one")), (second, reply(second, "", outcome="failed"))])
    assert store.put_many([(first, reply(first, "two")), (second, reply(second, "late"))]) == 1
    found = store.get_many([first.id, second.id])
    assert found[first.id].text == "one"
    assert found[second.id] == reply(second, "late")


def test_a_store_of_version_1_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    first, second = requests(2)
    with ReplyStore(path) as store:
        store.put_many([(first, reply(first, "one"))])
    with sqlite3.connect(path) as db:  # as version 1 wrote it
        db.execute("ALTER TABLE replies DROP COLUMN pattern")
        db.execute("ALTER TABLE replies DROP COLUMN raw")
        db.execute("PRAGMA user_version = 1")
    db.close()
    with ReplyStore(path) as store:
        assert store.get_many([first.id]) == {first.id: reply(first, "one")}
        store.put_many([(second, reply(second, "two", raw="<think></think>two"))])
        assert store.verify() == 2
    with ReplyStore(path) as store:
        assert store.get_many([second.id])[second.id].raw == "<think></think>two"


def test_a_failed_put_writes_nothing(store: ReplyStore) -> None:
    first, second = requests(2)
    with pytest.raises(StoreError, match="must carry its request's id"):
        store.put_many([(first, reply(first)), (second, reply(first))])
    with pytest.raises(StoreError, match="CHECK constraint"):
        store.put_many([(first, reply(first)), (second, reply(second, outcome="so-so"))])
    assert store.counts() == {}


def test_counts_and_export_are_sorted_and_filtered(store: ReplyStore) -> None:
    asked = [*requests(2), request(2, model="other", model_id="x", revision="main")]
    outcomes = ("answered", "refused", "answered")
    replies = [reply(r, outcome=o) for r, o in zip(asked, outcomes, strict=True)]
    store.put_many(zip(asked, replies, strict=True))
    assert list(store.counts().items()) == [
        (("a-model", "answered"), 1),
        (("a-model", "refused"), 1),
        (("other", "answered"), 1),
    ]
    pairs = list(store.export())
    assert [p[0].id for p in pairs] == sorted(r.id for r in asked)
    assert dict(pairs) == dict(zip(asked, replies, strict=True))
    assert list(store.export(model="other")) == [(asked[2], replies[2])]
    assert list(store.export(outcome="refused")) == [(asked[1], replies[1])]
    assert list(store.export(revision="main", outcome="failed")) == []


def test_more_ids_than_one_query_holds(store: ReplyStore) -> None:
    asked = requests(1203)
    store.put_many((r, reply(r)) for r in asked)
    assert len(store.get_many(r.id for r in asked)) == 1203
    assert store.verify() == 1203


def test_225_replies_cost_little_store_time(tmp_path: Path) -> None:
    asked = requests(225)
    replies = [(r, reply(r, "- honesty\n" * 20)) for r in asked]
    started = time.perf_counter()
    with ReplyStore(tmp_path / "replies.sqlite") as store:
        store.get_many(r.id for r in asked)
        store.put_many(replies)
    assert time.perf_counter() - started < 1.0  # 0.02 s on an idle machine


def test_readers_read_while_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    first, second = requests(2)
    with ReplyStore(path) as writer, ReplyStore(path) as reader:
        writer.put_many([(first, reply(first))])
        writer._db.execute("BEGIN IMMEDIATE")
        assert set(reader.get_many([first.id, second.id])) == {first.id}
        writer._db.execute("COMMIT")


def test_a_locked_store_says_so(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    one = request()
    with ReplyStore(path) as writer, ReplyStore(path, patience=0.05) as other:
        writer._db.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked: another process"):
            other.put_many([(one, reply(one))])
        writer._db.execute("ROLLBACK")
        assert other.put_many([(one, reply(one))]) == 1


def test_text_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    path.write_text("these are not the replies you are looking for\n" * 100)
    with pytest.raises(StoreError, match=r"replies\.sqlite is damaged .*not a database"):
        ReplyStore(path)
    with pytest.raises(StoreError, match="cannot be used as a reply store"):
        ReplyStore(tmp_path)


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    with ReplyStore(path) as store:
        store.put_many((r, reply(r, "word " * 300)) for r in requests(200))
        store.compact()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(StoreError, match="is damaged"), ReplyStore(path) as store:
        store.verify()


def test_a_changed_row_is_found(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    one = request()
    with ReplyStore(path) as store:
        store.put_many([(one, reply(one))])
        assert store.verify() == 1
        store._db.execute("UPDATE replies SET draw = 7")
        with pytest.raises(StoreError, match=f"row '{one.id}' is damaged"):
            store.verify()
        store._db.execute("UPDATE replies SET messages = 'gone'")
        with pytest.raises(StoreError, match="cannot be read"):
            store.verify()


def test_another_application_or_version_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.sqlite"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE replies (id TEXT)")
    db.close()
    with pytest.raises(StoreError, match="no reply store"):
        ReplyStore(foreign)
    newer = tmp_path / "newer.sqlite"
    with ReplyStore(newer) as store:
        store._db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreError, match=f"of version {VERSION + 1}"):
        ReplyStore(newer)


def test_lone_surrogates_are_replaced_and_the_prompt_survives(store: ReplyStore) -> None:
    asked = request(messages=(Message("user", "half a face \ud83d"),))
    store.put_many([(asked, reply(asked, "caf\ud83d", detail="x"))])
    found = store.get_many([asked.id])[asked.id]
    assert found.text == "caf\ufffd"
    assert found.detail == "x; lone surrogate replaced"
    assert clean(found) == found
    assert next(store.export())[0] == asked
    assert store.verify() == 1


def test_a_whole_number_is_the_same_temperature(store: ReplyStore) -> None:
    asked = request(sampling=Sampling(1, 1, 64))
    assert asked.id == request(sampling=Sampling(1.0, 1.0, 64)).id
    store.put_many([(asked, reply(asked))])
    assert store.verify() == 1


def test_unrecorded_sampling_survives(store: ReplyStore) -> None:
    asked = request(sampling=Sampling(math.nan, 0.9, 0))
    store.put_many([(asked, reply(asked))])
    back = next(store.export())[0]
    assert math.isnan(back.sampling.temperature)
    assert back.id == asked.id
    assert back.respondent == "a-model@p0.9"


def test_compact_gives_space_back(store: ReplyStore) -> None:
    store.put_many((r, reply(r, "word " * 200)) for r in requests(300))
    store._db.execute("DELETE FROM replies")
    assert store.compact() > 100_000
    assert store.verify() == 0


_TEXT = st.text(max_size=20)
_REQUEST = st.builds(
    Request,
    model=st.just("m"),
    model_id=_TEXT,
    revision=_TEXT,
    prompt=_TEXT,
    messages=st.lists(
        st.builds(Message, role=st.sampled_from(["system", "user"]), content=_TEXT), max_size=3
    ).map(tuple),
    sampling=st.builds(
        Sampling,
        temperature=st.floats(0, 2),
        top_p=st.floats(0, 1, exclude_min=True),
        max_tokens=st.integers(1, 10**6),
    ),
    draw=st.integers(0, 10**6),
)


@given(_REQUEST, _TEXT, st.sampled_from(OUTCOMES), st.none() | st.integers(0, 10**9))
def test_rows_go_there_and_back(asked: Request, text: str, outcome: str, tokens: int) -> None:
    said = reply(asked, text, outcome=outcome, tokens_in=tokens)
    row = to_row(asked, said)
    assert len(row) == len(COLUMNS)
    assert to_request(row) == asked
    assert to_reply(row[0], row[11:]) == said


@given(st.text(alphabet=st.characters(), max_size=30))
def test_cleaned_text_is_valid_utf8_and_cleaning_is_idempotent(text: str) -> None:
    cleaned = clean(reply(request(), text + "\udc00"))
    cleaned.text.encode("utf-8")
    assert clean(cleaned) == cleaned
