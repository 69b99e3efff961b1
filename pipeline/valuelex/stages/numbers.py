"""NaN becomes an empty cell or null, in one place: a number that does not exist is no number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def finite(value: float | None) -> float | None:
    """Return a finite number as a Python float, anything else as ``None``."""
    return None if value is None or not math.isfinite(value) else float(value)


def finite_values(content: Any) -> Any:
    """Return plain nested content with every NaN or infinity replaced by ``None``."""
    if isinstance(content, Mapping):
        return {name: finite_values(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [finite_values(value) for value in content]
    if hasattr(content, "tolist"):
        return finite_values(content.tolist())
    return finite(content) if isinstance(content, float) else content
