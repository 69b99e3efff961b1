"""The command line: a thin shell around stages; every error of a user's is one line and exit 2."""

from __future__ import annotations

import os
import sys

# One thread of linear algebra: on matrices of a few hundred rows more threads wait for each other
# (a factor stage took four times as long), and their sums would differ from run to run.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def main() -> None:
    """Run the command line and end the process with 0, 1 (interrupted) or 2 (an error)."""
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    from valuelex.cli.app import run_app

    sys.exit(run_app(sys.argv[1:]))
