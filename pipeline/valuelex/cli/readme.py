"""The artifact table of README.md and the data dictionary, written from the list of artifacts."""

from __future__ import annotations

from pathlib import Path

from valuelex.artifacts.base import OUTPUTS
from valuelex.artifacts.codecs import write_bytes
from valuelex.artifacts.table import ARTIFACTS
from valuelex.cli.dictionary import as_markdown

BEGIN = "<!-- artifacts: written by `make deps` -->"
END = "<!-- end of artifacts -->"


def artifact_rows() -> list[str]:
    """Return the Markdown table, header included."""
    rows = [
        "| file under `outputs/` | written by | grain | key | holds |",
        "|---|---|---|---|---|",
    ]
    for artifact in ARTIFACTS:
        path = artifact.shown
        key = ", ".join(f"`{name}`" for name in artifact.key) or "-"
        rows.append(f"| `{path}` | {artifact.stage} | {artifact.grain} | {key} | {artifact.doc} |")
    return rows


def write_table(readme: Path) -> None:
    """Put the table between its two marks in ``readme``."""
    text = readme.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    new = "\n".join([f"{head}{BEGIN}", *artifact_rows(), f"{END}{tail}"])
    write_bytes(readme, new.encode("utf-8"))


def write_dictionary(page: Path) -> None:
    """Write the data dictionary as a page of the documentation."""
    write_bytes(page, as_markdown().encode("utf-8"))


def write_commands(page: Path) -> None:
    """Write the list of commands as a page of the documentation."""
    from valuelex.cli.app import app
    from valuelex.cli.command_page import command_page

    write_bytes(page, command_page(app).encode("utf-8"))


if __name__ == "__main__":
    project = Path(OUTPUTS).resolve().parent
    write_table(project / "README.md")
    write_dictionary(project / "docs" / "data-dictionary.md")
    write_commands(project / "docs" / "commands.md")
