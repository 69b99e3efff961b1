"""The page of the documentation that lists every command, written from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer


def command_page(app: typer.Typer) -> str:
    """Return every command with what it does and its options, as Markdown."""
    lines = [
        "# Commands",
        "",
        "Written by `make deps` from the commands themselves; `--help` of each says the same.",
        "Errors are one line on standard error and exit code 2.",
    ]
    for name, command in _commands(typer.main.get_command(app), "valuelex"):
        lines += ["", f"## `{name}`", "", *_paragraphs(command.help or ""), *_options(command)]
    return "\n".join(lines) + "\n"


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    for key in sorted(command.commands):
        inner = command.commands[key]
        if hasattr(inner, "commands"):
            yield from _commands(inner, f"{name} {key}")
        else:
            yield f"{name} {key}", inner


def _paragraphs(words: str) -> list[str]:
    parts = [" ".join(part.split()) for part in words.split("\n\n")]
    return [line for part in parts if part for line in (_plain(part), "")]


def _plain(words: str) -> str:
    return words.replace("<", "&lt;").replace("|", "\\|").replace("*", "\\*")


def _options(command: Any) -> list[str]:
    rows = [_row(p) for p in command.params if p.name != "help"]
    return ["| argument or option | |", "|---|---|", *rows] if rows else []


def _row(parameter: Any) -> str:
    name = max(parameter.opts, key=len)
    name = name if name.startswith("-") else name.upper()
    return f"| `{name}` | {_plain(' '.join((getattr(parameter, 'help', '') or '').split()))} |"
