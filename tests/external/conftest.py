"""Real data that is not part of the project: skipped when not configured, required when it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def external_data() -> Callable[[str], Path]:
    """Return a finder of files under the folder that VALUELEX_EXTERNAL_DATA names."""
    root = os.environ.get("VALUELEX_EXTERNAL_DATA")
    if not root:
        pytest.skip("VALUELEX_EXTERNAL_DATA is not set: real data sets are not part of the project")

    def find(name: str) -> Path:
        path = Path(root) / name
        if not path.exists():
            pytest.fail(f"VALUELEX_EXTERNAL_DATA is set to {root}, but {name} is not there")
        return path

    return find
