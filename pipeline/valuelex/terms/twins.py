"""After reading: one term for the forms of one word, where the study itself attests the noun."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from valuelex.terms.reader import ReadReply
from valuelex.terms.tables import VocabularyTables

NEGATIVE = ("not", "never", "no", "without", "non", "avoiding", "against", "lack")
# Plurals that are another word than their singular: "common goods" is not "common good".
PLURAL_APART = frozenset(
    [
        "goods",
        "customs",
        "humanities",
        "arms",
        "looks",
        "means",
        "manners",
        "letters",
        "works",
        "forces",
        "politics",
        "values",
    ]
)
COMBINING = ("bio", "eco", "geo", "socio", "multi", "inter", "hyper", "techno", "cyber", "co", "re")
QUALITY = ("ness", "ity", "ty", "ance", "ence", "ency", "cy", "dom", "ism", "ice", "th")
MIN_SINGULAR = 4


class Use(NamedTuple):
    """How widely a term is used: models first, then mentions."""

    models: int
    mentions: int


Merges = Mapping[str, tuple[str, str]]


def merge_map(counts: Mapping[str, Use], tables: VocabularyTables) -> dict[str, tuple[str, str]]:
    """Find the terms of a study that are forms of another of its terms.

    Three rules, in this order; a term follows its target to the end of the chain, and keeps the
    name of its own first step:

    ``spelling-twin``
        The same letters apart from hyphens and blanks (*team work, teamwork*). A value of the
        vocabulary wins, else the more widely used.
    ``plural-twin``
        Phrases whose last words are singular and plural (*civil right, civil rights*). The more
        widely used wins.
    ``attested-family``
        A form joins a noun that ``tables.derivations`` links it to, if at least as many models
        use the noun: single words (*erudite, erudition*), the last part of compounds
        (*self-governing, self-governance*), and phrases (*socially just, social justice*).

    A value of the vocabulary joins another only where a person said so, negated phrases never,
    and an opposite never with what it opposes.

    Parameters
    ----------
    counts
        Every term of the study with its use.
    tables
        The vocabulary.

    Returns
    -------
    dict
        Merged term to (term, rule), sorted by merged term; no target is itself a key.
    """
    found = _spellings(counts, tables)
    for finder in (_plurals, _families):
        left = {term: use for term, use in counts.items() if term not in found}
        found |= finder(left, tables)
    return {term: (_end(found, term), found[term][1]) for term in sorted(found)}


def settle(read: ReadReply, merges: Merges) -> ReadReply:
    """Rewrite the terms of one reply; a term that comes up twice is dropped as ``repeated``.

    ``merges`` is what `merge_map` returns. The rule of a rewritten mention is that of the merge,
    after the rule of the reading if it was more than identity (``typo+attested-family``).
    """
    if not any(m.term in merges for m in read.kept):
        return read
    seen: set[str] = set()
    mentions, rules, notes = [], [], iter(read.merges)
    for mention in read.mentions:
        term = mention.term
        if term is None:
            mentions.append(mention)
            continue
        surface, rule = next(notes)
        if term in merges:
            term, merged = merges[term]
            rule = merged if rule == "identity" else f"{rule}+{merged}"
        if term in seen:
            mentions.append(replace(mention, term=None, dropped="repeated"))
            continue
        seen.add(term)
        mentions.append(replace(mention, term=term))
        rules.append((surface, rule))
    return replace(read, mentions=tuple(mentions), merges=tuple(rules))


def _end(found: Merges, term: str) -> str:
    while term in found:
        term = found[term][0]
    return term


def _wider(counts: Mapping[str, Use], tables: VocabularyTables, term: str) -> tuple[object, ...]:
    """Sort key: a value of the vocabulary, then the most widely used, then the alphabet."""
    use = counts[term]
    return term not in tables.values, -use.models, -use.mentions, term


def _spellings(counts: Mapping[str, Use], tables: VocabularyTables) -> dict[str, tuple[str, str]]:
    groups: dict[str, list[str]] = {}
    for term in counts:
        groups.setdefault(term.replace(" ", "").replace("-", ""), []).append(term)
    found: dict[str, tuple[str, str]] = {}
    for group in groups.values():
        best, *others = sorted(group, key=lambda term: _wider(counts, tables, term))
        found |= dict.fromkeys(others, (best, "spelling-twin"))
    return found


def _plurals(counts: Mapping[str, Use], _: VocabularyTables) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for term in counts:
        head, blank, last = term.rpartition(" ")
        if not blank or last in PLURAL_APART:
            continue
        for single in _singulars(last):
            twin = f"{head} {single}"
            if twin in counts:
                best, other = sorted(
                    (term, twin), key=lambda one: (-counts[one].models, -counts[one].mentions, one)
                )
                found[other] = (best, "plural-twin")
                break
    return found


def _singulars(word: str) -> Iterator[str]:
    """Words that this may be the regular plural of."""
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss") and len(word) > MIN_SINGULAR:
        yield word[:-1]
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        yield word[:-2]


def _families(counts: Mapping[str, Use], tables: VocabularyTables) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for term, use in counts.items():
        if term.split(" ")[0] in NEGATIVE:
            continue
        fit = [
            noun
            for noun in sorted(set(_nouns(term, tables)))
            if noun in counts
            and noun != term
            and (counts[noun] > use or (counts[noun] == use and noun < term))
            and counts[noun].models >= use.models
            and not _opposed(term, noun, tables)
        ]
        if fit:
            best = min(fit, key=lambda one: (not one.endswith(QUALITY), -counts[one].models, one))
            found[term] = (best, "attested-family")
    return found


def _opposed(term: str, noun: str, tables: VocabularyTables) -> bool:
    """Whether one of both is an opposite of the other."""
    return tables.opposites.get(term) == noun or tables.opposites.get(noun) == term


def _nouns(term: str, tables: VocabularyTables) -> Iterator[str]:
    """Nouns and noun phrases that a term may be a form of, attested or not."""
    if " " in term:
        yield from _phrases(term.split(" "), tables)
        return
    yield from _word_nouns(term, tables)
    head, hyphen, last = term.rpartition("-")
    if hyphen and head:
        yield from (f"{head}-{noun}" for noun in _word_nouns(last, tables, compound=True))


def _word_nouns(word: str, tables: VocabularyTables, *, compound: bool = False) -> Iterator[str]:
    """Nouns that one word is linked to."""
    for noun, link in tables.derivations.get(word, ()):
        if word in tables.values and not compound and link != "by hand":
            continue
        if link != "adverb" and (compound or link != "agent"):
            yield noun
    if not compound:
        yield from _by_form(word, tables)
    if compound and word in tables.families:
        yield tables.families[word][0]
    for prefix in COMBINING:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) > MIN_SINGULAR:
            yield from (prefix + noun for noun in _stem_nouns(rest, tables))


def _by_form(word: str, tables: VocabularyTables) -> Iterator[str]:
    """*Protectiveness* to *protection*, by *protective*; *experiment* to *experimentation*."""
    if word in tables.values:
        return
    for adjective in tables.adjectives.get(word, ()):
        yield from (n for n, link in tables.derivations.get(adjective, ()) if link == "adjective")
    stem = word.removesuffix("e")
    for gerund in (stem + "ing", word + word[-1:] + "ing"):
        yield from (n for n, link in tables.derivations.get(gerund, ()) if link == "participle")


def _stem_nouns(word: str, tables: VocabularyTables) -> Iterator[str]:
    yield from (noun for noun, link in tables.derivations.get(word, ()) if link == "adjective")
    if word in tables.families:
        yield tables.families[word][0]


def _phrases(words: list[str], tables: VocabularyTables) -> Iterator[str]:
    """*Socially just* to *social justice*, *risk aware* to *risk awareness*, *free to choose*."""
    first, *middle, last = words
    if first.endswith("ing"):  # "protecting the vulnerable" is about people
        return
    nouns = list(_word_nouns(last, tables, compound=True))
    rest = [" ".join(middle)] if middle else []
    for opening in [first, *_adjectives(first, tables)]:
        yield from (" ".join([opening, *rest, noun]) for noun in nouns)
    if middle == ["to"]:
        for noun in _word_nouns(first, tables, compound=True):
            for link in ("of", "to", "for"):
                yield from (f"{noun} {link} {other}" for other in [*nouns, last])


def _adjectives(adverb: str, tables: VocabularyTables) -> Iterator[str]:
    yield from (word for word, link in tables.derivations.get(adverb, ()) if link == "adverb")
