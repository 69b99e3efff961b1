"""The stub's sampling parameters."""

from __future__ import annotations


class StructuredOutputsParams:
    def __init__(self, regex: str) -> None:
        self.regex = regex

    def __repr__(self) -> str:
        return f"regex {self.regex}"
