"""A key goes to its server and nowhere else: no log, no file, no process, no traceback."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.backends.asked import request
from tests.backends.server import Answer, Seen, completion, serve
from tests.cli.served import CANARY, KEYS, served_project
from tests.closures import ROOT
from valuelex.backends.engine_process import EngineProcess
from valuelex.backends.limits import Limits
from valuelex.backends.openai_compatible import OpenAICompatibleBackend
from valuelex.backends.ray_cluster import LOCAL, connected
from valuelex.cli.resources import gpus
from valuelex.environment import hidden_secrets, is_secret, without_secrets
from valuelex.errors import BackendError
from valuelex.stages.provenance import commit

SECRETS = {
    "OPENAI_API_KEY": "sk-1",
    "HOUSE_KEY": "sk-2",
    "MY_TOKEN": "sk-3",
    "DB_PASSWORD": "sk-4",
    "AWS_SECRET_ACCESS_KEY": "sk-5",
    "AWS_ACCESS_KEY_ID": "sk-6",
    "APIKEY": "sk-7",
    "some_api_key": "sk-8",
}
PLAIN = ("PATH", "HOME", "TOKENIZERS_PARALLELISM", "KEYBOARD", "HF_TOKEN", "MONKEY", "LC_ALL")


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def test_secrets_are_told_by_their_names() -> None:
    assert [name for name in SECRETS if not is_secret(name)] == []
    assert [name for name in PLAIN if is_secret(name)] == []
    given = {**SECRETS, **dict.fromkeys(PLAIN, "x")}
    assert sorted(without_secrets(given)) == sorted(PLAIN)


def test_a_run_leaves_its_key_in_no_process_no_file_and_no_message(tmp_path: Path) -> None:
    waiting = threading.Event()

    def slow(_: Seen) -> Answer:
        waiting.wait(20)
        return Answer(completion("1. honesty\n2. care"))

    arguments: set[str] = set()
    with serve(slow) as (url, seen):
        project = served_project(tmp_path / "study", url)
        process = project.start("run", "elicit", "--model", KEYS[0])
        while not seen and process.poll() is None:
            time.sleep(0.02)
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                arguments.add((folder / "cmdline").read_bytes().decode("utf-8", "replace"))
        waiting.set()
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert {one.headers["authorization"] for one in seen} == {f"Bearer {CANARY}"}
    assert not any(CANARY in said for said in (out, err, *arguments))
    files = [path for path in project.root.rglob("*") if path.is_file() and not path.is_symlink()]
    assert any(path.suffix == ".parquet" for path in files)
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_tracebacks_with_variables_show_no_key() -> None:
    """Some tools print each frame's variables; the frames of an error must hold no key."""
    answers = [Answer({}, 401), Answer({}, 500), Answer(hang_up=True), Answer({}, 307)]
    while answers:
        with serve(lambda _: answers[-1]) as (url, _):
            backend = OpenAICompatibleBackend(
                base_url=url, key=CANARY, limits=Limits(retries=0, backoff=0.01)
            )
            assert CANARY not in repr(backend)
            try:
                list(backend.run([request()]))
            except BackendError as error:
                shown = traceback.TracebackException.from_exception(error, capture_locals=True)
                frames = [f for f in shown.stack if f.filename != __file__]
                assert frames
                assert CANARY not in repr([frame.locals for frame in frames])
                assert CANARY not in "".join(shown.format_exception_only())
        answers.pop()


@pytest.mark.usefixtures("secrets")
def test_an_engine_gets_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf-needed")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with EngineProcess("a worker", sys.executable, "tests.security.showing", {}) as process:
        process.send({"load": {}})
        seen = process.receive(60)
    assert not [name for name in SECRETS if name in seen["environment"]]
    assert not [v for v in seen["environment"].values() if v in SECRETS.values()]
    assert seen["environment"]["HF_TOKEN"] == "hf-needed"  # noqa: S105 - a made-up one
    assert not any("sk-" in argument for argument in seen["arguments"])


@pytest.mark.usefixtures("secrets")
def test_git_and_the_driver_get_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("git", "nvidia-smi"):
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\nenv > {tmp_path}/{name}.env\necho 1024\n")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert commit(tmp_path) == "1024"
    assert gpus() == [1.0]
    for name in ("git", "nvidia-smi"):
        assert "sk-" not in (tmp_path / f"{name}.env").read_text()


@pytest.mark.usefixtures("secrets")
def test_a_local_ray_is_started_without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    double: Any = SimpleNamespace(
        is_initialized=lambda: False,
        init=lambda **_: seen.append(dict(os.environ)),
        shutdown=lambda: None,
    )
    monkeypatch.setitem(sys.modules, "ray", double)
    with connected(LOCAL):
        assert os.environ["HOUSE_KEY"] == SECRETS["HOUSE_KEY"]  # the driver may need it
    assert not [name for name in SECRETS if name in seen[0]]


@pytest.mark.usefixtures("secrets")
def test_keys_come_back_after_an_error() -> None:
    seen: list[bool] = []

    def fail() -> None:
        with hidden_secrets():
            seen.append("HOUSE_KEY" in os.environ)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert seen == [False]
    assert os.environ["HOUSE_KEY"] == SECRETS["HOUSE_KEY"]


def test_settings_hold_names_of_keys_and_never_keys(tmp_path: Path) -> None:
    with serve(lambda _: Answer(completion())) as (url, _):
        project = served_project(tmp_path / "study", url)
        text = (project.root / "params.yaml").read_text()
        assert "CANARY_KEY" in text
        (project.root / "params.yaml").write_text(text.replace("CANARY_KEY", CANARY))
        done = project.run("check")
    assert done.returncode == 2
    assert "key_env" in done.stderr
    assert CANARY not in done.stderr + done.stdout
    assert json.dumps(done.stderr).count("error: ") == 1
