"""Take the picture of the report's first screen that the README and the site show.

python docs/picture.py              # needs Chromium and a finished default study
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "outputs" / "report" / "report.html"
PICTURE = ROOT / "docs" / "images" / "report.png"
SIZE = (1366, 900)
COLOURS = 128


def main() -> None:
    """Write ``docs/images/report.png``."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if browser is None:
        raise SystemExit("Chromium is not installed")
    if not REPORT.exists():
        raise SystemExit(f"{REPORT} is not there: run `make repro` first")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        shot = Path(folder) / "shot.png"
        subprocess.run(  # noqa: S603 - our own page, a browser of the system
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--hide-scrollbars",
                f"--user-data-dir={folder}/profile",
                f"--window-size={SIZE[0]},{SIZE[1]}",
                "--virtual-time-budget=4000",
                f"--screenshot={shot}",
                REPORT.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        small = Image.open(io.BytesIO(shot.read_bytes())).convert("RGB").quantize(COLOURS)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    small.save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
