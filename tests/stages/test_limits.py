"""What cannot fit stops before it begins, in one line that says what to do."""

from __future__ import annotations

import pytest

from valuelex.errors import DataError
from valuelex.stages import limits


@pytest.fixture(autouse=True)
def small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "memory", lambda: 8.0)


def test_every_pair_of_a_hundred_thousand_terms_does_not_fit() -> None:
    limits.require_for_clusters(20_000, "agglomerative-ward")  # 16 x 4e8 bytes: 6 GiB
    with pytest.raises(DataError, match=r"100000 terms by agglomerative-ward.* 149 GiB.*has 8: ch"):
        limits.require_for_clusters(100_000, "agglomerative-ward")
    limits.require_for_clusters(100_000, "hdbscan-leaf")


def test_the_matrix_of_a_million_respondents_does_not_fit() -> None:
    limits.require_for_factors(100_000, 1_000)  # 6 GiB
    with pytest.raises(DataError, match=r"1000000 respondents x 1000 terms.* 60 GiB.*max_terms"):
        limits.require_for_factors(1_000_000, 1_000)


def test_the_machine_has_some_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert 0.1 < limits.memory() < 2**20
