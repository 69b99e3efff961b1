"""What every stage is given: where the project lies, its settings, and a voice."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from valuelex.artifacts.base import Table
from valuelex.errors import ArtifactError
from valuelex.settings import Settings, load_settings

STORE = Path(".valuelex") / "replies.sqlite"


def say(line: str) -> None:
    """Say one line on standard error, where it mixes with no data; controls are shown as codes."""
    safe = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line)
    print(safe, file=sys.stderr, flush=True)  # noqa: T201 - the stage's voice


@dataclass(frozen=True, slots=True)
class Context:
    """The project folder, its checked settings, and where to say what happens."""

    root: Path
    settings: Settings
    say: Callable[[str], None] = field(default=say)

    @property
    def store(self) -> Path:
        """The reply store: outside DVC's outputs, so that nothing paid for is ever deleted."""
        return Path(os.environ.get("VALUELEX_STORE", self.root / STORE))

    @property
    def signature(self) -> dict[str, Any]:
        """The two facts that every JSON artifact carries."""
        return {"study": self.settings.study.name, "simulated": self.settings.simulated}


def open_context(root: Path | None = None) -> Context:
    """Open the project in ``root`` (default: the current folder).

    Raises
    ------
    SettingsError
        When ``params.yaml`` is missing or wrong.
    """
    where = Path.cwd() if root is None else root
    return Context(where, load_settings(where))


def read_per_model(context: Context, table: Table) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Read one table for every model of the roster, in roster-key order.

    Raises
    ------
    ArtifactError
        On a stranger in the folder, or a missing or damaged file.
    """
    for key in _roster_keys(context, table):
        yield key, table.read(context.root, key)


def scan_per_model(
    context: Context, table: Table
) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Like :func:`read_per_model`, but the rows of a model come one by one and are held by nobody.

    Raises
    ------
    ArtifactError
        On a stranger in the folder, or a missing or damaged file.
    """
    for key in _roster_keys(context, table):
        yield key, table.scan(context.root, key)


def _roster_keys(context: Context, table: Table) -> list[str]:
    """Return the keys of the roster, sorted.

    The roster decides, never the folder: a file of a model that is not in the roster is refused,
    since it would otherwise wait there to be mistaken for data.
    """
    expected = {table.file(context.root, key).name for key in context.settings.models}
    folder = table.file(context.root, next(iter(context.settings.models))).parent
    found = {path.name for path in folder.glob(f"*{Path(table.path).suffix}")}
    strangers = sorted(found - expected)
    if strangers:
        raise ArtifactError(
            f"{folder} holds files of models that are not in the roster: {strangers[:5]}"
            f" ({len(strangers)} in all); expected the {len(expected)} roster keys of params.yaml."
            f" Remove them with `valuelex clean`"
        )
    return sorted(context.settings.models)
