"""The command line, run in this process, and a table to run it on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli_tables.made import NAMES, Done, planted, write_csv

from valuelex.cli.app import run_app


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    def run(*arguments: object) -> Done:
        capsys.readouterr()
        code = run_app([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = [[f"p{i:03}", *row] for i, row in enumerate(planted().tolist())]
    return write_csv(tmp_path / "answers.csv", ["", *NAMES], rows)
