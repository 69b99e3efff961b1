"""What changed between two taxonomies: ids may be renumbered, so groups are matched by terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from valuelex.taxonomy.model import Taxonomy


@dataclass(frozen=True, slots=True)
class Move:
    """A term that stands in another group than its companions' match."""

    term: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class GroupMatch:
    """An old sub-dimension, the new one that shares most terms with it, and their Jaccard index.

    ``after`` is empty when no new group shares a term, or a better match took it.
    """

    before: str
    before_name: str
    after: str
    after_name: str
    jaccard: float


@dataclass(frozen=True, slots=True)
class TaxonomyDiff:
    """The difference of two taxonomies, old to new.

    ``ari`` and ``ari_dimensions`` are adjusted Rand indices over the terms placed in both, on the
    level of sub-dimensions and of dimensions; ``None`` with fewer than two such terms.
    """

    n_shared: int
    ari: float | None
    ari_dimensions: float | None
    matches: tuple[GroupMatch, ...]
    new_groups: tuple[str, ...]
    moved: tuple[Move, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the same terms stand in the same groups, whatever these are called."""
        return not (self.moved or self.new or self.gone or self.new_groups) and all(
            m.after for m in self.matches
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        out = asdict(self)
        out["matches"] = [asdict(m) for m in self.matches]
        out["moved"] = [asdict(m) for m in self.moved]
        for key in ("new_groups", "new", "gone"):
            out[key] = list(out[key])
        return out


def diff_taxonomies(before: Taxonomy, after: Taxonomy) -> TaxonomyDiff:
    """Compare two taxonomies by their terms; names and numbering do not matter.

    A negative pole counts as a group of its own (``d1-``).
    """
    old, new = before.placed(), after.placed()
    shared = sorted(old.keys() & new.keys())
    pairs = _match(old, new)
    moved = tuple(
        Move(term, old[term], new[term]) for term in shared if pairs.get(old[term]) != new[term]
    )
    old_names, new_names = _group_names(before), _group_names(after)
    groups = list(dict.fromkeys(old.values()))
    return TaxonomyDiff(
        n_shared=len(shared),
        ari=_agreement([old[t] for t in shared], [new[t] for t in shared]),
        ari_dimensions=_agreement(
            [_dimension(old[t]) for t in shared], [_dimension(new[t]) for t in shared]
        ),
        matches=tuple(
            GroupMatch(
                before=g,
                before_name=old_names.get(g, ""),
                after=pairs.get(g, ""),
                after_name=new_names.get(pairs.get(g, ""), ""),
                jaccard=round(_jaccard(old, new, g, pairs[g]), 6) if g in pairs else 0.0,
            )
            for g in groups
        ),
        new_groups=tuple(g for g in dict.fromkeys(new.values()) if g not in pairs.values()),
        moved=moved,
        new=tuple(sorted(new.keys() - old.keys())),
        gone=tuple(sorted(old.keys() - new.keys())),
    )


def adjusted_rand(a: Sequence[str], b: Sequence[str]) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985) of two labellings of the same items."""
    _, rows = np.unique(np.asarray(a, dtype=str), return_inverse=True)
    _, columns = np.unique(np.asarray(b, dtype=str), return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1.0)
    together = float((table * (table - 1)).sum()) / 2
    in_a, in_b = (float((s * (s - 1)).sum()) / 2 for s in (table.sum(axis=1), table.sum(axis=0)))
    pairs = len(a) * (len(a) - 1) / 2
    expected = in_a * in_b / pairs if pairs else 0.0
    largest = (in_a + in_b) / 2
    return 1.0 if largest == expected else (together - expected) / (largest - expected)


def _agreement(a: Sequence[str], b: Sequence[str]) -> float | None:
    return round(adjusted_rand(a, b), 6) if len(a) >= 2 else None


def _match(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Pair old groups with new ones, one to one, greedily by shared terms, then by Jaccard."""
    table: dict[tuple[str, str], int] = {}
    for term in sorted(old.keys() & new.keys()):
        pair = (old[term], new[term])
        table[pair] = table.get(pair, 0) + 1
    order = sorted(table, key=lambda p: (-table[p], -_jaccard(old, new, *p), p))
    out: dict[str, str] = {}
    used: set[str] = set()
    for a, b in order:
        if a not in out and b not in used:
            out[a] = b
            used.add(b)
    return out


def _jaccard(old: Mapping[str, str], new: Mapping[str, str], a: str, b: str) -> float:
    mine = {term for term, group in old.items() if group == a}
    theirs = {term for term, group in new.items() if group == b}
    return len(mine & theirs) / len(mine | theirs)


def _group_names(taxonomy: Taxonomy) -> dict[str, str]:
    names = {sub.id: sub.name for sub in taxonomy.sub_dimensions()}
    names.update({f"{d.id}-": f"{d.name}, negative pole" for d in taxonomy.dimensions})
    return names


def _dimension(group: str) -> str:
    return group.split(".")[0].rstrip("-")
