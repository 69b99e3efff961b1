"""The respondent x term table, as factor, taxonomy and validate all see it.

The table of mentions is read a batch of columns at a time: what is held grows with respondents and
terms, never with replies.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.artifacts import codecs
from valuelex.artifacts.table import MENTIONS, TERMS
from valuelex.errors import TooFewRepliesError
from valuelex.stages.context import Context

_HELD = 2_000_000  # cells of prompts that are put aside before they are added up


@dataclass(frozen=True, slots=True)
class Usage:
    """Who used which term how often.

    Attributes
    ----------
    respondents, models, families
        (n,) names of the rows: the respondent, its model, its family.
    terms
        (p,) names of the columns: the terms of the lexicon, sorted.
    counts
        (n, p) mentions.
    """

    respondents: tuple[str, ...]
    models: tuple[str, ...]
    families: tuple[str, ...]
    terms: tuple[str, ...]
    counts: NDArray[np.float64]


def load_usage(context: Context) -> Usage:
    """Count terms per respondent, over the terms of the lexicon.

    A respondent that named no value at all is left out: it is missing, not a row of zeros.

    Raises
    ------
    TooFewRepliesError
        When no respondent named any term.
    """
    terms = tuple(sorted(r["term"] for r in TERMS.read(context.root) if r["in_lexicon"]))
    model_of = _respondents(context)
    respondents = tuple(sorted(model_of))
    if not respondents or not terms:
        raise TooFewRepliesError(
            f"{len(respondents)} respondents named values and the lexicon has {len(terms)} terms:"
            " nothing to analyse; see outputs/normalize/attrition.csv"
        )
    row_of, column_of = _places(respondents), _places(terms)
    counts = np.zeros((len(respondents), len(terms)))
    for batch in MENTIONS.batches(context.root, ("respondent", "term")):
        rows, columns = codes(batch["respondent"], row_of), codes(batch["term"], column_of)
        kept = columns >= 0
        np.add.at(counts, (rows[kept], columns[kept]), 1)
    models = tuple(model_of[respondent] for respondent in respondents)
    families = tuple(context.settings.model(model).family for model in models)
    return Usage(respondents, models, families, terms, counts)


def _respondents(context: Context) -> dict[str, str]:
    """Return the model of each respondent with a kept mention."""
    found: dict[str, str] = {}
    for batch in MENTIONS.batches(context.root, ("respondent", "model", "term")):
        there = batch.filter(batch["term"].is_valid())
        unseen = set(there["respondent"].unique().to_pylist()) - found.keys()
        new = there.filter(among(there["respondent"], unseen))
        found |= dict(zip(*(new[n].to_pylist() for n in ("respondent", "model")), strict=True))
    return found


def codes(column: Any, places: Mapping[str, int]) -> NDArray[np.int64]:
    """Return the place of each cell of an Arrow column of text, -1 where it has none.

    By way of buffers: Arrow's own conversion to numpy would import pandas.
    """
    encoded = column.dictionary_encode()
    lookup = [places.get(name, -1) for name in encoded.dictionary.to_pylist()]
    inside = slice(encoded.offset, encoded.offset + len(encoded))
    valid, cells = encoded.indices.buffers()
    indices = np.frombuffer(cells, dtype=np.int32)[inside]
    if valid is not None:
        bits = np.unpackbits(np.frombuffer(valid, dtype=np.uint8), bitorder="little")[inside]
        indices = np.where(bits, indices, len(lookup))
    return np.array([*lookup, -1], dtype=np.int64)[indices]


def among(column: Any, names: Container[str]) -> Any:
    """Return which cells of an Arrow column of text are among the names, as an Arrow mask."""
    distinct = column.unique().to_pylist()
    inside = codes(column, {name: 1 for name in distinct if name in names}) > 0
    return codecs.arrow_column(inside.tolist(), "bool")


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}


def prompts_of(context: Context, most: int) -> list[str]:
    """Return the prompts whose replies named a term, sorted; none when there are more."""
    found: set[str] = set()
    for batch in MENTIONS.batches(context.root, ("prompt", "term")):
        found.update(batch.filter(batch["term"].is_valid())["prompt"].unique().to_pylist())
        if len(found) > most:
            return []
    return sorted(found)


def counts_by_prompt(
    context: Context, usage: Usage, prompts: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield (prompt, counts (n, p) of its replies alone), one matrix at a time."""
    n, p = usage.counts.shape
    row_of, column_of, prompt_of = (
        _places(names) for names in (usage.respondents, usage.terms, prompts)
    )
    cells, sums = np.zeros(0, dtype=np.int64), np.zeros(0)
    held: list[NDArray[np.int64]] = []
    for batch in MENTIONS.batches(context.root, ("respondent", "prompt", "term")):
        columns = codes(batch["term"], column_of)
        rows = codes(batch["prompt"], prompt_of) * n + codes(batch["respondent"], row_of)
        held.append((rows * p + columns)[columns >= 0])
        if sum(map(len, held)) > _HELD:
            cells, sums = _added(cells, sums, held)
            held = []
    cells, sums = _added(cells, sums, held)
    for i, prompt in enumerate(prompts):
        start, end = np.searchsorted(cells, [i * n * p, (i + 1) * n * p])
        counts = np.zeros(n * p)
        counts[cells[start:end] - i * n * p] = sums[start:end]
        yield prompt, counts.reshape(n, p)


def _added(
    cells: NDArray[np.int64], sums: NDArray[np.float64], more: Sequence[NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count further cells: return sorted cells, each once, with their sums."""
    every = np.concatenate([cells, *more])
    weights = np.concatenate([sums, np.ones(len(every) - len(cells))])
    found, place = np.unique(every, return_inverse=True)
    return found, np.bincount(place, weights, minlength=len(found)).astype(np.float64)
