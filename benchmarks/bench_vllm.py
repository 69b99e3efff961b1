"""What asking through the pipeline costs over a bare ``LLM.chat`` of vLLM, in one run.

    VALUELEX_VLLM_PYTHON=.venv-vllm/bin/python python benchmarks/bench_vllm.py

The stage `elicit` of the default study (225 requests of up to 160 tokens) against one call of
``LLM.chat`` with the same messages, sampling settings and seeds, on a random Llama that is made
here. The loading of the model is left out on both sides; everything else counts: settings, prompts,
the pipe to the subprocess, the store with its fsync, the Parquet file. Rounds alternate and each
side's best counts, since other work on the machine only ever adds. On a machine that others use the
two sides see different neighbours; so the seconds that the very same stage spent outside of its own
``LLM.chat`` are given too, a share of one and the same run, and the processor seconds of the
stage's own process, which neighbours do not change much. ``--small`` takes a model so small that
the engine costs next to nothing: the worst case for the share.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from valuelex.backends import engine
from valuelex.backends.base import Ask
from valuelex.backends.vllm_engine import PYTHON
from valuelex.cli.studies import splice
from valuelex.stages import elicit
from valuelex.stages.context import Context, open_context

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 2
LENGTH = 2048
SIZES = {"--small": (64, 2), "": (512, 8)}
ROSTER = """
study: {{name: bench, seed: 1}}
models:
  tiny:
    backend: vllm
    id: {model}
    revision: main
    developer: none
    family: none
    parameters_b: null
    training: unknown
    data_source: none
    interface: chat
    licence: none
    dtype: float32
    max_model_len: {length}
"""
BARE = """
import json, sys, time
import os
os.environ["VLLM_ENABLE_V1_MULTIPROCESSING"] = "0"
import vllm
from valuelex.backends import engine_pipe, vllm_worker
order = json.load(open(sys.argv[1]))
llm = vllm.LLM(**vllm_worker._arguments(order["load"], cpu=True))
maker = vllm_worker.Model.__new__(vllm_worker.Model)
maker._params = vllm.SamplingParams
started, worked = time.perf_counter(), time.process_time()
sampling = [maker._sampling(item) for item in order["chunk"]]
turns = [engine_pipe.turns_of(item, merge_system=False) for item in order["chunk"]]
outputs = llm.chat(turns, sampling, use_tqdm=False, chat_template_kwargs={"enable_thinking": False})
seconds, worked = time.perf_counter() - started, time.process_time() - worked
tokens = sum(len(output.outputs[0].token_ids) for output in outputs)
print(json.dumps({"seconds": seconds, "tokens": tokens, "worked": worked}))
"""


def project(folder: Path, model: Path) -> Context:
    """Lay out the default settings with one model."""
    folder.mkdir()
    roster = ROSTER.format(model=model, length=LENGTH)
    params = splice((ROOT / "params.yaml").read_text(encoding="utf-8"), roster)
    (folder / "params.yaml").write_text(params, encoding="utf-8")
    for name in ("prompts", "lexicon"):
        (folder / name).symlink_to(ROOT / name)
    return open_context(folder)


class Watch:
    """Seconds spent loading, and in ``LLM.chat``, as the engine's subprocess tells them."""

    def __init__(self) -> None:
        self.loading = self.chatting = 0.0
        real = engine.LoadedModel.session

        @contextmanager
        def timed(backend: engine.LoadedModel) -> Iterator[Ask]:
            started = time.perf_counter()
            with real(backend) as ask:
                self.loading += time.perf_counter() - started
                yield ask

        receive = engine.EngineProcess.receive

        def listened(process: engine.EngineProcess, timeout: float) -> dict[str, Any]:
            message = receive(process, timeout)
            self.chatting = message.get("seconds", self.chatting)
            return message

        engine.LoadedModel.session = timed  # type: ignore[method-assign]  # a stop watch
        engine.EngineProcess.receive = listened  # type: ignore[method-assign]  # the same


def ours(folder: Path, model: Path, watch: Watch) -> float:
    """Return the seconds of the stage `elicit` on an empty store, without the loading."""
    context = project(folder, model)
    watch.loading = 0.0
    started = time.perf_counter()
    elicit.run(context, "tiny")
    return time.perf_counter() - started - watch.loading


def bare(folder: Path, model: Path) -> tuple[float, int, float]:
    """Return seconds, tokens and processor seconds of one ``LLM.chat`` over the same requests."""
    requests = elicit.requests_of(open_context(folder), "tiny")
    load = {"model": str(model), "revision": "main", "interface": "chat", "dtype": "float32"}
    order = {
        "load": {**load, "max_model_len": LENGTH},
        "chunk": [engine._item(request) for request in requests],
    }
    path = folder / "order.json"
    path.write_text(json.dumps(order), encoding="utf-8")
    done = subprocess.run(
        [os.environ[PYTHON], "-c", BARE, str(path)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline"), "VLLM_NO_USAGE_STATS": "1"},
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return float(found["seconds"]), int(found["tokens"]), float(found["worked"])


def main() -> None:
    if not os.environ.get(PYTHON):
        sys.exit(f"{PYTHON} names no interpreter that has vLLM: make test-vllm makes one")
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "1")
    size = SIZES["--small" if "--small" in sys.argv else ""]
    watch = Watch()
    with tempfile.TemporaryDirectory() as place:
        model = Path(place) / "model"
        maker = ROOT / "tests" / "backends" / "tiny_model.py"
        subprocess.run(
            [os.environ[PYTHON], str(maker), str(model), "chat", str(LENGTH), *map(str, size)],
            check=True,
            capture_output=True,
        )
        mine, theirs, beside, own, tokens = [], [], [], [], 0
        for number in range(ROUNDS):
            folder = Path(place) / f"study-{number}"
            worked = time.process_time()
            mine.append(ours(folder, model, watch))
            beside.append((mine[-1] - watch.chatting) / watch.chatting)
            worked = time.process_time() - worked
            seconds, tokens, chatted = bare(folder, model)
            own.append(worked / chatted)
            theirs.append(seconds)
            print(
                f"round {number + 1}: elicit {mine[-1]:.2f} s, of which outside of its LLM.chat"
                f" {mine[-1] - watch.chatting:.2f} s; bare LLM.chat {seconds:.2f} s;"
                f" processor seconds: the stage's own process {worked:.2f}, LLM.chat {chatted:.2f}",
                flush=True,
            )
    requests = 225
    print(f"{requests} requests, {tokens} tokens, hidden {size[0]}, {size[1]} layers, CPU")
    share = min(mine) / min(theirs) - 1
    print(f"processor seconds of the stage's own process: {100 * min(own):.1f} % of LLM.chat's")
    print(f"outside of its own LLM.chat: {100 * min(beside):+.1f} % (best round)")
    print(f"elicit {min(mine):.2f} s  LLM.chat {min(theirs):.2f} s  {100 * share:+.1f} %")


if __name__ == "__main__":
    main()
