"""Which language a reply is in: scripts first, then function words, then a dictionary. No network.

Not a language identifier for its own sake: it must keep replies in other languages apart from
English ones, on texts from three words on. The code of the language is a courtesy; ``other``
stands for "not English, not known which".
"""

from __future__ import annotations

import re
from collections.abc import Callable

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
    latin = len(_LATIN.findall(text[:8000]))
    for code, pattern in _SCRIPTS:
        if len(pattern.findall(text[:8000])) > latin:
            return code
    if not latin:
        return "other" if _WORD.search(text) else "none"
    tokens = [t for t in _tokens(text) if len(t) > 1]
    english = sum(t in stop_words("en") for t in tokens)
    if english >= MIN_HITS and english >= 2 * MIN_SHARE * len(tokens):
        return "en"
    counts = {code: _own_hits(tokens, code) for code in PROFILES}
    best = max(PROFILES, key=lambda code: counts[code])
    hits = counts[best]
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
    return [
        m.group().casefold() for _, m in zip(range(MAX_WORDS), _WORD.finditer(prose), strict=False)
    ]


def _own_hits(tokens: list[str], code: str) -> int:
    """Count function words of a language that are not English ones as well."""
    profile, english = stop_words(code), stop_words("en")
    return sum(t in profile and t not in english for t in tokens)
