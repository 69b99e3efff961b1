"""Make derivations.csv and things.csv from WordNet 3.0 and selection.yaml.

Run once by hand, after build.py (needs Debian's ``wordnet-base``, wordfreq and PyYAML)::

    python lexicon/vocabulary/derivations.py /usr/share/wordnet

The same input gives the same bytes. Nobody needs WordNet to use the tables.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml
from build import sense, write, zipf
from families import common
from wordnet import DERIVED, INSTANCE, PERTAINS, WordNet

HERE = Path(__file__).resolve().parent
MIN_FORM, MIN_NOUN = 1.0, 1.5
MIN_THING, MIN_PART = 2.0, 2.9
PROCESS_SHARE = 0.97
ACTION = re.compile(r"(?:[ts]ion|ment|[ae]nce|[ae]ncy)$")
VARIANT = re.compile(r"(?:ness|ing)$")
PROCESS = re.compile(r"(?:tion|sion|ment|ance|ence|ity|dom|ism|acy|hood|craft)$")
LESS = re.compile(r"less(?:ness|ly)?$")
PHYSICAL = {  # the first kind that fits is written
    "colour": ("chromatic color.1", "achromatic color.1"),
    "food": ("food.1", "food.2", "beverage.1"),
    "body": ("body part.1",),
    "creature": ("animal.1", "plant.2"),
    "artifact": ("artifact.1", "containerful.1"),
    "substance": ("substance.1", "material.1"),
    "object": ("whole.2",),
    # papers and files; laws, literature and agreements are valued as such, so not all writing
    "document": ("commercial document.1", "computer file.1", "news.1", "telegram.1"),
}
PLACE = ("location.1", "body of water.1", "land.4")


class Derivations:
    """Links from adjectives, participles, verbs, adverbs and agents to nouns of the same stem."""

    def __init__(self, wn: WordNet, spec: dict[str, object], heads: set[str]) -> None:
        self.wn, self.heads = wn, heads
        self.joined: dict[str, str] = dict(spec["joined"])  # type: ignore[call-overload]
        self.apart: set[str] = set(spec["apart"])  # type: ignore[call-overload]
        self.person = sense(wn, "person.1")
        self.found: dict[tuple[str, str], str] = {}

    def rows(self) -> list[list[str]]:
        """Every (form, noun, link), a pair once."""
        for word, pos in sorted(self.wn.index):
            if " " in word or zipf(word) < MIN_FORM or word in self.heads or word in self.apart:
                continue
            if pos == "a":
                self.add(word, self.of_adjective(word), "adjective")
            elif pos == "v" and not self.has(word, "na"):
                self.add(word, self.of_verb(word), "verb")
            elif pos == "r":
                self.adverb(word)
            elif pos == "n":
                self.noun(word)
        for verb in sorted(w for w, pos in self.wn.index if pos == "v" and " " not in w):
            self.participles(verb)
        for form, noun in self.joined.items():
            self.found[form, noun] = "by hand"
        return [[form, noun, link] for (form, noun), link in self.found.items()]

    def add(self, form: str, nouns: Iterable[str], link: str) -> None:
        """Note the nouns that share the form's stem and are no persons."""
        for noun in nouns:
            fit = zipf(noun) >= MIN_NOUN and noun != form and self.related(form, noun)
            if fit and noun not in self.apart and (self.abstract(noun) or not self.has(noun, "n")):
                self.found.setdefault((form, noun), link)

    def has(self, word: str, kinds: str) -> bool:
        """Whether WordNet lists a word under one of these parts of speech."""
        return any((word, kind) in self.wn.index for kind in kinds)

    def related(self, form: str, noun: str) -> bool:
        """Whether two words share their stem, and neither is negative alone."""
        if " " in noun or bool(LESS.search(form)) != bool(LESS.search(noun)):
            return False
        return common(form, noun) >= max(3, min(len(form), len(noun)) - 4)

    def abstract(self, noun: str) -> bool:
        """Whether a noun is a person in none of its usual senses."""
        senses = self.wn.senses(noun, "n")
        people = sum(x for s, x in senses if self.person in self.wn.ancestors(s))
        return bool(senses) and people < 0.3

    def mates(self, nouns: Iterable[str]) -> set[str]:
        """Words that share a synset with one of the nouns, the nouns included."""
        return {
            w.lower()
            for n in nouns
            for s in self.wn.index.get((n, "n"), [])
            for w in self.wn.synsets[s].words
        }

    def of_verb(self, verb: str) -> set[str]:
        """Nouns of a verb: those of action, and its own gerund."""
        linked = {n for n, pos, _ in self.wn.linked(verb, "v", DERIVED) if pos == "n"}
        return {n for n in linked if ACTION.search(n) or n.endswith(("ing", "th", "ty", "al"))}

    def of_adjective(self, word: str) -> set[str]:
        """Nouns of an adjective: linked, in a synset with a linked one, or through a verb."""
        if self.mostly_noun(word):
            return set()
        linked = self.wn.linked(word, "a", DERIVED)
        nouns = {n for n, pos, _ in linked if pos == "n"}
        found = nouns | {m for m in self.mates(nouns) if common(m, word) >= 4}
        found |= {n for n, pos, _ in self.wn.linked(word, "a", PERTAINS) if pos == "n"}
        for verb in {v for v, pos, _ in linked if pos == "v"}:
            found |= {n for n in self.of_verb(verb) if ACTION.search(n)}
        found.add(re.sub(r"istic(?:al)?$|ist$", "ism", word))
        found.add(re.sub(r"ate$", "acy", word))
        return {n for n in found if (n, "n") in self.wn.index}

    def mostly_noun(self, word: str) -> bool:
        """Whether a word is a noun more often than an adjective."""
        counts = {p: sum(self.wn.tags.get((word, p, i), 0) for i in range(1, 30)) for p in "na"}
        return self.abstract(word) and counts["n"] >= counts["a"]

    def adverb(self, word: str) -> None:
        """Link an adverb to its adjective (for phrases), and so to the nouns of that."""
        for adjective, pos, _ in self.wn.linked(word, "r", PERTAINS):
            if pos == "a" and word.endswith("ly") and " " not in adjective:
                self.found.setdefault((word, adjective), "adverb")

    def noun(self, word: str) -> None:
        """Link *thinker* to *thinking*, *altruist* to *altruism*, *growing* to *growth*."""
        if word.endswith("ist"):
            near = [n for n, _, _ in self.wn.linked(word, "n", DERIVED)]
            self.add(word, [n for n in near if n == word[:-1] + "m"], "person")
        if word.endswith(("er", "or")):
            for verb, pos, _ in self.wn.linked(word, "n", DERIVED):
                if pos == "v":
                    self.add(word, [n for n in self.of_verb(verb) if n.endswith("ing")], "agent")
        if VARIANT.search(word):
            for mate in self.mates([word]) - {word}:
                if common(mate, word) >= min(len(mate), len(word)) - 1 and mate[:4] == word[:4]:
                    self.add(word, [mate], "noun")
                    if mate not in self.heads:
                        self.add(mate, [word], "noun")

    def participles(self, verb: str) -> None:
        """Link participles that are no nouns to the nouns of their verb."""
        linked = {n for n, pos, _ in self.wn.linked(verb, "v", DERIVED) if pos == "n"}
        stem = verb[:-1] if verb.endswith("e") else verb
        for form in {stem + "ing", verb + verb[-1] + "ing", stem + "ed", verb + verb[-1] + "ed"}:
            taken = self.has(form, "nvr") or form in self.apart
            if form in self.heads:
                if not taken and not self.has(form, "a") and verb not in self.heads:
                    self.add(verb, [form], "noun")
                continue
            if taken or zipf(form) < MIN_FORM:
                continue
            nouns = {n for n in linked if n == verb or ACTION.search(n)}
            nouns |= {n for n in linked if n[:4] == verb[:4] and n.endswith(("th", "ter", "ty"))}
            self.add(form, nouns, "participle")
            if form.endswith("ing") and not self.has(form, "a") and self.has(verb, "n"):
                self.add(form, [verb], "noun")
                if verb not in self.heads:
                    self.add(verb, [form], "noun")


