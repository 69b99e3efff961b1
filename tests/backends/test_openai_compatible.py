from __future__ import annotations

import gzip
import json
import logging
import threading
import time
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.backends.asked import request, requests
from tests.backends.server import Answer, Seen, completion, serve

from valuelex import roster
from valuelex.backends.ask import answer_all
from valuelex.backends.in_flight import THREAD
from valuelex.backends.limits import Limits
from valuelex.backends.openai_compatible import OpenAICompatibleBackend, open_backend
from valuelex.backends.registry import open_engine
from valuelex.backends.store import ReplyStore
from valuelex.backends.wire import Wire
from valuelex.errors import BackendError
from valuelex.records import Message, Reply

KEY = "sk-canary-0451"


def limits(**changes: Any) -> Limits:
    return Limits(**{"retries": 0, "backoff": 0.01, **changes})


def ask_one(answer: Answer, **changes: Any) -> Reply:
    settings: dict[str, Any] = {"limits": limits(), "key": KEY, **changes}
    with serve(lambda _: answer) as (url, _):
        (reply,) = OpenAICompatibleBackend(base_url=url, **settings).run([request()])
    return reply


def test_every_field_is_sent_and_the_reply_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-house")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-house")
    asked = request()
    with serve(lambda _: Answer(completion())) as (url, seen):
        (reply,) = OpenAICompatibleBackend(base_url=url).run([asked])
    assert reply == Reply(
        *(asked.id, "honesty", "answered", "", "stop", 5, 1),
        engine=f"openai-compatible; {urlsplit(url).netloc}; served m",
    )
    assert seen[0].path == "/v1/chat/completions"
    assert seen[0].body == {
        "model": "house/a-model",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Question 0?"},
        ],
        "temperature": 0.7,
        "top_p": 0.95,
        "max_tokens": 64,
        "seed": asked.seed,
        "n": 1,
    }
    assert "another-house" not in str(seen[0].headers)


def test_base_models_are_asked_for_a_completion() -> None:
    body = {"choices": [{"text": " honesty", "finish_reason": "length"}]}
    asked = request(messages=(Message("user", "My values are"),))
    with serve(lambda _: Answer(body)) as (url, seen):
        (reply,) = OpenAICompatibleBackend(base_url=url, interface="completion").run([asked])
    assert (reply.text, reply.outcome) == (" honesty", "truncated")
    assert seen[0].path == "/v1/completions"
    assert seen[0].body["prompt"] == "My values are"


@pytest.mark.parametrize(
    ("answer", "outcome", "detail"),
    [
        (Answer(completion("hon", finish_reason="length")), "truncated", "token limit"),
        (Answer(completion("", finish_reason="content_filter")), "refused", "content filter"),
        (Answer(completion(message={"content": None, "refusal": "No."})), "refused", "refusal"),
        (Answer(completion(" ")), "failed", "empty"),
        (Answer({"choices": []}), "failed", "malformed: expected a list 'choices'"),
        (Answer({"unlike": 1}), "failed", "malformed"),
        (Answer([1]), "failed", "malformed: expected a completion object"),
        (Answer(b'{"choices": [{"mess'), "failed", "malformed: expected a JSON body"),
        (Answer(b"<html>busy</html>"), "failed", "malformed: expected a JSON body"),
        (Answer({"error": {"code": "content_filter"}}, 400), "refused", "content filter"),
        (Answer({"error": {"message": "too long"}}, 400), "failed", "http 400, error: too long"),
        (Answer({"error": {"message": f"key {KEY}"}}, 422), "failed", "error: key ***"),
    ],
)
def test_each_answer_becomes_the_right_outcome(answer: Answer, outcome: str, detail: str) -> None:
    reply = ask_one(answer)
    assert reply.outcome == outcome
    assert detail in reply.detail
    assert KEY not in str(reply)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer({"error": {"message": f"bad key {KEY}"}}, 401), "the key was refused"),
        (Answer({}, 403), "access was refused"),
        (Answer({}, 302, {"location": "http://elsewhere.example/v1"}), "sends on to another"),
        (Answer({"error": {"message": "no model m"}}, 404), "no such model or path.*no model m"),
        (Answer({"error": {"code": "insufficient_quota"}}, 429), "the quota is used up"),
        (Answer({}, 500), "answered no request, last: http 500"),
        (Answer(hang_up=True), "answered no request, last: connection"),
    ],
)
def test_what_would_strike_every_request_stops_the_run(answer: Answer, message: str) -> None:
    with pytest.raises(BackendError, match=message) as caught:
        ask_one(answer)
    assert KEY not in str(caught.value)


