"""A whole minute of silence: waited for where the timeout allows it, asked again where not."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from tests.backends.server import Answer, Seen, completion, serve
from tests.cli.served import KEYS, Project, served_project

from valuelex.artifacts.table import REPLIES
from valuelex.backends.store import ReplyStore

pytestmark = pytest.mark.slow

SILENCE = 60.0  # seconds; real ones
PATIENT, IMPATIENT = 65.0, 20.0  # read timeouts of the two models
SILENT, ASKED = 3, 30  # first attempts that are met by silence, of so many requests of a model


@dataclass
class Slow:
    """Answers at once, but the first attempts of each model's first requests after a minute."""

    tries: Counter[tuple[str, int]] = field(default_factory=Counter)
    silent: set[tuple[str, int]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, seen: Seen) -> Answer:
        model, seed = seen.body["model"], seen.body["seed"]
        with self.lock:
            self.tries[model, seed] += 1
            attempt = self.tries[model, seed]
            waits = attempt == 1 and sum(m == model for m, _ in self.silent) < SILENT
            if waits:
                self.silent.add((model, seed))
        if waits:
            time.sleep(SILENCE)
        return Answer(completion(f"- honesty, attempt {attempt}"))


@dataclass(frozen=True)
class Ran:
    """Both models' elicitation, and how long each took in seconds."""

    project: Project
    server: Slow
    took: dict[str, float]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """Ask both models at the same time, by the real command."""
    server = Slow()
    with serve(server) as (url, _):
        project = served_project(tmp_path_factory.mktemp("silence") / "study", url)
        _set_timeouts(project.root / "params.yaml")
        begun = time.monotonic()
        running = {key: project.start("run", "elicit", "--model", key) for key in KEYS}
        took = {}
        for key in reversed(KEYS):  # the impatient one is done first
            _, said = running[key].communicate(timeout=300)
            assert running[key].returncode == 0, said
            took[key] = time.monotonic() - begun
        yield Ran(project, server, took)


def _set_timeouts(params: Path) -> None:
    content = yaml.safe_load(params.read_text(encoding="utf-8"))
    for key, seconds in zip(KEYS, (PATIENT, IMPATIENT), strict=True):
        content["models"][key]["limits"]["read_timeout"] = seconds
    params.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def attempts(ran: Ran, key: str) -> Counter[str]:
    """Return how often each attempt's answer is the one that was kept."""
    rows = REPLIES.read(ran.project.root, key)
    assert {row["outcome"] for row in rows} == {"answered"}
    return Counter(row["text"].rpartition(" ")[2] for row in rows)


def test_a_timeout_that_outlasts_the_silence_waits_and_asks_once(ran: Ran) -> None:
    assert attempts(ran, KEYS[0]) == {"1": ASKED}
    tries = [n for (model, _), n in ran.server.tries.items() if model == "m-one"]
    assert tries == [1] * ASKED
    assert SILENCE <= ran.took[KEYS[0]] < SILENCE + 60


def test_a_shorter_timeout_asks_again_and_keeps_the_answer_that_came(ran: Ran) -> None:
    assert attempts(ran, KEYS[1]) == {"1": ASKED - SILENT, "2": SILENT}
    again = {one for one, n in ran.server.tries.items() if n == 2}
    assert again == {one for one in ran.server.silent if one[0] == "m-two"}
    assert max(ran.server.tries.values()) == 2
    assert IMPATIENT <= ran.took[KEYS[1]] < SILENCE


def test_every_request_has_one_outcome(ran: Ran) -> None:
    assert len(ran.server.silent) == 2 * SILENT
    with ReplyStore(ran.project.store) as store:
        assert store.verify() == 2 * ASKED
