from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.backends.asked import request, requests

from valuelex.backends.ask import answer_all
from valuelex.backends.engine_pipe import MERGED
from valuelex.backends.registry import open_engine
from valuelex.backends.scripted import ScriptedBackend
from valuelex.backends.store import ReplyStore
from valuelex.backends.vllm_engine import VllmBackend, open_backend
from valuelex.errors import BackendError
from valuelex.records import Message, Request

STUB = Path(__file__).parent / "stub"


@pytest.fixture(autouse=True)
def _stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(STUB))


def ask_of(model: str, n: int = 3, **changes: Any) -> list[Request]:
    return requests(n, model_id=model, revision="main", **changes)


def running(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_chunks_are_answered_and_everything_is_counted() -> None:
    asked = ask_of("echo", 5)
    replies = list(VllmBackend(model="echo", chunk=2).run(asked))
    assert [r.request_id for r in replies] == [r.id for r in asked]
    first = replies[0]
    assert (first.text, first.outcome, first.finish_reason) == ("Question 0?", "answered", "stop")
    assert (first.tokens_in, first.tokens_out) == (3, 2)
    assert first.engine.startswith("vllm 0.0-stub cpu auto eager no-chunked-prefill template:")


def test_every_sampling_field_is_explicit_and_seeds_are_per_request() -> None:
    asked = [request(n, model_id="echo", revision="v1", messages=(Message("user", f"show {n}"),))
             for n in range(2)]  # fmt: skip
    backend = VllmBackend(model="echo", revision="v1", dtype="bfloat16", max_model_len=512)
    shown = [json.loads(reply.text) for reply in backend.run(asked)]
    assert [s["sampling"]["seed"] for s in shown] == [r.seed for r in asked]
    assert shown[0]["sampling"] == {
        "n": 1,
        "temperature": 0.7,
        "top_p": 0.95,
        "max_tokens": 64,
        "seed": asked[0].seed,
        "top_k": 0,
        "min_p": 0.0,
        "min_tokens": 0,
        "presence_penalty": 0.0,
        "frequency_penalty": 0.0,
        "repetition_penalty": 1.0,
        "stop": None,
        "ignore_eos": False,
        "skip_special_tokens": True,
    }
    load = shown[0]["load"]
    assert (load["revision"], load["tokenizer_revision"]) == ("v1", "v1")
    assert (load["dtype"], load["max_model_len"]) == ("bfloat16", 512)
    assert load["trust_remote_code"] is False
    assert load["enable_chunked_prefill"] is False
    assert shown[0]["options"]["chat_template_kwargs"] == {"enable_thinking": False}


def test_constrained_decoding_is_recorded_and_refused_where_it_would_be_ignored(
    tmp_path: Path,
) -> None:
    free, held = (
        request(0, model_id="echo", revision="main", messages=(Message("user", "show"),), pattern=p)
        for p in ("", "[1-6]")
    )
    assert free.id != held.id
    replies = {r.request_id: r for r in VllmBackend(model="echo").run([free, held])}
    assert "structured_outputs" not in json.loads(replies[free.id].text)["sampling"]
    shown = json.loads(replies[held.id].text)["sampling"]
    assert shown["structured_outputs"] == "regex [1-6]"
    assert replies[held.id].engine == f"{replies[free.id].engine} constrained"
    with (
        ReplyStore(tmp_path / "replies.sqlite") as store,
        pytest.raises(BackendError, match="'scripted' cannot hold a reply to a pattern"),
    ):
        answer_all([free, held], ScriptedBackend({}), store)


def test_thinking_is_kept_beside_what_is_said(tmp_path: Path) -> None:
    asked = ask_of("thinks", 2)
    with ReplyStore(tmp_path / "replies.sqlite") as store:
        found = answer_all(asked, VllmBackend(model="thinks"), store)
        stored = store.get_many(r.id for r in asked)
    assert stored == found
    reply = found[asked[0].id]
    assert (reply.text, reply.outcome) == ("Question 0?", "answered")
    assert reply.raw == "<think>\nlet me see\n</think>\n\nQuestion 0?"


def test_outcomes() -> None:
    texts = ("empty", "long", "too long", "fine")
    asked = [
        request(n, model_id="echo", revision="main", messages=(Message("user", text),))
        for n, text in enumerate(texts)
    ]
    replies = {r.request_id: r for r in VllmBackend(model="echo").run(asked)}
    found = [(replies[r.id].outcome, replies[r.id].detail) for r in asked]
    too_long = "not asked: ValueError: the prompt is longer than the model's maximum"
    assert found == [
        ("failed", "empty"),
        ("truncated", "token limit"),
        ("failed", too_long),
        ("answered", ""),
    ]


def test_a_template_without_system_messages_gets_them_before_the_question() -> None:
    replies = list(VllmBackend(model="no-system").run(ask_of("no-system", 2)))
    assert [r.text for r in replies] == ["Be brief.\n\nQuestion 0?", "Be brief.\n\nQuestion 1?"]
    assert {(r.outcome, r.detail) for r in replies} == {("answered", MERGED)}


def test_base_models_get_the_plain_text() -> None:
    asked = ask_of("base", 2, messages=(Message("user", "My values are"),))
    replies = list(VllmBackend(model="base", interface="completion").run(asked[:1]))
    assert [r.text for r in replies] == ["My values are"]
    with pytest.raises(BackendError, match="no chat template: a base model wants"):
        list(VllmBackend(model="base").run(asked))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("unknown", "vLLM with 'unknown': cannot load: OSError: unknown is not a folder"),
        ("breaks", "the engine failed: RuntimeError: out of memory"),
        ("dies", r"ended unexpectedly \(exit code 9\).*fell off the bus.*same command continues"),
    ],
)
def test_what_ends_the_engine_ends_the_run(model: str, message: str) -> None:
    with pytest.raises(BackendError, match=message):
        list(VllmBackend(model=model, chunk=2).run(ask_of(model, 4)))


