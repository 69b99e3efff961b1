"""The taxonomy as records: dimensions hold sub-dimensions, these hold terms with their evidence.

``Taxonomy.to_dict`` gives plain values for JSON, ``Taxonomy.from_dict`` reads them strictly; the
published schema is ``lexicon/schemas/taxonomy.v1.schema.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, cast, get_args

from valuelex.errors import DataError
from valuelex.taxonomy.fields import Fields

SCHEMA = "valuelex/taxonomy.v1"

PlacedBy = Literal["loading", "meaning"]
NamedBy = Literal["rule", "person", "judge"]


@dataclass(frozen=True, slots=True)
class NearestValue:
    """The value of a known theory that lies nearest to a group: no proof that they are the same.

    ``similarity`` is the cosine of the two centroids, in [-1, 1].
    """

    theory: str
    level: str
    value: str
    name: str
    similarity: float


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term in its place.

    Attributes
    ----------
    term
        The normal form.
    loading
        Pattern loading on the dimension's factor, ``None`` when the term was not in the analysis.
    placed_by
        ``"loading"``, or ``"meaning"`` when the loadings did not decide.
    keying
        -1 when the term loads negatively on the dimension, else 1.
    similarity
        Cosine with the centroid of the group it is in, in [-1, 1].
    cluster
        Its semantic cluster over the whole lexicon, -1 for noise, ``None`` when unknown.
    mentions, respondents, models, families
        Counts, >= 0.
    salience
        Smith's S over all replies, in [0, 1].
    evidence
        Mention ids, in order.
    """

    term: str
    loading: float | None
    placed_by: PlacedBy
    keying: int
    similarity: float
    cluster: int | None
    mentions: int
    respondents: int
    models: int
    families: int
    salience: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubDimension:
    """A group of terms of like meaning (and like use) inside one dimension; id ``d1.s2``."""

    id: str
    name: str
    named_by: NamedBy
    nearest: tuple[NearestValue, ...]
    terms: tuple[TermEntry, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """Terms that models name together: one factor, or one pole of a bipolar factor; id ``d1``.

    ``factor`` is the factor's name in the loadings table, ``pole`` is -1 when this dimension is the
    factor's negative side. ``negative_pole`` lists terms that load negatively on this dimension
    and stand in no sub-dimension. ``related`` maps other dimensions' ids to factor correlations.
    """

    id: str
    name: str
    named_by: NamedBy
    factor: str
    pole: int
    related: dict[str, float]
    nearest: tuple[NearestValue, ...]
    sub_dimensions: tuple[SubDimension, ...]
    negative_pole: tuple[TermEntry, ...] = ()

    @property
    def terms(self) -> tuple[TermEntry, ...]:
        """Every term of its sub-dimensions, in order; the negative pole is not among them."""
        return tuple(entry for sub in self.sub_dimensions for entry in sub.terms)


@dataclass(frozen=True, slots=True)
class UnplacedTerm:
    """A term of the lexicon that has no place, and why.

    ``loading`` is its largest absolute loading, ``similarity`` the cosine with the nearest
    dimension's centroid; ``None`` where there is none.
    """

    term: str
    reason: str
    loading: float | None
    similarity: float | None
    mentions: int
    respondents: int
    models: int


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A whole taxonomy; ``simulated`` says that no real model stands behind it.

    ``options`` records the rules it was built by, ``notes`` what a reader should know, ``theories``
    the comparisons with known theories (see :mod:`valuelex.taxonomy.theories`), ``naming`` what a
    judge model said of each group's name (see :mod:`valuelex.taxonomy.naming_judge`).
    """

    study: str
    simulated: bool
    version: str
    dimensions: tuple[Dimension, ...]
    unplaced: tuple[UnplacedTerm, ...]
    options: dict[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    theories: tuple[dict[str, Any], ...] = ()
    naming: tuple[dict[str, Any], ...] = ()

    def sub_dimensions(self) -> Iterator[SubDimension]:
        """Every sub-dimension, in order."""
        for dimension in self.dimensions:
            yield from dimension.sub_dimensions

    def placed(self) -> dict[str, str]:
        """Map each term to the id of its sub-dimension; a negative pole's terms to ``d1-``."""
        out: dict[str, str] = {}
        for dimension in self.dimensions:
            for sub in dimension.sub_dimensions:
                out.update({entry.term: sub.id for entry in sub.terms})
            out.update({entry.term: f"{dimension.id}-" for entry in dimension.negative_pole})
        return out

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, texts and numbers, with ``schema`` first."""
        out: dict[str, Any] = {"schema": SCHEMA}
        out.update(cast("dict[str, Any]", _plain(asdict(self))))
        return out

    @classmethod
    def from_dict(cls, data: object) -> Taxonomy:
        """Read what :meth:`to_dict` wrote.

        Raises
        ------
        DataError
            Anything missing, unknown, of the wrong type, or an id or term that occurs twice.
        """
        known = ("schema", *(f.name for f in fields(cls)))
        top = Fields(data, "taxonomy", known, DataError)
        top.text("schema", allowed=[SCHEMA])
        taxonomy = cls(
            study=top.text("study"),
            simulated=top.flag("simulated"),
            version=top.text("version"),
            dimensions=tuple(
                _dimension(d, f"taxonomy.dimensions[{i}]")
                for i, d in enumerate(top.items("dimensions"))
            ),
            unplaced=tuple(
                _unplaced(u, f"taxonomy.unplaced[{i}]") for i, u in enumerate(top.items("unplaced"))
            ),
            options=top.mapping("options"),
            notes=tuple(top.texts("notes")),
            theories=tuple(cast("list[dict[str, Any]]", top.items("theories"))),
            naming=tuple(cast("list[dict[str, Any]]", top.items("naming")))
            if top.has("naming")
            else (),
        )
        _check_unique(taxonomy)
        return taxonomy


def _plain(value: object) -> object:
    """Turn tuples into lists all the way down, so that the dict equals its JSON round trip."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value


def _names(cls: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(cls))


def _dimension(data: object, where: str) -> Dimension:
    f = Fields(data, where, _names(Dimension), DataError)
    related = f.mapping("related")
    return Dimension(
        id=f.filled("id"),
        name=f.text("name"),
        named_by=cast("NamedBy", f.text("named_by", allowed=get_args(NamedBy))),
        factor=f.text("factor"),
        pole=f.integer("pole"),
        related={
            key: Fields(related, f"{where}.related", list(related), DataError).number(key)
            for key in related
        },
        nearest=_nearest(f),
        sub_dimensions=tuple(
            _sub_dimension(s, f"{where}.sub_dimensions[{i}]")
            for i, s in enumerate(f.items("sub_dimensions"))
        ),
        negative_pole=_terms(f, "negative_pole"),
    )


def _sub_dimension(data: object, where: str) -> SubDimension:
    f = Fields(data, where, _names(SubDimension), DataError)
    return SubDimension(
        id=f.filled("id"),
        name=f.text("name"),
        named_by=cast("NamedBy", f.text("named_by", allowed=get_args(NamedBy))),
        nearest=_nearest(f),
        terms=_terms(f, "terms"),
    )


def _nearest(f: Fields) -> tuple[NearestValue, ...]:
    out = []
    for i, data in enumerate(f.items("nearest")):
        g = Fields(data, f"{f.where}.nearest[{i}]", _names(NearestValue), DataError)
        out.append(
            NearestValue(
                theory=g.text("theory"),
                level=g.text("level"),
                value=g.text("value"),
                name=g.text("name"),
                similarity=g.number("similarity"),
            )
        )
    return tuple(out)


def _terms(f: Fields, key: str) -> tuple[TermEntry, ...]:
    return tuple(_term(data, f"{f.where}.{key}[{i}]") for i, data in enumerate(f.items(key)))


def _term(data: object, where: str) -> TermEntry:
    f = Fields(data, where, _names(TermEntry), DataError)
    keying = f.integer("keying")
    if keying not in (1, -1):
        raise DataError(f"{where}.keying: expected 1 or -1, was: {keying}")
    return TermEntry(
        term=f.filled("term"),
        loading=f.maybe_number("loading"),
        placed_by=cast("PlacedBy", f.text("placed_by", allowed=get_args(PlacedBy))),
        keying=keying,
        similarity=f.number("similarity"),
        cluster=f.maybe_integer("cluster"),
        mentions=f.integer("mentions", least=0),
        respondents=f.integer("respondents", least=0),
        models=f.integer("models", least=0),
        families=f.integer("families", least=0),
        salience=f.number("salience"),
        evidence=tuple(f.texts("evidence")),
    )


def _unplaced(data: object, where: str) -> UnplacedTerm:
    f = Fields(data, where, _names(UnplacedTerm), DataError)
    return UnplacedTerm(
        term=f.filled("term"),
        reason=f.text("reason"),
        loading=f.maybe_number("loading"),
        similarity=f.maybe_number("similarity"),
        mentions=f.integer("mentions", least=0),
        respondents=f.integer("respondents", least=0),
        models=f.integer("models", least=0),
    )


def _check_unique(taxonomy: Taxonomy) -> None:
    ids = [d.id for d in taxonomy.dimensions] + [s.id for s in taxonomy.sub_dimensions()]
    terms = [e.term for d in taxonomy.dimensions for e in (*d.terms, *d.negative_pole)]
    terms += [u.term for u in taxonomy.unplaced]
    _no_repeats(ids, "id")
    _no_repeats(terms, "term")
    for dimension in taxonomy.dimensions:
        for sub in dimension.sub_dimensions:
            if not sub.id.startswith(f"{dimension.id}."):
                raise DataError(f"sub-dimension {sub.id!r} stands in dimension {dimension.id!r}")


def _no_repeats(names: Sequence[str], kind: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DataError(f"taxonomy: the {kind} {name!r} occurs twice")
        seen.add(name)
