"""Tricks in files that others made: bombs, links, endless lines, names that climb."""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.closures import ROOT
from valuelex.artifacts import codecs
from valuelex.backends.recorded.lines import read_objects
from valuelex.cli.app import run_app
from valuelex.errors import DataError, RecordedFileError
from valuelex.reading import MAX_DEPTH, UnreadableYamlError, load_yaml
from valuelex.stages.table_files import open_table

MIB = 2**20


def packed(path: Path, piece: bytes, times: int, head: bytes = b"") -> Path:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(head)
        for _ in range(times):
            file.write(piece)
    return path


def inside(memory: int, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process that may not have more than so many MiB of memory."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory * MIB, memory * MIB))

    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline"), "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )


READ = {
    "jsonl": "from valuelex.backends.recorded.lines import read_objects as read",
    "csv": "from valuelex.stages.table_files import open_table\n"
    "def read(path): return open_table(path).rows()",
}


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
@pytest.mark.parametrize("shape", ["one line", "many lines"])
def test_what_unpacks_to_more_than_the_memory_is_refused_within_it(
    tmp_path: Path, kind: str, shape: str
) -> None:
    if shape == "one line":
        bomb = packed(tmp_path / f"bomb.{kind}.gz", b" " * MIB, 256)
    else:
        head, line = (b"a,b\n", b"1,2\n") if kind == "csv" else (b"", b'{"a": 1}\n')
        bomb = packed(tmp_path / f"bomb.{kind}.gz", line * 65536, 1024, head)
    assert bomb.stat().st_size < 8 * MIB
    walk = "for _ in read(Path(sys.argv[1])): pass"
    code = f"import sys; from pathlib import Path\n{READ[kind]}\n{walk}"
    done = inside(200, code, str(bomb))
    assert "MemoryError" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert ("RecordedFileError" if kind == "jsonl" else "DataError") in last
    assert "expected at most" in last


def test_what_is_packed_no_better_than_text_is_read(tmp_path: Path) -> None:
    rows = "".join(f"{i},{i * i}\n" for i in range(2000))
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(f"a,b\n{rows}".encode()))
    assert len(list(open_table(path).rows())) == 2000


def test_a_bomb_in_a_bomb_is_no_json(tmp_path: Path) -> None:
    path = tmp_path / "twice.jsonl.gz"
    path.write_bytes(gzip.compress(gzip.compress(b'{"a": 1}\n')))
    with pytest.raises(RecordedFileError, match=r"expected (UTF-8|one JSON object)"):
        list(read_objects(path))


@pytest.mark.parametrize(
    "name", ["/dev/zero", "/dev/null", "/proc/self/mem", "loop.jsonl", "gone.jsonl", "folder"]
)
def test_a_link_to_what_is_no_file_of_replies_is_one_clear_error(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("valuelex.backends.recorded.lines.MAX_LINE", MIB)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    link = tmp_path / ("loop.jsonl" if name == "loop.jsonl" else "link.jsonl")
    link.symlink_to(name)
    if name == "/dev/null":
        assert list(read_objects(link)) == []
        return
    with pytest.raises(RecordedFileError) as caught:
        list(read_objects(link))
    assert "\n" not in str(caught.value)
    if name != "/dev/zero":
        with pytest.raises(DataError):
            list(open_table(link).rows())


def test_an_output_that_is_a_link_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    target = tmp_path / "outputs" / "t.csv"
    target.parent.mkdir()
    target.symlink_to(victim)
    planted = target.with_name(f".{target.name}.{os.getpid()}.part")
    planted.symlink_to(victim)  # where the next write puts its temporary file
    codecs.write_bytes(target, b"ours")
    assert victim.read_text() == "mine"
    assert not target.is_symlink()
    assert target.read_bytes() == b"ours"
    assert [path.name for path in target.parent.iterdir()] == ["t.csv"]


def test_a_huge_line_in_a_plain_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.truncate(2**34)  # sixteen gigabytes of nothing, on no disk
    with pytest.raises(RecordedFileError, match="at most 16777216 bytes in a line"):
        list(read_objects(path))
    table = path.rename(tmp_path / "huge.csv")
    with pytest.raises(DataError, match="at most 16777216 characters in a line"):
        open_table(table)


# nine aliases in each of nine levels
LAUGHS = "a: &a [x]\n" + "".join(
    f"{level}: &{level} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, level in itertools.pairwise("abcdefghij")
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "levels|nesting depth"),  # our limit, or a newer libyaml's own
        ("- " * 100_000 + "x", "levels"),
        ("{a: " * 5000 + "1", "levels"),
        (LAUGHS, "more than 1000000 values"),
        ("a: &a [*a]", "more than 1000000 values"),
        ("a: 0x" + "f" * 10_000, "a number of 10002 digits"),
        ("a: 2026-13-45", "a value that is none"),
        ("a: !!int ''", "a value that is none"),
        ("a: !!bool maybe", "a value that is none"),
        ("? [1, 2]\n: x", "a key must be a plain value"),
        ("!!python/object/apply:os.system ['touch pwned']", "could not determine a constructor"),
        ("a: 1\na: 2", "stands twice"),
    ],
)  # fmt: skip
def test_yaml_of_a_stranger_runs_nothing_and_ends(text: str, why: str) -> None:
    with pytest.raises(UnreadableYamlError, match=why):
        load_yaml(text)


def test_yaml_with_aliases_and_some_depth_is_read() -> None:
    assert load_yaml("a: &x [1, 2]\nb: *x") == {"a": [1, 2], "b": [1, 2]}
    nested = load_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    for _ in range(MAX_DEPTH - 1):
        (nested,) = nested
    assert nested == []


@pytest.mark.parametrize(
    "name", ["../../evil", "/srv/evil", "a/../../b", "..", "con\x00x", "x" * 400, "~root", "-rf"]
)
def test_a_models_name_never_leads_out_of_the_folder(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = tmp_path / "a" / "b" / "c"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    monkeypatch.delenv("VALUELEX_STORE", raising=False)
    with Path("answers.csv").open("w", newline="") as file:
        csv.writer(file).writerows([[f"q{i}" for i in range(1, 58)], ["4"] * 57, ["5"] * 57])
    before = set(tmp_path.rglob("*"))
    code = run_app(["survey", "pvq", "--answers", "answers.csv", f"--model={name}", "--no-retest"])
    capsys.readouterr()
    made = set(tmp_path.rglob("*")) - before
    assert code in (0, 2)
    assert bool(made) == (code == 0)
    assert not [path for path in made if not path.resolve().is_relative_to(inner / "surveys")]
    assert not Path("/srv/evil").exists()


def test_replies_of_a_model_with_a_climbing_name_stay_in_the_store(tmp_path: Path) -> None:
    from valuelex.backends.recorded.recording import read_recording

    rows = [
        {"model": name, "prompt": "?", "output": "care"}
        for name in ("../../etc/passwd", "a;rm -rf /", "$(touch pwned)", "`x`", "x\u202ey", "a b")
    ]
    path = tmp_path / "r.jsonl"
    for row in rows:
        path.write_text(json.dumps(row) + "\n")
        if not row["model"].isprintable():
            with pytest.raises(RecordedFileError, match="printable name"):
                read_recording([path])
            continue
        (model,) = read_recording([path])
        assert model.key.replace("-", "").isalnum()
        assert model.key.isascii()
