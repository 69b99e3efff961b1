"""Tokens before anything is sent: an estimate from the prompt's bytes, and a bound from above."""

from __future__ import annotations

from collections.abc import Iterable

from valuelex.records import Reply, Request

BYTES_PER_TOKEN = 4.0
"""English prose in current vocabularies; bytes, because other scripts take more of both."""
PER_MESSAGE = 4
"""What chat templates put around a message."""


def prompt_bytes(request: Request) -> int:
    """Return the length of all messages in UTF-8 bytes."""
    return sum(len(m.content.encode("utf-8", "replace")) for m in request.messages)


def prompt_tokens(request: Request, bytes_per_token: float = BYTES_PER_TOKEN) -> int:
    """Return the estimated tokens of the prompt, rounded up."""
    return -int(-prompt_bytes(request) // bytes_per_token) + PER_MESSAGE * len(request.messages)


def most_tokens(request: Request) -> int:
    """Return the estimated tokens of the prompt and the most that a reply may have."""
    return prompt_tokens(request) + request.sampling.max_tokens


def totals(replies: Iterable[Reply]) -> tuple[int, int, int]:
    """Return (tokens in, tokens out, replies whose engine did not count both)."""
    tokens_in = tokens_out = unknown = 0
    for reply in replies:
        tokens_in += reply.tokens_in or 0
        tokens_out += reply.tokens_out or 0
        unknown += reply.tokens_in is None or reply.tokens_out is None
    return tokens_in, tokens_out, unknown
