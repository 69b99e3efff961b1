"""From a surface to a term: every change has a rule's name, and so has every drop."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from valuelex.terms.linguistics import English, english, stop_words
from valuelex.terms.tables import VocabularyTables
from valuelex.terms.typos import TypoIndex

MAX_WORDS = 4
MAX_CHARS = 60
MAX_RAW = 500
_CACHE = 100_000
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-", "—": " - "}
)
_MARKUP = re.compile(r"^[(\[]?\d{1,3}[.):\]]\)?\s+|[*_`~#\"“”„«»<>|=\\{}\[\]]+|^[\s>•·▪◦‣●+-]+")
_BRACKETS = re.compile(r"\s*\([^()]*\)?\s*$|^\s*\([^()]*\)\s*")
_UNSEEN = frozenset(["So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn", "Mn"])  # symbols and controls
_EDGES = " \t\n\r.,;:!?…'-()/&%$€£@^"
_LETTER = re.compile(r"[^\W\d_]")
_PERSON = re.compile(
    r"(?:^|\s)(?:i|i'm|i've|i'd|i'll|me|myself|we|we're|us|you|you're|he|she|they|"
    r"it|it's|this is|there is)(?:\s|$)"
)
_CLAUSE = re.compile(
    r"(?:^|\s)(?:is|are|was|were|am|has|have|had|do|does|did|don't|doesn't|can|"
    r"can't|cannot|could|would|"
    r"should|shall|because|which|if|when|whether|that)(?:\s|$)"
    r"|(?:^|\s)(?:will|must|may|might)\s(?!to\s|of\s|power)"  # "free will" ends in a noun
)
# Where something stands in a document: "p. 14", "section 3.2", "fig 2".
_PLACE = re.compile(
    r"^(?:pp?|pages?|paras?|paragraph|chapters?|ch|chap|sections?|sect?|fig|figure|tables?|eq|"
    r"equation|lines?|vol|volume|nr|no|nos|appendix|footnote|slide|item|step|question|"
    r"version|ver|v|q)[.\s]*[\divx]*\d[\d.,:-]*$"
)
_NEGATED = re.compile(
    r"^(?:not|no|never|without|non|neither|nor|against|anti|lack of|absence of|"
    r"avoiding|avoidance of)\b"
)
# What a model without a chat template writes after its answer: the next question of its own.
_LABEL = re.compile(
    r"^(?:questions?|answers?|q|a|user|assistant|human|system|prompt|instructions?|query|"
    r"input|output|response)\s?:\s*"
)
_INSTRUCTION = re.compile(
    r"^(?:name|list|write|describe|explain|tell|give|state|translate|summarize|complete|mention|"
    r"identify|choose|pick)\s+(?:me|us|an? example|\d+|one|two|three|four|five|ten|some|any|your)\b"
    r"|^(?:what|how|why|who|which|where|when)(?:'s|\s+(?:is|are|was|were|do|does|did|many|much))\b"
)


@dataclass(frozen=True, slots=True)
class Normalized:
    """A term, or the reason why there is none.

    ``rule`` names what changed beyond case and markup: ``identity``, ``spelling``, ``inflection``,
    ``family``, ``exception``, ``typo``, or ``frame`` alone or before one of them
    (``frame+family``).
    """

    term: str | None
    rule: str
    dropped: str


class Normalizer:
    """Normalises surfaces; the same surface always gives the same result.

    Parameters
    ----------
    tables
        The vocabulary. Words outside it are normalised too: it is no gate.
    """

    def __init__(self, tables: VocabularyTables) -> None:
        self._tables = tables
        self._english: English = english()
        forms = [f for f, (h, _) in tables.families.items() if h in tables.values]
        self._typos = TypoIndex([*tables.values, *forms], known=self._dictionary)
        self._cache: dict[str, Normalized] = {}
        self._words: dict[str, bool] = {}

    def normalize(self, surface: str) -> Normalized:
        """Reduce a surface to its term.

        Idempotent: a term's own term is itself. Negations keep their word ("not harmful" stays
        whole); no step ever takes a negative prefix or suffix away.
        """
        found = self._cache.get(surface)
        if found is None:
            if len(self._cache) >= _CACHE:
                self._cache.clear()
            found = self._cache[surface] = self._normalize(surface)
        return found

    def known(self, phrase: str) -> bool:
        """Whether a phrase is a value of the vocabulary, or an inflection or family form of one."""
        if self._tables.named(phrase):
            return True
        return " " not in phrase and self._tables.named(self._word(phrase)[0])

    def english_word(self, word: str) -> bool:
        """Whether a lower-case word is English, a value word, or one typo away from one."""
        found = self._words.get(word)
        if found is None:
            if len(self._words) >= _CACHE:
                self._words.clear()
            found = self._dictionary(word) or self._typos.find(word) is not None
            self._words[word] = found
        return found

    def _normalize(self, surface: str) -> Normalized:
        if len(surface) > MAX_RAW:
            return Normalized(None, "", "too-long")
        text = cleaned(surface)
        label = _LABEL.match(text)
        if label and self.known(text[label.end() :]):
            text, label = text[label.end() :], None
        reason = "form-echo" if label or self._asks(surface, text) else self._unfit(text)
        if reason:
            return Normalized(None, "", reason)
        framed = self._unframed(text)
        term, rules = framed, ["frame"] if framed != text else []
        for _ in range(5):
            step, rule = self._step(term)
            if step == term:
                break
            rules, term = [*rules, rule], step
        reason = self._empty(term) or self._unfit(term) or self._no_value(term)
        if reason:
            return Normalized(None, "", reason)
        return Normalized(term, named(rules), "")

    def _unfit(self, text: str) -> str:
        """Why a cleaned text cannot be a term, or an empty string."""
        if not _LETTER.search(text):
            return "no-word" if not re.search(r"\d", text) else "number"
        if _PLACE.match(text):
            return "number"
        if self._empty(text):
            return self._empty(text)
        if self.known(text):
            return ""
        if _PERSON.search(text):
            return "clause"
        if _CLAUSE.search(text):
            return "clause"
        if len(self._unframed(text).split()) > MAX_WORDS or len(text) > MAX_CHARS:
            return "too-long"
        return "single-letter" if len(text) < 2 else ""

    def _asks(self, surface: str, text: str) -> bool:
        """Whether a candidate is a question or an instruction, not a value with a question mark."""
        if self.known(text):
            return False
        return bool(_INSTRUCTION.match(text)) or surface.rstrip(" \"'”’*_)").endswith("?")

    def _no_value(self, term: str) -> str:
        """``thing``, ``colour`` or ``adverbial`` for what names no value, else an empty string.

        A phrase is a thing when it stands in the table, or each of its words does: *coffee mug*,
        not *moral compass*.
        """
        things = self._tables.things
        if self.known(term) or any(self.known(word) for word in term.split(" ")):
            return ""
        kind = things.get(term, "")
        if not kind and " " in term:
            kinds = {things.get(word, "") for word in term.split(" ")}
            kind = "artifact" if not kinds & {"", "colour", "adverbial"} else ""
        return kind if kind in ("", "colour", "adverbial") else "thing"

    def _empty(self, term: str) -> str:
        """Return the stop group of a term, or of its singular."""
        stop = self._tables.stop
        group = (
            stop.get(term)
            or stop.get(self._english.plural(term))
            or stop.get(term.removesuffix("s"))
        )
        if not group and term in stop_words("en") and not self.known(term):
            return "function-word"
        return group or ""

    def _unframed(self, text: str) -> str:
        """Take openings off ("a sense of", "being") as long as something is left."""
        changed = True
        while changed and not self._tables.named(text):
            changed = False
            for frame, only_known in self._tables.frames:
                rest = cleaned(text[len(frame) + 1 :]) if text.startswith(frame + " ") else ""
                if rest and _LETTER.search(rest) and (not only_known or self.known(rest)):
                    text, changed = rest, True
                    break
        return text

    def _step(self, term: str) -> tuple[str, str]:
        """One change of a term, with its rule; the term itself when nothing applies."""
        if term in self._tables.exceptions:
            return self._tables.exceptions[term], "exception"
        unframed = self._unframed(term)
        if unframed != term:
            return unframed, "frame"
        if term in self._tables.families:
            head, link = self._tables.families[term]
            return head, "spelling" if link == "spelling" else "family"
        if term in self._tables.values:
            return term, ""
        if _NEGATED.match(term):
            return term, ""
        if " " not in term:
            return self._word(term)
        return self._phrase(term)

    def _word(self, word: str) -> tuple[str, str]:
        """One word: family or spelling, inflection, then a typo of a vocabulary word."""
        if word in self._tables.exceptions:
            return self._tables.exceptions[word], "exception"
        if word in self._tables.families:
            head, link = self._tables.families[word]
            return head, "spelling" if link == "spelling" else "family"
        if word in self._tables.values or word in self._tables.opposites:
            return word, ""
        lemma = self._english.lemma(word)
        if lemma != word:
            return lemma, "inflection"
        nearest = self._typos.find(word)
        return (nearest, "typo") if nearest else (word, "")

    def _phrase(self, phrase: str) -> tuple[str, str]:
        """Keep words together, set the vocabulary's hyphens, make the last word singular."""
        for joined in (phrase.replace(" ", "-"), phrase.replace("-", " ")):
            if joined != phrase and (
                self._tables.named(joined) or joined in self._tables.exceptions
            ):
                return joined, "spelling"
        first, _, rest = phrase.partition(" ")
        if first in ("self", "non", "anti") and rest:
            return f"{first}-{rest}", "spelling"
        *before, last = phrase.split(" ")
        single = self._tables.exceptions.get(last) or self._english.plural(last)
        return (" ".join([*before, single]), "inflection") if single != last else (phrase, "")

    def _dictionary(self, word: str) -> bool:
        tables = self._tables
        return (
            word in tables.values
            or word in tables.families
            or word in tables.opposites
            or self._english.known(word)
        )


def named(rules: list[str]) -> str:
    """Name a chain of rules: ``frame`` first, then the one that says most."""
    order: list[str] = ["typo", "family", "exception", "inflection", "spelling"]
    chain = [rule for rule in order if rule in rules][:1]
    return "+".join((["frame"] if "frame" in rules else []) + chain) or "identity"


def cleaned(surface: str) -> str:
    """Fold width and case; take off markup, numbering, brackets and outer punctuation."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", surface).casefold())
    text = "".join(
        c for c in text.translate(_QUOTES) if c.isspace() or unicodedata.category(c) not in _UNSEEN
    )
    for _ in range(20):
        before = text
        text = _MARKUP.sub(" ", text)
        text = _BRACKETS.sub(" ", text) if _LETTER.search(_BRACKETS.sub(" ", text)) else text
        text = " ".join(text.split()).strip(_EDGES)
        text = re.sub(
            r"(?<=\w)'s$|\s*-\s+|\s+-\s*", lambda m: "" if m.group() == "'s" else " ", text
        )
        if text == before:
            break
    return text
