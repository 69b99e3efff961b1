"""A line of a batch's results: what it answers, what came, and whether it counts.

OpenAI's output and error files, and what ``vllm run-batch`` writes, have the same shape:
``custom_id`` with a ``response`` (``status_code`` and ``body``) or an ``error``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from valuelex.backends.completions import (
    MalformedBodyError,
    kind,
    read_choices,
    read_error,
    read_usage,
)
from valuelex.backends.thinking import spoken
from valuelex.records import Reply, Request

ENGINE = "batch"
_NOT_DONE = ("batch_expired", "batch_cancelled", "batch_canceled", "rate_limit_exceeded")
_PASSING = (408, 409, 429)


class NotDoneError(ValueError):
    """The batch says that this request was not answered, for no reason of its own."""


class OtherModelError(ValueError):
    """Another model answered than the one that was asked."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """One line that could be read: ``body`` is a completion or an error object."""

    custom_id: str
    status: int
    body: Mapping[str, Any]


def read_result(row: Mapping[str, Any]) -> BatchResult:
    """Return what a line holds.

    Raises
    ------
    MalformedBodyError
        When it is no line of a batch's results.
    """
    custom_id = row.get("custom_id")
    if not isinstance(custom_id, str) or not ("response" in row or "error" in row):
        raise MalformedBodyError(
            f"expected a batch result (custom_id, response or error), was: {kind(row)}"
        )
    response = row.get("response")
    if row.get("error") and not isinstance(response, Mapping):
        return BatchResult(custom_id, 0, {"error": row["error"]})
    if not isinstance(response, Mapping):
        raise MalformedBodyError(f"expected 'response' or 'error', was: {kind(response)}")
    status, body = response.get("status_code", 200), response.get("body")
    if not isinstance(status, int) or isinstance(status, bool):
        raise MalformedBodyError(f"expected a number 'status_code', was: {kind(status)}")
    if not isinstance(body, Mapping):
        if not row.get("error"):
            raise MalformedBodyError(f"expected an object 'response.body', was: {kind(body)}")
        body = {"error": row["error"]}
    return BatchResult(custom_id, status, body)


def reply_of(result: BatchResult, request: Request) -> Reply:
    """Return the reply to a request that a result holds.

    Raises
    ------
    NotDoneError
        When the request was not answered for reasons that pass (the batch expired, was cancelled,
        the server was busy): it stays outstanding.
    OtherModelError
        When the result names another model.
    MalformedBodyError
        When the body is no completion.
    """
    if "choices" not in result.body:
        return _failed(result, request)
    served = result.body.get("model")
    if isinstance(served, str) and not same_model(served, request.model_id):
        raise OtherModelError(f"asked was {request.model_id!r}, answered has {served!r:.80}")
    choice, raw = spoken(read_choices(result.body)[0])
    tokens_in, tokens_out = read_usage(result.body)
    fingerprint = result.body.get("system_fingerprint")
    parts = [ENGINE]
    if isinstance(served, str) and served != request.model_id:
        parts.append(f"served {served:.80}")
    if isinstance(fingerprint, str) and fingerprint:
        parts.append(f"fingerprint {fingerprint:.40}")
    return Reply(
        request_id=request.id,
        text=choice.text,
        outcome=choice.outcome,
        detail=choice.detail,
        finish_reason=choice.finish_reason,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        engine="; ".join(parts),
        raw=raw,
    )


def same_model(served: str, asked: str) -> bool:
    """Tell whether the name that a server gives is that of the model that was asked.

    Hosted services answer to ``name`` as ``name-2026-01-01``, and engines name a folder.
    """
    short = served.rstrip("/").rpartition("/")[2]
    wanted = asked.rstrip("/").rpartition("/")[2]
    return short == wanted or short.startswith(f"{wanted}-")


def _failed(result: BatchResult, request: Request) -> Reply:
    error = result.body.get("error", result.body)
    said = read_error(error)
    code = str(error.get("code") or "") if isinstance(error, Mapping) else ""
    passing = result.status in _PASSING or result.status >= 500
    if passing or code in _NOT_DONE:
        raise NotDoneError(said.detail)
    detail = said.detail if said.outcome == "refused" else f"http {result.status}, {said.detail}"
    return Reply(request.id, said.text, said.outcome, detail[:300], engine=ENGINE)
