"""Make a form: choose, key, balance and halve the stems for one taxonomy.

Stems of the bank are tagged with the situation that they open. A stem is keyed to the
sub-dimension whose terms its situation is nearest to, relative to the other sub-dimensions and to
the other stems; quotas keep sub-dimensions, kinds and the two parallel forms of equal make-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError
from valuelex.instruments.projective.anchors import SubDimension, sub_dimensions, word_form
from valuelex.instruments.projective.form import PARALLEL, Control, Form
from valuelex.instruments.projective.screen import (
    Dropped,
    doubled,
    named_value,
    same_family,
    wording_fault,
)
from valuelex.records import Stem

Embed = Callable[[Sequence[str]], NDArray[Any]]
Kind = Literal["personal", "role"]
KINDS: tuple[Kind, ...] = ("personal", "role")
SLOT = "{other}"
COPIES = 3
"""A stem with a slot may stand in a form this often, each time with another quality."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stem that may go into the form; ``sub_dimension`` is "" while its key is open."""

    id: str
    kind: Kind
    text: str
    situation: str
    sub_dimension: str = ""
    keying: Literal[1, -1] = 1


@dataclass(frozen=True, slots=True)
class _Placed:
    candidate: Candidate
    sub_dimension: str
    fit: float


def compose_form(
    taxonomy: Mapping[str, Any],
    bank: Mapping[str, Any],
    embed: Embed,
    *,
    stems_per_sub_dimension: int,
    seed: int,
    candidates: Sequence[Candidate] = (),
    double: float = 0.9,
    controls: Mapping[str, Any] | None = None,
) -> Form:
    """Compose two parallel forms for a taxonomy.

    Parameters
    ----------
    taxonomy
        The structure of ``taxonomy.json``.
    bank
        The structure of ``prompts/stems.v1.yaml``.
    embed
        Gives n texts as unit vectors (n, d).
    stems_per_sub_dimension
        Stems for each sub-dimension, >= 2: half of them in form A and half in B, in each of them
        half (rounded up) personal. An odd number counts as one less. Where the bank cannot carry
        it, all sub-dimensions get equally fewer, and ``notes`` says so.
    seed
        Seed of the qualities that fill slots and of the order of the stems.
    candidates
        Stems of a generator model (`valuelex.instruments.projective.generate`), screened as all.
    double
        Cosine from which a stem is the double of one that is already in, in (0, 1].
    controls
        ``controls`` of ``prompts/anchors.v3.yaml``: endings whose score is known, for the judges.

    Raises
    ------
    DataError
        When the taxonomy has no sub-dimension, or the bank not one fitting stem for each.
    """
    pairs = stems_per_sub_dimension // len(PARALLEL)
    if pairs < 1:
        raise DataError(f"stems_per_sub_dimension must be >= 2, was: {stems_per_sub_dimension}")
    subs = sub_dimensions(taxonomy)
    rng = np.random.default_rng(seed)
    dropped: list[Dropped] = []
    notes: list[str] = []
    centroids = np.array([_unit(_unit(embed(list(s.words))).mean(axis=0)) for s in subs])
    placed: dict[tuple[str, Kind], list[_Placed]] = {}
    shares = {"personal": (pairs + 1) // 2, "role": pairs // 2}
    for kind in KINDS:
        need = len(PARALLEL) * shares[kind]
        pool = _pool(bank, candidates, kind, subs, need, dropped)
        fair = len(pool) // len(subs) // len(PARALLEL) * len(PARALLEL)
        chosen = _place(pool, subs, centroids, embed, min(need, fair), double, rng, dropped)
        got = min((len(v) for v in chosen.values()), default=0) // len(PARALLEL) * len(PARALLEL)
        if got < need:
            notes.append(
                f"{kind}: {got // 2} stems a sub-dimension and form instead of {need // 2}, the"
                f" bank has {len(pool)} that pass for {len(subs)} sub-dimensions"
            )
        for sub, stems in chosen.items():
            dropped += [
                Dropped(p.candidate.text, "balance", f"surplus of {sub}") for p in stems[got:]
            ]
            placed[sub, kind] = stems[:got]
    if not any(placed.values()):
        raise DataError(
            f"the bank has no fitting stem for each of {len(subs)} sub-dimensions: "
            f"expected at least {2 * len(subs)} stems of one kind"
        )
    known = _controls(controls, subs) if controls else ()
    version = str(bank["id"])
    return _assemble(
        placed, subs, known, version, str(taxonomy.get("version", "")), rng, dropped, notes
    )


def _pool(
    bank: Mapping[str, Any],
    candidates: Sequence[Candidate],
    kind: Kind,
    subs: Sequence[SubDimension],
    need: int,
    dropped: list[Dropped],
) -> list[Candidate]:
    """List the candidates of one kind that pass the rules of wording.

    Stems with a slot are listed once; again, under another id, when the bank would run short.
    """
    entries = [
        Candidate(s["id"], kind, s["text"], s["situation"], keying=s.get("keying", 1))
        for s in bank[kind]
    ]
    pool = []
    for c in [c for c in candidates if c.kind == kind] + entries:
        fault = wording_fault(c.text.replace(SLOT, "that"), bank["open_endings"])
        if fault:
            dropped.append(replace(fault, text=c.text))
        else:
            pool.append(c)
    slotted = [c for c in pool if SLOT in c.text]
    for copy in range(2, COPIES + 1):
        if len(pool) >= need * len(subs):
            break
        pool += [replace(c, id=f"{c.id}x{copy}") for c in slotted]
    return pool


def _place(
    pool: Sequence[Candidate],
    subs: Sequence[SubDimension],
    centroids: NDArray[Any],
    embed: Embed,
    need: int,
    double: float,
    rng: np.random.Generator,
    dropped: list[Dropped],
) -> dict[str, list[_Placed]]:
    """Give stems to sub-dimensions, the best fit first, until every quota is full."""
    chosen: dict[str, list[_Placed]] = {s.id: [] for s in subs}
    if not pool or need == 0:
        dropped += [Dropped(c.text, "balance", "every quota is full") for c in pool]
        return chosen
    fit = _fit(pool, centroids, embed)
    text = _unit(embed([c.text.replace(SLOT, "it") for c in pool]))
    likeness = text @ text.T
    taken: list[int] = []
    refused: dict[int, Dropped] = {}
    others: dict[str, list[str]] = {}
    for i, k in _by_fit(fit, pool, subs):
        candidate, sub = pool[i], subs[k]
        if (
            i in taken
            or len(chosen[sub.id]) >= need
            or (i in refused and refused[i].rule == "double")
        ):
            continue
        named = named_value(candidate.text.replace(SLOT, ""), (*sub.words, sub.name))
        if named:
            refused[i] = Dropped(candidate.text, "names its value", f"{named} ({sub.id})")
            continue
        twin = doubled(
            [float(x) for x in likeness[i]], [t for t in taken if not _copy(pool, t, i)], double
        )
        if twin is not None:
            refused[i] = Dropped(
                candidate.text, "double", f"of {pool[twin].id}: {likeness[i, twin]:.2f}"
            )
            continue
        filled = _filled(candidate, sub, subs, rng, others)
        if filled is None:
            refused[i] = Dropped(candidate.text, "slot", f"no quality to name beside {sub.id}")
            continue
        taken.append(i)
        refused.pop(i, None)
        chosen[sub.id].append(_Placed(filled, sub.id, float(fit[i, k])))
    left = [i for i in range(len(pool)) if i not in taken]
    dropped += [
        refused.get(i) or Dropped(pool[i].text, "balance", "every quota is full") for i in left
    ]
    return chosen


def _copy(pool: Sequence[Candidate], a: int, b: int) -> bool:
    """Tell whether two candidates are one slotted stem with different qualities."""
    return pool[a].text == pool[b].text and SLOT in pool[a].text


def _fit(pool: Sequence[Candidate], centroids: NDArray[Any], embed: Embed) -> NDArray[np.float64]:
    """Similarity (n, k) of situations to sub-dimensions, centred by stem and by sub-dimension."""
    similarity = _unit(embed([c.situation for c in pool])) @ centroids.T
    centred = similarity - similarity.mean(axis=0) - similarity.mean(axis=1, keepdims=True)
    return np.asarray(centred + similarity.mean(), dtype=np.float64)


def _by_fit(
    fit: NDArray[np.float64], pool: Sequence[Candidate], subs: Sequence[SubDimension]
) -> Iterator[tuple[int, int]]:
    """Give (stem, sub-dimension) pairs: best fit first; a candidate with a key only to its key."""
    order = sorted(
        (-round(float(fit[i, k]), 6), i, k) for i in range(len(pool)) for k in range(len(subs))
    )
    for _, i, k in order:
        if pool[i].sub_dimension in ("", subs[k].id):
            yield i, k


def _filled(
    candidate: Candidate,
    key: SubDimension,
    subs: Sequence[SubDimension],
    rng: np.random.Generator,
    used: dict[str, list[str]],
) -> Candidate | None:
    """Fill the slot with a noun of another sub-dimension that is no relative of the key's terms."""
    if SLOT not in candidate.text:
        return candidate
    before = used.setdefault(candidate.text, [])
    choices = sorted(
        {
            term
            for s in subs
            if s.id != key.id
            for term in s.words[:8]
            if word_form(term) == "noun"
            and term not in before
            and not any(same_family(term.casefold(), w.casefold()) for w in key.words)
        }
    )
    if not choices:
        return None
    other = choices[int(rng.integers(len(choices)))]
    before.append(other)
    return replace(candidate, text=candidate.text.replace(SLOT, other))


def _controls(frames: Mapping[str, Any], subs: Sequence[SubDimension]) -> tuple[Control, ...]:
    """Fill the control endings, each with another of the first terms of a sub-dimension."""
    found = []
    for sub in subs:
        for i in range(max(len(frames[form]) for form in frames)):
            term = sub.words[i % min(len(sub.words), 3)]
            choices = frames[word_form(term)]
            frame = choices[i % len(choices)]
            text = frame["text"].replace("{term}", term)
            found.append(Control(f"{sub.id}-c{i + 1}", text, sub.id, frame["expected"]))
    return tuple(found)


def _assemble(
    placed: Mapping[tuple[str, Kind], Sequence[_Placed]],
    subs: Sequence[SubDimension],
    controls: Sequence[Control],
    version: str,
    taxonomy: str,
    rng: np.random.Generator,
    dropped: Sequence[Dropped],
    notes: Sequence[str],
) -> Form:
    """Halve the stems of each sub-dimension and kind by fit (A B B A ...), then mix the order."""
    stems: list[Stem] = []
    part: dict[str, str] = {}
    fit: dict[str, float] = {}
    for sub in subs:
        for kind in KINDS:
            ordered = sorted(placed[sub.id, kind], key=lambda p: (-p.fit, p.candidate.id))
            for rank, p in enumerate(ordered):
                c = p.candidate
                stems.append(Stem(c.id, c.text, sub.id, kind, c.keying))
                part[c.id] = PARALLEL[rank % 4 in (1, 2)]
                fit[c.id] = p.fit
    order = rng.permutation(len(stems))
    mixed = [stems[i] for i in order]
    mixed.sort(key=lambda s: PARALLEL.index(part[s.id]))  # stable: A first, its mixed order kept
    rows = tuple(sorted(dropped, key=lambda d: (d.rule, d.text, d.detail)))
    return Form(version, taxonomy, tuple(mixed), part, fit, tuple(controls), rows, tuple(notes))


def _unit(x: NDArray[Any]) -> NDArray[np.float64]:
    x = np.asarray(x, dtype=np.float64)
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12))
