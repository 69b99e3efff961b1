r"""The lines of a JSONL file, plain or gzip, one at a time and within limits.

Lines end at ``\n`` alone: ``str.splitlines`` would also cut at U+2028 inside a JSON string. The
limits keep a small hostile file from filling the memory.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from valuelex.errors import RecordedFileError

MAX_LINE = 16 * 2**20
MAX_RATIO = 200
_RATIO_FROM = 16 * 2**20
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number from 1, JSON object) of each line that is not blank.

    gzip is recognised by its first bytes, whatever the file is called.

    Raises
    ------
    RecordedFileError
        When the file cannot be read, or a line is too long, not UTF-8, not JSON, or not an object;
        the message names file and line.
    """
    for number, line in _lines(path):
        if not line.strip():
            continue
        found = _object(line)
        if isinstance(found, UnreadableLine):
            raise broken(path, number, found.expected, found.came)
        yield number, found


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line that holds no JSON object: what was expected and what came."""

    expected: str
    came: str

    @property
    def why(self) -> str:
        """Both in one phrase."""
        return f"expected {self.expected}, was: {self.came}"


def try_objects(path: Path) -> Iterator[tuple[int, dict[str, Any] | UnreadableLine]]:
    """Yield (line number from 1, JSON object or why there is none) of each line that is not blank.

    A packed file that ends too early, or a line that is too long, is the last that is yielded.

    Raises
    ------
    RecordedFileError
        When the file cannot be opened.
    """
    number = 0
    lines = _lines(path)
    while True:
        try:
            number, line = next(lines)
        except StopIteration:
            return
        except RecordedFileError as error:
            if not number and not path.is_file():
                raise
            yield number + 1, UnreadableLine("a line that can be read", str(error))
            return
        if line.strip():
            yield number, _object(line)


def _object(line: bytes) -> dict[str, Any] | UnreadableLine:
    try:
        found = json.loads(line.rstrip(b"\r\n").decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        return UnreadableLine("UTF-8", f"byte {error.object[error.start]:#04x}")
    except (ValueError, RecursionError) as error:
        shown = line[:60].rstrip().decode("utf-8", "replace")
        return UnreadableLine("one JSON object", f"{shown!r} ({_why(error)})")
    if not isinstance(found, dict):
        return UnreadableLine("one JSON object", type(found).__name__)
    return found


def broken(path: Path, number: int, expected: str, came: str) -> RecordedFileError:
    """Return the error of one line: file, line, what was expected, what came."""
    return RecordedFileError(f"{path}, line {number}: expected {expected}, was: {came}")


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == _GZIP
            raw.seek(0)
            stream: io.BufferedIOBase = gzip.GzipFile(fileobj=raw) if zipped else raw
            taken = 0
            while line := stream.readline(MAX_LINE + 1):
                number += 1
                taken += len(line)
                if len(line) > MAX_LINE:
                    raise broken(path, number, f"at most {MAX_LINE} bytes in a line", "more")
                if zipped and taken > _RATIO_FROM and taken > MAX_RATIO * raw.tell():
                    came = f"{taken} bytes out of {raw.tell()}"
                    raise broken(path, number, f"at most {MAX_RATIO} times the packed size", came)
                yield number, line.removeprefix(_BOM) if number == 1 else line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise broken(path, number + 1, "a whole gzip file", str(error)) from None
    except OSError as error:
        raise RecordedFileError(f"{path} cannot be read: {error.strerror or error}") from None


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"character {error.pos + 1}: {error.msg}"
    return str(error)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
