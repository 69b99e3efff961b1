"""The command line: a thin shell around stages; every error of a user's is one line and exit 2."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end the process with 0, 1 (interrupted) or 2 (an error)."""
    from valuelex.cli.app import run_app

    sys.exit(run_app(sys.argv[1:]))
