"""A pytest plugin that notes which lines each test runs, and how long it takes.

`mutation.py` loads it once for every test file, in a process of its own, so that what one file has
cached is not missing from another's map.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest
from mutants import PACKAGES


class LineMap:
    """Coverage with one context a test."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        include = [str(source / package / "*") for package in PACKAGES]
        self.coverage = coverage.Coverage(data_file=None, include=include, config_file=False)

    def pytest_sessionstart(self) -> None:
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        self.coverage.switch_context(item.nodeid)
        started = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.process_time() - started
            self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed or (report.skipped and report.when == "setup"):
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()

    def found(self) -> dict[str, Any]:
        """Lines a module with the tests that run them ("" stands for importing), and seconds."""
        data = self.coverage.get_data()
        lines: dict[str, dict[int, list[str]]] = defaultdict(dict)
        for file in data.measured_files():
            name = str(Path(file).relative_to(self.source))
            for line, contexts in data.contexts_by_lineno(file).items():
                lines[name][line] = sorted(contexts)
        ours = ("valuelex", "tests", "mutants", "mutation")
        libraries = [name for name in sys.modules if not name.startswith(ours)]
        return {
            "lines": lines,
            "seconds": self.seconds,
            "failed": sorted(self.failed),
            "libraries": libraries,
        }
