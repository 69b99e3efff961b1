"""What a client costs: 10,000 requests to a server of 50 ms, 64 at a time, in one run.

Ours (with the reply store: every reply durable), the OpenAI SDK with a semaphore, Inspect AI and
lm-evaluation-harness by their own API paths; each in a process of its own against the same server,
with the same prompts. A client that is not installed is left out and named.

`ideal` is requests x latency / concurrency; `cpu` is processor time of the client's process per
request, start-up and imports apart: the figure that a busy machine does not change.

Usage: python benchmarks/bench_client.py [--requests 10000] [--rounds 3] [--python OTHER/bin/python]
For the others, `pip install --group benchmarks` into an environment of its own and name its python.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SECONDS, CONCURRENCY = 0.05, 64
CLIENTS = {
    "ours": "ours, replies durable in the store",
    "sdk": "OpenAI SDK, AsyncOpenAI and a semaphore",
    "inspect": "Inspect AI, openai-api model",
    "lm-eval": "lm-evaluation-harness, local-chat-completions",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--python", default=sys.executable, help="interpreter of the other clients")
    parser.add_argument("--only", nargs="*", default=list(CLIENTS))
    given = parser.parse_args()
    ideal = given.requests * SECONDS / CONCURRENCY
    print(
        f"{given.requests} requests, {CONCURRENCY} at a time, {SECONDS * 1e3:.0f} ms each;"
        f" ideal {ideal:.2f} s; {os.cpu_count()} cores"
    )
    print(f"{'client':<50}{'wall s':>8}{'of ideal':>10}{'cpu ms/request':>16}{'load':>7}")
    for _ in range(given.rounds):
        for name in given.only:
            python = sys.executable if name == "ours" else given.python
            found = measure(python, name, given.requests)
            if isinstance(found, str):
                print(f"{CLIENTS[name]:<50}{found}")
                continue
            wall, cpu = found
            print(
                f"{CLIENTS[name]:<50}{wall:>8.2f}{ideal / wall:>10.1%}"
                f"{cpu / given.requests * 1e3:>16.3f}{os.getloadavg()[0]:>7.1f}",
                flush=True,
            )


def measure(python: str, name: str, n: int) -> tuple[float, float] | str:
    """Run one client in a process of its own; (wall, processor time) in seconds, or why not."""
    server = subprocess.Popen(
        [sys.executable, str(HERE / "latency_server.py"), str(SECONDS)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None  # noqa: S101 - a pipe was asked for
    try:
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [python, str(HERE / "clients.py"), name, url, str(n), str(CONCURRENCY)],
                cwd=folder,
                env={**os.environ, "TQDM_DISABLE": "1"},
                capture_output=True,
                text=True,
                check=False,
            )
    finally:
        server.kill()
        server.communicate()
    last = done.stdout.strip().splitlines()[-1:]
    if done.returncode or not last:
        return "not measured: " + (done.stderr.strip().splitlines() or ["?"])[-1][:100]
    found = json.loads(last[0])
    if found["answered"] < n:
        return f"not measured: {found['answered']} of {n} answered"
    return found["wall"], found["cpu"]


if __name__ == "__main__":
    main()
