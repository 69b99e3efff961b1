"""Clusters of any list of terms: read, embed, cluster, and refit to see what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError, SettingsError, near_miss
from valuelex.space.cluster import METHODS, Clustering, cluster_terms
from valuelex.space.embed import embed_terms
from valuelex.space.reduce import layout_2d, principal_axes, reduce
from valuelex.space.stability import cluster_stability
from valuelex.stages.cluster import rows
from valuelex.stages.limits import require_for_clusters
from valuelex.stages.numbers import finite_values
from valuelex.stages.table_files import PARQUET, label_in, open_table

LEAST_TERMS = 4
_TABLES = (*PARQUET, ".csv", ".tsv", ".tab")
_DIMENSIONS = 5  # that UMAP keeps for HDBSCAN


@dataclass(frozen=True, kw_only=True)
class ClusterOptions:
    """The settings of one clustering; see :func:`~valuelex.space.cluster.cluster_terms`."""

    model: str
    template: str = "{term}"
    method: str = "hdbscan-leaf"
    min_cluster_size: int = 4
    n_clusters: int | None = None
    n_neighbors: int = 12
    resamples: int = 4
    noise_floor: float | None = None
    offline: bool = True
    seed: int = 1

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SettingsError(
                f"--method must be one of {', '.join(METHODS)}, was:"
                f" {self.method!r}{near_miss(self.method, METHODS)}"
            )
        if self.by_density and self.n_clusters is not None:
            raise SettingsError(
                f"--clusters does not go with --method {self.method}, which finds the number"
                " itself: choose --min-cluster-size, or agglomerative-ward"
            )

    @property
    def by_density(self) -> bool:
        """Whether HDBSCAN or PLSCAN clusters, on dimensions that UMAP reduced."""
        return self.method.startswith("hdbscan") or self.method == "plscan"


@dataclass(frozen=True)
class TermList:
    """Distinct terms, sorted, and what was done to make them so."""

    terms: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ClusteredTerms:
    """Rows of clusters.csv, and the content of stability.json."""

    rows: Sequence[Mapping[str, Any]]
    stability: Mapping[str, Any]


def read_terms(path: Path, column: str | None = None, least: int = LEAST_TERMS) -> TermList:
    """Read a text file with a term a line, or one column of a CSV or Parquet file.

    Spaces are collapsed; blank lines and repeats (in any case) are left out and counted.

    Raises
    ------
    DataError
        The file cannot be read, has several columns and none is named, or fewer than ``least``
        terms.
    """
    if column is not None or path.suffix in _TABLES:
        table = open_table(path)
        if column is None and len(table.header) > 1:
            raise DataError(
                f"{path.name} has {len(table.header)} columns ({', '.join(table.header[:8])}): say"
                " with --column which of them holds the terms"
            )
        place = 0 if column is None else table.place(column, "--column")
        found = [label_in(cells[place]) for _, cells in table.rows()]
    else:
        found = _lines(path)
    terms: dict[str, str] = {}
    texts = [" ".join(text.split()) for text in found]
    for text in filter(None, texts):
        terms.setdefault(text.casefold(), text)
    if len(terms) < least:
        raise DataError(
            f"{path.name}: expected {least} different terms or more, came: {len(terms)}"
        )
    blank = sum(not text for text in texts)
    counts = {"blank": blank, "repeated": len(texts) - blank - len(terms)}
    notes = tuple(f"{n} {what} left out" for what, n in counts.items() if n)
    return TermList(tuple(sorted(terms.values())), notes)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").removesuffix("\n").split("\n")
    except OSError as error:
        there = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise DataError(
            f"{path} cannot be read ({error.strerror}): expected a term a line, or a CSV"
            f"{near_miss(path.name, there)}"
        ) from None
    except UnicodeDecodeError:
        raise DataError(f"{path.name} is not UTF-8 text: save it as UTF-8") from None


def cluster_list(given: TermList, options: ClusterOptions) -> ClusteredTerms:
    """Embed and cluster terms; refit with other seeds and on samples of the terms."""
    vectors = embed_terms(
        given.terms, model=options.model, template=options.template, offline=options.offline
    )
    require_for_clusters(len(vectors), options.method)
    clustering = fit(vectors, options, options.seed)
    stability = cluster_stability(
        vectors,
        clustering.labels,
        lambda X, seed: fit(X, options, seed, soft=False).labels,
        n_seeds=_seeds(options),
        n_samples=options.resamples - _seeds(options),
        seed=options.seed,
    )
    notes = list(given.notes)
    if len(given.terms) < 2 * options.min_cluster_size:
        notes.append(f"too few terms for two clusters of {options.min_cluster_size}")
    said = {
        "model": options.model,
        "template": options.template,
        "method": options.method,
        "min_cluster_size": options.min_cluster_size,
        "noise_floor": options.noise_floor,
        "seed": options.seed,
        "notes": notes,
    }
    place = _map(vectors, options)
    return ClusteredTerms(
        rows(list(given.terms), clustering, place, options.noise_floor),
        finite_values(said | stability.to_dict()),
    )


def _seeds(options: ClusterOptions) -> int:
    """Return how many refits change the seed alone: none where the method has none."""
    return 0 if options.method.startswith("agglomerative") else (options.resamples + 1) // 2


def fit(
    vectors: NDArray[np.floating], options: ClusterOptions, seed: int, *, soft: bool = True
) -> Clustering:
    """Cluster (n, d) vectors with one seed; UMAP comes first where HDBSCAN clusters."""
    reduced: NDArray[np.floating] = vectors
    if options.by_density:
        reduced = reduce(
            vectors, n_components=_DIMENSIONS, n_neighbors=options.n_neighbors, seed=seed
        )
    count = options.n_clusters
    return cluster_terms(
        reduced,
        vectors,
        method=options.method,
        min_cluster_size=options.min_cluster_size,
        n_clusters=None if count is None else min(count, len(vectors)),
        seed=seed,
        soft=soft,
    )


def _map(vectors: NDArray[np.floating], options: ClusterOptions) -> NDArray[np.floating]:
    if options.by_density:
        return layout_2d(vectors, n_neighbors=options.n_neighbors, seed=options.seed)
    return principal_axes(vectors, 2)
