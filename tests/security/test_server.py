"""A hostile server on the loopback: what it sends must cost little, and get nothing."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.backends.asked import request
from tests.backends.server import Answer, Seen, completion, serve
from valuelex.backends import http_client
from valuelex.backends.ask import answer_all
from valuelex.backends.limits import Limits
from valuelex.backends.openai_compatible import OpenAICompatibleBackend
from valuelex.backends.store import ReplyStore
from valuelex.errors import BackendError
from valuelex.records import Reply

KEY = "sk-canary/7130"


def backend(url: str, **changes: Any) -> OpenAICompatibleBackend:
    limits = Limits(**{"retries": 0, "backoff": 0.01, "total_timeout": 5.0, **changes})
    return OpenAICompatibleBackend(base_url=url, key=KEY, limits=limits)


def ask(answer: Answer, **changes: Any) -> Reply:
    with serve(lambda _: answer) as (url, _):
        (reply,) = backend(url, **changes).run([request()])
    return reply


@contextmanager
def raw_server(say: bytes, *, again: int = 0) -> Iterator[str]:
    """Serve bytes as they are, and then the last of them ``again`` and again."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.recv(65536)
            try:
                peer.sendall(say)
                for _ in range(again):
                    peer.sendall(say[-1024:] * 64)
            except OSError:  # the client has heard enough
                return

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        thread.join()
        listener.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_brings_it_neither_key_nor_prompt(status: int) -> None:
    with serve(lambda _: Answer(completion("stolen"))) as (other, seen):
        elsewhere = other.replace("127.0.0.1", "localhost") + "/chat/completions"
        away = Answer({}, status, {"location": elsewhere})
        with pytest.raises(BackendError, match="where the key does not go") as caught:
            ask(away)
    assert seen == []
    assert KEY not in str(caught.value)


def test_a_body_that_says_it_is_huge_is_not_read() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999999999\r\n\r\n"
    )
    with raw_server(head + b" " * 1024) as url, pytest.raises(BackendError, match="longer than"):
        list(backend(url).run([request()]))


def test_an_endless_stream_ends_at_the_limit_and_fills_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http_client, "MAX_BODY", 2 * 2**20)
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"
    tracemalloc.start()
    with (
        raw_server(head + b" " * 1024, again=100_000) as url,  # 6 GB, if anybody listened
        pytest.raises(BackendError, match=r"longer than 2097152 bytes"),
    ):
        list(backend(url).run([request()]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 2**20


def test_endless_headers_end_the_answer() -> None:
    with (
        raw_server(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1024, again=10_000) as url,
        pytest.raises(BackendError, match="answered no request, last: connection"),
    ):
        list(backend(url).run([request()]))


def test_a_slow_drip_ends_after_the_total_time() -> None:
    with pytest.raises(BackendError, match=r"not done after 0\.3 s"):
        ask(Answer(completion(), drip=0.02), total_timeout=0.3)


@pytest.mark.parametrize("header", ["gzip", "deflate", "br", "zstd"])
def test_a_packed_bomb_stays_packed(header: str) -> None:
    bomb = gzip.compress(b" " * (64 * 2**20), mtime=0)
    tracemalloc.start()
    reply = ask(Answer(bomb, headers={"content-encoding": header}))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reply.outcome == "failed"
    assert "expected a plain body" in reply.detail
    assert peak < 16 * 2**20


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\xfa",
        b"[" * 100_000,
        b'{"choices":' * 20_000,
        b'{"choices": [' + b"1," * 50_000 + b"1]}",
        b'{"usage": {"prompt_tokens": ' + b"9" * 5000 + b"}}",
        b'{"choices": [{"message": {"content": {"a": 1}}}]}',
        json.dumps(completion("x")).encode()[:-1],
        b"\x1f\x8b" + bytes(100),
    ],
)
def test_what_is_no_completion_is_one_failed_reply(body: bytes) -> None:
    reply = ask(Answer(body))
    assert (reply.outcome, reply.text) == ("failed", "")
    assert reply.detail.startswith("malformed: ")
    assert len(reply.detail) <= 300


def test_half_characters_and_nulls_reach_the_store_as_text(tmp_path: Path) -> None:
    text = "care\ud800 \x00 \u202e fin"
    with serve(lambda _: Answer(json.dumps(completion(text)).encode())) as (url, _):
        with ReplyStore(tmp_path / "replies.sqlite") as store:
            (reply,) = answer_all([request()], backend(url), store).values()
        reply.text.encode("utf-8")
    assert reply.text.startswith("care")


@pytest.mark.parametrize(
    "echo",
    [
        lambda key: completion(f"my key is {key}"),
        lambda key: completion(f"<think>{key}</think>honesty {key}"),
        lambda key: completion("x", finish_reason=key),
        lambda key: {**completion("x"), "model": key, "system_fingerprint": key},
        lambda key: {"error": {"message": "a" * 190 + key}},  # cut in the middle of the key
        lambda key: {"choices": [], key: key},
        lambda key: {"choices": key},
        lambda key: [key],
        lambda key: f"<html>{key}",
    ],
)
@pytest.mark.parametrize("escaped", [False, True])
def test_a_key_that_the_server_sends_back_is_struck_out(
    echo: Any, escaped: bool, tmp_path: Path
) -> None:
    data = json.dumps(echo(KEY)).encode()
    if escaped:  # as some writers of JSON do
        data = data.replace(b"/", b"\\/").replace(b"sk-", b"\\u0073k-")

    def script(_: Seen) -> Answer:
        return Answer(data)

    path = tmp_path / "replies.sqlite"
    with serve(script) as (url, seen), ReplyStore(path) as store:
        try:
            replies: object = answer_all([request()], backend(url), store)
        except BackendError as error:
            replies = error
    assert seen[0].headers["authorization"] == f"Bearer {KEY}"
    for start in (KEY, KEY[:8]):
        assert start not in repr(replies)
        assert not any(
            start.encode() in file.read_bytes() for file in tmp_path.iterdir() if file.is_file()
        )


def test_errors_of_a_refused_key_name_no_part_of_it() -> None:
    for body in ({"error": {"message": "x" * 195 + KEY}}, {"error": {"message": f"bad {KEY}"}}):
        with pytest.raises(BackendError) as caught:
            ask(Answer(body, 401))
        assert "canary" not in str(caught.value)
        assert caught.value.__cause__ is None
