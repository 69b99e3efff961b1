"""``kill -9`` in the middle of asking, then the same command: as if nothing had happened."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.pipeline.project import Change, copy_project, make_project, mini, outputs, run, start
from tests.pipeline.stage_kills import Victim

from valuelex.artifacts.table import COMPLETIONS, FORM, REPLIES
from valuelex.backends.store import ReplyStore
from valuelex.cli.dispatch import STAGES

pytestmark = [pytest.mark.slow]

STORE = Path(".valuelex") / "replies.sqlite"
MODEL = sorted(mini()["models"])[0]
KILLS = 3
KILLED = ("basis-elicit", "elicit", "normalize", "cluster", "compose", "survey", "report")


# stage -> how it is made to ask for thousands of replies, so that there is time to kill it
CHANGES: dict[str, Change] = {
    "elicit": lambda content: content["elicit"].update(draws=60),
    "administer": lambda content: content["administer"].update(draws=1200),
}


def rows(folder: Path) -> int:
    """Return how many replies the store holds; 0 before it is there."""
    if not (folder / STORE).exists():
        return 0
    with ReplyStore(folder / STORE) as store:
        return store.verify()


def killed(process: subprocess.Popen[str], folder: Path, beyond: int, moment: float) -> bool:
    """Kill the process a moment after the store has grown beyond ``beyond``; False: it was over."""
    while process.poll() is None and rows(folder) <= beyond:
        time.sleep(0.01)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("stage", CHANGES)
def test_killed_and_continued_equals_undisturbed(stage: str, study: Path, tmp_path: Path) -> None:
    command = ("valuelex", "run", stage, "--model", MODEL)
    folders = {}
    for name in ("undisturbed", "killed"):
        folders[name] = make_project(tmp_path / name, CHANGES[stage])
        form = FORM.file(folders[name])
        form.parent.mkdir(parents=True)
        shutil.copy2(FORM.file(study), form)
    assert run(folders["undisturbed"], *command).returncode == 0

    folder, moments = folders["killed"], random.Random(stage)  # noqa: S311 - no secret
    before, after = outputs(folder), outputs(folders["undisturbed"])
    kills = 0
    for _ in range(KILLS):
        held = rows(folder)
        process = start(folder, *command)
        kills += killed(process, folder, beyond=held, moment=moments.random() * 0.1)
        assert rows(folder) >= held
        assert outputs(folder) in (before, after), "an artifact is whole or not there"
    assert kills >= 2, "the stage was over before it could be killed: ask for more replies"
    last = run(folder, *command)
    assert (last.returncode, "Traceback" in last.stderr) == (0, False)
    assert outputs(folder) == after

    table = REPLIES if stage == "elicit" else COMPLETIONS
    found = table.read(folder, MODEL)
    assert len(found) == len({row["reply_id"] for row in found})
    with ReplyStore(folder / STORE) as store:
        assert store.verify() == len(found)
        stored = {reply.request_id: reply.text for _, reply in store.export()}
    assert stored == {row["reply_id"]: row["text"] for row in found}


@pytest.mark.parametrize("stage", KILLED)
def test_killed_at_its_events_and_calls(stage: str, study: Path, tmp_path: Path) -> None:
    """A few kills of a few stages; of all stages: benchmarks/bench_stage_kills.py."""
    folder = copy_project(study, tmp_path / "study")
    model = MODEL if STAGES[stage] else None
    with Victim(folder, stage, model, undisturbed=study) as victim:
        victim.measure()
        victim.kill(KILLS, random.Random(stage))  # noqa: S311 - moments of killing, no secret
    seen = victim.seen
    assert seen.kills.total() == KILLS
    assert (seen.lost, seen.doubled, seen.changed) == (0, 0, 0)
    assert (seen.half, seen.others, seen.stale, seen.differ) == ([], [], [], [])
    assert outputs(folder) == outputs(study)
