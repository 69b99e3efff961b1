"""Which language a reply is in: scripts first, then function words, then a dictionary. No network.

Not a language identifier for its own sake: it must keep replies in other languages apart from
English ones, on texts from three words on. The code of the language is a courtesy; ``other``
stands for "not English, not known which".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from valuelex.terms.linguistics import PROFILES, stop_words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u052f]")),
    ("ar", re.compile(r"[\u0600-\u06ff\u0750-\u077f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("el", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_CODE = re.compile(
    r"```[\s\S]*?(?:```|\Z)|^[ \t]*(?:def |return |for \w+ in|while |import |"
    r"print\(|class |else:|elif |if .*:$).*$",
    re.MULTILINE,
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
MAX_WORDS = 400
MIN_SHARE, MIN_HITS, LEAD = 0.15, 3, 1.5
MIN_UNKNOWN = 0.6


def language_of(text: str, english_word: Callable[[str], bool]) -> str:
    """Return ``en``, another language's code, ``other``, or ``none`` for a text without letters.

    A text is in another script's language when more letters are in that script than are Latin. A
    Latin text is in another language when that language's function words cover at least 15 % of it
    and 1.5 times as much as English ones; or, in lists, which have no function words, when at
    least 60 % of its words (three at least, of four letters or more) are no English words.

    Parameters
    ----------
    text
        The reply; the first 400 words are read.
    english_word
        Whether a lower-case word is English.
    """
    head = text[:8000]
    if head.isascii():  # most replies: no other script to look for
        latin = bool(_LATIN.search(head))
    else:
        count = len(_LATIN.findall(head))
        for code, pattern in _SCRIPTS:
            if len(pattern.findall(head)) > count:
                return code
        latin = count > 0
    if not latin:
        return "other" if _WORD.search(text) else "none"
    tokens = [t for t in _tokens(text) if len(t) > 1]
    function_words = stop_words("en")
    english = sum([t in function_words for t in tokens])
    if english >= MIN_HITS and english >= 2 * MIN_SHARE * len(tokens):
        return "en"
    best, hits = _most_hits(tokens)
    if hits >= max(MIN_HITS, MIN_SHARE * len(tokens), LEAD * english):
        return best
    long = [t for t in tokens if len(t) >= 4]
    unknown = sum(not english_word(t) for t in long)
    if len(long) >= 3 and unknown >= MIN_UNKNOWN * len(long) and english < MIN_SHARE * len(tokens):
        return best if hits >= 2 else "other"
    return "en"


def _tokens(text: str) -> list[str]:
    """Return the first words of a text, code left out: it is in no language."""
    prose = _CODE.sub(" ", text[:8000])
    return [word.casefold() for word in _WORD.findall(prose)[:MAX_WORDS]]


def _most_hits(tokens: list[str]) -> tuple[str, int]:
    """Return the language of most function words that are not English ones too, and how many."""
    hits = dict.fromkeys(PROFILES, 0)
    own = _own_words()
    for token in tokens:
        for code in own.get(token, ()):
            hits[code] += 1
    best = max(PROFILES, key=hits.__getitem__)
    return best, hits[best]


@cache
def _own_words() -> Mapping[str, tuple[str, ...]]:
    """Map each function word that is not an English one to the languages that have it."""
    found: dict[str, tuple[str, ...]] = {}
    for code in PROFILES:
        for word in stop_words(code) - stop_words("en"):
            found[word] = (*found.get(word, ()), code)
    return found