def test_an_engine_that_dies_costs_its_chunk_and_the_same_call_continues(tmp_path: Path) -> None:
    asked = ask_of("dies", 6)
    with ReplyStore(tmp_path / "replies.sqlite") as store:
        backend = VllmBackend(model="dies", chunk=2)
        for left in (4, 2):
            with pytest.raises(BackendError, match="ended unexpectedly"):
                answer_all(asked, backend, store)
            assert len(store.get_many(r.id for r in asked)) == 6 - left
        found = answer_all(asked, backend, store)
        assert len(found) == 6
        assert answer_all(asked, backend, store) == found


def children() -> set[int]:
    return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))


def test_a_silent_engine_is_ended_with_its_group() -> None:
    others = children()  # what earlier tests of this process have left
    backend = VllmBackend(model="hangs", chunk=2, chunk_timeout=0.3)
    with pytest.raises(BackendError, match=r"was silent for 0\.3 s and is ended"):
        list(backend.run(ask_of("hangs", 4)))
    assert not [pid for pid in children() - others if running(pid)]


def test_the_worker_ends_when_the_parent_is_killed() -> None:
    code = (
        "import sys; sys.path[:0] = sys.argv[1].split(':')\n"
        "from tests.backends.test_vllm_engine import ask_of\n"
        "from valuelex.backends.vllm_engine import VllmBackend\n"
        "replies = VllmBackend(model='hangs', chunk=2).run(ask_of('hangs', 4))\n"
        "print(next(replies), next(replies), flush=True)\n"
        "next(replies)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, ":".join(sys.path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert parent.stdout is not None
    parent.stdout.readline()
    (worker,) = map(int, Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split())
    assert running(worker)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while running(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not running(worker)


def test_vllm_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "vllm.py").write_text("raise ModuleNotFoundError(\"No module named 'vllm'\")")
    with pytest.raises(BackendError, match=r"pip install 'valuelex\[vllm\]'"):
        list(VllmBackend(model="echo").run(ask_of("echo")))
    with pytest.raises(BackendError, match="cannot be started"):
        list(VllmBackend(model="echo", python=str(tmp_path / "none")).run(ask_of("echo")))


def test_requests_for_another_model_are_refused() -> None:
    with pytest.raises(BackendError, match="holds 'echo' at main, but was asked for 'other'"):
        list(VllmBackend(model="echo").run(ask_of("other")))
    assert list(VllmBackend(model="echo").run([])) == []


def test_opened_from_a_roster_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    fields: dict[str, Any] = {
        "backend": "vllm",
        "id": "house/a-model",
        "revision": "0" * 40,
        "interface": "chat",
        "dtype": "bfloat16",
        "tensor_parallel": 4,
        "max_model_len": 4096,
        "quantization": None,
        "thinking": False,
        "trust_remote_code": False,
    }
    monkeypatch.setenv("VALUELEX_VLLM_PYTHON", "/opt/vllm/bin/python")
    backend: Any = open_engine(SimpleNamespace(**fields))
    assert backend == VllmBackend(
        model="house/a-model",
        revision="0" * 40,
        dtype="bfloat16",
        tensor_parallel=4,
        max_model_len=4096,
        kept_as="0" * 40,
        python="/opt/vllm/bin/python",
    )
    with pytest.raises(BackendError, match="trust_remote_code"):
        open_backend(SimpleNamespace(**{**fields, "trust_remote_code": True}))
