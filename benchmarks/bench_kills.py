"""`kill -9` a hundred times at random moments of an elicitation of 20,000 replies.

The real command in a process of its own, against a real server (50 ms an answer); what was
committed is read by another process just before each kill. Prints what was lost, changed and
doubled, and whether the artifact is that of an undisturbed run.

Usage: PYTHONPATH=.:pipeline python benchmarks/bench_kills.py [KILLS] [DRAWS]
(20,025 replies are 15 questions x 15 settings x 89 draws)
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.cli.kills import MODEL, artifact, echoing, kill_again_and_again
from tests.cli.served import served_project


def main(kills: int, draws: int) -> int:
    changes = {
        "elicit": {
            "temperatures": [0.3, 0.5, 0.7, 0.9, 1.1],
            "top_ps": [0.7, 0.9, 0.95],
            "draws": draws,
        }
    }
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, echoing(0.05) as url:
        undisturbed = served_project(Path(folder) / "undisturbed", url, **changes)
        print(undisturbed.said("run", "elicit", "--model", MODEL).strip())
        project = served_project(Path(folder) / "study", url, **changes)
        seen = kill_again_and_again(project, url, kills, seed=20261)
        same = seen.artifacts == {artifact(undisturbed)}
    print(f"{seen.kills} kills in {seen.lives} lives, {seen.before_asking} before any reply was in")
    print(f"{seen.studies} studies completed, {seen.replies} replies")
    print(f"acknowledged and lost: {len(seen.lost)}")
    print(f"changed: {len(seen.changed)}")
    print(f"doubled: {len(seen.doubled)}")
    print(f"asked again (answered, but not yet acknowledged when killed): {seen.asked_again}")
    print(f"artifact identical to that of the undisturbed run: {same}")
    print(f"{time.monotonic() - started:.0f} s")
    return int(bool(seen.lost or seen.changed or seen.doubled or not same))


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    raise SystemExit(main(*(arguments + [100, 89][len(arguments) :])))
