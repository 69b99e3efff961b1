"""Every benchmark of growth and of peers, one after the other, as docs/hard-ground shows them.

    make bench                                    # or: python benchmarks/run_all.py
    python benchmarks/run_all.py --clients-python A/bin/python --topics-python B/bin/python

Peers that are not installed are named and left out; R's columns need Rscript with psych and
GPArotation. Give it an idle machine for figures of wall time; processor seconds and memory do not
need one. `--only` names some of the parts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from measured import ONE_THREAD, script


def parts(clients: str, topics: str) -> dict[str, list[str]]:
    """Return the command of each part."""
    return {
        "growth": script("growth.py"),
        "factor": script("bench_factor.py"),
        "topics": script("bench_topics.py", "--python", topics),
        "spacy": script("bench_spacy.py"),
        "clients": script("bench_client.py", "--python", clients),
        "resume": script("bench_resume.py", "--python", clients),
    }


def main() -> int:
    """Run the parts; the number of those that failed is the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients-python", default=sys.executable)
    parser.add_argument("--topics-python", default=sys.executable)
    parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    commands = parts(given.clients_python, given.topics_python)
    if unknown := set(given.only) - set(commands):
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(commands)}")
    root = Path(__file__).resolve().parents[1]
    places = os.pathsep.join([str(root / "pipeline"), str(root / "benchmarks")])
    failed = 0
    for name in given.only or commands:
        if name == "topics" and not os.environ.get("VALUELEX_EXTERNAL_DATA"):
            print("\n# topics: set VALUELEX_EXTERNAL_DATA to the folder with values-in-the-wild/")
            continue
        print(f"\n# {name}", flush=True)
        env = os.environ | ONE_THREAD | {"PYTHONPATH": places}
        failed += subprocess.run(commands[name], env=env, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
