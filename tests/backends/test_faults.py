"""A server that fails three times in ten, in every way there is, and a study that completes."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.backends.server import Answer, Seen, completion, serve
from tests.cli.served import CANARY, KEYS, LIMITS, served_project

from valuelex.artifacts.table import ANSWERS, REPLIES
from valuelex.backends.store import ReplyStore

SILENCE = 0.4  # seconds, where the study waits for half of it


class Faulty:
    """Answers seven of ten requests; the fault of each attempt is drawn from its seed."""

    def __init__(self) -> None:
        self.tries: Counter[int] = Counter()
        self.answered: Counter[int] = Counter()
        self.faults: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, seen: Seen) -> Answer:
        seed = seen.body["seed"]
        with self._lock:
            self.tries[seed] += 1
            drawn = hashlib.sha256(f"{seed}/{self.tries[seed]}".encode()).digest()
            fault = FAULTS[drawn[1] % len(FAULTS)] if drawn[0] < 0.3 * 256 else ""
            self.faults[fault] += 1
            if not fault:
                self.answered[seed] += 1
        key = seen.headers["authorization"]
        if fault == "silence":
            time.sleep(SILENCE)
        answers = {
            "429": Answer({"error": {"message": f"slow down, {key}"}}, 429),
            "429 with a time": Answer({"error": {"message": "slow"}}, 429, {"retry-after": "0.05"}),
            "500": Answer({"error": {"message": f"lost {key}"}}, 500),
            "closed socket": Answer(hang_up=True),
            "cut body": Answer(completion(), cut=30),
            "half a body": Answer(b'{"choices": [{"message": {"content": "hones'),
            "wrong schema": Answer({"answer": f"honesty {key}"}),
            "empty choice": Answer({"choices": [{}]}),
            "no choice": Answer({"choices": []}),
            "silence": Answer(hang_up=True),
        }
        return answers.get(fault) or Answer(completion(f"3, said to {seed}"))


FAULTS = (
    *("429", "429 with a time", "500", "closed socket", "cut body"),
    *("half a body", "wrong schema", "empty choice", "no choice", "silence"),
)


@pytest.mark.slow
def test_the_study_completes_and_nothing_is_asked_twice_after_success(tmp_path: Path) -> None:
    server = Faulty()
    with serve(server) as (url, seen):
        project = served_project(
            tmp_path / "study", url, elicit={"temperatures": [0.1, 0.3, 0.5, 0.7]}
        )
        params = project.root / "params.yaml"
        short = str(LIMITS["read_timeout"])
        params.write_text(params.read_text().replace(f"read_timeout: {short}", "read_timeout: 0.2"))
        said = "".join(
            project.said("run", stage, "--model", key, PYTHONASYNCIODEBUG="1")
            for key in KEYS
            for stage in ("elicit", "survey")
        )
        said += project.said("store")
        asked = len(seen)
        # complete: a second run asks nobody
        project.said("run", "elicit", "--model", KEYS[0])
        assert len(seen) == asked
    n = 2 * (60 + project.size("survey"))
    with ReplyStore(project.store) as store:
        assert store.verify() == n
        pairs = list(store.export())
    for request, reply in pairs:
        answered = server.answered[request.seed]
        if reply.outcome == "answered":
            assert (answered, reply.text) == (1, f"3, said to {request.seed}")
        else:  # four bodies that were no answer
            assert (answered, reply.outcome) == (0, "failed")
            assert reply.detail.startswith("malformed")
    assert set(server.faults) == {"", *FAULTS}, "each fault was met"
    assert 0.2 < 1 - server.faults[""] / server.faults.total() < 0.4
    assert sum(server.answered.values()) >= 0.98 * n
    for key in KEYS:
        assert len(REPLIES.read(project.root, key)) == 60
        assert len(ANSWERS.read(project.root, key)) == 57
    assert {s.headers["authorization"] for s in seen} == {f"Bearer {CANARY}"}
    assert CANARY not in said
    files = [path for path in project.root.rglob("*") if path.is_file()]
    assert len(files) >= 6
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
