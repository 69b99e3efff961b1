"""The stub's platform."""

from __future__ import annotations


class _Platform:
    def is_cpu(self) -> bool:
        return True


current_platform = _Platform()
