"""Bytes: atomic, and the same bytes for the same content.

Every writer goes through :func:`write_bytes` (temporary file in the same folder, fsync, rename,
fsync of the folder), so a file is either whole or not there. No time stamps, no machine names.
"""

from __future__ import annotations

import csv
import fcntl
import glob
import io
import json
import math
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import unwritable

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip entry can carry
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DIGITS = 10
_PART = ".part"
# what readers of damaged zip, npz and Parquet files raise
UNREADABLE = (
    *(ValueError, OSError, LookupError, EOFError, RuntimeError, MemoryError, OverflowError),
    *(zipfile.BadZipFile, zlib.error, struct.error, SyntaxError),
)
ELSEWHERE = "or choose another --out"


@contextmanager
def replacing(path: Path, hint: str = "") -> Iterator[BinaryIO]:
    """Open a file that takes the place of ``path`` when the block ends well.

    Atomic and durable. Creates the folder; what a killed writer left half written beside it is
    removed. ``hint`` is said when the file cannot be written.

    Raises
    ------
    UnwritableError
        When the disk is full, read-only, or not ours; ``path`` is as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        try:
            with temporary.open("wb") as file:
                _lock(file)
                yield file
                file.flush()
                os.fsync(file.fileno())
                temporary.chmod(0o644)
                temporary.replace(path)
        except BaseException:
            with suppress(OSError):  # it says nothing that the first error does not
                temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error, hint) from None


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def write_bytes(path: Path, data: bytes, hint: str = "") -> None:
    """Write ``data`` to ``path`` atomically and durably, creating the folder."""
    with replacing(path, hint) as file:
        file.write(data)


def remove_all_leftovers(folder: Path) -> list[Path]:
    """Remove what killed writers left half written anywhere below a folder; what was removed."""
    return [path for path in sorted(folder.rglob(f".*{_PART}")) if _abandoned(path)]


def _remove_leftovers(path: Path) -> None:
    """Remove temporary files of ``path`` whose process is gone: DVC would take them for outputs."""
    for found in path.parent.glob(f".{glob.escape(path.name)}.*{_PART}"):
        _abandoned(found)


def _abandoned(part: Path) -> bool:
    """Remove a temporary file unless its process lives; whether it was removed."""
    pid = part.name.removesuffix(_PART).rpartition(".")[2]
    if not pid.isdigit() or _runs(int(pid)):
        return False
    try:
        with part.open("rb") as file:
            _lock(file)  # fails when a process that we cannot see, in a container, holds it
            part.unlink()
    except OSError:
        return False
    return True


def _lock(file: BinaryIO) -> None:
    """Hold a file until it is closed; a killed process holds nothing."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # a file system without locks
        return


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, and is another user's
        return True
    return True


def rounded(value: float) -> float:
    """Round to ten significant digits: below that lie the last bits of linear algebra."""
    if value == 0 or not math.isfinite(value):
        return value
    return float(f"{value:.{_DIGITS}g}") + 0.0


def guard_cell(text: str) -> str:
    """Make a text cell harmless in a spreadsheet; :func:`unguard_cell` undoes it exactly."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def unguard_cell(text: str) -> str:
    """Undo :func:`guard_cell`."""
    if text.startswith("'") and text.lstrip("'").startswith(_FORMULA):
        return text[1:]
    return text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return "" if math.isnan(value) else f"{rounded(float(value)):.{_DIGITS}g}"
    if isinstance(value, int | np.integer):
        return str(int(value))
    return guard_cell(str(value))


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Encode rows as CSV: UTF-8, newline ends, ten digits, empty cell = missing."""
    buffer = io.StringIO(newline="")
    plain = csv.writer(buffer, lineterminator="\n")
    # a lone carriage return is a line end for the reader, and the writer does not quote it
    quoted = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain.writerow(columns)
    for row in rows:
        cells = [_cell(row[name]) for name in columns]
        (quoted if any("\r" in cell for cell in cells) else plain).writerow(cells)
    return buffer.getvalue().encode("utf-8", errors="replace")


def csv_rows(data: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """Decode CSV into its header and rows of text cells; numbers are the caller's business.

    Raises
    ------
    ValueError
        When a row has too few or too many cells, or the last line has no end.
    """
    if not data.endswith(b"\n"):
        raise ValueError("the last line is cut off")
    reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    header = next(reader, [])
    return header, [
        {name: unguard_cell(cell) for name, cell in zip(header, row, strict=True)} for row in reader
    ]


def _plain(value: Any) -> Any:
    """Turn numpy and tuples into what JSON knows; refuse what it does not (NaN, infinity)."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"a number in a JSON artifact must be finite, was: {value}")
        return rounded(value)
    return value


def json_bytes(content: Any) -> bytes:
    """Encode as indented JSON with numbers rounded to ten digits; NaN is refused, None is null."""
    text = json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False)
    return (text + "\n").encode("utf-8", errors="replace")


def arrow_column(values: Sequence[Any], kind: str) -> Any:
    """Return values, ``None`` where missing, as an Arrow array of ``str int float`` or ``bool``.

    Built from buffers, because ``pyarrow.array`` imports pandas to look at its argument: a fifth of
    a second in each of a study's hundred commands.
    """
    import pyarrow as pa

    if kind == "str":
        builder = pa.lib.StringBuilder()
        builder.append_values(list(values))
        return builder.finish()
    there = np.array([value is not None for value in values], dtype=bool)
    dtype = {"int": np.int64, "float": np.float64, "bool": np.bool_}[kind]
    data: NDArray[Any] = np.array([0 if v is None else v for v in values], dtype=dtype)
    bits = np.packbits(data, bitorder="little") if kind == "bool" else data
    mask = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
    types = {"int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    return pa.Array.from_buffers(types[kind], len(values), [mask, pa.py_buffer(bits)])


Cell = tuple[str, str, bool]
"""Name, type (``str int float bool``) and whether cells may be missing, of one Arrow column."""


def arrow_table(columns: Sequence[Cell], rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return rows as an Arrow table with these columns."""
    import pyarrow as pa

    types = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    schema = pa.schema([pa.field(n, types[kind], nullable=null) for n, kind, null in columns])
    arrays = [arrow_column([row[name] for row in rows], kind) for name, kind, _ in columns]
    return pa.Table.from_arrays(arrays, schema=schema)


def npz_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Encode arrays as an uncompressed ``.npz`` whose entries carry no date and no objects."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            entry = io.BytesIO()
            np.lib.format.write_array(entry, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", date_time=_EPOCH), entry.getvalue())
    return buffer.getvalue()


def npz_arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """Decode an ``.npz``; objects are refused."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
