"""What is fuzzed: a reader, the words its inputs are glued from, and what must hold of its result.

A target's ``check`` gets any bytes. It may end in one of the package's own errors; it must not end
in any other, must not return what the bytes do not say (it raises `InventedError` itself then), and
must not take a second.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from valuelex.errors import ValueLexError

Kind = Literal["text", "lines", "json", "yaml", "csv", "bytes"]


class InventedError(AssertionError):
    """A reader returned what its input does not say."""


@dataclass(frozen=True)
class Target:
    """A reader under test.

    ``seeds`` are good inputs, ``words`` what inputs of that kind are made of; ``kind`` says how a
    seed may be taken apart; ``errors`` are the errors that a bad input may end in.
    """

    name: str
    check: Callable[[bytes], Any]
    seeds: tuple[bytes, ...] | Callable[[], tuple[bytes, ...]]
    words: tuple[str, ...] = ()
    kind: Kind = "text"
    errors: tuple[type[Exception], ...] = (ValueLexError,)
    longest: int = 100_000

    @property
    def good(self) -> tuple[bytes, ...]:
        """The seeds; those that a library must write are written when they are asked for."""
        return self.seeds if isinstance(self.seeds, tuple) else self.seeds()

    def run(self, data: bytes) -> None:
        """Check one input; an error of the package's own is a right end."""
        try:
            self.check(data)
        except InventedError:
            raise
        except self.errors:
            return


def said(*texts: str) -> tuple[bytes, ...]:
    """Return texts as bytes."""
    return tuple(text.encode("utf-8", "surrogatepass") for text in texts)


def text_of(data: bytes) -> str:
    """Return bytes as text; what is no UTF-8 becomes lone surrogates, which JSON can bring too."""
    return data.decode("utf-8", "surrogateescape")


def must(holds: object, why: str, *shown: object) -> None:
    """Raise `InventedError` unless something holds."""
    if not holds:
        raise InventedError(f"{why}: {', '.join(f'{value!r:.200}' for value in shown)}")


@cache
def scratch() -> Path:
    """Return a folder of this process, in memory where there is one."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    return Path(
        tempfile.mkdtemp(prefix="fuzz-", dir=shared if os.access(shared, os.W_OK) else None)
    )


def as_file(data: bytes, name: str) -> Path:
    """Write bytes to a file of that name; the next call of the same name overwrites it."""
    path = scratch() / name
    path.write_bytes(data)
    return path
