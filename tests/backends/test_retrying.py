"""Retries at the server's own time, and the per-minute limits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.backends.asked import request, requests
from tests.backends.server import Answer, Seen, completion, serve

from valuelex.backends.completions import Choice
from valuelex.backends.limits import Limits, Pace
from valuelex.backends.openai_compatible import OpenAICompatibleBackend
from valuelex.backends.retrying import TransientError, persist, retry_after
from valuelex.backends.tokens import most_tokens, prompt_tokens
from valuelex.errors import BackendError
from valuelex.records import Message, Sampling


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "125", "retry-after": "2"}, 0.125),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 -0000"}, 0.0),
    ],
)
def test_what_a_server_asks_to_wait(headers: Mapping[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_is_so_many_seconds_away() -> None:
    asked = retry_after({"retry-after": formatdate(time.time() + 30, usegmt=True)})
    assert asked == pytest.approx(30, abs=1.5)


@pytest.mark.parametrize("days", [-400, 0, 400])
def test_a_date_is_set_against_the_clock_of_the_server(days: int) -> None:
    theirs = time.time() + 86_400 * days
    headers = {
        "date": formatdate(theirs, usegmt=True),
        "retry-after": formatdate(theirs + 30, usegmt=True),
    }
    assert retry_after(headers) == 30


@given(st.text(max_size=30))
def test_no_header_is_a_crash_or_a_negative_time(text: str) -> None:
    for name in ("retry-after", "retry-after-ms"):
        seconds = retry_after({name: text})
        assert seconds is None or 0.0 <= seconds < float("inf")


def tries_until_given_up(error: TransientError, **changes: float) -> int:
    tried = 0

    async def attempt() -> None:
        nonlocal tried
        tried += 1
        raise error

    limits = Limits(**{"backoff": 0.001, **changes})  # type: ignore[arg-type]  # of fields
    with pytest.raises(TransientError):
        asyncio.run(persist(attempt, limits))
    return tried


def test_how_often_is_tried() -> None:
    failed = Choice("", "failed", "x")
    assert tries_until_given_up(TransientError(failed, "server"), retries=4) == 5
    assert tries_until_given_up(TransientError(failed, "server"), retries=0) == 1
    assert tries_until_given_up(TransientError(failed, "answer"), retries=8) == 4
    assert tries_until_given_up(TransientError(failed, "answer"), retries=1) == 2


def test_the_servers_time_is_kept() -> None:
    times: list[float] = []

    def answer(_: Seen) -> Answer:
        times.append(time.monotonic())
        if len(times) == 1:
            return Answer({"error": {"message": "busy"}}, 429, {"retry-after": "0.3"})
        return Answer(completion())

    with serve(answer) as (url, _):
        backend = OpenAICompatibleBackend(base_url=url, limits=Limits(backoff=30.0))
        (reply,) = backend.run([request()])
    assert reply.outcome == "answered"
    assert 0.3 <= times[1] - times[0] < 10


def test_a_server_that_asks_for_hours_is_left_to_the_user() -> None:
    busy = Answer({"error": {"message": "come tomorrow"}}, 429, {"retry-after": "86400"})
    with serve(lambda _: busy) as (url, seen):
        backend = OpenAICompatibleBackend(base_url=url)
        with pytest.raises(BackendError, match=r"come tomorrow.*asks to wait 86400 s"):
            list(backend.run([request()]))
    assert len(seen) == 1


def test_requests_per_minute_are_kept() -> None:
    with serve(lambda _: Answer(completion())) as (url, _):
        limits = Limits(requests_per_minute=1200)  # 20 a second, 20 at once
        started = time.monotonic()
        list(OpenAICompatibleBackend(base_url=url, limits=limits).run(requests(40)))
    assert time.monotonic() - started >= 0.95


def test_tokens_per_minute_are_kept_even_where_one_request_is_more_than_a_second() -> None:
    asked = requests(2)
    started = time.monotonic()

    async def all_of_them() -> None:
        pace = Pace(Limits(tokens_per_minute=0.9 * 60 * most_tokens(asked[0])), asked)
        for one in asked:
            await pace.turn(one)

    asyncio.run(all_of_them())
    assert time.monotonic() - started >= 1.0  # the first at once


def test_without_limits_nobody_waits() -> None:
    async def one() -> None:
        pace = Pace(Limits(), [])
        await pace.turn(request())

    asyncio.run(one())


def test_tokens_are_estimated_from_bytes() -> None:
    asked = request(messages=(Message("user", "a" * 400),), sampling=Sampling(1, 1, 50))
    assert prompt_tokens(asked) == 104
    assert prompt_tokens(asked, bytes_per_token=3.0) == 138
    assert most_tokens(asked) == 154
    assert prompt_tokens(request(messages=(Message("user", "价值观"),))) == 3 + 4