def things(wn: WordNet, spec: dict[str, object], kept: set[str]) -> list[list[str]]:
    """Words and fixed phrases that are no values: (word, kind)."""
    roots = {sense(wn, name): kind for kind, names in PHYSICAL.items() for name in names}
    person = sense(wn, "person.1")
    found: dict[str, str] = {}
    for word, pos in sorted(wn.index):
        floor = MIN_PART if " " in word else MIN_THING
        if word in kept or not re.fullmatch(r"[a-z][a-z -]+", word):
            continue
        if pos == "r" and adverbial(wn, word):
            found[word] = "adverbial"
        rare = min(zipf(w) for w in word.split())
        if pos == "n" and rare >= floor and named_place(wn, word):
            found[word] = "place"
        if pos != "n" or "-" in word or (rare < floor and " " in word) or proper(wn, word):
            continue
        kind = physical(wn, word, roots, person, spec)
        if kind and (kind == "colour" or rare >= floor):
            found[word] = kind
    for kind, words in spec["added"].items():  # type: ignore[attr-defined]
        found.update(dict.fromkeys(words, kind))
    for word in spec["excluded"]:  # type: ignore[attr-defined]
        found.pop(word, None)
    return [[word, kind] for word, kind in found.items()]


def named_place(wn: WordNet, word: str) -> bool:
    """Whether a word is the name of one place, and nothing else by much."""
    roots = {sense(wn, name) for name in PLACE}
    share = 0.0
    for sid, part in wn.senses(word, "n"):
        one = any(symbol == INSTANCE for symbol, *_ in wn.synsets[sid].pointers)
        share += part if one and roots & wn.ancestors(sid) else 0.0
    return share >= 0.9 and not any((word, other) in wn.index for other in "va")


