"""Runs every stage in the order of dvc.yaml in this one process, without DVC.

Usage: straight.py FOLDER [STAGE ...]; without stages, all of them. Ends with 0, or with the exit
code of the first stage that fails.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(folder: Path, wanted: list[str]) -> int:
    """Run the stages in ``folder`` and return the first exit code that is not 0."""
    from valuelex.cli import _THREADS
    from valuelex.cli.app import run_app
    from valuelex.cli.dispatch import STAGES
    from valuelex.settings import load_settings

    for name in _THREADS:
        os.environ[name] = "1"
    os.chdir(folder)
    models = sorted(load_settings(folder).models)
    for stage in wanted or STAGES:
        for key in models if STAGES[stage] else [None]:
            code = run_app(["run", stage, *(["--model", key] if key else [])])
            if code:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
