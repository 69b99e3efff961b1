"""New terms to clusters that were fitted before: the clusters stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from valuelex.artifacts.codecs import ELSEWHERE, csv_bytes, write_bytes
from valuelex.errors import DataError
from valuelex.space.cluster import assign
from valuelex.space.embed import embed_terms
from valuelex.stages.table_cluster import TermList
from valuelex.stages.table_files import open_table

COLUMNS = ("term", "cluster", "similarity", "known", "like")
_LIKE = 3  # fitted terms that are shown as the reason


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fitted terms and their clusters; -1 is noise."""

    terms: tuple[str, ...]
    clusters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Assigned:
    """One new term: its cluster (-1 below the floor), the cosine, and the fitted terms nearest."""

    term: str
    cluster: int
    similarity: float
    known: bool
    like: tuple[str, ...]


def read_fitted(path: Path) -> Fitted:
    """Read the columns ``term`` and ``cluster`` of a clusters.csv.

    Raises
    ------
    DataError
        A column is missing, a cluster is no whole number, or every term is noise.
    """
    table = open_table(path)
    term, cluster = (table.place(name, "--fitted") for name in ("term", "cluster"))
    terms, labels = [], []
    for number, cells in table.rows():
        text = str(cells[cluster])
        if not text.removeprefix("-").isdigit():
            raise DataError(
                f"{path.name}, row {number}: a cluster is a whole number, -1 for noise; came:"
                f" '{text}'"
            )
        terms.append(str(cells[term]))
        labels.append(int(text))
    if not any(label >= 0 for label in labels):
        raise DataError(f"{path.name} has {len(labels)} terms and no cluster: nothing to join")
    return Fitted(tuple(terms), tuple(labels))


def assign_terms(
    given: TermList, fitted: Fitted, *, model: str, template: str, floor: float, offline: bool
) -> list[Assigned]:
    """Give each new term the fitted cluster with the most similar centroid; nothing is refitted.

    A term that was fitted keeps the cluster that it has, noise too.

    Parameters
    ----------
    floor
        Least cosine, in [-1, 1]; below it a term joins no cluster.
    """
    old = embed_terms(fitted.terms, model=model, template=template, offline=offline)
    new = embed_terms(given.terms, model=model, template=template, offline=offline)
    labels = np.array(fitted.clusters)
    names = sorted({label for label in fitted.clusters if label >= 0})
    centroids = np.array([old[labels == name].mean(axis=0) for name in names])
    best, similarity = assign(new, centroids, floor=floor)
    own = {term.casefold(): label for term, label in zip(fitted.terms, labels, strict=True)}
    alike = np.argsort(-(new @ old.T), axis=1, kind="stable")[:, :_LIKE]
    return [
        Assigned(
            term,
            int(own.get(term.casefold(), names[best[i]] if best[i] >= 0 else -1)),
            float(similarity[i]),
            term.casefold() in own,
            tuple(fitted.terms[j] for j in alike[i]),
        )
        for i, term in enumerate(given.terms)
    ]


def write_assigned(path: Path, found: list[Assigned]) -> None:
    """Write one row a term.

    Raises
    ------
    DataError
        When the file cannot be written.
    """
    rows = [
        {
            "term": one.term,
            "cluster": one.cluster,
            "similarity": one.similarity,
            "known": one.known,
            "like": "; ".join(one.like),
        }
        for one in found
    ]
    write_bytes(path, csv_bytes(COLUMNS, rows), hint=ELSEWHERE)
