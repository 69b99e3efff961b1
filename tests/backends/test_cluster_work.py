from __future__ import annotations

import pytest
from tests.backends.asked import reply, request

from valuelex.backends.cluster_work import works_of
from valuelex.backends.ray_cluster import ClusterBackend, Placement
from valuelex.backends.scripted import ScriptedBackend
from valuelex.errors import BackendError

ASKED = [request(n, model=model) for n in range(5) for model in ("a", "b")]


def test_requests_are_sorted_by_model_and_cut_into_chunks() -> None:
    works = works_of(ASKED, {"a": 1, "b": 2}, 2)
    assert [work.gpus for work in works.values()] == [1, 2]
    assert [len(chunk.requests) for chunk in works["a"].chunks] == [2, 2, 1]
    sent = [r for work in works.values() for chunk in work.chunks for r in chunk.requests]
    assert sent == sorted(ASKED, key=lambda r: r.model)  # each once, in the order given
    assert {r.model for chunk in works["b"].chunks for r in chunk.requests} == {"b"}
    with pytest.raises(ValueError, match="at least 1, was: 0"):
        works_of(ASKED, {"a": 1, "b": 2}, 0)


def test_a_model_wants_no_more_actors_than_it_has_chunks() -> None:
    work = works_of(ASKED, {"a": 1, "b": 1}, 2)["a"]
    assert [work.wanted(replicas) for replicas in (1, 2, 8)] == [1, 2, 3]
    work.holders = 1
    assert [work.wanted(replicas) for replicas in (1, 2, 8)] == [0, 1, 3]
    work.give_up("no such folder")
    assert (work.wanted(8), work.waits, len(work.chunks)) == (0, False, 0)


def test_a_model_is_given_up_after_so_many_lost_loads() -> None:
    work = works_of(ASKED, {"a": 1, "b": 1}, 2)["a"]
    work.lose(2, "out of memory")
    assert work.gave_up == ""
    work.lose(2, "out of memory")
    assert work.gave_up == "2 actors were lost while they loaded it: out of memory"


def test_what_an_engine_answered_before_it_died_is_not_asked_again() -> None:
    chunk = works_of(ASKED, {"a": 1, "b": 1}, 5)["a"].chunks[0]
    left = chunk.unanswered([reply(chunk.requests[0]), reply(chunk.requests[3])])
    assert left == [chunk.requests[n] for n in (1, 2, 4)]


def test_errors_before_anything_is_started() -> None:
    backend = ClusterBackend(models={"a": Placement(lambda: ScriptedBackend({}))})
    assert list(backend.run([])) == []
    with pytest.raises(BackendError, match=r"no placement for the models \['b'\]"):
        next(backend.run(ASKED))
