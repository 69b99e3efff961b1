"""One process at a time asks a model the questions of one prompt file; the others wait their turn.

Two processes that ask the same at the same time would pay twice: each looks in the store, finds
nothing, and asks. So whoever asks holds a lock beside the store, and whoever waited for it looks in
the store again. The system lets a lock go when its process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from valuelex.errors import unwritable
from valuelex.records import Request


@contextmanager
def turn(
    store: Path, requests: Iterable[Request], on_wait: Callable[[str], None]
) -> Iterator[None]:
    """Hold the right to ask these requests while the block runs.

    Parameters
    ----------
    store
        The store's file; the locks lie in a folder beside it.
    requests
        What is to be asked.
    on_wait
        Told, in a sentence, that another process is waited for.

    Raises
    ------
    UnwritableError
        When the locks cannot be made.
    """
    asked = {(r.model_id, r.revision, r.prompt.partition("/")[0]) for r in requests}
    folder = store.with_name(f"{store.name}-turns")
    with ExitStack() as held:
        for model_id, revision, prompt in sorted(
            asked
        ):  # in one order, so that nobody waits in a ring
            name = hashlib.sha256(f"{model_id}\n{revision}\n{prompt}".encode()).hexdigest()[:16]
            try:
                opened = _opened(folder / name)
            except OSError as error:
                raise unwritable(folder / name, error) from None
            held.callback(os.close, opened)
            if not _take(opened, fcntl.LOCK_EX | fcntl.LOCK_NB):
                on_wait(
                    f"another process is asking {model_id} the questions of {prompt}; waiting for"
                    " it, so that nothing is asked twice"
                )
                _take(opened, fcntl.LOCK_EX)
        yield


def _opened(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)


def _take(opened: int, how: int) -> bool:
    try:
        fcntl.flock(opened, how)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: a reply may be asked twice, none is lost
        return True
    return True
