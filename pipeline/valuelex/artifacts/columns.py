"""Columns that several tables share."""

from __future__ import annotations

from valuelex.artifacts.base import Column

MODEL = Column("model", "str", "roster key")
REPLY = Column("reply_id", "str", "32 hex digits over everything that determines the reply")
TERM = Column("term", "str", "normal form of a value word")
OUTCOME = (
    Column("text", "str", "what was said, as it came, without a thinking model's thinking"),
    Column("raw", "str", "the whole text where it held thinking; empty otherwise"),
    Column("outcome", "str", "answered | refused | truncated | failed"),
    Column("detail", "str", "why the outcome is not 'answered'; empty otherwise"),
    Column("model_id", "str", "what was loaded or asked for"),
    Column("revision", "str", "branch, tag or commit (40 hex digits), and options; what was asked"),
    Column("prompt_sha256", "str", "16 hex digits over all messages"),
    Column("system_sha256", "str", "16 hex digits over the system message; empty without one"),
    Column("engine", "str", "engine, version, device, number format, flags, chat template, commit"),
)
