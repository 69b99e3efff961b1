"""Run tests in forks of one warm process: the libraries are imported once, not once a mutant."""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pytest

QUIET = (
    *("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=line"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
FIRST = ("numpy", "scipy.stats", "scipy.optimize", "pandas", "sklearn.cluster", "yaml", "spacy")


def warm(libraries: Iterable[str]) -> None:
    """Import what the tests import, ours excepted; then keep the collector off these pages."""
    for name in (*FIRST, *libraries):
        if name not in sys.modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    # no deadlines and no shrinking: a mutant is to be found out, not to be explained
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutation", database=None, derandomize=True, deadline=None, phases=phases
    )
    hypothesis.settings.load_profile("mutation")
    gc.collect()
    gc.freeze()


class Changed(MetaPathFinder, Loader):
    """Finds one module with other text."""

    def __init__(self, name: str, path: Path, text: str) -> None:
        self.name, self.path, self.text = name, path, text

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.text, str(self.path), "exec"), module.__dict__)  # noqa: S102 the mutant


class Chosen:
    """Runs only the chosen tests, in the given order, and notes the first that fails."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.order = {test: i for i, test in enumerate(tests)}
        self.failed: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (i for i in items if i.nodeid in self.order), key=lambda i: self.order[i.nodeid]
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            text = str(getattr(report.longrepr, "reprcrash", None) or report.longrepr)
            self.failed.append(f"{report.nodeid}: {text[-300:]}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}: import: {str(report.longrepr)[-300:]}")


def run_files(files: Sequence[tuple[str, Sequence[str]]]) -> dict[str, Any]:
    """Run the chosen tests file by file until one fails."""
    ran = 0
    for file, tests in files:
        chosen = Chosen(tests)
        code = pytest.main([*QUIET, file], plugins=[chosen])
        ran += len(tests)
        if code != 0 or chosen.failed:
            by = (chosen.failed or [f"exit {int(code)}"])[0]
            return {"status": "killed", "by": by, "ran": ran}
    return {"status": "survived", "ran": ran}


class Fork:
    """One running child: what it answers, or that it took too long."""

    def __init__(self, work: Callable[[], dict[str, Any]], seconds: float) -> None:
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 a pipe would fill up and stop the child
        self.ends = time.monotonic() + 60 + 20 * seconds  # beside other work a second lasts long
        self.pid = os.fork()
        if self.pid == 0:
            _child(work, seconds, self.said.fileno())

    def answer(self) -> dict[str, Any] | None:
        """Tell how it ended, or None while it runs."""
        pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        if pid == 0:
            if time.monotonic() < self.ends:
                return None
            os.killpg(self.pid, signal.SIGKILL)
            _, status, usage = os.wait4(self.pid, 0)
        self.said.seek(0)
        said = self.said.read()
        self.said.close()
        cpu = round(usage.ru_utime + usage.ru_stime, 2)
        if said:
            return {**json.loads(said), "cpu": cpu}
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if number in (signal.SIGXCPU, signal.SIGKILL):
            return {"status": "timeout", "by": f"more than its time: {cpu} s", "cpu": cpu}
        return {"status": "killed", "by": f"the process ended: {status}", "cpu": cpu}


def _child(work: Callable[[], dict[str, Any]], seconds: float, writer: int) -> None:
    os.setsid()
    log = os.open(
        os.environ.get("MUTATION_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND
    )
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    allowed = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, allowed + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = work()
    except BaseException:  # noqa: BLE001 a child never returns into its parent's loop
        said = {"status": "killed", "by": "runner: " + traceback.format_exc()[-400:]}
    os.write(writer, json.dumps(said).encode())
    os._exit(0)
