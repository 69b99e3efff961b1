"""One size of the growth of `normalize`: N replies from text to the lexicon.

The replies are those of the default study's simulated models with as many draws as it takes; they
are written first, by another process, and are not part of what is measured.

Usage: python benchmarks/growth_replies.py REPLIES [FOLDER]   (FOLDER keeps the study)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measured import piece, script


def main(replies: int, folder: Path) -> None:
    """Lay the study out if it is not there, then run the stage."""
    count = folder / "replies.txt"
    if not count.exists():
        subprocess.run(script("growth_replies.py", "lay-out", replies, folder), check=True)
    os.chdir(folder)
    from valuelex.stages import normalize
    from valuelex.stages.context import open_context

    context = open_context(Path())
    with piece("normalize", int(count.read_text())) as found:
        normalize.run(context)
        terms = Path("outputs/normalize/terms.csv").read_text(encoding="utf-8")
        found["terms"] = terms.count("\n") - 1


def lay_out(replies: int, folder: Path) -> None:
    """Write the study."""
    from bench_normalize import lay_out as write

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "replies.txt").write_text(str(write(folder, replies)))


if __name__ == "__main__":
    if sys.argv[1] == "lay-out":
        lay_out(int(sys.argv[2]), Path(sys.argv[3]))
    elif len(sys.argv) > 2:
        main(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory(prefix="growth-") as place:
            main(int(sys.argv[1]), Path(place))
