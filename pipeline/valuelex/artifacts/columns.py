"""Columns that several tables share."""

from __future__ import annotations

from valuelex.artifacts.base import Column

MODEL = Column("model", "str", "roster key")
REPLY = Column("reply_id", "str", "32 hex digits over everything that determines the reply")
TERM = Column("term", "str", "normal form of a value word")
OUTCOME = (
    Column("text", "str", "raw text of the reply, as it came"),
    Column("outcome", "str", "answered | refused | truncated | failed"),
    Column("detail", "str", "why the outcome is not 'answered'; empty otherwise"),
    Column("engine", "str", "what produced the reply; 'simulated' for the shipped double"),
)
