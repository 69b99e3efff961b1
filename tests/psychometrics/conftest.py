"""The shared simulated studies, drawn once."""

from __future__ import annotations

import pytest
from tests.psychometrics.lists import Lists, simulate


@pytest.fixture(scope="session")
def study() -> Lists:
    """A study with three planted dimensions."""
    return simulate(11, 3)


@pytest.fixture(scope="session")
def nothing() -> Lists:
    """A study with no planted dimension, and models with marked tastes for single words."""
    return simulate(12, 0, taste=0.5, family_taste=0.3)
