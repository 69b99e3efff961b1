"""A file that is not what was written is not read: cut, with a bit turned, edited, exchanged."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from valuelex.artifacts import written
from valuelex.artifacts.base import Arrays, Artifact, Column, Document, Table, Text
from valuelex.errors import ArtifactError

COLUMNS = (Column("id", "str", "key"), Column("n", "int", "count"), Column("x", "float", "number"))
ROWS = [{"id": f"term-{i}", "n": i * 7919, "x": i / 7} for i in range(60)]
CSV = Table(path="a/t.csv", stage="s", grain="one", key=("id",), columns=COLUMNS)
PARQUET = Table(path="a/t.parquet", stage="s", grain="one", key=("id",), columns=COLUMNS)
JSON = Document(path="a/d.json", stage="s", grain="one")
NPZ = Arrays(path="a/e.npz", stage="s", grain="one")
HTML = Text(path="a/r.html", stage="s", grain="one")
CONTENT = {"name": "honesty", "loadings": [0.1, 0.25], "n": 12}
PAGE = "<p>honesty .25</p>\n" * 20
VECTORS = {"vectors": np.arange(60, dtype=np.float32).reshape(20, 3), "n": np.array([3, 4])}

Write = Callable[[Path], Path]
Read = Callable[[Path], Any]
CODECS: dict[str, tuple[Artifact, Write, Read]] = {
    "csv": (CSV, lambda root: CSV.write(root, ROWS), CSV.read),
    "parquet": (PARQUET, lambda root: PARQUET.write(root, ROWS), PARQUET.read),
    "parquet, in parts": (
        PARQUET,
        lambda root: PARQUET.write_sorted(root, sorted(ROWS, key=lambda row: str(row["id"]))),
        lambda root: list(PARQUET.scan(root)),
    ),
    "json": (JSON, lambda root: JSON.write(root, CONTENT), JSON.read),
    "npz": (NPZ, lambda root: NPZ.write(root, VECTORS), lambda root: plain(NPZ.read(root))),
    "html": (HTML, lambda root: HTML.write(root, PAGE), HTML.read),
}
TURNS = 150


def plain(arrays: dict[str, Any]) -> dict[str, Any]:
    return {name: (array.dtype.str, array.tolist()) for name, array in arrays.items()}


def turned(data: bytes, draw: random.Random) -> bytes:
    """Turn one bit."""
    place = draw.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << draw.randrange(8)]) + data[place + 1 :]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dvc.yaml").touch()
    return tmp_path


@pytest.mark.parametrize("codec", CODECS)
def test_in_a_project_every_turned_bit_and_every_cut_is_found(codec: str, project: Path) -> None:
    artifact, write, read = CODECS[codec]
    path = write(project)
    whole, wanted, draw = path.read_bytes(), read(project), random.Random(codec)  # noqa: S311
    damaged = [turned(whole, draw) for _ in range(TURNS)]
    damaged += [whole[: draw.randrange(len(whole))] for _ in range(20)]
    damaged += [b"", whole + b"\n", whole.replace(b"1", b"2", 1) if b"1" in whole else whole[1:]]
    for data in damaged:
        path.write_bytes(data)
        with pytest.raises(ArtifactError) as caught:
            read(project)
        assert f"{path} is damaged" in str(caught.value)
        assert f"delete it and run `dvc repro {artifact.stage}`" in str(caught.value)
        assert "\n" not in str(caught.value)
    path.write_bytes(whole)
    assert read(project) == wanted


@pytest.mark.parametrize(
    ("codec", "misled"), [("npz", 0.0), ("parquet", 0.05), ("parquet, in parts", 0.05)]
)
def test_outside_a_project_few_turned_bits_mislead(
    codec: str, misled: float, tmp_path: Path
) -> None:
    """A zip has a checksum of all values; Parquet has one of its pages, not of their headers."""
    _, write, read = CODECS[codec]
    path = write(tmp_path)
    whole, wanted, draw = path.read_bytes(), read(tmp_path), random.Random(codec)  # noqa: S311
    found, other, turns = 0, 0, 4 * TURNS
    for _ in range(turns):
        path.write_bytes(turned(whole, draw))
        try:
            other += read(tmp_path) != wanted
        except ArtifactError:
            found += 1
    assert found > turns / 2, "the others are in fields that nobody reads"
    assert other <= misled * turns


@pytest.mark.parametrize("codec", ["csv", "json"])
def test_outside_a_project_a_cut_text_is_found(codec: str, tmp_path: Path) -> None:
    _, write, read = CODECS[codec]
    path = write(tmp_path)
    whole = path.read_bytes()
    for size in range(len(whole) - 1):
        if codec == "csv" and whole[:size].endswith(b"\n"):
            continue  # a table with fewer rows: nothing in it tells that there were more
        path.write_bytes(whole[:size])
        with pytest.raises(ArtifactError, match="is damaged"):
            read(tmp_path)


def test_what_any_run_of_a_stage_wrote_is_read(project: Path) -> None:
    first = JSON.write(project, CONTENT).read_bytes()
    path = JSON.write(project, {**CONTENT, "n": 13})
    assert JSON.read(project)["n"] == 13
    path.write_bytes(first)  # as `dvc checkout` of an older commit does
    assert JSON.read(project)["n"] == 12


def test_what_dvc_locks_is_read_and_nothing_else(project: Path) -> None:
    path = JSON.write(project, CONTENT)
    edited = path.read_bytes().replace(b"12", b"21")
    path.write_bytes(edited)
    lock = "    outs:\n    - path: outputs/a/{name}\n      hash: md5\n      md5: {md5}\n"
    md5 = hashlib.md5(edited, usedforsecurity=False).hexdigest()
    for name in ("d.jsonl", "b/d.json"):
        (project / "dvc.lock").write_text(lock.format(name=name, md5=md5) + "      size: 9\n")
        with pytest.raises(ArtifactError, match="`dvc commit`"):
            JSON.read(project)
    (project / "dvc.lock").write_text(lock.format(name="d.json", md5=md5) + "      size: 9\n")
    assert JSON.read(project)["n"] == 21
    # pulled into a fresh clone: only the lock knows it
    other = Path(os.fspath(project) + "-clone")
    (other / "outputs" / "a").mkdir(parents=True)
    (other / "dvc.yaml").touch()
    (other / "dvc.lock").write_text((project / "dvc.lock").read_text())
    JSON.file(other).write_bytes(edited)
    assert JSON.read(other)["n"] == 21
    JSON.file(other).write_bytes(edited.replace(b"21", b"12"))
    with pytest.raises(ArtifactError, match="is damaged"):
        JSON.read(other)


def test_a_file_that_nobody_knows_is_read_and_said_to_be_unknown(project: Path) -> None:
    path = JSON.file(project)
    path.parent.mkdir(parents=True)
    path.write_text('{"n": 1}')
    assert JSON.read(project) == {"n": 1}
    assert not written.check(project, path)
    JSON.write(project, {"n": 1})
    assert written.check(project, path)


def test_the_digest_is_there_before_the_file(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("valuelex.artifacts.codecs.write_bytes", killed)
    with pytest.raises(KeyboardInterrupt):
        JSON.write(project, CONTENT)
    assert len(list((project / written.REGISTER / "outputs" / "a" / "d.json").iterdir())) == 1
