"""Named rules that a stem must pass; each rule gives its reason when it drops one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MAX_WORDS = 22
SHORTEST_FAMILY = 4

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PREFIX = re.compile(r"^(?:(?:un|dis|in|im|ir|il|non|over|self)-?(?=[a-z]{4}))+")
_SUFFIX = re.compile(
    r"(?:fulness|lessness|iveness|ability|ibility|ousness|osity|ations?|ments?|ances?|ences?|ities|"
    r"(?<!s)ties|ity|"
    r"ness|ship|hood|ism|ists?|ions?|ing|ful|less|ous|ive|able|ible|ally|ly|al|ic|ant|ent|ers?|ors?|"
    r"ies|es|ed|cy|(?<!s)ty|ry|e|y|s)$"
)
_SENTENCE_BREAK = re.compile(r"[.!?;]\s+\S")
_QUESTIONS = re.compile(
    r"\?|/|\band/or\b|\b(?:why|how|what|who)\b[^,]*\band\b[^,]*\b(?:why|how|what|who)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A candidate that is not in the form: its text, the rule, and what the rule saw."""

    text: str
    rule: str
    detail: str


def named_value(stem: str, terms: Collection[str]) -> str:
    """Return ``"word ~ term"`` when the stem names a term or a relative of it, else "".

    A stem that names the value asks for it; what comes back is agreement, not projection.
    """
    words = _WORD.findall(stem.casefold())
    for term in sorted(terms):
        for part in _WORD.findall(term.casefold()):
            for word in words:
                if same_family(word, part):
                    return f"{word} ~ {term}"
    return ""


def same_family(a: str, b: str) -> bool:
    """Tell whether two words belong to one family: honest, honesty, dishonestly.

    Negating prefixes and derivational endings are cut; the roots must then be equal, or share
    their first five letters and differ in no more than two after them.
    """
    if a == b:
        return True
    roots = [word_root(_PREFIX.sub("", w.casefold())) for w in (a, b)]
    short, long = sorted(roots, key=len)
    if len(short) < SHORTEST_FAMILY - 1:
        return False
    if short == long:
        return True
    return len(short) >= 5 and long.startswith(short[:-1]) and len(long) - len(short) <= 2


def word_root(word: str) -> str:
    """Cut derivational endings, at most three, and leave three letters at least."""
    word = word.casefold()
    for _ in range(3):
        cut = _SUFFIX.sub("", word)
        if len(cut) < 3 or cut == word:
            break
        word = cut
    return word


def not_open(stem: str, open_endings: Collection[str]) -> str:
    """Return why a stem does not leave the sentence open, else "".

    It must end without a full stop and on a word after which English has to go on.
    """
    text = stem.strip()
    if not text:
        return "empty"
    trimmed = re.sub(r"\s*(?:\.\.\.|…|_+)$", "", text)
    if re.search(r"[.!?;:]$", trimmed):
        return f"ends with {trimmed[-1]!r}"
    words = _WORD.findall(trimmed.casefold())
    last = words[-1] if words else ""
    if last in open_endings or (last.endswith("ly") and len(last) > 4):
        return ""
    return f"may be complete after {last!r}"


def several_readings(stem: str) -> str:
    """Return why a stem can be read in more than one way, else ""."""
    n = len(_WORD.findall(stem))
    if n > MAX_WORDS:
        return f"{n} words, at most {MAX_WORDS}"
    if n == 0:
        return "no word"
    if _QUESTIONS.search(stem):
        return "asks more than one thing"
    return "two sentences" if _SENTENCE_BREAK.search(stem) else ""


def wording_fault(stem: str, open_endings: Collection[str]) -> Dropped | None:
    """Apply the rules that do not depend on the key: ``open`` and ``one reading``."""
    for rule, detail in (
        ("open", not_open(stem, open_endings)),
        ("one reading", several_readings(stem)),
    ):
        if detail:
            return Dropped(stem, rule, detail)
    return None


def doubled(similarity: Sequence[float], accepted: Sequence[int], limit: float) -> int | None:
    """Return which accepted stem is the double of this one (cosine >= ``limit``), if any."""
    doubles = [(similarity[i], i) for i in accepted if similarity[i] >= limit]
    return max(doubles)[1] if doubles else None
