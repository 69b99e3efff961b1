"""vLLM itself, on a tiny random model made here: needs an interpreter that has it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.backends import tiny_model
from tests.backends.asked import requests

from valuelex.backends.ask import answer_all
from valuelex.backends.store import ReplyStore
from valuelex.backends.vllm_engine import PYTHON, VllmBackend
from valuelex.errors import BackendError
from valuelex.records import Message, Request, Sampling

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get(PYTHON), reason=f"{PYTHON} names no interpreter that has vLLM"
    ),
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name in ("chat", "base"):
        command = [os.environ[PYTHON], tiny_model.__file__, str(folder / name), name]
        subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("VLLM_CPU_KVCACHE_SPACE", "1")


def backend(model: Path, **changes: object) -> VllmBackend:
    fields = {"model": str(model), "dtype": "float32", "max_model_len": 256, **changes}
    return VllmBackend(**fields)  # type: ignore[arg-type]  # a mapping of fields


def asked(model: Path, n: int, **changes: object) -> list[Request]:
    return requests(n, model_id=str(model), revision="main", **changes)


def test_a_chat_model_is_resumed_after_its_engine_is_killed(models: Path, tmp_path: Path) -> None:
    model = models / "chat"
    hot, cold = Sampling(0.9, 0.95, 12), Sampling(0.0, 1.0, 12)
    questions = asked(model, 40, sampling=hot) + asked(model, 3, sampling=cold)
    questions += asked(model, 2, sampling=hot, draw=1)
    with ReplyStore(tmp_path / "replies.sqlite") as store:
        killed = 0

        def kill(done: int) -> None:
            nonlocal killed
            if done >= 20 and not killed:
                killed += 1
                pid = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[-1]
                os.killpg(int(pid), 9)

        with pytest.raises(BackendError, match="ended unexpectedly"):
            answer_all(questions, backend(model, chunk=10), store, chunk=10, on_progress=kill)
        assert killed == 1
        kept = store.get_many(r.id for r in questions)
        assert len(kept) >= 20
        found = answer_all(questions, backend(model), store)
    assert {k: found[k] for k in kept} == kept
    assert {r.outcome for r in found.values()} <= {"answered", "truncated", "failed"}
    texts = [found[r.id].text for r in questions]
    assert len(set(texts[:40])) > 35  # seeds of their own
    assert texts[43:] != texts[:2]  # another draw is another sample
    assert all(r.engine.startswith("vllm ") and " cpu " in r.engine for r in found.values())


def test_a_base_model_and_a_prompt_that_is_too_long(models: Path) -> None:
    model = models / "base"
    prompts = ["My values are", "word " * 400]
    questions = [q for text in prompts for q in asked(model, 1, messages=(Message("user", text),))]
    replies = {r.request_id: r for r in backend(model, interface="completion").run(questions)}
    assert replies[questions[0].id].outcome in {"answered", "truncated"}
    assert replies[questions[1].id].outcome == "failed"
    assert "not asked" in replies[questions[1].id].detail
    with pytest.raises(BackendError, match="no chat template"):
        list(backend(model).run(asked(model, 1)))
