"""Every benchmark that a page names is there and takes the options it is shown with."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache

import pytest
from tests.closures import ROOT
from tests.docs.commands import PAGES

_SHOWN = re.compile(r"python (benchmarks/\S+?\.py)([^#`;\n]*)")


def _shown() -> list[tuple[str, str, tuple[str, ...]]]:
    """Return (page, file, options) of each benchmark command in a page."""
    found = []
    for page in [*PAGES, ROOT / "benchmarks" / "README.md", ROOT / "CHANGELOG.md"]:
        text = page.read_text(encoding="utf-8").replace("\\\n", " ")
        for file, words in _SHOWN.findall(text):
            options = tuple(re.findall(r"(?<!\S)--[a-z][a-z-]*", words))
            found.append((str(page.relative_to(ROOT)), file, options))
    return found


SHOWN = sorted(set(_shown()))


@cache
def _help(file: str) -> str:
    """Return what a benchmark says of itself and, where it has commands, of each of them."""
    source = (ROOT / file).read_text(encoding="utf-8")
    if "argparse" not in source:
        return ""
    said = ""
    for words in ([], *([name] for name in re.findall(r'add_parser\("([\w-]+)"', source))):
        done = subprocess.run(
            [sys.executable, ROOT / file, *words, "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if "No module named" in done.stderr:  # it has an environment of its own
            return source
        assert done.returncode == 0, done.stderr
        said += done.stdout
    return said


@pytest.mark.parametrize(("page", "file", "options"), SHOWN, ids=[" ".join(s[:2]) for s in SHOWN])
def test_a_benchmark_takes_what_a_page_gives_it(
    page: str, file: str, options: tuple[str, ...]
) -> None:
    assert (ROOT / file).is_file(), f"{page} names {file}"
    said = _help(file)
    assert [option for option in options if option not in said] == [], page


def test_pages_show_benchmarks() -> None:
    assert len({file for _, file, _ in SHOWN}) > 10
