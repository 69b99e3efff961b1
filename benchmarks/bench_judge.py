"""Is the offline judge right about texts that nobody here wrote? Judge, floors and ceiling.

    export OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1 PYTHONPATH=.:pipeline
    VALUELEX_EXTERNAL_DATA=... python benchmarks/bench_judge.py

Stories: one continuation of 15 openings by each of 111 models, rated on 15 traits by nine judges
(Berti, Apache-2.0, not part of the project). The mean score of a model's stories is correlated over
models with the nine judges' mean. Replies to people's dilemmas: 520, with the correlation of each
of ten values with "this is like me" (Han et al., Value Portrait, MIT); the score is correlated over
replies with that. Floors: cosine of the mean sentence with the mean word, length in characters.
Ceilings: one judge against the other eight; half the people against the other half.

The half that was looked at while the judge was made is printed apart from the untouched one.
Brackets hold 95 % of 2,000 resamplings of models (of dilemmas, with their five replies).
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from tests.external import real_texts as real

from valuelex.instruments.portrait.correlations import correlate
from valuelex.instruments.portrait.ratings import read_ratings
from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.embedding_judge import MIDPOINT
from valuelex.stages.embedding import SentenceReader

DRAWS, SPLITS = 2000, 50
SENTENCE = re.compile(r"(?<=[.!?;])[\"”’')\]]*\s+|\n+")
Array = NDArray[np.float64]
Draws = NDArray[np.int64]
HALVES = ("looked at", "untouched")


def correlations(x: Array, y: Array, draws: Draws, *, ranks: bool = False) -> Array:
    """Return r of the columns in each draw of rows, (draws, columns)."""
    a, b = x[draws], y[draws]
    if ranks:
        a, b = rankdata(a, axis=1), rankdata(b, axis=1)
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    return np.asarray((a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1)))


def resampled(groups: Sequence[object]) -> Draws:
    """Return all rows, then draws of as many groups; every group has equally many rows."""
    names, place = np.unique([str(g) for g in groups], return_inverse=True)
    rows = np.array([np.flatnonzero(place == g) for g in range(len(names))])
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(names), size=(DRAWS, len(names)))
    whole = np.arange(len(names))[None]
    return rows[np.concatenate([whole, drawn])].reshape(DRAWS + 1, -1)


def cell(values: Array) -> str:
    """Show the value of all rows and the interval of the draws."""
    low, high = np.nanpercentile(values[1:], [2.5, 97.5])
    return f"{values[0]:.2f} [{low:.2f}, {high:.2f}]"


def table(names: Sequence[str], found: Mapping[str, Array], sets: Mapping[str, list[int]]) -> None:
    """Print one row per trait, the means over sets of traits, and what the judge is ahead by."""
    print("|  | " + " | ".join(found) + " |\n|---|" + "---|" * len(found))
    for j, name in enumerate(names):
        print(f"| {name} | " + " | ".join(cell(r[:, j]) for r in found.values()) + " |")
    for title, columns in sets.items():
        means = {key: r[:, columns].mean(axis=1) for key, r in found.items()}
        print(f"| **{title}** | " + " | ".join(cell(r) for r in means.values()) + " |")
        ours, rest = means["judge, r"], {k: means[k] for k in ("cosine, r", "length, r")}
        print(
            "| judge less floor | | | " + " | ".join(cell(ours - r) for r in rest.values()), "| |"
        )


def cosine(
    completions: Sequence[Completion], words: real.Words, sentences: SentenceReader
) -> Array:
    """Return the cosine of each text's mean sentence with the mean of each trait's words."""
    meaning = sentences.meaning
    split = [[s for s in SENTENCE.split(c.text) if s.strip()] for c in completions]
    topics = np.array([meaning(list(ws)).mean(axis=0) for ws in words.values()])
    flat = meaning([s for text in split for s in text])
    ends = np.cumsum([len(text) for text in split])[:-1]
    texts = np.array([part.mean(axis=0) for part in np.split(flat, ends)])
    unit = [X / np.linalg.norm(X, axis=1, keepdims=True) for X in (texts, topics)]
    return np.asarray(unit[0] @ unit[1].T, dtype=np.float64)


def lengths(completions: Sequence[Completion], k: int) -> Array:
    """Return the length of each text, once for each of k traits."""
    return np.repeat([[float(len(c.text))] for c in completions], k, axis=1)


def compared(
    ours: Array, cos: Array, length: Array, truth: Array, draws: Draws
) -> dict[str, Array]:
    """Return the columns of a table but for the ceiling."""
    return {
        "judge, r": correlations(ours, truth, draws),
        "judge, rho": correlations(ours, truth, draws, ranks=True),
        "cosine, r": correlations(cos, truth, draws),
        "length, r": correlations(length, truth, draws),
    }


def bench_stories(folder: Path) -> None:
    """Print two tables of correlations over models."""
    completions, rated = real.stories(folder), real.ratings(folder)
    names = list(real.TRAITS)
    sentences = real.reader()
    verdicts = real.offline_judge(real.TRAITS, sentences).verdicts(completions)
    print(f"{len(completions)} stories, of which not scored: ", end="")
    print(dict(Counter(r for r in verdicts.reason if r)) or "none")
    parts = [
        real.by_model(completions, values)
        for values in (
            verdicts.score,
            cosine(completions, real.TRAITS, sentences),
            lengths(completions, len(names)),
        )
    ]
    judges = sorted(set(rated.index.get_level_values("judge")))
    for half in HALVES:
        models = [m for m in parts[0].index if real.looked_at(m) == (half == HALVES[0])]
        each = np.array([rated.loc[judge].loc[models].to_numpy() for judge in judges])
        draws = resampled(models)
        ours, cos, length = (part.loc[models].to_numpy() for part in parts)
        found = compared(ours, cos, length, np.nanmean(each, axis=0), draws)
        others = [np.nanmean(np.delete(each, i, axis=0), axis=0) for i in range(len(judges))]
        found["one of nine judges, r"] = np.nanmean(
            [correlations(one, rest, draws) for one, rest in zip(each, others, strict=True)], axis=0
        )
        print(f"\n### Stories, {half}: {len(models)} models\n")
        every = list(range(len(names)))
        some = [i for i in every if names[i] != "Creativity"]
        bad = [i for i in every if names[i] in real.NO_VIRTUES]
        sets = {
            "mean of 15": every,
            "without creativity": some,
            "the five that are no virtues": bad,
        }
        table(names, found, sets)


def bench_portraits(folder: Path) -> None:
    """Print two tables of correlations over replies to dilemmas."""
    items, words = real.portraits(folder), real.ten_values()
    names = list(words)
    completions = [completion for *_, completion in items]
    sentences = real.reader()
    verdicts = real.offline_judge(words, sentences).verdicts(completions)
    print(f"\n{len(items)} replies, of which not scored: ", end="")
    print(dict(Counter(r for r in verdicts.reason if r)) or "none", end="; ")
    print(f"{np.isfinite(verdicts.score).mean():.0%} of verdicts are scored, the rest count as 3")
    ours = np.nan_to_num(verdicts.score, nan=MIDPOINT)
    cos, length = cosine(completions, words, sentences), lengths(completions, len(names))
    keys = [(str(portrait), option) for portrait, option, _ in items]
    truth, halves = people(folder, names, keys)
    for half in HALVES:
        mine = [real.portrait_looked_at(p) == (half == HALVES[0]) for p, *_ in items]
        rows = np.flatnonzero(mine)
        draws = resampled([items[i][0] for i in rows])
        found = compared(ours[rows], cos[rows], length[rows], truth[rows], draws)
        split = [correlations(a[rows], b[rows], draws[:100]) for a, b in halves]
        found["half the people, r"] = np.mean(split, axis=0)
        print(f"\n### Replies to dilemmas, {half}: {len(rows)}\n")
        table(names, found, {"mean of ten": list(range(len(names)))})


def people(
    folder: Path, names: list[str], keys: list[tuple[str, int]]
) -> tuple[Array, list[tuple[Array, Array]]]:
    """Return the correlations (replies, values) by all people, and by both of random halves."""
    ratings = read_ratings(json.loads((folder / "human_ratings.json").read_text("utf-8")))
    content = json.loads((folder / "human_values.json").read_text("utf-8"))
    scores = {person: row["pvq"] for person, row in content.items()}
    rng = np.random.default_rng(0)

    def by(some: Sequence[str]) -> Array:
        found = correlate(ratings, {person: scores[person] for person in some}, names)
        place = {item: i for i, item in enumerate(found.items)}
        return found.r[[place[key] for key in keys]]

    ids = sorted(scores)
    halves = []
    for _ in range(SPLITS):
        mixed = list(rng.permutation(ids))
        halves.append((by(mixed[::2]), by(mixed[1::2])))
    return by(ids), halves


def main() -> None:
    """Print the tables."""
    folder = os.environ.get("VALUELEX_EXTERNAL_DATA")
    if not folder:
        raise SystemExit(
            "set VALUELEX_EXTERNAL_DATA to the folder with story-continuations/ and value-portrait/"
        )
    bench_stories(Path(folder) / "story-continuations")
    bench_portraits(Path(folder) / "value-portrait")


if __name__ == "__main__":
    main()
