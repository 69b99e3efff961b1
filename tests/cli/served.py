"""A study of two models behind a local server, and the command line as a real process."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tests.closures import ROOT
from tests.pipeline.project import shipped

from valuelex.stages.context import open_context
from valuelex.stages.planning import requests_of

MAIN = "from valuelex.cli import main; main()"
KEYS = ("one", "two")
CANARY = "sk-canary-7f3a9c51d2e84b60"
LIMITS = {"concurrency": 8, "retries": 8, "backoff": 0.02, "read_timeout": 5.0}


@dataclass(frozen=True, slots=True)
class Project:
    """The project's folder."""

    root: Path

    def run(self, *arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
        """Run a command; a variable given as ``None`` is not set."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def start(self, *arguments: str, **environment: str | None) -> subprocess.Popen[str]:
        """Start a command in a process of its own."""
        given = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        given.pop("VALUELEX_STORE", None)
        changed = {**given, "CANARY_KEY": CANARY, **environment}
        return subprocess.Popen(
            [sys.executable, "-c", MAIN, *arguments],
            cwd=self.root,
            env={name: value for name, value in changed.items() if value is not None},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def said(self, *arguments: str, **environment: str | None) -> str:
        """Run a command that must succeed; everything it printed."""
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def size(self, stage: str) -> int:
        """Return how many requests a stage puts to a model."""
        return len(requests_of(open_context(self.root), stage, KEYS[0]))

    @property
    def store(self) -> Path:
        return self.root / ".valuelex" / "replies.sqlite"


def served_project(folder: Path, url: str, **changes: dict[str, Any]) -> Project:
    """Lay out the study: 15 questions under two settings and one survey for each of two models."""
    content = shipped()
    template = next(iter(content["models"].values()))
    content["study"]["name"] = "served"
    content["models"] = {
        key: {
            **template,
            "backend": "openai",
            "id": f"m-{key}",
            "revision": "2026-11",
            "interface": "chat",
            "base_url": url,
            "key_env": "CANARY_KEY",
            "limits": dict(LIMITS),
        }
        for key in KEYS
    }
    content["elicit"] |= {"temperatures": [0.3, 0.7], "top_ps": [0.9], "max_tokens": 40}
    content["survey"] |= {"trials": 1}
    for section, values in changes.items():
        content[section] |= values
    folder.mkdir(parents=True)
    for name in ("prompts", "lexicon"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "params.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return Project(folder)
