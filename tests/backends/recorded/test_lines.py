from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from tests.backends.recorded.files import plain, write

from valuelex.backends.recorded import lines
from valuelex.backends.recorded.lines import read_objects
from valuelex.errors import RecordedFileError


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_lines_end_at_newlines_alone(tmp_path: Path, name: str) -> None:
    rows = [plain(0, output="one\u2028two\x85three\x0bfour\rfive"), plain(1)]
    path = write(tmp_path / name, rows)
    assert list(read_objects(path)) == list(enumerate(rows, start=1))


def test_gzip_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", [plain()])
    assert list(read_objects(path.rename(tmp_path / "a.txt"))) == [(1, plain())]


def test_blank_lines_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = json.dumps(plain()).encode()
    path.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n\r\n\n" + line)
    assert list(read_objects(path)) == [(1, plain()), (4, plain())]


@pytest.mark.parametrize(
    ("line", "came"),
    [
        (b'{"model": "a", "prompt": "b", "outp', "character 31: Unterminated string"),
        (b"not json", "not json"),
        (b"[1, 2]", "was: list"),
        (b'"text"', "was: str"),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b'{"a": "\xff"}', "expected UTF-8, was: byte 0xff"),
        (b"[" * 100_000, "one JSON object"),
        (b'{"a": ' + b"9" * 5000 + b"}", "one JSON object"),
    ],
)
def test_a_broken_line_17_is_named(tmp_path: Path, line: bytes, came: str) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps(plain()).encode()
    path.write_bytes(b"\n".join([good] * 16 + [line] + [good]))
    with pytest.raises(RecordedFileError, match=r"a\.jsonl, line 17: expected ") as caught:
        list(read_objects(path))
    assert came in str(caught.value)
    assert len(str(caught.value)) < 500 + len(str(path))


def test_a_truncated_or_damaged_gzip_file_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", [plain(n, output=str(n) * 50) for n in range(2000)])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RecordedFileError, match=r"line \d+: expected a whole gzip file"):
        list(read_objects(path))
    path.write_bytes(whole[:-6] + b"\x00" * 6)
    with pytest.raises(RecordedFileError, match="expected a whole gzip file"):
        list(read_objects(path))


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 1000)
    monkeypatch.setattr(lines, "_RATIO_FROM", 10_000)
    long = write(tmp_path / "long.jsonl", [plain(), plain(output="x" * 2000)])
    with pytest.raises(RecordedFileError, match="line 2: expected at most 1000 bytes"):
        list(read_objects(long))
    bomb = tmp_path / "bomb.jsonl.gz"
    bomb.write_bytes(gzip.compress(b"{}\n" * 100_000))
    with pytest.raises(RecordedFileError, match="at most 200 times the packed size"):
        list(read_objects(bomb))


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(RecordedFileError, match="cannot be read"):
            list(read_objects(path))
