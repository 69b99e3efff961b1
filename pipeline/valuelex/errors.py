"""Everything that can go wrong, drawn as a tree.

::

    ValueLexError                    shown as one line, exit code 2, never a traceback
    ├── SettingsError                params.yaml or a roster: unknown key, wrong type, out of range
    ├── PromptError                  a file under prompts/ is missing, incomplete or changed
    ├── ArtifactError                a file under outputs/ is missing, truncated, changed, malformed
    ├── UnwritableError              a file cannot be written: a full or read-only disk, no right
    ├── RecordedFileError            a file of recorded replies has a line that cannot be read
    ├── LexiconError                 a file under lexicon/ is missing or malformed
    ├── StoreError                   the reply store is damaged, locked or of another version
    ├── BackendError                 an engine cannot be used at all (one failed reply is data)
    └── DataError                    the data cannot carry the analysis asked for
        └── TooFewRepliesError       nothing, or too little, was answered
"""

from __future__ import annotations

import difflib
import errno
import os
from collections.abc import Iterable
from pathlib import Path

_REMEDIES = {
    errno.ENOSPC: "free space there and run the same command again: what was finished is kept",
    errno.EDQUOT: "your quota is used up: free space and run the same command again",
    errno.EROFS: "make the disk writable, or work in another folder",
    errno.EACCES: "give this user the right to it, or work in another folder",
    errno.EPERM: "give this user the right to it, or work in another folder",
    errno.EIO: "the disk reports an error: copy what matters, and look at its health",
    errno.EMFILE: "too few files may be open at once: raise it with `ulimit -n`",
}


class ValueLexError(Exception):
    """Base of every error that a user can cause or mend.

    The message names the offender, what was expected and what came.
    """


class SettingsError(ValueLexError):
    """A setting or a roster entry is unknown, of the wrong type, or out of range."""


class PromptError(ValueLexError):
    """A prompt file is missing, incomplete, or differs from the version that was used."""


class ArtifactError(ValueLexError):
    """An artifact is missing, truncated, or does not have the columns that its schema names."""


class UnwritableError(ValueLexError):
    """A file cannot be written. What was there before is as it was."""


class RecordedFileError(ValueLexError):
    """A file of recorded replies cannot be read; the message names file and line."""


class LexiconError(ValueLexError):
    """A file under ``lexicon/`` is missing or malformed."""


class StoreError(ValueLexError):
    """The reply store is damaged, locked, or was written by another version."""


class BackendError(ValueLexError):
    """A backend cannot be used at all. A single failed reply is an outcome, not an error."""


class DataError(ValueLexError):
    """The data cannot carry the analysis: too few rows, no variance, a singular matrix."""


class TooFewRepliesError(DataError):
    """Nothing, or too little, was answered for the next step to mean anything."""


def remedy(error: OSError) -> str:
    """Return what went wrong with a file, and what to do about it where that is known."""
    what = os.strerror(error.errno) if error.errno else str(error)
    known = _REMEDIES.get(error.errno or 0)
    return f"{what}: {known}" if known else what


def unwritable(path: Path, error: OSError, hint: str = "") -> UnwritableError:
    """Return the error for a file that the system would not let us write.

    Parameters
    ----------
    path
        What was to be written.
    error
        What the system said.
    hint
        What else may help.
    """
    text = f"{path} cannot be written: {remedy(error)}"
    return UnwritableError(f"{text}; {hint}" if hint else text)


def near_miss(given: str, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the nearest known name, or an empty string.

    Parameters
    ----------
    given
        The name that was not found.
    known
        The names that exist.
    """
    found = difflib.get_close_matches(given, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{found[0]}'?)" if found else ""
