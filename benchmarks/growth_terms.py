"""One size of the growth of `embed` and `cluster`: N distinct terms.

The terms are English dictionary words (spaCy's lemma index), then pairs of them: an upper bound of
any lexicon, since no study has yet named so many values. Each piece is what the stages call.

Usage: python benchmarks/growth_terms.py TERMS [FOLDER]   (FOLDER keeps the vectors)
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
from measured import piece

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[1]


def words(count: int) -> list[str]:
    """Return distinct terms, the same for each call."""
    from valuelex.terms.linguistics import english

    index = english().index
    rng = np.random.default_rng(1)
    single = sorted({w for kind in ("noun", "adj") for w in index[kind] if w.isalpha()})
    single = [single[i] for i in rng.permutation(len(single))]
    first = [w for w in single if w in index["adj"]]
    pairs = (f"{first[i % len(first)]} {single[i]}" for i in range(len(single)))
    return list(dict.fromkeys([*single, *pairs]))[:count]


def vectors_of(count: int, folder: Path | None) -> np.ndarray:
    """Embed the terms, or take kept vectors."""
    from valuelex.space.embed import embed_terms

    kept = folder / f"{count}.npy" if folder else None
    if kept and kept.exists():
        return np.load(kept)
    terms = words(count)
    embed_terms(terms[:16])  # the model is loaded
    with piece("embed", count):
        vectors = embed_terms(terms)
    if kept:
        np.save(kept, vectors)
    return vectors


def main(count: int, folder: Path | None) -> None:
    """Embed, reduce, cluster, and compare one refit, each measured."""
    from valuelex.settings import load_settings
    from valuelex.space.cluster import cluster_terms
    from valuelex.space.reduce import reduce
    from valuelex.space.stability import cluster_stability

    vectors = vectors_of(count, folder)
    settings = load_settings(ROOT).cluster
    how = {"n_neighbors": settings.n_neighbors, "min_dist": settings.min_dist}
    reduce(vectors[:5000], n_components=settings.n_components, **how)  # compiled
    with piece("reduce (UMAP)", count):
        reduced = reduce(vectors, n_components=settings.n_components, **how)
    size = settings.min_cluster_size
    with piece("cluster (HDBSCAN)", count) as found:
        fitted = cluster_terms(reduced, vectors, method=settings.method, min_cluster_size=size)
        found["clusters"] = fitted.n_clusters
    other = np.where(np.arange(count) % 7 == 0, -1, np.roll(fitted.labels, 1))
    with piece("compare one refit", count):
        cluster_stability(vectors, fitted.labels, lambda *_: other, n_seeds=1, n_samples=0)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
