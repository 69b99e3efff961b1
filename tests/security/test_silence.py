"""No library reports on its users, and the commands open no connection that was not asked for."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.closures import ROOT
from tests.pipeline.project import make_project
from valuelex.environment import SILENCE

MAIN = "from valuelex.cli import main; main()"
# Loaded by every Python that is started: writes down each address that is looked up or spoken to.
HOOK = """
import os, sys
def hook(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname",
                 "socket.gethostbyaddr", "urllib.Request", "http.client.connect"):
        with open(os.environ["SEEN_ADDRESSES"], "a") as file:
            file.write(f"{event} {args[1:] if event.startswith('socket.c') else args}\\n")
sys.addaudithook(hook)
"""


def bare(**more: str) -> dict[str, str]:
    """Return the environment of somebody who has set nothing."""
    kept = ("PATH", "HOME", "LANG", "OMP_NUM_THREADS")
    given = {name: os.environ[name] for name in kept if name in os.environ}
    return {**given, "PYTHONPATH": str(ROOT / "pipeline"), **more}


def python(code: str, *arguments: str, env: dict[str, str], cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=env,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "entry", ["import valuelex", "import valuelex.cli", "import valuelex.backends.engine_pipe"]
)
def test_every_way_in_switches_reports_off(entry: str, tmp_path: Path) -> None:
    code = f"{entry}; import os, json; print(json.dumps(dict(os.environ)))"
    seen = json.loads(python(code, env=bare(), cwd=tmp_path))
    assert {name: seen[name] for name in SILENCE} == SILENCE


def test_a_user_who_wants_reports_keeps_them(tmp_path: Path) -> None:
    code = "import valuelex, os; print(os.environ['DO_NOT_TRACK'])"
    assert python(code, env=bare(DO_NOT_TRACK="0"), cwd=tmp_path) == "0\n"


def test_the_libraries_themselves_say_that_they_report_nothing(tmp_path: Path) -> None:
    """What is asked is the code of each that decides, not only whether a variable is set."""
    code = """
import valuelex
from huggingface_hub import constants
assert constants.HF_HUB_DISABLE_TELEMETRY
try:
    from ray._common.usage import usage_lib
except ModuleNotFoundError:  # where older versions of Ray keep it
    from ray._private.usage import usage_lib
assert not usage_lib.usage_stats_enabled()
from dvc import analytics
assert not analytics.is_enabled()
print("silent")
"""
    assert python(code, env=bare(), cwd=tmp_path) == "silent\n"


def test_the_project_tells_dvc_itself() -> None:
    """`dvc repro` by hand passes through no code of ours before it decides."""
    config = (ROOT / ".dvc" / "config").read_text(encoding="utf-8")
    assert "analytics = false" in config
    assert "check_update = false" in config
    code = "from dvc import analytics; print(analytics.is_enabled())"
    env = bare()
    env.pop("PYTHONPATH")
    assert python(code, env=env, cwd=ROOT) == "False\n"


def lay_out(folder: Path) -> None:
    """Write the small files that the commands are given."""
    with (folder / "table.csv").open("w", newline="") as file:
        table = [[i * j % 7 + (i + j) % 3 for j in range(1, 7)] for i in range(40)]
        csv.writer(file).writerows([list("abcdef"), *table])
    with (folder / "ratings.csv").open("w", newline="") as file:
        ratings = [[f"j{i % 3}", f"s{i % 7}", f"{i % 5}"] for i in range(63)]
        csv.writer(file).writerows([["judge", "subject", "care"], *ratings])
    with (folder / "answers.csv").open("w", newline="") as file:
        answers = [[str((i * 3 + t) % 6 + 1) for i in range(57)] for t in range(4)]
        csv.writer(file).writerows([[f"q{i}" for i in range(1, 58)], *answers])
    rows = [{"model": "m", "prompt": f"p{i}", "output": "1. honesty\n2. care"} for i in range(3)]
    (folder / "replies.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "terms.txt").write_text("\n".join(("honesty", "care", "trust", "skill", "wit") * 3))


COMMANDS = (
    ("--help",),
    ("check",),
    ("study",),
    ("plan",),
    ("run", "basis"),
    ("run", "basis-elicit"),
    ("factor", "table.csv"),
    ("agreement", "ratings.csv"),
    ("survey", "pvq", "--answers", "answers.csv", "--model", "m", "--no-retest"),
)
REPLAY = ("replay", "replies.jsonl", "--study", "mine")  # the last: it changes the roster
HEAVY = (("cluster", "terms.txt", "--min-cluster-size", "2"), ("score", "--print-stems"))


@pytest.mark.slow
def test_the_commands_speak_to_nobody(tmp_path: Path) -> None:
    """No address is looked up or connected to; the hook sees what Python and its children do."""
    project = make_project(tmp_path / "study")
    lay_out(project)
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK)
    seen = tmp_path / "addresses"
    env = bare(
        PYTHONPATH=os.pathsep.join([str(tmp_path / "hook"), str(ROOT / "pipeline")]),
        SEEN_ADDRESSES=str(seen),
    )
    probe = "import socket; socket.getaddrinfo('127.0.0.1', 9)"
    python(probe, env=env, cwd=tmp_path)
    assert "getaddrinfo" in seen.read_text()  # the hook works
    seen.unlink()
    model = "import yaml; print(next(iter(yaml.safe_load(open('params.yaml'))['models'])))"
    first = python(model, env=env, cwd=project).strip()
    asking = (("run", "elicit", "--model", first), ("store",))
    for command in (*COMMANDS, *asking, *HEAVY, REPLAY):
        python(MAIN, *command, env=env, cwd=project)
        assert not seen.exists(), (command, seen.read_text())