def test_a_silent_server_times_out() -> None:
    def silent(_: Seen) -> Answer:
        time.sleep(0.5)
        return Answer(completion())

    with serve(silent) as (url, _), pytest.raises(BackendError, match=r"silent for 0\.05 s"):
        list(
            OpenAICompatibleBackend(base_url=url, limits=limits(read_timeout=0.05)).run([request()])
        )


def test_nobody_listens() -> None:
    with serve(lambda _: Answer({})) as (url, _):
        pass
    with pytest.raises(BackendError, match="answered no request, last: connection"):
        list(OpenAICompatibleBackend(base_url=url, limits=limits(retries=1)).run([request()]))


def test_faults_are_retried_and_every_request_gets_one_outcome(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    faults = [
        Answer({"error": {"message": "slow down"}}, 429, {"retry-after": "0"}),
        Answer({"error": {"message": "slow down"}}, 429),
        Answer({}, 500),
        Answer(hang_up=True),
        Answer(completion(), cut=20),
    ]
    served: dict[str, int] = {}
    lock = threading.Lock()

    def answer(seen: Seen) -> Answer:
        question = seen.body["messages"][-1]["content"]
        number = int(question.removeprefix("Question ").removesuffix("?"))
        with lock:
            tries = served[question] = served.get(question, 0) + 1
        if number % 3 == 0 and tries <= 2:
            return faults[(number // 3 + tries) % len(faults)]
        return Answer(completion(question))

    asked = requests(60)
    with serve(answer) as (url, _), ReplyStore(tmp_path / "replies.sqlite") as store:
        backend = OpenAICompatibleBackend(
            base_url=url, limits=limits(concurrency=8, retries=4), key=KEY
        )
        found = answer_all(asked, backend, store, chunk=7)
        assert {r.outcome for r in found.values()} == {"answered"}
        assert all(found[r.id].text == r.messages[-1].content for r in asked)
        assert answer_all(asked, backend, store) == found
        store.verify()
    assert sum(served.values()) == 60 + 2 * 20
    assert KEY not in caplog.text
    assert KEY.encode() not in (tmp_path / "replies.sqlite").read_bytes()


def test_a_server_that_dies_is_given_up_and_its_failures_are_not_charged(tmp_path: Path) -> None:
    served: list[str] = []

    def answer(seen: Seen) -> Answer:
        served.append(seen.path)
        return Answer(completion()) if len(served) <= 20 else Answer({}, 503)

    asked = requests(80)
    with serve(answer) as (url, _), ReplyStore(tmp_path / "replies.sqlite") as store:
        backend = OpenAICompatibleBackend(base_url=url, limits=limits(concurrency=4))
        with pytest.raises(BackendError, match="failed 8 requests in a row"):
            answer_all(asked, backend, store)
        counts = store.counts()
    assert counts.pop(("a-model", "answered")) == 20
    # a failure may overtake the last answers: then it was no sign of death, and at most as many
    # are charged as were in flight beside the last answer
    assert sum(counts.values()) <= 3


def test_requests_are_in_flight_together_and_within_bounds() -> None:
    now = most = 0
    lock = threading.Lock()

    def answer(_: Seen) -> Answer:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.03)
        with lock:
            now -= 1
        return Answer(completion())

    with serve(answer) as (url, _):
        replies = list(
            OpenAICompatibleBackend(base_url=url, limits=limits(concurrency=10)).run(requests(40))
        )
    assert len({r.request_id for r in replies}) == 40
    assert 5 <= most <= 10


def test_closing_the_iterator_ends_the_work() -> None:
    with serve(lambda _: Answer(completion())) as (url, seen):
        replies = OpenAICompatibleBackend(base_url=url, limits=limits(concurrency=2)).run(
            requests(500)
        )
        next(replies)
        replies.close()  # type: ignore[attr-defined]  # a generator
        before = len(seen)
        time.sleep(0.1)
        assert len(seen) == before < 500
    assert not [t for t in threading.enumerate() if t.name == THREAD]


def entry(**changes: Any) -> Any:
    fields = {
        "backend": "openai",
        "id": "house/a-model",
        "revision": "main",
        "interface": "chat",
        "base_url": "http://127.0.0.1:9/v1",
        "key_env": None,
    }
    return SimpleNamespace(**{**fields, **changes})


def test_opened_from_a_roster_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BackendError, match="needs a `base_url`"):
        open_backend(entry(base_url=None))
    monkeypatch.delenv("HOUSE_KEY", raising=False)
    with pytest.raises(BackendError, match="environment variable HOUSE_KEY"):
        open_backend(entry(key_env="HOUSE_KEY"))
    monkeypatch.setenv("HOUSE_KEY", KEY)
    backend = open_engine(entry(key_env="HOUSE_KEY"))
    assert isinstance(backend, OpenAICompatibleBackend)
    assert backend.key == KEY
    assert KEY not in repr(backend)


def test_a_missing_client_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    backend = OpenAICompatibleBackend(base_url="http://127.0.0.1:9/v1")
    with pytest.raises(BackendError, match=r"pip install 'valuelex\[openai\]'"):
        list(backend.run([request()]))
    assert list(backend.run([])) == []


def test_what_is_no_answer_is_asked_thrice_more_then_charged(tmp_path: Path) -> None:
    with serve(lambda _: Answer({"choices": []})) as (url, seen):
        backend = OpenAICompatibleBackend(base_url=url, limits=limits(retries=8))
        (reply,) = backend.run([request()])
        assert (reply.outcome, len(seen)) == ("failed", 4)
        asked = requests(40)
        with (
            ReplyStore(tmp_path / "replies.sqlite") as store,
            pytest.raises(BackendError, match=r"16 requests in a row, .* malformed"),
        ):
            answer_all(asked, backend, store)


def test_fields_that_a_server_refuses_are_left_out_and_the_reply_says_so() -> None:
    wire = Wire(token_field="max_completion_tokens", omit=("seed", "n"))  # noqa: S106 - a field's name
    with serve(lambda _: Answer(completion())) as (url, seen):
        (reply,) = OpenAICompatibleBackend(base_url=url, wire=wire).run([request()])
    assert seen[0].body.keys() == {
        *("model", "messages", "temperature", "top_p", "max_completion_tokens"),
    }
    assert reply.engine.endswith("; sent without n, seed")


@pytest.mark.parametrize("length", [True, False])
def test_a_huge_answer_is_not_read(monkeypatch: pytest.MonkeyPatch, length: bool) -> None:
    monkeypatch.setattr("valuelex.backends.http_client.MAX_BODY", 1000)
    answer = Answer(b"x" * 5000, chunked=not length)
    with pytest.raises(BackendError, match="longer than 1000 bytes"):
        ask_one(answer)


def test_a_packed_answer_is_not_unpacked() -> None:
    packed = gzip.compress(json.dumps(completion()).encode())
    reply = ask_one(Answer(packed, headers={"content-encoding": "gzip"}))
    assert (reply.outcome, reply.detail[:40]) == (
        "failed",
        "malformed: expected a plain body, was pa",
    )


def test_a_drip_ends_after_the_total_time() -> None:
    with pytest.raises(BackendError, match=r"not done after 0\.3 s"):
        ask_one(Answer(completion(), drip=0.02), limits=limits(total_timeout=0.3))


@pytest.mark.parametrize("key", ["sk-käse", "sk-\ninjected: yes"])
def test_a_key_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("HOUSE_KEY", key)
    with pytest.raises(BackendError, match="HOUSE_KEY must hold a key") as caught:
        open_backend(entry(key_env="HOUSE_KEY"))
    assert "sk-" not in str(caught.value)


def test_an_address_with_a_password_is_refused() -> None:
    with pytest.raises(BackendError, match="without a name or password") as caught:
        open_backend(entry(base_url="https://me:hush@host/v1"))
    assert "hush" not in str(caught.value)


def test_limits_of_the_roster_are_those_of_the_backend() -> None:
    for ours, theirs in ((Limits, roster.Limits), (Wire, roster.Wire)):
        assert asdict(ours()) == theirs().model_dump()
    given = roster.Limits(concurrency=3, requests_per_minute=90)
    assert open_backend(entry(limits=given)).limits == Limits(concurrency=3, requests_per_minute=90)
