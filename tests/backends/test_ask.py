from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.backends.asked import reply, request, requests

from valuelex.backends import ask
from valuelex.backends.ask import answer_all
from valuelex.backends.scripted import ScriptedBackend
from valuelex.backends.store import ReplyStore
from valuelex.errors import BackendError
from valuelex.records import Reply, Request


class Talker:
    """Replies as the test says, whatever was asked."""

    name = "talker"

    def __init__(self, *said: Reply | Exception) -> None:
        self.said = said
        self.closed = False

    def run(self, requests: Sequence[Request]) -> Iterator[Reply]:  # noqa: ARG002 - a backend's verb
        try:
            for one in self.said:
                if isinstance(one, Exception):
                    raise one
                yield one
        finally:
            self.closed = True


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReplyStore]:
    with ReplyStore(tmp_path / "replies.sqlite") as opened:
        yield opened


def test_only_what_is_missing_is_asked(store: ReplyStore) -> None:
    asked = requests(10)
    store.put_many((r, reply(r, "stored")) for r in asked[:4])
    backend = ScriptedBackend(lambda r: f"said to {r.prompt}")
    done: list[int] = []
    found = answer_all(asked, backend, store, chunk=4, on_progress=done.append)
    assert list(found) == [r.id for r in asked]
    assert backend.asked == asked[4:]
    assert done == [4, 8, 10]
    assert store.get_many(found) == found
    again = ScriptedBackend({})
    assert answer_all(asked, again, store) == found
    assert again.asked == []


def test_the_same_request_twice_is_asked_once(store: ReplyStore) -> None:
    backend = ScriptedBackend(lambda _: "x")
    assert len(answer_all([request(), request()], backend, store)) == 1
    assert len(backend.asked) == 1


def test_a_failure_is_final_unless_it_is_to_be_retried(store: ReplyStore) -> None:
    one = request()
    assert answer_all([one], ScriptedBackend({}), store)[one.id].detail == "not scripted"
    better = ScriptedBackend({one.prompt: "honesty"})
    assert answer_all([one], better, store)[one.id].outcome == "failed"
    assert answer_all([one], better, store, retry_failed=True)[one.id].text == "honesty"
    assert answer_all([one], better, store)[one.id].text == "honesty"


def test_memory_and_store_give_the_same_reply(store: ReplyStore) -> None:
    one = request()
    first = answer_all([one], ScriptedBackend({one.id: "\ud800 care"}), store)
    assert first == answer_all([one], ScriptedBackend({}), store)


def test_replies_that_say_nothing_are_not_kept(store: ReplyStore) -> None:
    class Empty(Talker):
        keeps_replies = False

    one = request()
    backend = Empty(reply(one, "", outcome="failed"))
    assert answer_all([one], backend, store)[one.id].outcome == "failed"
    assert store.counts() == {}


def test_what_came_before_the_engine_died_is_kept(store: ReplyStore) -> None:
    first, second = requests(2)
    backend = Talker(reply(first), BackendError("the engine died"))
    with pytest.raises(BackendError, match="died"):
        answer_all([first, second], backend, store)
    assert set(store.get_many([first.id, second.id])) == {first.id}
    assert backend.closed


def test_the_answer_of_a_faster_process_counts(store: ReplyStore) -> None:
    first, second = requests(2)

    def slow(asked: Request) -> str:
        store.put_many([(first, reply(first, "faster"))])
        return f"slower {asked.prompt}"

    found = answer_all([first, second], ScriptedBackend(slow), store)
    assert found == store.get_many([first.id, second.id])
    assert found[first.id].text == "faster"


def test_replies_that_nobody_asked_for_are_errors(store: ReplyStore) -> None:
    first, second = requests(2)
    with pytest.raises(BackendError, match=r"'talker' replied to '.*', which was not asked"):
        answer_all([first], Talker(reply(second)), store)
    with pytest.raises(BackendError, match="replied twice"):
        answer_all([first, second], Talker(reply(first), reply(first)), store)


def test_requests_without_a_reply_are_an_error(store: ReplyStore) -> None:
    first, second = requests(2)
    with pytest.raises(BackendError, match="left 1 of 2 requests without a reply"):
        answer_all([first, second], Talker(reply(first)), store)
    assert len(store.get_many([first.id])) == 1


def test_slow_replies_are_committed_by_time(
    store: ReplyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "_SECONDS", 0.0)
    done: list[int] = []
    answer_all(requests(3), ScriptedBackend(lambda _: "x"), store, on_progress=done.append)
    assert done == [0, 1, 2, 3]


def test_chunk_must_be_positive(store: ReplyStore) -> None:
    with pytest.raises(ValueError, match="at least 1, was: 0"):
        answer_all([], ScriptedBackend({}), store, chunk=0)
