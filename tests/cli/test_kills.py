"""A few kills of a smaller elicitation; a hundred of 20,000 replies: benchmarks/bench_kills.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.kills import MODEL, answers_by_seed, artifact, echoing, kill_again_and_again
from tests.cli.served import LIMITS, served_project

KILLS, DRAWS, CHUNK = 6, 50, 256


@pytest.mark.slow
def test_killed_at_random_moments_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    draws = {"elicit": {"draws": DRAWS}}
    with echoing(0.05) as url:
        undisturbed = served_project(tmp_path / "undisturbed", url, **draws)
        undisturbed.said("run", "elicit", "--model", MODEL)
        assert set(answers_by_seed(url).values()) == {1}
        project = served_project(tmp_path / "study", url, **draws)
        seen = kill_again_and_again(project, url, KILLS, seed=11)
    assert (seen.lost, seen.changed, seen.doubled) == ([], [], [])
    assert seen.artifacts == {artifact(undisturbed)}
    # what was asked again had not been acknowledged: a chunk, and what was in flight, per kill
    assert seen.asked_again <= seen.kills * (CHUNK + int(LIMITS["concurrency"]))
