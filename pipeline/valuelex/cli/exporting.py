"""`valuelex export`: figures, tables and the data dictionary of a finished study, for papers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(export)


def export(
    to: Annotated[Path, typer.Option(help="folder to write into")] = Path("export"),
) -> None:
    """Write the study's figures (SVG, PNG), tables (CSV, Markdown, LaTeX, XLSX) and dictionary.

    Figures and tables of a simulated study say so on each. The same outputs give the same bytes.

    Example: valuelex export --to paper/
    """
    from valuelex.artifacts.codecs import ELSEWHERE, write_bytes
    from valuelex.cli import dictionary
    from valuelex.errors import ValueLexError
    from valuelex.stages.context import open_context
    from valuelex.stages.export import export as write

    if to.exists() and not to.is_dir():
        raise ValueLexError(f"--to {to}: a folder was expected, this is a file")
    context = open_context()
    count = sum(1 for _ in write(context, to))
    write_bytes(to / "data-dictionary.csv", dictionary.as_csv(), hint=ELSEWHERE)
    write_bytes(to / "data-dictionary.md", dictionary.as_markdown().encode("utf-8"), hint=ELSEWHERE)
    print(f"{count + 2} files in {to}: figures/, tables/, tables.xlsx, data-dictionary")  # noqa: T201
