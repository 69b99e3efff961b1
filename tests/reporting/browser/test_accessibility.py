"""axe-core, the common accessibility checker, finds no serious fault in the report."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from valuelex.reporting.content import ReportContent
from valuelex.reporting.page import render_report

if TYPE_CHECKING:
    Chromium = Any

pytestmark = pytest.mark.browser

PACKAGE = Path(__file__).parent / "axe"
OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"
FAULTS = """axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => v.id + ': ' + v.help + ' (' + v.nodes.length + ') ' + v.nodes[0].html.slice(0, 160)))"""


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The checker's source, from npm by its lock file."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: axe-core cannot be fetched")
    folder = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(PACKAGE / name, folder)
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"npm could not install axe-core: {done.stderr.strip()[-200:]}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, content: ReportContent) -> Path:
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(render_report(content), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("width", "dark", "opened"),
    [(1366, False, False), (1366, False, True), (1366, True, True), (390, False, True)],
)
def test_no_serious_fault(
    browser: Chromium, axe: str, page: Path, width: int, dark: bool, opened: bool
) -> None:
    browser.open(page, width, 900, dark=dark)
    browser.draw_all()
    if opened:
        browser.run(OPEN)
    browser.run(f"{axe}; true")
    assert browser.run(FAULTS) == []


def test_the_checker_does_find_faults(browser: Chromium, axe: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text("<!doctype html><title>x</title><img src='data:,'><input>", encoding="utf-8")
    browser.open(bad)
    browser.run(f"{axe}; true")
    found = json.dumps(browser.run(FAULTS))
    assert "image-alt" in found
    assert "html-has-lang" in found
