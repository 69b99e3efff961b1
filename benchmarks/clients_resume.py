"""One client that may be killed at any moment and is then started again with the same command.

For bench_resume.py. Each keeps what it keeps in the current folder, by its own documented means:
ours in the reply store; Inspect AI in its log (`eval-retry`) or in its cache; lm-evaluation-harness
in its cache (`use_cache`), which it has for deterministic requests only.

Usage: python clients_resume.py NAME URL REQUESTS CONCURRENCY
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import clients
from clients import MAX_TOKENS, SYSTEM, question


def ours(url: str, n: int, concurrency: int) -> None:
    """Ask with the project's client and store."""
    clients.ours(url, n, concurrency)


def _task() -> Any:
    """Return the maker of the task, known to Inspect by name, so that it can be retried."""
    from inspect_ai import Task, task
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.solver import generate, system_message

    @task
    def asked(n: int, *, cache: bool) -> Task:
        samples = [Sample(id=number, input=question(number)) for number in range(n)]
        return Task(
            dataset=MemoryDataset(samples),
            solver=[system_message(SYSTEM), generate(cache=cache)],
        )

    return asked


def _inspect(url: str, n: int, concurrency: int, *, cache: bool) -> None:
    from inspect_ai import eval as run
    from inspect_ai import eval_retry
    from inspect_ai.log import list_eval_logs
    from inspect_ai.model import get_model

    os.environ |= {"LOCAL_API_KEY": "k", "LOCAL_BASE_URL": f"{url}/v1"}  # a retry asks for them
    make = _task()
    model = get_model("openai-api/local/m", base_url=f"{url}/v1", api_key="k")
    how: dict[str, Any] = {
        "log_dir": "logs",
        "display": "none",
        "max_connections": concurrency,
        "max_samples": 2 * concurrency,
    }
    before = list_eval_logs("logs") if Path("logs").is_dir() and not cache else []
    if before:
        eval_retry(before[0], **how)
        return
    run(make(n, cache=cache), model=model, temperature=0.7, max_tokens=MAX_TOKENS, **how)


def inspect_retry(url: str, n: int, concurrency: int) -> None:
    """Evaluate, or retry the evaluation that was cut off."""
    _inspect(url, n, concurrency, cache=False)


def inspect_cache(url: str, n: int, concurrency: int) -> None:
    """Evaluate with every reply cached, from the beginning each time."""
    _inspect(url, n, concurrency, cache=True)


def lm_eval(url: str, n: int, concurrency: int) -> None:
    """Ask through lm-evaluation-harness's cache, greedily: it caches nothing else."""
    from lm_eval.api.instance import Instance
    from lm_eval.api.model import CachingLM
    from lm_eval.models.openai_completions import LocalChatCompletion

    model = LocalChatCompletion(
        model="m",
        base_url=f"{url}/v1/chat/completions",
        num_concurrent=concurrency,
        max_retries=3,
        tokenized_requests=False,
        tokenizer_backend=None,
    )
    settings = {"temperature": 0.0, "max_gen_toks": MAX_TOKENS, "until": [], "do_sample": False}
    asked = [
        Instance(
            request_type="generate_until",
            doc={},
            arguments=(model.apply_chat_template(clients._turns(number)), dict(settings)),
            idx=number,
        )
        for number in range(n)
    ]
    CachingLM(model, str(Path("cache.db").resolve())).generate_until(asked)


CLIENTS = {
    "ours": ours,
    "inspect-retry": inspect_retry,
    "inspect-cache": inspect_cache,
    "lm-eval": lm_eval,
}

if __name__ == "__main__":
    CLIENTS[sys.argv[1]](sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
