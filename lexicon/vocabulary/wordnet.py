"""A small reader of the WordNet 3.0 database files, for the scripts of this folder alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
HYPERNYM, INSTANCE, ANTONYM, DERIVED, ATTRIBUTE, PERTAINS, SIMILAR = (
    "@",
    "@i",
    "!",
    "+",
    "=",
    "\\",
    "&",
)


@dataclass(slots=True)
class Synset:
    """One sense: its words, and its pointers as (symbol, target id, own word, target word)."""

    id: str
    words: list[str]
    pointers: list[tuple[str, str, int, int]] = field(default_factory=list)
    gloss: str = ""


class WordNet:
    """Synsets by id (``n01234567``), senses of a word in the order of the index files."""

    def __init__(self, folder: Path) -> None:
        self.synsets: dict[str, Synset] = {}
        self.index: dict[tuple[str, str], list[str]] = {}
        self.tags: dict[tuple[str, str, int], int] = {}
        for pos, name in FILES.items():
            self._read_data(pos, folder / f"data.{name}")
            self._read_index(pos, folder / f"index.{name}")
        self._read_counts(folder / "cntlist.rev")

    def _read_data(self, pos: str, path: Path) -> None:
        for line in path.read_text(encoding="latin-1").splitlines():
            if line.startswith("  "):
                continue
            head, _, gloss = line.partition("|")
            parts = head.split()
            n = int(parts[3], 16)
            words = [parts[4 + 2 * i].split("(")[0].replace("_", " ") for i in range(n)]
            synset = Synset(pos + parts[0], words, gloss=gloss.strip())
            at = 4 + 2 * n
            for i in range(int(parts[at])):
                symbol, offset, target, ends = parts[at + 1 + 4 * i : at + 5 + 4 * i]
                kind = "a" if target == "s" else target
                synset.pointers.append(
                    (symbol, kind + offset, int(ends[:2], 16), int(ends[2:], 16))
                )
            self.synsets[synset.id] = synset

    def _read_index(self, pos: str, path: Path) -> None:
        for line in path.read_text(encoding="latin-1").splitlines():
            if line.startswith("  "):
                continue
            parts = line.split()
            count = int(parts[2])
            self.index[parts[0].replace("_", " "), pos] = [pos + p for p in parts[-count:]]

    def _read_counts(self, path: Path) -> None:
        kinds = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
        for line in path.read_text(encoding="latin-1").splitlines():
            key, sense, count = line.split()
            word, _, rest = key.partition("%")
            self.tags[word.replace("_", " "), kinds[rest[0]], int(sense)] = int(count)

    def senses(self, word: str, pos: str) -> list[tuple[str, float]]:
        """Senses of a word with their share in the tagged corpus (add one half to each count)."""
        ids = self.index.get((word, pos), [])
        counts = [self.tags.get((word, pos, i + 1), 0) + 0.5 / (i + 1) for i in range(len(ids))]
        total = sum(counts)
        return [(s, c / total) for s, c in zip(ids, counts, strict=True)]

    def ancestors(self, synset: str) -> set[str]:
        """Return the synset and everything above it."""
        found, todo = set(), [synset]
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += [
                    t for s, t, _, _ in self.synsets[one].pointers if s in (HYPERNYM, INSTANCE)
                ]
        return found

    def linked(self, word: str, pos: str, symbol: str) -> list[tuple[str, str, str]]:
        """Words that a lexical pointer of this word leads to: (word, pos, source synset)."""
        out = []
        for sid in self.index.get((word, pos), []):
            synset = self.synsets[sid]
            for s, target, own, other in synset.pointers:
                if s == symbol and own and synset.words[own - 1].lower() == word:
                    out.append((self.synsets[target].words[other - 1].lower(), target[0], sid))
        return out
