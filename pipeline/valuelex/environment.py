"""What the processes around us are told by their environment: no reports about users, no keys."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

SILENCE = {
    "DO_NOT_TRACK": "1",
    "DVC_NO_ANALYTICS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "VLLM_NO_USAGE_STATS": "1",
}
"""Variables by which the libraries of a study are told to report nothing about their use."""

_SECRET = re.compile(
    r"(?:^|_)(?:API_?KEY|KEY|KEYS|TOKENS?|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH)"
    r"(?:_ID)?(?:_|$)",
    re.IGNORECASE,
)
_NEEDED = frozenset(["HF_TOKEN", "HF_TOKEN_PATH", "HUGGING_FACE_HUB_TOKEN"])
"""What an engine needs to fetch a gated model's weights."""


def be_silent() -> None:
    """Switch off the reports of libraries about their use, unless the user has switched them on."""
    for name, value in SILENCE.items():
        os.environ.setdefault(name, value)


def is_secret(name: str) -> bool:
    """Whether a variable's name says that it holds a key, and no engine needs it."""
    return name not in _NEEDED and bool(_SECRET.search(name))


def without_secrets(given: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a process that needs no key: engines, git, driver tools."""
    return {name: value for name, value in given.items() if not is_secret(name)}


@contextmanager
def hidden_secrets() -> Iterator[None]:
    """Take keys out of this process's own environment while a library starts its processes."""
    kept = {name: value for name, value in os.environ.items() if is_secret(name)}
    for name in kept:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(kept)
