"""Word families by rule: which adjectives, adverbs and verbs share a head with which noun."""

from __future__ import annotations

import re
from collections.abc import Callable

from wordnet import DERIVED, PERTAINS, WordNet

QUALITY = re.compile(
    r"(?:ness|ity|ty|ance|ence|ency|ancy|cy|dom|acy|ism|itude|ship|our|or|th|ice)$"
)
ACTION = re.compile(r"(?:tion|sion|ment|ance|ence|ship|ation)$")
MIN_ADJECTIVE, MIN_NOUN = 1.8, 1.2


def spelling(word: str) -> str:
    """Return a key that the spellings of one word share."""
    key = re.sub(r"our(?=$|s$|ed$|ing$|able|ful|less|it|al|er)", "or", word)
    key = re.sub(r"is(?=e$|es$|ed$|ing$|er$|ation)", "iz", key)
    return re.sub(r"ll(?=ed$|ing$|er$|ity$|ment$|y$)", "l", key).replace("lful", "llful")


def preference(word: str) -> tuple[bool, str]:
    """Put American before British, then go by alphabet."""
    return bool(re.search(r"our|is(?=e$|ed$|ing$|er$|ation)|ll(?=ed$|ing$|er$)", word)), word


def common(a: str, b: str) -> int:
    """Count the letters with which both words begin."""
    return next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )


class Families:
    """Forms and their heads.

    An adjective joins a noun when WordNet links the two by derivation, both begin with the same
    three letters, and the noun is either a head of the vocabulary or formed with a suffix of
    quality (-ness, -ity ...). Of several nouns: a head of the vocabulary first, then one with
    a suffix of quality, then the most frequent. Adverbs follow their adjective, nouns
    in -ness follow the noun that WordNet puts into the same synset for the same adjective.
    """

    def __init__(
        self,
        wn: WordNet,
        heads: set[str],
        overrides: dict[str, object],
        zipf: Callable[[str], float],
    ) -> None:
        self.wn, self.heads, self.zipf = wn, heads, zipf
        self.apart: set[str] = set(overrides["apart"])  # type: ignore[call-overload]
        self.joined: dict[str, str] = dict(overrides["joined"])  # type: ignore[call-overload]

    def nouns(self, adjective: str) -> list[str]:
        """Nouns that may head this adjective, best first."""
        linked = self.wn.linked(adjective, "a", DERIVED)
        linked_nouns = {n for n, pos, _ in linked if pos == "n"}
        near = {
            w for n in linked_nouns for s in self.wn.index[n, "n"] for w in self.wn.synsets[s].words
        }
        regular = {adjective + end for end in ("ness", "ity", "ty", "ism", "dom")}
        regular |= {adjective[:-1] + end for end in ("ce", "cy", "iness", "ity")}
        near = {w for w in near if common(w, adjective) >= len(adjective) - 1}
        found = {
            n
            for n in linked_nouns | near | (regular & self.heads)
            if n[:3] == adjective[:3]
            and " " not in n
            and (n in self.heads or (n, "n") in self.wn.index)
        }
        good = {
            n
            for n in found
            if n not in self.apart and (n in self.heads or (QUALITY.search(n) and self.abstract(n)))
        }
        return sorted(
            good, key=lambda n: (n not in self.heads, not QUALITY.search(n), -self.zipf(n), n)
        )

    def abstract(self, noun: str) -> bool:
        """Whether some sense of the noun is an attribute, a state or a feeling."""
        top = {*self.wn.index["attribute", "n"][:2], self.wn.index["state", "n"][1]}
        return any(self.wn.ancestors(s) & top for s in self.wn.index.get((noun, "n"), []))

    def same(self, a: str, b: str) -> bool:
        """Whether two nouns share a synset, and all but their last letters."""
        shared = set(self.wn.index.get((a, "n"), [])) & set(self.wn.index.get((b, "n"), []))
        return bool(shared) and common(a, b) >= min(len(a), len(b)) - 3

    def rows(self) -> list[tuple[str, str, str]]:
        """All (form, head, link), a form once, no chains."""
        found: dict[str, tuple[str, str]] = {}
        for adjective in sorted(w for w, pos in self.wn.index if pos == "a"):
            if " " in adjective or adjective in self.apart or self.zipf(adjective) < MIN_ADJECTIVE:
                continue
            nouns = self.nouns(adjective)
            head = self.joined.get(adjective) or (nouns[0] if nouns else "")
            if not head or (self.zipf(head) < MIN_NOUN and head not in self.heads):
                continue
            if (
                self.mostly_noun(adjective)
                and adjective not in self.joined
                and head not in self.heads
            ):
                continue
            if adjective not in self.heads and adjective not in self.joined:
                found[adjective] = (head, "adjective")
            for noun in nouns:
                taken = noun in self.heads or noun in self.joined
                if noun != head and not taken and self.same(noun, head) and self.zipf(noun) >= 1.0:
                    found.setdefault(noun, (head, "noun"))
        self._spellings(found)
        self._adverbs(found)
        self._verbs(found)
        found.update({form: (head, "by hand") for form, head in self.joined.items()})
        return [(f, self._end(found, h), link) for f, (h, link) in sorted(found.items()) if f != h]

    def mostly_noun(self, word: str) -> bool:
        """Whether a word is a noun more often than an adjective (patient, human)."""
        counts = {p: sum(self.wn.tags.get((word, p, i), 0) for i in range(1, 30)) for p in "na"}
        return (word, "n") in self.wn.index and counts["n"] >= counts["a"]

    def _spellings(self, found: dict[str, tuple[str, str]]) -> None:
        """Two spellings in one synset (honour/honor, non-violence/nonviolence) are one word."""
        for ids in self.wn.synsets.values():
            words = sorted({w.lower() for w in ids.words if w.isalpha()})
            for a in words:
                for b in words:
                    one = a != b and spelling(a) == spelling(b) and a[0] == b[0]
                    if (
                        one
                        and preference(b) < preference(a)
                        and max(self.zipf(a), self.zipf(b)) > 2
                    ):
                        if found.get(b, ("", ""))[0] == a:
                            del found[b]
                        found[a] = (b, "spelling")

    def _adverbs(self, found: dict[str, tuple[str, str]]) -> None:
        for adverb in sorted(w for w, pos in self.wn.index if pos == "r"):
            for adjective, _, _ in self.wn.linked(adverb, "r", PERTAINS):
                if adjective in found and adverb.endswith("ly") and adverb not in self.apart:
                    found.setdefault(adverb, (found[adjective][0], "adverb"))

    def _verbs(self, found: dict[str, tuple[str, str]]) -> None:
        for head in sorted(h for h in self.heads if ACTION.search(h)):
            for verb, pos, _ in self.wn.linked(head, "n", DERIVED):
                if pos != "v" or verb[:3] != head[:3] or verb in self.heads or verb in self.apart:
                    continue
                found.setdefault(verb, (head, "verb"))

    def _end(self, found: dict[str, tuple[str, str]], head: str) -> str:
        seen = set()
        while head in found and head not in seen:
            seen.add(head)
            head = found[head][0]
        return head

    def unambiguous(
        self, rows: list[tuple[str, str, str]], loud: set[str], quiet: set[str]
    ) -> set[str]:
        """Return the forms that name their head in running text and are nothing else."""
        good = set()
        for form, head, link in rows:
            if head not in loud or form in quiet or link in ("verb", "adverb"):
                continue
            others = [p for p in "nv" if (form, p) in self.wn.index] if link == "adjective" else []
            if not others:
                good.add(form)
        return good
