"""`valuelex score` on a tiny random model behind vLLM's own server, in one command."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.backends import tiny_model

from valuelex.backends.store import ReplyStore
from valuelex.backends.vllm_engine import PYTHON
from valuelex.cli.app import run_app

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get(PYTHON), reason=f"{PYTHON} names no interpreter that has vLLM"
    ),
]
NAME = "tiny-random"
READY_S = 300


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a vLLM server; its process group is ended with the tests."""
    folder = tmp_path_factory.mktemp("served")
    python = os.environ[PYTHON]
    build = [python, tiny_model.__file__, str(folder / "model"), "chat"]
    subprocess.run(build, check=True, capture_output=True)
    port = free_port()
    command = [python, "-m", "vllm.entrypoints.openai.api_server", "--model", str(folder / "model")]
    command += ["--served-model-name", NAME, "--dtype", "float32", "--max-model-len", "512"]
    command += ["--enforce-eager", "--no-enable-chunked-prefill", "--host", "127.0.0.1"]
    quiet = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1"}
    small = {"VLLM_CPU_KVCACHE_SPACE": "1"}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | quiet | small
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(process, port, folder / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(READY_S):
        if process.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except OSError:
            time.sleep(1)
    pytest.fail(f"no server after {READY_S} s: {log.read_text(errors='replace')[-2000:]}")


def test_one_command(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VALUELEX_STORE", str(tmp_path / "replies.sqlite"))
    command = ["score", "--base-url", server, "--model", NAME, "--draws", "1"]
    assert run_app(command) == 0
    shown = capsys.readouterr()
    assert f"{NAME} on simulated-v1" in shown.out
    out = tmp_path / "scores" / NAME
    card = json.loads((out / "scores.json").read_bytes())
    assert card["n_completions"] == sum(card["outcomes"].values()) > 50
    assert set(card["outcomes"]) <= {"answered", "truncated", "refused", "failed"}
    with ReplyStore(tmp_path / "replies.sqlite") as store:
        failed = [reply.detail for _, reply in store.export() if reply.outcome == "failed"]
    assert len(failed) == card["outcomes"].get("failed", 0) < 0.1 * card["n_completions"]
    assert set(failed) <= {"empty"}  # a random model may end before its first word
    texts = [one["text"] for one in card["completions"]]
    assert len(set(texts)) > 0.5 * len(texts)  # a model wrote them, not a canned reply
    judged = card["n_completions"] - sum(card["unscored"].values())
    assert f"{judged} judged" in shown.out
    page = (out / "scores.html").read_text()
    assert "<script" not in page
    assert run_app(command) == 0  # nothing is asked twice
    again = capsys.readouterr()
    assert f"{card['n_completions']} of them from" in again.err
    assert again.out == shown.out
