"""vLLM for real, in a study: elicited, surveyed, tested and judging; in process, and served.

Needs an interpreter that has vLLM (`make test-vllm`). The models are tiny and random, made here:
what they say means nothing, how it is asked, kept and accounted for is what is tested.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.backends import tiny_model
from tests.closures import ROOT
from tests.pipeline.project import change_params, make_project, run

from valuelex.artifacts.table import ANSWERS, COMPLETIONS, FORM, RATINGS, REPLIES, TAXONOMY
from valuelex.backends.store import ReplyStore
from valuelex.backends.vllm_engine import PYTHON

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get(PYTHON), reason=f"{PYTHON} names no interpreter that has vLLM"
    ),
]

RELEASED = ROOT / "lexicon" / "taxonomies" / "simulated-v1"
LENGTH = 8192  # byte-level tokens: a judging prompt is some five thousand of them
STEMS = 6
SMALL = {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1"}
OPTIONS = ["--dtype", "float32", "--enforce-eager", "--no-enable-chunked-prefill"]
OPTIONS += ["--max-model-len", str(LENGTH), "--max-num-batched-tokens", str(LENGTH)]


def quiet() -> dict[str, str]:
    """Return the environment of vLLM's own programs."""
    return {**os.environ, **SMALL, "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name in ("chat", "base"):
        command = [os.environ[PYTHON], tiny_model.__file__, str(folder / name), name, str(LENGTH)]
        subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def server(models: Path) -> Iterator[str]:
    """Serve the chat model by vLLM's own server; yields the base URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [os.environ[PYTHON], "-m", "vllm.entrypoints.openai.api_server"]
    command += ["--model", str(models / "chat"), "--served-model-name", "tiny", *OPTIONS]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    log = models / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=said,
            start_new_session=True,
            env=quiet(),
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process, log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=60)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(1)
    raise AssertionError(log.read_text()[-3000:])


def entry(**fields: Any) -> dict[str, Any]:
    return {
        "revision": "main",
        "developer": "nobody",
        "family": "tiny",
        "parameters_b": 0.0001,
        "training": "unknown",
        "data_source": "unknown",
        "interface": "chat",
        "licence": "none",
        **fields,
    }


def settle(content: dict[str, Any], roster: dict[str, Any], judge: str) -> None:
    """Ask a little of the models, greedily, so that two ways of asking can be compared."""
    content["study"] = {"name": "tiny", "seed": 1}
    content["models"] = roster
    content["elicit"] |= {"temperatures": [0.0], "top_ps": [1.0], "max_tokens": 16}
    content["survey"] |= {"trials": 1, "retest_frames": []}
    content["survey"] |= {"temperature": 0.0, "top_p": 1.0, "max_tokens": 4}
    content["dilemmas"] |= {"trials": 1, "temperature": 0.0, "top_p": 1.0, "max_tokens": 4}
    content["administer"] |= {"draws": 1, "temperature": 0.0, "top_p": 1.0, "max_tokens": 12}
    content["score"] |= {"judges": [judge]}


def project(folder: Path, roster: dict[str, Any], judge: str) -> Path:
    make_project(folder, lambda content: settle(content, roster, judge))
    form = json.loads((RELEASED / "form.json").read_text(encoding="utf-8"))
    form["stems"], form["controls"] = form["stems"][:STEMS], form["controls"][:2]
    for artifact, content in (
        (FORM, json.dumps(form)),
        (TAXONOMY, (RELEASED / "taxonomy.json").read_text(encoding="utf-8")),
    ):
        path = artifact.file(folder)
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")
    return folder


def valuelex(folder: Path, *arguments: str, **extra: str) -> str:
    done = run(folder, "valuelex", *arguments, **SMALL, **extra)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


@pytest.fixture(scope="module")
def in_process(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study of two models in vLLM: each loaded once for all three instruments."""
    local = {"backend": "vllm", "dtype": "float32", "max_model_len": LENGTH}
    roster = {
        "tiny-chat": entry(id=str(models / "chat"), **local),
        "tiny-base": entry(id=str(models / "base"), **local) | {"interface": "completion"},
    }
    folder = project(tmp_path_factory.mktemp("vllm") / "study", roster, "tiny-chat")
    valuelex(folder, "prefetch", "elicit", "survey", "administer")
    for model in roster:
        for stage in ("elicit", "survey", "administer"):
            # no interpreter has vLLM now: the stages must find every reply in the store
            said = valuelex(folder, "run", stage, "--model", model, **{PYTHON: "/nowhere/python"})
            assert f"{stage} {model}: 0 asked, " in said
    return folder


def rows(folder: Path, model: str) -> dict[str, list[dict[str, Any]]]:
    tables = {"elicit": REPLIES, "survey": ANSWERS, "administer": COMPLETIONS}
    return {name: table.read(folder, model) for name, table in tables.items()}


def test_one_load_serves_three_instruments_and_every_row_is_signed(in_process: Path) -> None:
    for model in ("tiny-chat", "tiny-base"):
        found = rows(in_process, model)
        assert [len(found[name]) for name in ("elicit", "survey", "administer")] == [15, 57, STEMS]
        for row in (row for some in found.values() for row in some):
            assert row["outcome"] in {"answered", "truncated", "failed"}
            assert row["engine"].startswith("vllm 0.")
            assert f" cpu float32 eager no-chunked-prefill len{LENGTH}" in row["engine"]
            assert ("template:" in row["engine"]) == (model == "tiny-chat")
            assert len(row["prompt_sha256"]) == 16
            assert row["revision"] == "main"
    said = {row["text"] for row in rows(in_process, "tiny-chat")["elicit"]}
    assert len(said) > 10


def test_a_model_in_vllm_judges_and_what_it_says_is_accounted_for(in_process: Path) -> None:
    valuelex(in_process, "run", "score")
    ratings = RATINGS.read(in_process)
    subs = {row["sub_dimension"] for row in ratings}
    assert len(ratings) == 2 * STEMS * len(subs)
    assert {row["judge"] for row in ratings} == {"tiny-chat"}
    assert all(row["score"] is not None or row["reason"] for row in ratings)
    with ReplyStore(in_process / ".valuelex" / "replies.sqlite") as store:
        asked = [r for r, _ in store.export() if r.prompt.startswith("judge.v1/")]
    assert {request.draw for request in asked} == {0, 1, 2}  # a random model never gets it right


def test_constrained_decoding_holds_and_is_recorded(in_process: Path) -> None:
    change_params(in_process, lambda content: content["survey"].update(constrained=True))
    valuelex(in_process, "run", "survey", "--model", "tiny-chat")
    found = ANSWERS.read(in_process, "tiny-chat")
    assert all(row["text"] in set("123456") for row in found)
    assert all(row["answer"] == int(row["text"]) for row in found)
    assert all(row["engine"].endswith(" constrained") for row in found)


def test_the_same_model_behind_a_server_says_the_same(
    in_process: Path, server: str, tmp_path: Path
) -> None:
    roster = {"served": entry(backend="openai", id="tiny", base_url=server)}
    folder = project(tmp_path / "study", roster, "served")
    for stage in ("elicit", "survey", "administer"):
        valuelex(folder, "run", stage, "--model", "served")
    valuelex(folder, "run", "score")
    served, loaded = rows(folder, "served"), rows(in_process, "tiny-chat")
    assert [len(served[name]) for name in served] == [15, 57, STEMS]
    for name in ("elicit", "administer"):  # the survey is constrained over there by now
        by_prompt = {row["prompt_sha256"]: row["text"] for row in loaded[name]}
        assert {row["prompt_sha256"]: row["text"] for row in served[name]} == by_prompt
    ratings = RATINGS.read(folder)
    assert {row["judge"] for row in ratings} == {"served"}
    assert all(row["score"] is not None or row["reason"] for row in ratings)


def test_a_batch_that_vllm_ran_is_imported_and_says_the_same(
    in_process: Path, models: Path, tmp_path: Path
) -> None:
    """Export what is outstanding, let `vllm run-batch` answer it, and import the results."""
    nobody = "http://127.0.0.1:9/v1"  # the stages must not need it
    folder = project(
        tmp_path / "study", {"batched": entry(backend="openai", id="tiny", base_url=nobody)}, "x"
    )
    valuelex(folder, "batch", "export", "--out", "batch")
    (exported,) = (folder / "batch").glob("*.jsonl")
    n = len(exported.read_bytes().splitlines())
    results = folder / "results.jsonl"
    command = [os.environ[PYTHON], "-m", "vllm.entrypoints.openai.run_batch"]
    command += ["-i", str(exported), "-o", str(results), "--model", str(models / "chat")]
    command += ["--served-model-name", "tiny", *OPTIONS]
    ran = subprocess.run(command, env=quiet(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    done = run(folder, "valuelex", "batch", "import", str(results), **SMALL)
    assert done.returncode == 0, done.stderr
    assert f"{n} lines: {n} new replies" in done.stdout
    for stage in ("elicit", "survey", "administer"):
        said = valuelex(folder, "run", stage, "--model", "batched")
        assert f"{stage} batched: 0 asked, " in said
    found, loaded = rows(folder, "batched"), rows(in_process, "tiny-chat")
    assert [len(found[name]) for name in found] == [15, 57, STEMS]
    for name in ("elicit", "administer"):
        by_prompt = {row["prompt_sha256"]: row["text"] for row in loaded[name]}
        assert {row["prompt_sha256"]: row["text"] for row in found[name]} == by_prompt
        assert all(row["engine"].startswith("batch; fingerprint vllm-") for row in found[name])
