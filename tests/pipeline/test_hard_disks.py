"""Stages on full and read-only disks, clocks that are wrong, and two of everything at once."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.disks import fill, read_only, small_disk
from tests.pipeline.project import copy_project, make_project, outputs, run, start, start_straight

from valuelex.artifacts.table import ARTIFACTS, CLUSTERS, METRICS, REPORT, TERMS
from valuelex.backends.store import ReplyStore
from valuelex.cli.app import run_app
from valuelex.cli.dispatch import STAGES
from valuelex.settings import load_settings

pytestmark = [pytest.mark.slow]

STORE = Path(".valuelex") / "replies.sqlite"
FILLED = ("basis", "elicit", "normalize", "cluster", "taxonomy", "compose", "report")

Ended = Callable[..., str]


@pytest.fixture
def project(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = copy_project(study, tmp_path / "study")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Ended:
    """Run a command that must end with this code; its error, which is one line."""

    def ended(code: int, *arguments: str) -> str:
        capsys.readouterr()
        found = run_app(arguments)
        err = capsys.readouterr().err
        errors = [line for line in err.splitlines() if line.startswith("error: ")]
        assert (found, len(errors)) == (code, int(code == 2)), err
        assert "Traceback" not in err
        return "".join(errors)

    return ended


@contextmanager
def on_small_disk(folder: Path, leave: int) -> Iterator[Path]:
    """Put a folder with what is in it on a disk that has ``leave`` bytes left."""
    aside = folder.with_name(f"{folder.name}-aside")
    folder.rename(aside)
    try:
        with small_disk(folder, 32 * 1024):
            shutil.copytree(aside, folder, dirs_exist_ok=True)
            fill(folder, leave)
            yield folder
            shutil.rmtree(aside)
            shutil.copytree(folder, aside, ignore=shutil.ignore_patterns("filler"))
    finally:
        folder.rmdir()
        aside.rename(folder)


def command(root: Path, stage: str) -> list[str]:
    model = min(load_settings(root).models)
    return ["run", stage, *(["--model", model] if STAGES[stage] else [])]


def remove_outputs(root: Path, stage: str) -> None:
    model = min(load_settings(root).models)
    for artifact in ARTIFACTS:
        if artifact.stage == stage:
            for key in artifact.keys(root, [model]):
                artifact.file(root, key).unlink()


@pytest.mark.parametrize("stage", FILLED)
def test_a_full_disk_under_outputs(stage: str, project: Path, said: Ended) -> None:
    before = outputs(project)
    remove_outputs(project, stage)
    with on_small_disk(project / "outputs", leave=0) as disk:
        error = said(2, *command(project, stage))
        assert "cannot be written: No space left on device: free space" in error
        assert not list(disk.rglob(".*.part"))
        (disk / "filler").unlink()
        said(0, *command(project, stage))
    assert outputs(project) == before


def test_a_full_disk_under_the_store(project: Path, said: Ended) -> None:
    before = outputs(project)
    remove_outputs(project, "elicit")
    with ReplyStore(project / STORE) as store:
        store._db.execute("DELETE FROM replies WHERE prompt LIKE 'elicit%'")
        store._db.execute("DELETE FROM checksums WHERE id NOT IN (SELECT id FROM replies)")
        kept = store.verify()
        store.compact()
    with on_small_disk(project / STORE.parent, leave=16_384) as disk:
        error = said(2, *command(project, "elicit"))
        # SQLite says "full" or "I/O error", by which of its files met the end of the disk
        assert "is full" in error
        assert "run the same command again" in error or "What is in it is safe" in error
        (disk / "filler").unlink()
        with ReplyStore(project / STORE) as store:
            assert store.verify() >= kept
        said(0, *command(project, "elicit"))
    assert outputs(project) == before


def test_a_full_disk_for_what_is_put_aside(
    project: Path, said: Ended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = outputs(project)
    monkeypatch.setattr("valuelex.stages.mention_spool._PART", 4)  # else it fits in memory
    with small_disk(tmp_path / "tmp", 128) as disk:
        monkeypatch.setattr("tempfile.tempdir", str(disk))
        error = said(2, "run", "normalize")
        assert "No space left on device" in error
        assert "TMPDIR" in error
        assert list(disk.iterdir()) == []
    assert outputs(project) == before


@pytest.mark.usefixtures("project")
def test_a_full_disk_for_exports(said: Ended, tmp_path: Path) -> None:
    with small_disk(tmp_path / "paper", 256) as disk:
        error = said(2, "export", "--to", str(disk / "figures"))
        assert "cannot be written: No space left on device" in error
        assert "choose another --out" in error or "--to" in error
        assert not list(disk.rglob(".*.part"))


def test_a_full_disk_behind_standard_output(project: Path) -> None:
    program = "import sys\nfrom valuelex.cli import main\nmain()"
    script = project / "inspect.sh"
    script.write_text(f'"{sys.executable}" -c "{program}" inspect > /dev/full\n')
    done = run(project, "bash", str(script))
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error: a file: No space left on device: free space there and run the same command again:"
        " what was finished is kept"
    ]


def test_read_only_outputs_and_a_read_only_store(project: Path, said: Ended) -> None:
    before = outputs(project)
    with read_only(project / "outputs"):
        for stage in ("basis-elicit", "elicit", "normalize", "report"):
            error = said(2, *command(project, stage))
            assert "cannot be written" in error
            assert "or work in another folder" in error
        said(0, "inspect")
    with read_only(project / STORE.parent):
        error = said(2, *command(project, "elicit"))
        assert "VALUELEX_STORE" in error
    assert outputs(project) == before


@pytest.mark.parametrize("artifact", [TERMS, CLUSTERS, METRICS, REPORT])
def test_a_changed_artifact_is_found_by_its_reader_and_by_check(
    artifact: object, project: Path, said: Ended, capsys: pytest.CaptureFixture[str]
) -> None:
    file = artifact.file(project)  # type: ignore[attr-defined]  # tables, documents and texts
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"1", b"7", 1))
    capsys.readouterr()
    run_app(["check"])
    out = capsys.readouterr().out
    assert re.search(rf"doubtful\s+{re.escape(str(file))}\s+is\s+damaged", out)
    if artifact is TERMS:
        assert "is damaged" in said(2, "run", "embed")
        assert "is damaged" in said(2, "run", "factor")
    file.write_bytes(whole)
    run_app(["check"])
    assert "is damaged" not in capsys.readouterr().out


def test_what_dvc_left_half_written_is_taken_away(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    who, lock = project / ".dvc" / "tmp" / "rwlock", project / "dvc.lock"
    whole = lock.read_bytes()
    who.write_bytes(b"")
    lock.write_bytes(whole[: len(whole) // 2 + 7] + b"\n- : {")
    run_app(["check"])
    said = capsys.readouterr().out
    assert said.count("mended     ") == 2
    assert not who.exists()
    assert not lock.exists()
    assert (project / "dvc.lock.damaged").exists()
    lock.write_bytes(whole)
    who.write_text("{}")
    run_app(["check"])
    assert "mended" not in capsys.readouterr().out


def test_two_dvc_at_once(tmp_path: Path, study: Path) -> None:
    folder = make_project(tmp_path / "study")
    targets = ("basis", "basis-elicit", f"elicit@{min(load_settings(folder).models)}")
    both = [start(folder, "dvc", "repro", *targets) for _ in range(2)]
    ends = [(process.communicate(timeout=900)[1], process.returncode) for process in both]
    assert any(code == 0 for _, code in ends), ends
    for err, code in ends:
        assert "Traceback" not in err
        assert code == 0 or "another DVC process is running" in err or "is busy" in err, err
    assert run(folder, "dvc", "repro", *targets).returncode == 0
    found = outputs(folder)
    assert found == {name: data for name, data in outputs(study).items() if name in found}


@pytest.mark.skipif(shutil.which("faketime") is None, reason="needs Debian's faketime")
def test_a_clock_years_ahead_or_behind_changes_no_byte(tmp_path: Path, study: Path) -> None:
    folders = {"+400d": tmp_path / "ahead", "-4000d": tmp_path / "behind"}
    for shift, folder in folders.items():
        make_project(folder)
        program = [sys.executable, start_straight.__globals__["straight"].__file__, str(folder)]
        done = run(folder, "faketime", "-f", shift, *program)
        assert done.returncode == 0, done.stderr
        assert outputs(folder) == outputs(study)
