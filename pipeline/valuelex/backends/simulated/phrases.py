"""The wording around the words: pieces that are combined at random, as data of a world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from valuelex.backends.simulated.checked import Node
from valuelex.errors import LexiconError

STANCES = ("strong", "mild", "indifferent", "opposed")
LISTS = ("preambles", "closers", "hedges", "runs_on", "prose")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "refusals": ("openers", "reasons", "offers"),
    "non_answers": ("openers", "bodies", "closers"),
    "explanations": ("patterns", "acts", "scopes", "who", "gains", "losses"),
    "questionnaire": ("sentence", "reasoned", "blank"),
    "completions": (
        *STANCES,
        *(f"{stance}_more" for stance in STANCES),
        "averse",
        "persona_high",
        "persona_low",
    ),
}


@dataclass(frozen=True, slots=True)
class Language:
    """Another language: words per term, and what stands before and after the list."""

    code: str
    words: Mapping[str, str]
    intros: tuple[str, ...]
    outros: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """All pieces of text: ``lists[name]`` and ``groups[name][part]``."""

    lists: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, Mapping[str, tuple[str, ...]]]
    languages: tuple[Language, ...]

    @classmethod
    def read(cls, world: Node, terms: frozenset[str]) -> Wording:
        """Read ``wording``, ``languages`` and ``translations`` of a world.

        Raises
        ------
        LexiconError
            When a block is malformed or translates a term that the world does not have.
        """
        node = world.at("wording").only((*LISTS, *GROUPS))
        groups = {}
        for name, parts in GROUPS.items():
            group = node.at(name).only(parts)
            groups[name] = {part: group.texts(part, 1, blank=True) for part in parts}
        lists = {name: node.texts(name, 1) for name in LISTS}
        return cls(lists=lists, groups=groups, languages=_languages(world, terms))


def _languages(world: Node, terms: frozenset[str]) -> tuple[Language, ...]:
    languages, table = world.at("languages"), world.at("translations")
    rows = {term: table.texts(term) for term in table.content}
    for term, row in rows.items():
        if term not in terms or len(row) != len(languages.content):
            raise LexiconError(
                f"{table.place}.{term} must be a term of this world with"
                f" {len(languages.content)} words, was: {list(row)}"
            )
    found = []
    for i, (code, node) in enumerate(languages.each()):
        node.only(("intros", "outros"))
        words = {term: row[i] for term, row in rows.items()}
        found.append(Language(code, words, node.texts("intros", 1), _blank(node)))
    return tuple(found)


def _blank(node: Node) -> tuple[str, ...]:
    return node.texts("outros", 1, blank=True)
