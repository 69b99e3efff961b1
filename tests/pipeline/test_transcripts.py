"""The transcripts of README and docs: the commands run, and say what the page says they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.commands import transcripts
from tests.pipeline.project import run

pytestmark = [pytest.mark.slow]

# The miniature study has other numbers and names than the default one; what stays are the words
# that a line begins with.
_LABEL = re.compile(r"^\s*([A-Za-z_]+)")
# score: tests/scoring runs it; plan: tests/cli/test_tutorial.py, with its own roster and prices
SHOWN = [one for one in transcripts() if one[1][1] not in {"score", "plan"}]


@pytest.mark.parametrize(("where", "words", "lines"), SHOWN, ids=[one[0] for one in SHOWN])
def test_a_transcript_is_what_the_command_prints(
    study: Path, where: str, words: list[str], lines: list[str]
) -> None:
    done = run(study, *words)
    assert done.returncode == 0, f"{where}: {done.stderr}"
    printed = {found[1] for line in done.stdout.splitlines() if (found := _LABEL.match(line))}
    wanted = {found[1] for line in lines if (found := _LABEL.match(line))}
    assert wanted
    assert wanted <= printed, f"{where}: no line begins with {sorted(wanted - printed)}"


def test_there_are_transcripts() -> None:
    assert len(SHOWN) >= 2
