"""The same replies to normal forms: ours, and plain spaCy `nlp.pipe` with its lookup lemmatizer.

    OMP_NUM_THREADS=1 python benchmarks/bench_spacy.py [--replies 8000]

Replies of the default study's simulated models, read from memory, one process, processor seconds,
tables and vocabularies loaded before the clock starts. spaCy lemmatises every word; which of them
answer the question is left to whoever reads on. To compare what comes out, a lemma counts as found
when it is a word of letters and no stop word; `recall` is the share of the terms that we keep that
are among spaCy's lemmas of the same reply, `of spaCy's` the share of its lemmas that are terms.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_normalize import lay_out


def replies_of(folder: Path, count: int) -> list[dict[str, Any]]:
    """Return the rows of a study of about this size."""
    from valuelex.artifacts.table import REPLIES
    from valuelex.stages.context import open_context, scan_per_model

    lay_out(folder, count)
    scanned = scan_per_model(open_context(folder), REPLIES)
    return [row for _, rows in scanned for row in rows]


def ours(rows: list[dict[str, Any]], folder: Path) -> tuple[float, list[set[str]]]:
    """Read every reply as `normalize` does; seconds, and the terms of each."""
    from valuelex.stages.context import open_context
    from valuelex.stages.vocabulary import load_vocabulary
    from valuelex.terms.reader import TermReader

    reader = TermReader(load_vocabulary(open_context(folder)), "list")
    start = time.process_time()
    read = [reader.read(row["text"], row["outcome"], row["asked"]) for row in rows]
    seconds = time.process_time() - start
    return seconds, [{str(m.term) for m in one.kept} for one in read]


def spacy(rows: list[dict[str, Any]]) -> tuple[float, list[set[str]]]:
    """Lemmatise every word of every reply; seconds, and the lemmas of each."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    nlp.initialize()
    texts = [row["text"] for row in rows]
    start = time.process_time()
    found = [
        {word.lemma_.lower() for word in doc if word.is_alpha and not word.is_stop}
        for doc in nlp.pipe(texts, batch_size=1000)
    ]
    return time.process_time() - start, found


def main() -> None:
    """Run both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=8_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        rows = replies_of(Path(name), given.replies)
        mine, terms = ours(rows, Path(name))
    theirs, lemmas = spacy(rows)
    kept = sum(map(len, terms))
    shared = sum(len(a & b) for a, b in zip(terms, lemmas, strict=True))
    total = sum(map(len, lemmas))
    print(f"{len(rows)} replies")
    print("| program | replies a CPU second | | forms a reply | |\n|---|---|---|---|---|")
    print(f"| ours | {len(rows) / mine:,.0f} | 1 x | {kept / len(rows):.1f} | |")
    print(
        f"| spaCy nlp.pipe, lookups | {len(rows) / theirs:,.0f} | {mine / theirs:.1f} x |"
        f" {total / len(rows):.1f} | recall {shared / kept:.2f}, of spaCy's {shared / total:.2f} |"
    )


if __name__ == "__main__":
    main()
