"""One client's run for bench_client.py; prints its wall and processor time as JSON.

Usage: python clients.py NAME URL REQUESTS CONCURRENCY
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

SYSTEM = "Answer with a short list, one item a line."
TEMPERATURE, TOP_P, MAX_TOKENS = 0.7, 0.95, 160


def question(number: int) -> str:
    return f"Question {number}: which values guide you when nobody tells you what to do? " * 4


class Clock:
    """Measures what stands inside it: start-up and imports stay outside."""

    def __enter__(self) -> Clock:
        self._cpu = _cpu()
        self._wall = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall = time.perf_counter() - self._wall
        self.cpu = _cpu() - self._cpu


def _cpu() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def ours(url: str, n: int, concurrency: int) -> Clock:
    """Ask with the project's own client, every reply durable in its store."""
    for place in (Path(__file__).resolve().parents[1] / "pipeline",):
        sys.path.insert(0, str(place))
    import aiohttp  # noqa: F401 - imported before the clock starts, as with the others

    from valuelex.backends.ask import answer_all
    from valuelex.backends.limits import Limits
    from valuelex.backends.openai_compatible import OpenAICompatibleBackend
    from valuelex.backends.store import ReplyStore
    from valuelex.records import Message, Request, Sampling

    asked = [
        Request(
            model="m",
            model_id="m",
            revision="1",
            prompt=f"p{number}",
            messages=(Message("system", SYSTEM), Message("user", question(number))),
            sampling=Sampling(TEMPERATURE, TOP_P, MAX_TOKENS),
        )
        for number in range(n)
    ]
    backend = OpenAICompatibleBackend(
        base_url=f"{url}/v1", key="k", limits=Limits(concurrency=concurrency)
    )
    with ReplyStore(Path("replies.sqlite")) as store:
        with Clock() as clock:
            replies = answer_all(asked, backend, store)
        if {reply.outcome for reply in replies.values()} != {"answered"}:
            raise SystemExit("not everything was answered")
    return clock


def sdk(url: str, n: int, concurrency: int) -> Clock:
    """Ask with AsyncOpenAI and a semaphore, replies in memory."""
    from openai import AsyncOpenAI

    async def run() -> Clock:
        async with AsyncOpenAI(api_key="k", base_url=f"{url}/v1") as client:
            free = asyncio.Semaphore(concurrency)

            async def one(number: int) -> Any:
                async with free:
                    return await client.chat.completions.create(
                        model="m",
                        messages=_turns(number),
                        temperature=TEMPERATURE,
                        top_p=TOP_P,
                        max_tokens=MAX_TOKENS,
                        seed=number,
                    )

            return await _timed(one, n)

    return asyncio.run(run())


def inspect(url: str, n: int, concurrency: int) -> Clock:
    """Ask with Inspect AI's model interface, replies in memory."""
    from inspect_ai.model import (
        ChatMessageSystem,
        ChatMessageUser,
        GenerateConfig,
        get_model,
    )

    config = GenerateConfig(
        max_connections=concurrency,
        temperature=TEMPERATURE,
        top_p=TOP_P,
        max_tokens=MAX_TOKENS,
    )
    model = get_model(
        "openai-api/local/m", base_url=f"{url}/v1", api_key="k", config=config, memoize=False
    )

    async def one(number: int) -> Any:
        return await model.generate(
            [ChatMessageSystem(content=SYSTEM), ChatMessageUser(content=question(number))],
            config=GenerateConfig(seed=number),
        )

    return asyncio.run(_timed(one, n))


def lm_eval(url: str, n: int, concurrency: int) -> Clock:
    """Ask with lm-evaluation-harness's API model, replies in memory."""
    from lm_eval.api.instance import Instance
    from lm_eval.models.openai_completions import LocalChatCompletion

    model = LocalChatCompletion(
        model="m",
        base_url=f"{url}/v1/chat/completions",
        num_concurrent=concurrency,
        max_retries=3,
        tokenized_requests=False,
        tokenizer_backend=None,
    )
    settings = {"temperature": TEMPERATURE, "top_p": TOP_P, "max_gen_toks": MAX_TOKENS, "until": []}
    asked = [
        Instance(
            request_type="generate_until",
            doc={},
            arguments=(model.apply_chat_template(_turns(number)), dict(settings)),
            idx=number,
        )
        for number in range(n)
    ]
    with Clock() as clock:
        model.generate_until(asked, disable_tqdm=True)
    return clock


async def _timed(one: Callable[[int], Awaitable[Any]], n: int) -> Clock:
    with Clock() as clock:
        await asyncio.gather(*(one(number) for number in range(n)))
    return clock


def _turns(number: int) -> Any:
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question(number)}]


CLIENTS = {"ours": ours, "sdk": sdk, "inspect": inspect, "lm-eval": lm_eval}


def main() -> None:
    name, url, n, concurrency = sys.argv[1:5]
    clock = CLIENTS[name](url, int(n), int(concurrency))
    with urllib.request.urlopen(f"{url}/count", timeout=10) as response:  # noqa: S310 - our own server
        answered = json.load(response)
    print(json.dumps({"wall": clock.wall, "cpu": clock.cpu, "answered": answered}))


if __name__ == "__main__":
    main()