def proper(wn: WordNet, word: str) -> bool:
    """Whether the first sense is a name."""
    first = wn.synsets[wn.index[word, "n"][0]]
    return not any(w.lower() == word and w.islower() for w in first.words)


def physical(
    wn: WordNet, word: str, roots: dict[str, str], person: str, spec: dict[str, object]
) -> str:
    """Kind of a noun that is a thing in almost all of its use, or an empty string."""
    senses = [wn.ancestors(s) for s, _ in wn.senses(word, "n")]
    colours = {root for root, kind in roots.items() if kind == "colour"}
    if word.endswith("ness"):
        return "colour" if any(above & colours for above in senses) else ""
    process = bool(PROCESS.search(word)) and " " not in word
    counts = {p: sum(wn.tags.get((word, p, i), 0) for i in range(1, 60)) for p in "nva"}
    if (word, "a") in wn.index and 3 * counts["a"] >= counts["n"]:
        return ""
    if counts["v"] > counts["n"]:
        return ""
    share, kinds = 0.0, []
    for sid, part in wn.senses(word, "n"):
        above = wn.ancestors(sid)
        named = [kind for root, kind in roots.items() if root in above]
        if named and person not in above:
            share += part
            kinds.append(named[0])
    tagged = "min_share" if counts["n"] else "min_share_untagged"
    floor = 0.5 if kinds[:1] == ["colour"] else float(spec[tagged])  # type: ignore[arg-type]
    if process:  # nourishment, modernism: also the deed or doctrine; a basement is nothing else
        floor = max(floor, PROCESS_SHARE)
    return kinds[0] if share >= floor else ""


def adverbial(wn: WordNet, word: str) -> bool:
    """Whether WordNet knows a word as an adverb alone, of no adjective."""
    others = any((word, p) in wn.index or (word.replace(" ", "-"), p) in wn.index for p in "nva")
    return not others and not wn.linked(word, "r", PERTAINS) and not word.endswith("ly")


def column(name: str, key: str) -> list[str]:
    """One column of a table that build.py wrote."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [row[key] for row in csv.DictReader(li for li in file if not li.startswith("#"))]


def main() -> None:
    """Write both tables."""
    wn = WordNet(Path(sys.argv[1]))
    spec = yaml.safe_load((HERE / "selection.yaml").read_text(encoding="utf-8"))
    heads = set(column("values.csv", "head"))
    with (HERE / "families.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        forms = {row["form"] for row in rows if row["head"] in heads}
    links = Derivations(wn, spec["derivations"], heads).rows()
    write("derivations.csv", ["form", "noun", "link"], links, "derivations.py")
    objects = things(wn, spec["things"], heads | forms)
    write("things.csv", ["word", "kind"], objects, "derivations.py")
    sys.stdout.write(f"{len(links)} links, {len(objects)} words that are no values\n")


if __name__ == "__main__":
    main()
