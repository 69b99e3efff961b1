"""`valuelex score` from a wheel, in an environment and a folder that know of no project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from tests.closures import ROOT

pytestmark = [pytest.mark.slow]


def clean_environment() -> dict[str, str]:
    """The environment without anything that leads back to the project."""
    gone = ("PYTHONPATH", "VALUELEX_STORE", "VIRTUAL_ENV")
    return {k: v for k, v in os.environ.items() if k not in gone}


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `valuelex` of a wheel that was installed for the purpose; libraries are borrowed."""
    folder = tmp_path_factory.mktemp("fresh")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("valuelex-*.whl")
    place = folder / "env"
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    (site,) = place.glob("lib/python*/site-packages")
    # a .pth of a .pth is not followed: the project's own editable install stays out
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "bin" / "valuelex"


def run(command: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(command), *arguments],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_recorded_completions_are_scored_in_an_empty_folder(command: Path, tmp_path: Path) -> None:
    where = "import valuelex; print(valuelex.__file__)"
    python = [str(command.parent / "python"), "-c", where]
    found = subprocess.run(
        python, cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=True
    )
    assert str(command.parent.parent) in found.stdout
    stems = run(command, tmp_path, "score", "--print-stems")
    assert stems.returncode == 0, stems.stderr
    rows = [json.loads(line) for line in stems.stdout.splitlines()]
    assert len(rows) > 50
    for place, row in enumerate(rows):
        row["text"] = "be honest and careful, because trust matters most to me."
        if place % 10 == 0:
            row["text"] = "I'm sorry, but I can't answer that."
    (tmp_path / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run(command, tmp_path, "score", "--completions", "answers.jsonl")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("SIMULATED")
    assert f"declines {-(-len(rows) // 10)}" in done.stdout
    card = json.loads((tmp_path / "scores/answers/scores.json").read_bytes())
    assert card["n_completions"] == len(rows)
    assert all(row["mean"] is not None for row in card["profile"])
    page = (tmp_path / "scores/answers/scores.html").read_text()
    assert page.count("be honest and careful") >= len(rows) // 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["answers.jsonl", "scores"]


def test_an_agreement_needs_no_project_either(command: Path, tmp_path: Path) -> None:
    rows = [
        "judge,subject,kind",
        *(f"{j},s{s},{s % 5 + (j == 'b') * 0.5}" for j in "ab" for s in range(12)),
    ]
    (tmp_path / "r.csv").write_text("\n".join(rows) + "\n")
    done = run(command, tmp_path, "agreement", "r.csv")
    assert done.returncode == 0, done.stderr
    assert "2 judges, 12 subjects, 1 trait" in done.stdout
