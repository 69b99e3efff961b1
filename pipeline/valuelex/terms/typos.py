"""Typos of vocabulary words: one edit, long words, never a dictionary word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

MIN_LETTERS, MAX_LETTERS = 7, 40


class TypoIndex:
    """Finds the one vocabulary word that a misspelt word was meant to be.

    Conservative by rule: the word is no dictionary word, both have at least seven letters and the
    same first letter, they are one insertion, deletion, substitution or swap of neighbours apart,
    and no other vocabulary word is. The first letter is never corrected, so that no negative
    prefix is.

    Parameters
    ----------
    vocabulary
        The words that may be meant.
    known
        Whether a word is a dictionary word, which is never corrected.
    """

    def __init__(self, vocabulary: Iterable[str], known: Callable[[str], bool]) -> None:
        self._known = known
        self._words: dict[str, set[str]] = defaultdict(set)
        for word in vocabulary:
            if len(word) >= MIN_LETTERS and word.isalpha():
                for key in _shorter(word):
                    self._words[key].add(word)

    def find(self, word: str) -> str | None:
        """Return the vocabulary word meant, or ``None``."""
        if not MIN_LETTERS <= len(word) <= MAX_LETTERS or not word.isalpha() or self._known(word):
            return None
        near: set[str] = set()
        for key in _shorter(word):
            near |= {w for w in self._words.get(key, ()) if w[0] == word[0] and one_edit(word, w)}
        return next(iter(near)) if len(near) == 1 else None


def _shorter(word: str) -> set[str]:
    """Return the word and every word with one letter less."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def one_edit(a: str, b: str) -> bool:
    """Whether two words are one insertion, deletion, substitution or swap apart (or equal)."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    if len(left) <= 1 and len(right) <= 1:
        return True
    return len(left) == len(right) == 2 and left == right[::-1]
