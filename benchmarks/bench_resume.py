"""Killed halfway and started again: how many requests are asked twice, and how long it takes.

    python benchmarks/bench_resume.py --python PEERS/bin/python [--requests 2000]

Each client asks the same server (50 ms an answer, 64 at a time) in a process of its own. When the
server has answered half of the requests, the client is killed (`kill -9`) and the same command is
given once more. `asked again` is what the server answered beyond the number of requests; of these
up to 64 were in flight and could be saved by nobody. `to finish` is the second life, start-up
included. For the other clients: `pip install --group benchmarks` in an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
SECONDS, CONCURRENCY = 0.05, 64
CLIENTS = {
    "ours": "ours, reply store",
    "inspect-retry": "Inspect AI, log and eval-retry",
    "inspect-cache": "Inspect AI, cache=True",
    "lm-eval": "lm-evaluation-harness, use_cache (greedy only)",
}


def answered(url: str) -> int:
    """Ask the server how many requests it has answered."""
    with urllib.request.urlopen(f"{url}/count", timeout=30) as response:  # noqa: S310 - our own server
        return int(json.load(response))


def killed_and_resumed(python: str, name: str, n: int) -> tuple[int, float, float] | str:
    """Return the requests asked again, and the wall and CPU seconds of the second life."""
    server = subprocess.Popen(
        [sys.executable, str(HERE / "latency_server.py"), str(SECONDS)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None  # noqa: S101 - a pipe was asked for
    try:
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        with tempfile.TemporaryDirectory() as folder:
            command = [python, str(HERE / "clients_resume.py"), name, url, str(n), str(CONCURRENCY)]
            env = os.environ | {"TQDM_DISABLE": "1", "XDG_CACHE_HOME": folder}
            env |= {"INSPECT_CACHE_DIR": folder, "XDG_DATA_HOME": folder}
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
            first = subprocess.Popen(command, cwd=folder, env=env, text=True, **quiet)
            while first.poll() is None and answered(url) < n // 2:
                time.sleep(0.02)
            if first.poll() is not None:
                said = first.communicate()[1].strip().splitlines() or ["?"]
                return f"ended before half was answered: {said[-1][:90]}"
            first.send_signal(signal.SIGKILL)
            first.communicate()
            start = time.perf_counter()
            again = subprocess.Popen(command, cwd=folder, env=env, text=True, **quiet)
            assert again.stderr is not None  # noqa: S101 - a pipe was asked for
            said = again.stderr.read().strip().splitlines() or ["?"]
            _, status, usage = os.wait4(again.pid, 0)
            again.returncode = os.waitstatus_to_exitcode(status)
            wall = time.perf_counter() - start
        if again.returncode or (count := answered(url)) < n:
            return f"did not finish: {said[-1][:90]}"
        return count - n, wall, usage.ru_utime + usage.ru_stime
    finally:
        server.kill()
        server.communicate()


def main() -> None:
    """Run all clients and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--python", default=sys.executable, help="interpreter of the other clients")
    parser.add_argument("--only", nargs="*", default=list(CLIENTS))
    given = parser.parse_args()
    print(f"| client, {given.requests} requests | asked again | to finish, s | CPU s |")
    print("|---|---|---|---|")
    for name in given.only:
        python = sys.executable if name == "ours" else given.python
        found = killed_and_resumed(python, name, given.requests)
        if isinstance(found, str):
            print(f"| {CLIENTS[name]} | {found} | | |", flush=True)
            continue
        print(f"| {CLIENTS[name]} | {found[0]} | {found[1]:.1f} | {found[2]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
