"""Full and read-only disks: one error that says what to do, and what was there before stays."""

from __future__ import annotations

import errno
import fcntl
import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.disks import fill, read_only, small_disk

from valuelex.artifacts import codecs
from valuelex.artifacts.base import Column, Table
from valuelex.artifacts.spool import Spool, scratch
from valuelex.errors import UnwritableError, remedy

COLUMNS = (Column("id", "str", "key"), Column("n", "int", "count"))
ENDINGS = ("csv", "parquet")


def table(ending: str) -> Table:
    return Table(path=f"a/t.{ending}", stage="s", grain="one", key=("id",), columns=COLUMNS)


def rows(n: int) -> list[dict[str, object]]:
    return [{"id": f"{i * 7919 % 1_000_003:07d}{'-' * 20}{i}", "n": i} for i in range(n)]


def put_aside(spool: Spool, n: int) -> None:
    for row in rows(n):
        spool.add(row)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_artifact_that_does_not_fit_leaves_the_old_one(ending: str, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 256) as disk:
        before = table(ending).write(disk, rows(10)).read_bytes()
        filler = fill(disk, leave=8192)
        with pytest.raises(UnwritableError, match="No space left on device: free space") as caught:
            table(ending).write(disk, rows(5000))
        assert f"t.{ending} cannot be written" in str(caught.value)
        assert table(ending).file(disk).read_bytes() == before
        assert [path.name for path in (disk / "outputs" / "a").iterdir()] == [f"t.{ending}"]
        filler.unlink()
        table(ending).write(disk, rows(1000))
        assert len(table(ending).read(disk)) == 1000


def test_rows_that_come_sorted_and_do_not_fit(tmp_path: Path) -> None:
    given = sorted(rows(50_000), key=lambda row: str(row["id"]))
    with small_disk(tmp_path / "disk", 64) as disk:
        with pytest.raises(UnwritableError, match="No space left"):
            table("parquet").write_sorted(disk, given)
        gc.collect()  # what pyarrow left open says nothing more
        assert list((disk / "outputs" / "a").iterdir()) == []


def test_a_spool_that_does_not_fit_names_tmpdir(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", 64) as disk:
        monkeypatch.setattr("tempfile.tempdir", str(disk))
        with pytest.raises(UnwritableError, match=r"No space left .*TMPDIR"), scratch() as folder:
            put_aside(Spool(folder / "s.parquet", COLUMNS, 100), 20_000)
        gc.collect()
        assert list(disk.iterdir()) == []
        fill(disk, leave=0)
        with pytest.raises(UnwritableError, match="TMPDIR"), scratch() as folder:
            put_aside(Spool(folder / "s.parquet", COLUMNS, 1), 1)


@pytest.mark.parametrize("ending", ENDINGS)
def test_read_only_outputs(ending: str, tmp_path: Path) -> None:
    before = table(ending).write(tmp_path, rows(10)).read_bytes()
    with read_only(tmp_path / "outputs"):
        with pytest.raises(UnwritableError, match=f"t.{ending} cannot be written: ") as caught:
            table(ending).write(tmp_path, rows(11))
        assert remedy(OSError(errno.EROFS, "")) in str(caught.value) or os.geteuid()
        assert table(ending).read(tmp_path) == sorted(rows(10), key=lambda row: str(row["id"]))
    assert table(ending).file(tmp_path).read_bytes() == before


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("not a folder")
    with pytest.raises(UnwritableError, match="cannot be written"):
        table("csv").write(tmp_path, rows(1))


def test_scratch_of_killed_runs_is_removed_and_that_of_others_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    program = (
        "from valuelex.artifacts.spool import scratch\n"
        "with scratch() as folder:\n"
        "    (folder / 'x').touch()\n"
        "    print(folder, flush=True)\n"
        "    input()\n"
    )
    lives = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "TMPDIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    folders = []
    for process in lives:
        assert process.stdout is not None
        folders.append(Path(process.stdout.readline().strip()))
    assert all(folder.is_dir() for folder in folders), "neither took the other's"
    lives[0].kill()
    lives[0].communicate()
    with scratch() as mine:
        assert not folders[0].exists()
        assert (folders[1] / "x").exists()
        assert mine.is_dir()
    lives[1].communicate("\n")
    assert list(tmp_path.iterdir()) == []


def test_half_written_files_of_dead_processes_alone_are_removed(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f".t.csv.{dead.pid}.part"
    alive = tmp_path / f".t.csv.{os.getppid()}.part"
    held = tmp_path / f".u.csv.{dead.pid}.part"
    other = tmp_path / ".t.csv.mine.part"
    for path in (left, alive, held, other):
        path.touch()
    with held.open("rb") as file:  # as a process in a container does, whose number means nothing
        fcntl.flock(file, fcntl.LOCK_EX)
        codecs.write_bytes(tmp_path / "t.csv", b"")
        assert not left.exists()
        assert codecs.remove_all_leftovers(tmp_path) == []
        assert {p.name for p in tmp_path.iterdir()} == {"t.csv", alive.name, held.name, other.name}
    assert codecs.remove_all_leftovers(tmp_path) == [held]
