"""What stages wrote, remembered: a file that is none of it is not read.

A bit that turns inside a CSV or JSON file leaves a file that can be read, and a spreadsheet that
saves one leaves other numbers in it. So every artifact's SHA-256 is put down before the artifact
appears, as an empty file ``.valuelex/written/<path of the artifact>/<digest>``: made in one step,
by any number of processes at once, and never half made. A file read later must have one of these
digests, or the MD5 that DVC keeps in ``dvc.lock``, which covers what was pulled or checked out.
Outside a project, and for a path that neither knows, there is nothing to compare with.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from valuelex.artifacts.codecs import sync_folder
from valuelex.errors import unwritable

REGISTER = Path(".valuelex") / "written"
LOCK = "dvc.lock"
_GRAPH = "dvc.yaml"  # what makes a folder a project


def remember(root: Path, file: Path, digest: str) -> None:
    """Put down that ``file`` may have this SHA-256; durable on return.

    Raises
    ------
    UnwritableError
        When the register cannot be written.
    """
    if not (root / _GRAPH).exists():
        return
    entry = _folder(root, file) / digest
    if entry.exists():
        return
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.touch()
        sync_folder(entry.parent)
    except OSError as error:
        raise unwritable(entry, error) from None


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def check(root: Path, file: Path, data: bytes | None = None) -> bool:
    """Tell whether a file could be compared with what a stage wrote.

    Parameters
    ----------
    root
        The project's folder.
    file
        The artifact.
    data
        Its content, when it is in memory; else it is read.

    Raises
    ------
    ValueError
        When it is known what was written, and the file is none of it.
    OSError
        When the file cannot be read.
    """
    folder = _folder(root, file)
    known = folder.is_dir()
    if known:
        digest = digest_of(file) if data is None else hashlib.sha256(data).hexdigest()
        if (folder / digest).exists():
            return True
    locked = _locked(root, file)
    if not known and not locked:
        return False
    content = file.read_bytes() if data is None else data
    if hashlib.md5(content, usedforsecurity=False).hexdigest() in locked:
        return True
    raise ValueError(
        "its content is not what was written: a bit turned, a copy broke off, or an edit"
    )


def _folder(root: Path, file: Path) -> Path:
    return root / REGISTER / file.relative_to(root)


def _locked(root: Path, file: Path) -> set[str]:
    """Return the MD5s that dvc.lock gives the file; parsing it as YAML would take a second."""
    try:
        text = (root / LOCK).read_text(encoding="utf-8")
    except OSError:
        return set()
    name = file.relative_to(root).as_posix()
    entry = re.compile(rf"- path: {re.escape(name)}\n(?:\s+(?!- )\w+: .*\n)*?\s+md5: (\w+)\n")
    return set(entry.findall(text))
