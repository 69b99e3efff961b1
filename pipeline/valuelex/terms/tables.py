"""The vocabulary as the domain needs it: built from plain rows, checked, read-only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from valuelex.errors import LexiconError

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VocabularyTables:
    """What is known of value words before any reply is read.

    ``values`` maps each head to whether it is searched for in running text; ``families`` maps a
    form to (head, link); ``prose`` are the forms that running text is searched for, with their
    head; ``opposites`` maps *dishonesty* to *honesty*; ``stop`` maps a generic word to the name
    of its group; ``frames`` are (opening, only before a known word), longest first;
    ``exceptions`` maps a form to the term that no rule gives; ``collocations`` are fixed phrases
    in which a value word means something else. ``derivations`` maps a form to (word, link) of
    its nouns, or of the adjective of an adverb; ``adjectives`` maps a noun in -ness to the
    adjectives that it is the family head of; ``things`` maps what is no value to its kind
    (artifact, food, colour, adverbial ...).
    """

    values: Mapping[str, bool]
    families: Mapping[str, tuple[str, str]]
    prose: Mapping[str, str]
    opposites: Mapping[str, str]
    stop: Mapping[str, str]
    frames: tuple[tuple[str, bool], ...]
    exceptions: Mapping[str, str]
    collocations: frozenset[str] = frozenset()
    derivations: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    things: Mapping[str, str] = field(default_factory=dict)
    adjectives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_rows(
        cls,
        *,
        values: Iterable[Row],
        families: Iterable[Row],
        opposites: Iterable[Row],
        frames: Iterable[Row],
        exceptions: Iterable[Row],
        stop: Mapping[str, Sequence[str]],
        collocations: Iterable[Row] = (),
        derivations: Iterable[Row] = (),
        things: Iterable[Row] = (),
    ) -> VocabularyTables:
        """Build the tables from rows as ``csv.DictReader`` gives them.

        Parameters
        ----------
        values
            Columns head, prose (yes or no).
        families
            Columns form, head, link, prose.
        opposites
            Columns word, of.
        frames
            Columns frame, when (always or known).
        exceptions
            Columns form, term.
        collocations
            Column phrase.
        derivations
            Columns form, noun, link.
        things
            Columns word, kind.
        stop
            Group name to words.

        Raises
        ------
        LexiconError
            When a family chain leads in a circle, or a column is missing.
        """
        family_rows = list(families)
        try:
            heads = {row["head"]: row["prose"] == "yes" for row in values}
            forms = {row["form"]: (row["head"], row["link"]) for row in family_rows}
            loud = [row["form"] for row in family_rows if row["prose"] == "yes"]
            opposite = {row["word"]: row["of"] for row in opposites}
            framed = {(row["frame"], row["when"] == "known") for row in frames}
            fixed = frozenset(row["phrase"] for row in collocations)
            irregular = {row["form"]: row["term"] for row in exceptions}
            kinds = {row["word"]: row["kind"] for row in things}
            links: dict[str, list[tuple[str, str]]] = {}
            for row in derivations:
                links.setdefault(row["form"], []).append((row["noun"], row["link"]))
        except KeyError as error:
            raise LexiconError(f"a vocabulary table lacks the column {error}") from None
        closed = {form: (_head(forms, form), link) for form, (_, link) in forms.items()}
        adjectives: dict[str, list[str]] = {}
        for form, (head, link) in closed.items():
            if link == "adjective" and head.endswith("ness"):
                adjectives.setdefault(head, []).append(form)
        prose = {head: head for head, searched in heads.items() if searched}
        return cls(
            values=heads,
            families=closed,
            prose=prose | {form: closed[form][0] for form in loud},
            opposites=opposite,
            stop={word: group for group, words in stop.items() for word in words},
            frames=tuple(sorted(framed, key=lambda frame: (-len(frame[0]), frame))),
            exceptions=irregular,
            collocations=fixed,
            derivations={form: tuple(sorted(nouns)) for form, nouns in links.items()},
            things=kinds,
            adjectives={head: tuple(sorted(forms)) for head, forms in adjectives.items()},
        )

    def named(self, term: str) -> bool:
        """Whether a term is a value of the vocabulary, or a form of one."""
        return term in self.values or self.families.get(term, ("",))[0] in self.values


def _head(forms: Mapping[str, tuple[str, str]], form: str) -> str:
    """Follow a form to the end of its chain."""
    seen = [form]
    while seen[-1] in forms:
        head = forms[seen[-1]][0]
        if head in seen:
            raise LexiconError(f"word families lead in a circle: {' -> '.join([*seen, head])}")
        seen.append(head)
    return seen[-1]
