"""Weight of the report and time until it can be used, in a real Chromium, cold, from disk.

    python benchmarks/bench_report.py [outputs/report/report.html]

Rows: the given report (the default study's), and a made-up study of 200 models x 5,000 terms. The
time is from the start of navigation to DOM-interactive (links, tables and folds answer) and to the
end of the load event; how long a jump to the map takes until it is drawn, the plotting library
unpacked included; and how long a search on it takes. `cpu s` is what the page's main thread takes
until it is loaded, which other work on the machine changes little. Medians of five loads of a page.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
LOADS = 5
TIMES = (
    "(() => { const t = performance.getEntriesByType('navigation')[0];"
    " return [t.domInteractive, t.loadEventEnd]; })()"
)
DRAWN = (
    "(async () => { const start = performance.now();"
    " const map = document.querySelector('[data-figure=fig-map]'); map.scrollIntoView();"
    " while (!map.dataset.drawn) await new Promise(done => setTimeout(done, 5));"
    " return performance.now() - start; })()"
)
SEARCH = (
    "(async () => { const box = document.getElementById('find'); const start = performance.now();"
    " box.value = 'honest'; box.dispatchEvent(new Event('input'));"
    " await new Promise(requestAnimationFrame); return performance.now() - start; })()"
)


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.parent.name + "_conftest", path)
    assert spec is not None  # noqa: S101 - a file of ours
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(report: Path) -> None:
    """Print one row a page."""
    from valuelex.reporting.page import render_report

    tests = ROOT / "tests" / "reporting"
    browsing, made = _module(tests / "browser" / "conftest.py"), _module(tests / "conftest.py")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        large = Path(folder) / "large.html"
        content = made._build(models=200, extra_terms=4976, cited=3, pad=300)
        large.write_text(render_report(content), encoding="utf-8")
        head = f"{'page':<28}{'MB':>7}{'cpu s':>8}{'interactive s':>15}{'loaded s':>10}"
        print(f"{head}{'map drawn ms':>14}{'search ms':>11}")
        for name, page in (("this report", report), ("200 models x 5,000 terms", large)):
            if not page.exists():
                print(f"{name:<28} not there: {page}")
                continue
            browser = browsing.Chromium(browsing.CHROMIUM, f"{folder}/{name[:4]}")
            times, search, drawn, cpu = [], [], [], []
            browser.call("Performance.enable", timeDomain="threadTicks")
            for _ in range(LOADS):
                browser.open(page)
                told = browser.call("Performance.getMetrics")["metrics"]
                cpu.append(next(one["value"] for one in told if one["name"] == "ThreadTime"))
                times.append(browser.run(TIMES))
                drawn.append(browser.run(DRAWN))
                search.append(browser.run(SEARCH))
            browser.close()
            ready, loaded = (
                statistics.median(column) / 1000 for column in zip(*times, strict=True)
            )
            size = page.stat().st_size / 1e6
            wait, map_drawn = statistics.median(search), statistics.median(drawn)
            busy = statistics.median(cpu)
            row = f"{name:<28}{size:>7.1f}{busy:>8.2f}{ready:>15.2f}{loaded:>10.2f}"
            print(f"{row}{map_drawn:>14.0f}{wait:>11.0f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "outputs" / "report" / "report.html")
