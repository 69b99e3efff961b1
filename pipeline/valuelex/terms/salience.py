"""How early and how often a term is listed: counted reply by reply, with intervals by family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class Cell:
    """One term in the replies of one family.

    ``late`` maps the length of a list to the sum of (position - 1) over the lists of that length
    that hold the term: whole numbers, so that sums do not depend on the order of replies.
    """

    replies: int = 0
    positions: int = 0
    late: dict[int, int] = field(default_factory=dict)


class TermCounts:
    """Counts terms as replies come by, one model after the other; holds counts, no reply.

    Parameters
    ----------
    families
        The family of each model.
    """

    def __init__(self, families: Mapping[str, str]) -> None:
        self._families = families
        self._cells: dict[str, dict[str, Cell]] = {}
        self._models: dict[str, int] = {}
        self._respondents: dict[str, int] = {}
        self._replies: dict[str, int] = {}
        self._model = ""
        self._seen: dict[str, set[str]] = {}
        self._who: set[str] = set()
        self.respondents = 0

    def add(self, model: str, respondent: str, terms: Sequence[str]) -> None:
        """Count one reply: its kept terms in their order, each once. A respondent has one model.

        A model whose replies come in two runs would be counted twice.
        """
        if not terms:
            return
        if model != self._model:
            self._model, self._seen, self._who = model, {}, set()
        family = self._families[model]
        self._replies[family] = self._replies.get(family, 0) + 1
        if respondent not in self._who:
            self._who.add(respondent)
            self.respondents += 1
        for before, term in enumerate(terms):
            self._spoken(term, respondent)
            cell = self._cells.setdefault(term, {}).setdefault(family, Cell())
            cell.replies += 1
            cell.positions += before + 1
            if before:
                cell.late[len(terms)] = cell.late.get(len(terms), 0) + before

    def _spoken(self, term: str, respondent: str) -> None:
        seen = self._seen.get(term)
        if seen is None:
            seen = self._seen[term] = set()
            self._models[term] = self._models.get(term, 0) + 1
        if respondent not in seen:
            seen.add(respondent)
            self._respondents[term] = self._respondents.get(term, 0) + 1

    @property
    def terms(self) -> list[str]:
        """All terms, sorted."""
        return sorted(self._cells)

    @property
    def families(self) -> list[str]:
        """The families with a kept mention, sorted."""
        return sorted(self._replies)

    def users(self, term: str) -> tuple[int, int, int]:
        """Respondents, models and families that use a term."""
        return self._respondents[term], self._models[term], len(self._cells[term])

    def sums(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return replies per family (f,), and for each term and family (3, t, f) its sums.

        The three: replies with the term, sum of its weights ``1 - (position - 1) / length``, sum
        of its positions.
        """
        families = self.families
        out = np.zeros((3, len(self._cells), len(families)))
        for i, term in enumerate(self.terms):
            for j, family in enumerate(families):
                cell = self._cells[term].get(family)
                if cell is not None:
                    lag = sum(late / length for length, late in sorted(cell.late.items()))
                    out[:, i, j] = cell.replies, cell.replies - lag, cell.positions
        return np.array([self._replies[f] for f in families], dtype=np.float64), out


def salience(
    counts: TermCounts, resamples: int = 1000, seed: int = 0
) -> dict[str, Sequence[object] | NDArray[np.float64]]:
    """Return one column a quantity, the terms sorted.

    Smith's S of a term is the mean over all replies with a kept mention of ``1 - (position - 1) /
    length`` (0 where the term is absent), positions counted among the kept mentions of the reply
    (Smith 1993, J. Quantitative Anthropology). Sutrop's index is ``replies with the term /
    (replies x mean position)`` (Sutrop 2001, Field Methods 13:263). R:
    ``AnthroTools::CalculateSalience`` gives S of one list at a time.

    ``*_lower`` and ``*_upper`` are the central 95 % of both when whole families are drawn with
    replacement; NaN with fewer than two families or no resamples.
    """
    terms = counts.terms
    replies, sums = counts.sums()
    said, weights, positions = sums
    total = max(float(replies.sum()), 1.0)
    users = np.array([counts.users(term) for term in terms], dtype=np.int64).reshape(-1, 3)
    smith = weights.sum(axis=1) / total
    sutrop = _sutrop(said.sum(axis=1), positions.sum(axis=1), total)
    low, high = _intervals(replies, sums, resamples, seed)
    mentions = said.sum(axis=1).astype(np.int64)
    return {
        "term": terms,
        "mentions": mentions,
        "replies": mentions,
        "respondents": users[:, 0],
        "models": users[:, 1],
        "families": users[:, 2],
        "smith_s": smith,
        "smith_lower": low[0],
        "smith_upper": high[0],
        "sutrop": sutrop,
        "sutrop_lower": low[1],
        "sutrop_upper": high[1],
    }


def _sutrop(
    said: NDArray[np.float64], positions: NDArray[np.float64], total: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    """Return Sutrop's index from sums over replies; 0 for a term that is not there."""
    return np.asarray(said**2 / np.where(positions > 0, positions * total, 1.0))


def _intervals(
    replies: NDArray[np.float64], sums: NDArray[np.float64], resamples: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lower and upper ends (2, t): Smith's S, then Sutrop's index."""
    n = len(replies)
    t = sums.shape[1]
    if n < 2 or resamples < 1 or t == 0:
        return np.full((2, t), np.nan), np.full((2, t), np.nan)
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)
    size = draws @ replies  # (b,)
    low, high = np.empty((2, t)), np.empty((2, t))
    for start in range(0, t, 500):  # a slice of terms at a time: b x 500 numbers
        part = slice(start, start + 500)
        said, weights, positions = (draws @ sums[i, part].T for i in range(3))
        values = weights / size[:, None], _sutrop(said, positions, size[:, None])
        for i, value in enumerate(values):
            low[i, part], high[i, part] = np.percentile(value, [2.5, 97.5], axis=0)
    return low, high
