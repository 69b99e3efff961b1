"""Requests for tests."""

from __future__ import annotations

from valuelex.records import Message, Reply, Request, Sampling


def request(number: int = 0, **changes: object) -> Request:
    fields: dict[str, object] = {
        "model": "a-model",
        "model_id": "house/a-model",
        "revision": "0" * 40,
        "prompt": f"elicit.v1/p{number}",
        "messages": (Message("system", "Be brief."), Message("user", f"Question {number}?")),
        "sampling": Sampling(0.7, 0.95, 64),
        "draw": 0,
    }
    return Request(**{**fields, **changes})  # type: ignore[arg-type]  # a mapping of fields


def requests(n: int, **changes: object) -> list[Request]:
    return [request(number, **changes) for number in range(n)]


def reply(to: Request, text: str = "honesty", **changes: object) -> Reply:
    fields: dict[str, object] = {"request_id": to.id, "text": text, "outcome": "answered"}
    return Reply(**{**fields, **changes})  # type: ignore[arg-type]  # a mapping of fields
