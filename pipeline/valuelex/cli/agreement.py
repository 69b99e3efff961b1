"""`valuelex agreement`: how well judges agree in any table of ratings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

Several = Annotated[list[str] | None, typer.Option(help="columns, comma-separated")]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(agreement)


def agreement(
    table: Annotated[Path, typer.Argument(help="CSV, JSONL (.gz too) or Parquet")],
    judge: Annotated[str | None, typer.Option(help="column; default: judge, rater ...")] = None,
    subject: Annotated[str | None, typer.Option(help="column; default: subject, model ...")] = None,
    item: Annotated[
        list[str] | None, typer.Option(help="columns of what a subject is rated on")
    ] = None,
    repeat: Annotated[str | None, typer.Option(help="column of a judge's repeated looks")] = None,
    traits: Annotated[
        list[str] | None, typer.Option(help="columns of ratings; all others by default")
    ] = None,
    drop: Several = None,
    trait: Annotated[str | None, typer.Option(help="long table: column that names traits")] = None,
    value: Annotated[str | None, typer.Option(help="long table: column of ratings")] = None,
    low: Annotated[float | None, typer.Option(help="lowest point of the scale")] = None,
    high: Annotated[float | None, typer.Option(help="highest point of the scale")] = None,
    reverse: Annotated[
        list[str] | None, typer.Option(help="traits to turn round: low + high - rating")
    ] = None,
    levels: Annotated[
        list[str] | None, typer.Option(help="words of the scale, low to high: read as 1, 2 ...")
    ] = None,
    draws: Annotated[int, typer.Option(min=0, help="bootstrap samples of subjects")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="of everything random")] = 1,
    out: Annotated[Path | None, typer.Option(help="folder to write the results into")] = None,
) -> None:
    """Say how well judges agree, how reliable they are, and how large the halo is.

    A row of the table is a judge's ratings of one subject (a column a trait), or with --trait and
    --value one rating. Gives correlations between judges, ICC(1,1) to ICC(3,k), Krippendorff's
    alpha, reliability over repeats and items, severity, and the first component's share. What is
    missing or no number counts in nothing and is counted. Writes agreement.json, traits.csv,
    pairs.csv, judges.csv and agreement.md into --out.

    For example:

    valuelex agreement ratings.csv --judge judge --subject model --repeat round --out agreement

    valuelex agreement long.csv --item text --trait trait --value score --low 1 --high 10
    """
    from valuelex.cli.table_lines import written
    from valuelex.cli.terminal import one_line_keep_indent
    from valuelex.reporting.agreement_text import agreement_lines
    from valuelex.stages.agreement import analyse
    from valuelex.stages.agreement_output import check_folder, write_agreement
    from valuelex.stages.ratings_choice import RatingsChoice
    from valuelex.stages.ratings_input import read_ratings

    choice = RatingsChoice(
        judge=judge,
        subject=subject,
        items=_names(item),
        repeat=repeat,
        traits=_names(traits),
        drop=_names(drop),
        trait=trait,
        value=value,
        low=low,
        high=high,
        reverse=_names(reverse),
        levels=_names(levels),
    )
    if out is not None:
        check_folder(out)
    content = analyse(read_ratings(table, choice), draws, seed)
    lines = agreement_lines(content)
    if out is not None:
        lines += ["", *written(write_agreement(out, content))]
    for line in lines:
        print(one_line_keep_indent(line))  # noqa: T201


def _names(given: Iterable[Any] | None) -> tuple[str, ...]:
    """Cut comma-separated names; a repeated option adds to the earlier ones."""
    names = (name.strip() for text in given or () for name in str(text).split(","))
    return tuple(dict.fromkeys(name for name in names if name))
